from django.apps import AppConfig


class EdgeConfig(AppConfig):
    name = "apps.edge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_delete, post_save
        from knox.models import AuthToken

        from apps.edge import checks  # noqa: F401
        from apps.edge.authentication import forget_tokens

        post_delete.connect(forget_tokens, sender=AuthToken)
        post_save.connect(forget_tokens, sender=get_user_model())
        post_delete.connect(forget_tokens, sender=get_user_model())
