"""Every address says what it asks of whoever comes. One that says nothing is shut.

A view declares `rights`: an action of the table in `accounts/domain/roles.py`, several of which any will do,
PUBLIC, SIGNED_IN, or one of these for each method. `RightsMiddleware` holds pages and functions to it,
`DeclaredRight` the API, whose people may come with a token. Who may do what is the accounts' to say:
`settings.RIGHTS` names the function that judges.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver
from django.utils.module_loading import import_string
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny, BasePermission

from apps.edge.messages import translated
from apps.kernel.errors import DomainError

if TYPE_CHECKING:  # the framework itself imports this module, for its default permission
    from rest_framework.request import Request
    from rest_framework.views import APIView

logger = logging.getLogger("access")

PUBLIC = "public"
"""Anybody, signed in or not."""
SIGNED_IN = "signed_in"
"""Every member of staff."""
OPERATOR = "operator"
"""Whoever may run a command on the machine; no address has this rule."""

Rule = str | tuple[str, ...]
Rights = Rule | Mapping[str, Rule]

_METHODS = ("get", "post", "put", "patch", "delete")


def rights_of(callback: Any, method: str) -> Rule | None:
    """The rule of an address for a method; None where none is declared."""
    declared = _declared(callback)
    if isinstance(declared, Mapping):
        return declared.get("GET" if method in ("HEAD", "OPTIONS") else method)
    return declared


def methods_of(callback: Any) -> list[str]:
    """The methods that an address answers, in capitals; GET and POST for a function, which may answer any."""
    view_class = view_class_of(callback)
    if view_class is None:
        return ["GET", "POST"]
    allowed = getattr(view_class, "http_method_names", _METHODS)
    return [method.upper() for method in _METHODS if method in allowed and hasattr(view_class, method)]


def view_class_of(callback: Any) -> type | None:
    """The class behind an address; None for a function."""
    found: type | None = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    return found


def is_api(view_class: type) -> bool:
    """Whether a view is the API's, which knows people by tokens too and asks `DeclaredRight`."""
    return hasattr(view_class, "permission_classes")


def declare(callback: Callable[..., Any], rights: Rule) -> Callable[..., Any]:
    """Give a rule to a view that is not ours to write."""
    target: Any = getattr(callback, "__func__", callback)
    target.rights = rights
    return callback


def declare_all(
    site: tuple[list[URLPattern | URLResolver], str, str], rights: Rule, *, but: Mapping[str, Rule]
) -> tuple[list[URLPattern | URLResolver], str, str]:
    """Give one rule to every address of a site that is not ours to write, `but` others by name."""
    for _, pattern in addresses(site[0]):
        declare(pattern.callback, but.get(pattern.name or "", rights))
    return site


def addresses(
    patterns: Iterable[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every (route, pattern) below these."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route, pattern


def faults_of(route: str, callback: Any) -> list[str]:
    """What is wrong with the rules of an address, in words for who writes it."""
    faults = [
        f"{route} says for {method} not who may come: give its view `rights`."
        for method in methods_of(callback)
        if rights_of(callback, method) is None
    ]
    view_class = view_class_of(callback)
    if view_class is not None and is_api(view_class):
        public = all(rights_of(callback, method) == PUBLIC for method in methods_of(callback))
        guards: list[Any] = view_class.permission_classes  # type: ignore[attr-defined]
        held = any(isinstance(guard, type) and issubclass(guard, DeclaredRight) for guard in guards)
        if not held and not (public and list(guards) == [AllowAny]):
            faults.append(f"{route} leaves out the permission class that holds it to its rule.")
    return faults


class DeclaredRight(BasePermission):
    """Holds an API view to its rule. The permission of every API view, unless it is public."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        match = request.resolver_match
        rights = _rule(match.func if match else type(view), str(request.method))
        if rights == PUBLIC:
            return True
        if not request.user.is_authenticated:
            return False
        if rights != SIGNED_IN and request.method != "OPTIONS":
            _judge(request.user, rights, lambda: _numbers(view.kwargs) or _numbers(_body(request)))
        return True


class RightsMiddleware:
    """Holds every page and function to its rule; the API's views hold themselves to it by `DeclaredRight`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse before the view is called."""
        view_class = view_class_of(callback)
        if view_class is not None and is_api(view_class):
            return None
        rights = _rule(callback, str(request.method))
        if rights == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if rights == SIGNED_IN:
            return None
        try:
            _judge(request.user, rights, lambda: _numbers(kwargs))
        except DomainError as error:
            return refusal_page(request, error, kwargs)
        return None


def refusal_page(request: HttpRequest, error: DomainError, named: Mapping[str, Any]) -> HttpResponse:
    """A refusal as a page people can read."""
    note_refusal(request.user, error, named)
    context = {"message": translated(error), "status": error.http_status}
    return render(request, "refused.html", context, status=error.http_status)


def note_refusal(user: Any, error: DomainError, named: Mapping[str, Any]) -> None:
    """Write down who was refused what: by numbers only, and only what there is and was not theirs."""
    if error.http_status not in (403, 404):
        return
    absent: Callable[[Any, Mapping[str, int]], list[str]] = import_string(settings.RIGHTS_FOREIGN)
    for foreign in absent(user, _numbers(named)):
        logger.warning(
            "access.refused: user %s, %s",
            getattr(user, "pk", None),
            foreign,
            extra={"code": "access.refused"},
        )


def _rule(callback: Any, method: str) -> Rule:
    rights = rights_of(callback, method)
    if rights is None:
        if method not in methods_of(callback):
            return SIGNED_IN  # nobody answers this method: the view says so
        raise ImproperlyConfigured(f"{callback} does not say who may come by {method}: give it `rights`.")
    return rights


def _declared(callback: Any) -> Rights | None:
    own: Rights | None = getattr(callback, "rights", None)
    return own if own is not None else getattr(view_class_of(callback), "rights", None)


def _judge(user: Any, rights: Rule, named: Callable[[], dict[str, int]]) -> None:
    judge: Callable[..., None] = import_string(settings.RIGHTS)
    judge(user, (rights,) if isinstance(rights, str) else rights, named)


def _body(request: "Request") -> Mapping[str, Any]:
    try:
        data = request.data
    except APIException:
        return {}
    return data if isinstance(data, Mapping) else {}


def _numbers(named: Mapping[str, Any]) -> dict[str, int]:
    """What in an address or an entry is the number of something."""
    return {
        name: value for name, value in named.items() if isinstance(value, int) and not isinstance(value, bool)
    }
