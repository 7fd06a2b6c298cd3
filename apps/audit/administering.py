"""What is changed on the administrator's pages becomes events as well: who, what, old and new."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from apps.kernel import clock
from apps.ledger.services import actor_of, record_event, unit_of_work

# What an event never holds: a secret's place is the database, and a sign-in is an event of its own.
_SECRET = frozenset({"password"})
_SET, _ANEW = {"password": "set before"}, {"password": "set anew"}  # nosec B105  # that it changed, not what it is
_OF_NO_INTEREST = frozenset({"id", "last_login"})


class Recorded:
    """Mixed into a ModelAdmin: `user.added`, `user.changed`, `user.removed`, with the fields that differ."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Remember what is stored before it is written over."""
        stored = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        request._audit_before = facts(stored) if stored else {}  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Wards and groups are written last: only then is it known what changed."""
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        before = request._audit_before  # type: ignore[attr-defined]
        _record(request, form.instance, "changed" if change else "added", before, facts(form.instance))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """One row removed."""
        with unit_of_work():
            _record(request, obj, "removed", facts(obj), {})
            super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Several rows removed at once."""
        with unit_of_work():
            for obj in queryset:
                _record(request, obj, "removed", facts(obj), {})
            super().delete_queryset(request, queryset)  # type: ignore[misc]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Somebody's password set anew by the administrator: that it was, never which."""
        with unit_of_work():
            obj = self.get_object(request, id)  # type: ignore[attr-defined]
            before = obj.password if obj else ""
            answer: HttpResponse = super().user_change_password(request, id, form_url)  # type: ignore[misc]
            if obj is not None:
                obj.refresh_from_db()
                if obj.password != before:
                    _record(request, obj, "changed", _SET, _ANEW)
                    self.password_was_set(obj)
        return answer

    def password_was_set(self, obj: Any) -> None:
        """For whoever keeps what the old password opened."""


def facts(obj: Model) -> dict[str, Any]:
    """A row's fields and what it is joined with, as JSON; secrets only as whether they are set."""
    told: dict[str, Any] = {}
    for field in obj._meta.concrete_fields:
        value = getattr(obj, field.attname)
        if field.name in _SECRET:
            continue
        if field.name not in _OF_NO_INTEREST:
            told[field.name] = value if isinstance(value, bool | int | str | None) else str(value)
    for joined in obj._meta.many_to_many:
        told[joined.name] = sorted(str(one) for one in getattr(obj, joined.name).all())
    return told


def _record(
    request: HttpRequest, obj: Model, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if what == "changed" and not differing:
        return
    kind = obj._meta.model_name
    with unit_of_work():
        record_event(
            name=f"{kind}.{what}",
            subject=f"{kind}:{obj.pk}",
            ward_id=None,
            actor=actor_of(request.user),
            now=clock.now(),
            payload={
                "before": {name: before[name] for name in sorted(differing) if name in before},
                "after": {name: after[name] for name in sorted(differing) if name in after},
                "reason": "",
            },
        )
