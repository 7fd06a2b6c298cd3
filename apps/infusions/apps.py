from django.apps import AppConfig


class InfusionsConfig(AppConfig):
    name = "apps.infusions"
    default_auto_field = "django.db.models.BigAutoField"
