from django.apps import AppConfig


class SelfReportConfig(AppConfig):
    name = "apps.selfreport"
    default_auto_field = "django.db.models.BigAutoField"
