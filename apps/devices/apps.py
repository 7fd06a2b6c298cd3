from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "apps.devices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model
        from django.contrib.auth.signals import user_logged_in, user_logged_out
        from django.db.models.signals import post_save

        from apps.devices import signals

        user_logged_in.connect(signals.bind_to_device)
        user_logged_out.connect(signals.note_sign_out)
        post_save.connect(signals.end_of_deactivated, sender=get_user_model())
