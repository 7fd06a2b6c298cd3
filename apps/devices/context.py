"""What every page's frame needs to know of the lock."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def screen_lock(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: after how many minutes the page covers itself; 0 is never."""
    return {"screen_lock_minutes": settings.SCREEN_LOCK_MINUTES}
