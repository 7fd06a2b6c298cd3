"""Socket addresses."""

from django.urls import path

from apps.dashboard.consumers import WardConsumer

websocket_urlpatterns = [path("ws/wards/<int:ward_id>/", WardConsumer.as_asgi())]
