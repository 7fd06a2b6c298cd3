from django.apps import AppConfig


class MeddraConfig(AppConfig):
    name = "apps.meddra"
    default_auto_field = "django.db.models.BigAutoField"
