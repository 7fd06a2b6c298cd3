from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "apps.safety"
    default_auto_field = "django.db.models.BigAutoField"
