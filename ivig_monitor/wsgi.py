"""HTTP without sockets, for servers that are faster at it; WebSockets need `ivig_monitor.asgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivig_monitor.settings.base")

application = get_wsgi_application()
