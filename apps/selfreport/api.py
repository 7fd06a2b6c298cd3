"""Links for patients over the API: for staff. The patient's own address is a page, see pages.py."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, require, staff_of
from apps.courses.selectors import access_course
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, LineField
from apps.edge.views import BedsideWriteView
from apps.kernel import clock
from apps.selfreport.domain.checks import ANSWERABLE
from apps.selfreport.letters import link_address
from apps.selfreport.presentation import answers_shown
from apps.selfreport.qr import link_qr_svg
from apps.selfreport.selectors import (
    LANGUAGES,
    LinkRecord,
    ReportRecord,
    checks_of_link,
    expiry_of,
    newest_link,
    reports_of_course,
    sendings_of,
)
from apps.selfreport.services import issue_link, revoke_link, send_link

CHANNELS = ("mail", "sms")


class SendingSerializer(serializers.Serializer[Any]):
    """A message that carried the link. The address is shown to those who may send another."""

    id = serializers.IntegerField()
    channel = serializers.CharField()
    address = serializers.CharField()
    state = serializers.CharField()
    consent_at = serializers.DateTimeField()
    consent_noted_by = serializers.CharField(source="consent_noted_by.display_name")
    sent_at = serializers.DateTimeField(allow_null=True)


class ReportedAnswerSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    answer = serializers.CharField()


class SelfReportSerializer(serializers.Serializer[Any]):
    """A form that came in; what its check could take stands there, too."""

    id = serializers.IntegerField()
    check_id = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)
    answers = serializers.SerializerMethodField()
    note = serializers.CharField()

    @extend_schema_field(ReportedAnswerSerializer(many=True))
    def get_answers(self, report: ReportRecord) -> list[dict[str, str]]:
        return answers_shown(report)


class LinkSerializer(serializers.Serializer[Any]):
    """A link without its token, which nobody can read again."""

    id = serializers.IntegerField()
    course_id = serializers.IntegerField()
    language = serializers.CharField()
    issued_at = serializers.DateTimeField()
    issued_by = serializers.CharField(source="issued_by.display_name")
    expires_at = serializers.SerializerMethodField()
    is_open = serializers.SerializerMethodField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoked_by = serializers.SerializerMethodField()
    revocation = serializers.CharField()
    has_checks = serializers.SerializerMethodField()
    sendings = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()

    def get_expires_at(self, link: LinkRecord) -> datetime:
        return expiry_of(link)

    def get_is_open(self, link: LinkRecord) -> bool:
        return link.revoked_at is None and expiry_of(link) > clock.now()

    def get_revoked_by(self, link: LinkRecord) -> str | None:
        return link.revoked_by.display_name if link.revoked_by else None

    def get_has_checks(self, link: LinkRecord) -> bool:
        return any(check.kind in ANSWERABLE for check in checks_of_link(link))

    @extend_schema_field(SendingSerializer(many=True))
    def get_sendings(self, link: LinkRecord) -> list[dict[str, Any]]:
        return list(SendingSerializer(sendings_of(link), many=True).data)

    @extend_schema_field(SelfReportSerializer(many=True))
    def get_reports(self, link: LinkRecord) -> list[dict[str, Any]]:
        return list(SelfReportSerializer(reports_of_course(link.course_id), many=True).data)


class IssuedLinkSerializer(LinkSerializer):
    """A link that was just given out: its address and QR code are told this once."""

    url = serializers.CharField()
    token = serializers.CharField()
    qr_svg = serializers.CharField(help_text="an SVG element")


class IssueSerializer(EntrySerializer):
    language = serializers.ChoiceField(choices=LANGUAGES)


class RevokeSerializer(EntrySerializer):
    reason = LineField(max_length=200, required=False, default="", allow_blank=True)


class SendSerializer(EntrySerializer):
    token = CodeField(max_length=60)
    channel = serializers.ChoiceField(choices=CHANNELS)
    address = LineField(max_length=254)
    consent = serializers.BooleanField(help_text="the patient agreed to be sent this message")


class LinkView(APIView):
    """The link of a course, and giving out a new one.

    The POST takes no Idempotency-Key: an answer that is kept would keep the token. Sent twice, the second link
    replaces the first.
    """

    rights = {"GET": Action.SEE_FOLLOW_UPS, "POST": Action.RECORD_FOLLOW_UP}

    @extend_schema(responses=LinkSerializer(many=True), operation_id="self_report_link")
    def get(self, request: Request, course_id: int) -> Response:
        course = access_course(staff_of(request), course_id)
        require(staff_of(request), Action.SEE_FOLLOW_UPS)
        link = newest_link(course.pk)
        return Response(LinkSerializer([link] if link else [], many=True).data)

    @extend_schema(
        request=IssueSerializer, responses={201: IssuedLinkSerializer}, operation_id="issue_self_report_link"
    )
    def post(self, request: Request, course_id: int) -> Response:
        access_course(staff_of(request), course_id, Action.RECORD_FOLLOW_UP)
        entry = IssueSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        issued = issue_link(
            performer=staff_of(request), course_id=course_id, now=clock.now(), **entry.validated_data
        )
        url = link_address(issued.token)
        body = {
            **LinkSerializer(issued.link).data,
            "url": url,
            "token": issued.token,
            "qr_svg": link_qr_svg(url),
        }
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class RevokeLinkView(BedsideWriteView):
    """Take a link back."""

    rights = Action.RECORD_FOLLOW_UP

    @extend_schema(request=RevokeSerializer, responses=LinkSerializer, operation_id="revoke_self_report_link")
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, link_id: int) -> Response:
        entry = RevokeSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        link = revoke_link(
            performer=staff_of(request), link_id=link_id, now=clock.now(), **entry.validated_data
        )
        return Response(LinkSerializer(link).data)


class SendLinkView(BedsideWriteView):
    """Send a link that was just given out to the patient, by mail or SMS, with their consent."""

    rights = Action.RECORD_FOLLOW_UP

    @extend_schema(
        request=SendSerializer, responses={202: LinkSerializer}, operation_id="send_self_report_link"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request, link_id: int) -> Response:
        entry = SendSerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        sending = send_link(
            performer=staff_of(request), link_id=link_id, now=clock.now(), **entry.validated_data
        )
        return Response(LinkSerializer(sending.link).data, status=202)
