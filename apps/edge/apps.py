from django.apps import AppConfig


class EdgeConfig(AppConfig):
    name = "apps.edge"
    default_auto_field = "django.db.models.BigAutoField"
