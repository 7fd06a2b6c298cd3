from django.apps import AppConfig


class MachinesConfig(AppConfig):
    name = "apps.machines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_save

        from apps.machines.authentication import forget_tokens
        from apps.machines.models import ServiceToken

        post_save.connect(forget_tokens, sender=ServiceToken)
        post_save.connect(forget_tokens, sender=get_user_model())
