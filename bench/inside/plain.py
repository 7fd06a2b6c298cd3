"""Tokens for the plain peer."""

from rest_framework.authtoken.models import Token

from apps.accounts.domain.roles import Role
from apps.accounts.models import User


def plain_tokens() -> list[str]:
    """A token for each nurse."""
    nurses = User.objects.filter(role=Role.NURSE.value).order_by("pk")
    return [Token.objects.get_or_create(user=nurse)[0].key for nurse in nurses]
