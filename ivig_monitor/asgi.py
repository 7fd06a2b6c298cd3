"""HTTP and WebSockets in one process; a socket needs an allowed origin and a session."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivig_monitor.settings.base")

http = get_asgi_application()  # sets Django up: what follows imports models

from apps.dashboard.routing import websocket_urlpatterns  # noqa: E402
from apps.edge.door import BodyGate  # noqa: E402

origins = settings.SOCKET_ORIGINS or settings.ALLOWED_HOSTS
application = ProtocolTypeRouter(
    {
        "http": BodyGate(http),
        "websocket": OriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), origins),
    }
)
