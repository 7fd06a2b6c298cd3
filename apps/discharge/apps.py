from django.apps import AppConfig


class DischargeConfig(AppConfig):
    name = "apps.discharge"
    default_auto_field = "django.db.models.BigAutoField"
