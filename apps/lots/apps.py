from django.apps import AppConfig


class LotsConfig(AppConfig):
    name = "apps.lots"
    default_auto_field = "django.db.models.BigAutoField"
