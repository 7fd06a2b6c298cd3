"""A rule for passwords beside Django's own: the words of this service and of the house carry none."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.domain.passwords import LEFT_AT_LEAST, WORDS_OF_THE_SERVICE, leans_on
from apps.accounts.models import User


class HouseWordsValidator:
    """One of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise Django's ValidationError where little is left beside the house's words."""
        if leans_on(password, (*WORDS_OF_THE_SERVICE, *settings.PASSWORD_WORDS)) is not None:
            raise ValidationError(self.get_help_text(), code="password_of_the_house")

    def get_help_text(self) -> str:
        """What to do, as one sentence."""
        return _(
            "Words of this service or your hospital are the first to be tried: have %(count)s other characters"
            " at least."
        ) % {"count": LEFT_AT_LEAST}
