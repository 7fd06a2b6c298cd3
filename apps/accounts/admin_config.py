"""Django's admin with our own site in it."""

from django.contrib.admin.apps import AdminConfig


class HouseAdminConfig(AdminConfig):
    default_site = "apps.accounts.admin_site.HouseAdminSite"
    default = False
