"""MedDRA over the API: versions, search, and the site's archive in parts."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, WholeNumberField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.meddra.archive import MAX_ARCHIVE_BYTES
from apps.meddra.selectors import (
    FoundTerm,
    MeddraVersionRecord,
    current_meddra,
    meddra_versions,
    search_terms,
)
from apps.meddra.services import add_upload_part, begin_upload, load_upload
from apps.meddra.services.uploading import PART_BYTES


class MeddraVersionSerializer(serializers.Serializer[MeddraVersionRecord]):
    """A version that was loaded; new cases are coded with the one in use."""

    number = serializers.CharField()
    language = serializers.CharField()
    low_level_terms = serializers.IntegerField()
    preferred_terms = serializers.IntegerField()
    loaded_at = serializers.DateTimeField()
    loaded_by = serializers.SerializerMethodField()
    in_use = serializers.SerializerMethodField()

    def get_loaded_by(self, version: MeddraVersionRecord) -> str | None:
        return version.loaded_by.display_name if version.loaded_by else None

    def get_in_use(self, version: MeddraVersionRecord) -> bool:
        current = self.context.get("current")
        return current is not None and version.pk == current.pk


class MeddraTermSerializer(serializers.Serializer[FoundTerm]):
    """A term to code with, the preferred term it means, and other ways of saying it."""

    version = serializers.CharField(source="term.version")
    code = serializers.CharField(source="term.code")
    name = serializers.CharField(source="term.name")
    preferred_code = serializers.CharField(source="term.preferred_code")
    preferred_name = serializers.CharField(source="term.preferred_name")
    class_name = serializers.CharField(source="term.class_name")
    synonyms = serializers.ListField(child=serializers.CharField())


class TermQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    version = CodeField(max_length=4, required=False, default="", allow_blank=True)


class UploadEntrySerializer(EntrySerializer):
    size_bytes = WholeNumberField(min_value=1, max_value=MAX_ARCHIVE_BYTES)


class UploadSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    part_bytes = serializers.SerializerMethodField()

    def get_part_bytes(self, upload: Any) -> int:
        return PART_BYTES


class UploadPartSerializer(EntrySerializer):
    number = WholeNumberField(min_value=0, max_value=MAX_ARCHIVE_BYTES // PART_BYTES)
    content = serializers.CharField(max_length=4 * (PART_BYTES // 3 + 1), help_text="base64")


class UploadLoadSerializer(EntrySerializer):
    version = CodeField(max_length=4, required=False, default="", allow_blank=True)


class MeddraVersionListView(APIView):
    """The versions of MedDRA that the site has loaded."""

    rights = Action.SEARCH_TERMINOLOGY

    @extend_schema(responses=MeddraVersionSerializer(many=True), operation_id="meddra_versions")
    def get(self, request: Request) -> Response:
        require(staff_of(request), Action.SEARCH_TERMINOLOGY)
        context = {"current": current_meddra()}
        return Response(MeddraVersionSerializer(meddra_versions(), many=True, context=context).data)


class MeddraTermListView(APIView):
    """Current terms by the beginnings of their words, or of a synonym's."""

    rights = Action.SEARCH_TERMINOLOGY

    @extend_schema(
        responses=MeddraTermSerializer(many=True),
        operation_id="meddra_terms",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR),
            OpenApiParameter("version", OpenApiTypes.STR, description="the newest where it is left out"),
        ],
    )
    def get(self, request: Request) -> Response:
        require(staff_of(request), Action.SEARCH_TERMINOLOGY)
        query = TermQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        found = search_terms(staff_of(request), asked["q"], version=asked["version"])
        return Response(MeddraTermSerializer(found, many=True).data)


class MeddraUploadView(BedsideWriteView):
    """Announce the site's archive; its parts follow."""

    rights = Action.LOAD_TERMINOLOGY

    @extend_schema(
        request=UploadEntrySerializer, responses={201: UploadSerializer}, operation_id="begin_meddra_upload"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        require(staff_of(request), Action.LOAD_TERMINOLOGY)
        entry = UploadEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        upload = begin_upload(performer=staff_of(request), now=clock.now(), **entry.validated_data)
        return Response(UploadSerializer(upload).data, status=201)


class MeddraUploadPartView(BedsideWriteView):
    """One part of the archive."""

    rights = Action.LOAD_TERMINOLOGY

    @extend_schema(request=UploadPartSerializer, responses={204: None}, operation_id="add_meddra_upload_part")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, upload_id: int) -> Response:
        require(staff_of(request), Action.LOAD_TERMINOLOGY)
        entry = UploadPartSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        add_upload_part(performer=staff_of(request), upload_id=upload_id, **entry.validated_data)
        return Response(status=204)


class MeddraUploadLoadView(BedsideWriteView):
    """All parts are there: load the archive as one version."""

    rights = Action.LOAD_TERMINOLOGY

    @extend_schema(
        request=UploadLoadSerializer,
        responses={201: MeddraVersionSerializer},
        operation_id="load_meddra_upload",
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, upload_id: int) -> Response:
        require(staff_of(request), Action.LOAD_TERMINOLOGY)
        entry = UploadLoadSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        loaded = load_upload(
            performer=staff_of(request), upload_id=upload_id, now=clock.now(), **entry.validated_data
        )
        context = {"current": current_meddra()}
        return Response(MeddraVersionSerializer(loaded, context=context).data, status=201)
