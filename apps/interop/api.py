"""Barcodes over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, WholeNumberField
from apps.edge.messages import fill
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import current_guidelines
from apps.infusions.services.packages import confirm_package
from apps.interop.domain.vials import Problem
from apps.interop.gs1 import read_gtin
from apps.interop.selectors import ScannedVial, ScannedWristband, scanned_vial, scanned_wristband
from apps.kernel import clock
from apps.kernel.text import N_

_WRISTBAND_MATCHES = N_("The wristband reads %(identifier)s: this patient's record number.")
_WRISTBAND_DIFFERS = N_(
    "The wristband reads %(identifier)s, but this patient's record number is %(expected)s. Stop: start nothing"
    " until name, date of birth and wristband agree."
)


class VialScanEntrySerializer(EntrySerializer):
    """What the scanner typed, and the course about to start or the infusion that runs."""

    data = serializers.CharField(max_length=500)  # type: ignore[assignment]
    course_id = WholeNumberField(required=False, allow_null=True, default=None)
    session_id = WholeNumberField(required=False, allow_null=True, default=None)


class ScannedProductSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class ScanProblemSerializer(serializers.Serializer[Problem]):
    code = serializers.CharField()
    text = serializers.SerializerMethodField()

    def get_text(self, problem: Problem) -> str:
        return fill(problem.message, problem.params)


class VialScanSerializer(serializers.Serializer[ScannedVial]):
    gtin = serializers.CharField(source="code.gtin")
    lot_number = serializers.CharField(source="code.lot_number", allow_null=True)
    expires_on = serializers.DateField(source="code.expires_on", allow_null=True)
    serial = serializers.CharField(source="code.serial", allow_null=True)
    expected = ScannedProductSerializer()
    product = ScannedProductSerializer(allow_null=True)
    known = serializers.SerializerMethodField()
    problems = ScanProblemSerializer(many=True)

    def get_known(self, scan: ScannedVial) -> bool:
        return scan.product is not None


class PackageEntrySerializer(EntrySerializer):
    gtin = serializers.RegexField(r"^\d{14}$")
    product_code = CodeField(max_length=80)


class PackageSerializer(serializers.Serializer[Any]):
    gtin = serializers.CharField()
    product = ScannedProductSerializer()


class WristbandScanEntrySerializer(EntrySerializer):
    data = serializers.CharField(max_length=500)  # type: ignore[assignment]
    patient_id = WholeNumberField()


class WristbandScanSerializer(serializers.Serializer[ScannedWristband]):
    matches = serializers.BooleanField()
    text = serializers.SerializerMethodField()

    def get_text(self, scan: ScannedWristband) -> str:
        message = _WRISTBAND_MATCHES if scan.matches else _WRISTBAND_DIFFERS
        return fill(message, {"identifier": scan.identifier, "expected": scan.medical_record_number})


class VialScanView(APIView):
    """What the code on a vial says, and what speaks against hanging it. Writes nothing."""

    rights = Action.SEE_PATIENTS

    @extend_schema(request=VialScanEntrySerializer, responses=VialScanSerializer, operation_id="scan_vial")
    def post(self, request: Request) -> Response:
        entry = VialScanEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        data = entry.validated_data
        scan = scanned_vial(
            user=staff_of(request),
            text=data["data"],
            course_id=data["course_id"],
            session_id=data["session_id"],
            now=clock.now(),
        )
        return Response(VialScanSerializer(scan).data)


class PackageView(BedsideWriteView):
    """Confirm by the name on the box which product a package number stands for."""

    rights = Action.RUN_INFUSION

    @extend_schema(
        request=PackageEntrySerializer, responses={201: PackageSerializer}, operation_id="confirm_package"
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        return super().post(request, **kwargs)

    def perform(self, request: Request) -> Response:
        entry = PackageEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        package = confirm_package(
            performer=staff_of(request),
            gtin=read_gtin(entry.validated_data["gtin"]),
            product_code=entry.validated_data["product_code"],
            now=clock.now(),
        )
        product = current_guidelines().product(package.product_code)
        return Response(PackageSerializer({"gtin": package.gtin, "product": product}).data, status=201)


class WristbandScanView(APIView):
    """Whether a scanned wristband is this patient's. Writes nothing."""

    rights = Action.SEE_PATIENTS

    @extend_schema(
        request=WristbandScanEntrySerializer, responses=WristbandScanSerializer, operation_id="scan_wristband"
    )
    def post(self, request: Request) -> Response:
        entry = WristbandScanEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        scan = scanned_wristband(
            user=staff_of(request),
            text=entry.validated_data["data"],
            patient_id=entry.validated_data["patient_id"],
        )
        return Response(WristbandScanSerializer(scan).data)
