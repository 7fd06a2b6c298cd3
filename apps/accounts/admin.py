"""The administrator's pages: staff and wards, nothing clinical."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from apps.accounts.models import User, Ward


@admin.register(Ward)
class WardAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "time_zone")


@admin.register(User)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "first_name", "last_name", "role", "is_active")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("IVIG Monitor", {"fields": ("role", "wards", "specialty")}))
    filter_horizontal = ("wards",)
