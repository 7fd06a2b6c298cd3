"""The administrator's pages ask the table of rights, as everything else does."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.selectors import Action, role_allows


def administers(request: HttpRequest) -> bool:
    """Whether the table lets this person administer; Django's own flags for staff and superusers do not count."""
    user = request.user
    return isinstance(user, User) and role_allows(user, Action.ADMINISTER)


class HouseAdminSite(AdminSite):
    """Open to whom the table lets administer."""

    def has_permission(self, request: HttpRequest) -> bool:
        return administers(request)


class ByTheTable(ModelAdmin):  # type: ignore[type-arg]
    """May be seen and changed by whom the table lets administer."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers(request)

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return administers(request)

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return administers(request)

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return administers(request)
