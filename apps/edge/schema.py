"""What every operation of the API has in common, as its schema says it."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter

from apps.edge import idempotency, performer
from apps.edge.views import BedsideWriteView

REFUSAL = {
    "type": "object",
    "description": "Why nothing was changed: a stable code, a sentence for the reader, and what belongs to it.",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "extra": {"type": "object", "additionalProperties": {}},
    },
    "required": ["code", "message", "extra"],
    "additionalProperties": False,
}
_KEY = OpenApiParameter(
    idempotency.HEADER,
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description="The same key and body again get the first answer; another body gets 409.",
)
_PERFORMER = OpenApiParameter(
    performer.HEADER,
    OpenApiTypes.INT,
    OpenApiParameter.HEADER,
    description="Whose entry this is. Refused when somebody else is signed in.",
)


class _EntryInSchema(OpenApiSerializerExtension):
    """Says of every entry that it takes no other names than its own."""

    target_class = "apps.edge.entries.EntrySerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**shape, "additionalProperties": self.target.passes_over_unknown}


class ApiSchema(AutoSchema):
    """Adds the headers that bedside writes take."""

    def get_override_parameters(self) -> list[Any]:
        """Headers beside the parameters that a view names itself."""
        named: list[Any] = list(super().get_override_parameters())
        if self.method == "POST" and isinstance(self.view, BedsideWriteView):
            return [*named, _KEY, _PERFORMER]
        return named


def with_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook: each operation may refuse, always in one shape."""
    result["components"]["schemas"]["Refusal"] = REFUSAL
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["4XX"] = {
                "description": "Refused; nothing was changed.",
                "content": content,
            }
    return result


def answers_in_full_or_brief(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook: a full answer holds all of the brief one, so it is any of the two and not one alone."""
    for schema in result["components"]["schemas"].values():
        if "oneOf" in schema:
            schema["anyOf"] = schema.pop("oneOf")
    return result
