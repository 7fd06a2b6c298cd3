"""Sign-in and sign-out pages."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.utils.module_loading import import_string


class SignInView(LoginView):
    """The sign-in page; in the demo it lists the demo accounts."""

    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = import_string(settings.DEMO_ACCOUNTS) if settings.DEMO_ACCOUNTS else ()
        return super().get_context_data(demo_accounts=accounts, **kwargs)
