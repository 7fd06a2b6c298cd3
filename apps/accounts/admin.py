"""The administrator's pages: staff and wards, nothing clinical."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.forms import ChoiceField
from django.http import HttpRequest
from django.utils.module_loading import import_string
from knox.models import AuthToken

from apps.accounts.admin_site import ByTheTable
from apps.accounts.domain.proof import FIRST_PASSWORD_LASTS
from apps.accounts.models import User, Ward
from apps.audit.administering import Recorded
from apps.kernel import clock

admin.site.unregister(Group)


@admin.register(Group)
class RecordedGroupAdmin(Recorded, GroupAdmin):
    """Django's own groups: who may open which administrator's page."""


@admin.register(Ward)
class WardAdmin(Recorded, ByTheTable):
    list_display = ("name", "time_zone")


@admin.register(User)
class StaffAdmin(Recorded, ByTheTable, UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "first_name", "last_name", "role", "is_active")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("IVIG Monitor", {"fields": ("role", "wards", "specialty", "password_only_signs")}),
    )
    filter_horizontal = ("wards",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A specialty is chosen from those the guideline names: a misspelt one would need a second person."""
        if db_field.name != "specialty":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return ChoiceField(choices=import_string(settings.SPECIALTY_CHOICES), required=False)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new account's password is known to who chose it, as one that is set anew."""
        if not change and obj.has_usable_password():
            obj.first_password_until = clock.wall_now() + FIRST_PASSWORD_LASTS
        super().save_model(request, obj, form, change)

    def password_was_set(self, obj: User) -> None:
        """API tokens were given for the old password; sessions end by themselves, their hash is of it."""
        AuthToken.objects.filter(user=obj).delete()
        if obj.has_usable_password():
            obj.first_password_until = clock.wall_now() + FIRST_PASSWORD_LASTS
            obj.save(update_fields=["first_password_until"])
