"""One address, and one to ask whether the server stands."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.serializers import BaseSerializer

from apps.infusions.models import Observation
from apps.kernel import clock


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    class Meta:
        model = Observation
        fields = "__all__"
        read_only_fields = ["performer", "recorded_at"]


class ObservationView(generics.CreateAPIView[Observation]):
    queryset = Observation.objects.all()
    serializer_class = ObservationSerializer

    def perform_create(self, serializer: BaseSerializer[Observation]) -> None:
        serializer.save(performer=self.request.user, recorded_at=clock.now())


def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready")


urlpatterns = [path("observations/", ObservationView.as_view()), path("health/ready", ready)]
