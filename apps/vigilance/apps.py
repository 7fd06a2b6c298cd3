from django.apps import AppConfig


class VigilanceConfig(AppConfig):
    name = "apps.vigilance"
    default_auto_field = "django.db.models.BigAutoField"
