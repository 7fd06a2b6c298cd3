"""Base classes of the API views."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.edge.idempotency import answer_once
from apps.edge.performer import expect_performer
from apps.edge.rights import Rights


class BedsideWriteView(APIView):
    """A POST that needs an Idempotency-Key. Subclasses give `rights` (see edge/rights.py) and implement `perform`."""

    rights: Rights
    perform: Callable[..., Response]

    def post(self, request: Request, **kwargs: Any) -> Response:
        expect_performer(request)
        return answer_once(request, lambda: self.perform(request, **kwargs))
