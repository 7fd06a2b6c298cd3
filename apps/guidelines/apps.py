from django.apps import AppConfig


class GuidelinesConfig(AppConfig):
    name = "apps.guidelines"
    default_auto_field = "django.db.models.BigAutoField"
