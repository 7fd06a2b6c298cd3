"""Every address below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from apps.accounts import api as accounts_api
from apps.accounts import cover_api
from apps.alerts import api as alerts_api
from apps.cases.api import exports as exports_api
from apps.cases.api import views as cases_api
from apps.courses.api import entry_views as entries_api
from apps.courses.api import views as courses_api
from apps.dashboard import api as dashboard_api
from apps.devices import api as devices_api
from apps.discharge import api as discharge_api
from apps.followups import api as followups_api
from apps.guidelines import api as guidelines_api
from apps.identity import api as identity_api
from apps.infusions.api import acts as acts_api
from apps.infusions.api import handovers as handovers_api
from apps.infusions.api import plan_views as plans_api
from apps.infusions.api import views as infusions_api
from apps.inspection import api as inspection_api
from apps.interop import api as interop_api
from apps.laboratory.api import serology as serology_api
from apps.laboratory.api import views as laboratory_api
from apps.lots import api as lots_api
from apps.machines import api as machines_api
from apps.meddra import api as meddra_api
from apps.patients import api as patients_api
from apps.patients import emergency_api
from apps.retention import api as retention_api
from apps.safety import api as safety_api
from apps.selfreport import api as selfreport_api
from apps.submissions.api import views as submissions_api

_session = "sessions/<int:session_id>/"
_case = "cases/<int:case_id>/"
_submission = "submissions/<int:submission_id>/"

api: list[URLPattern | URLResolver] = [
    path("auth/token/", identity_api.TokenView.as_view()),
    path("me/", accounts_api.MeView.as_view()),
    path("me/pin/", devices_api.PinView.as_view()),
    path("me/pin/remove/", devices_api.RemovePinView.as_view()),
    path("me/badge/", devices_api.BadgeView.as_view()),
    path("me/badge/remove/", devices_api.RemoveBadgeView.as_view()),
    path("staff/sessions/", devices_api.StaffSessionsView.as_view()),
    path("staff/<int:staff_id>/sessions/end/", devices_api.EndStaffSessionsView.as_view()),
    path("me/sessions/end-others/", devices_api.EndOthersView.as_view()),
    path("me/sessions/<int:device_session_id>/end/", devices_api.EndSessionView.as_view()),
    path("screen/lock/", devices_api.LockView.as_view()),
    path("screen/unlock/", devices_api.UnlockView.as_view()),
    path("screen/touch/", devices_api.TouchView.as_view()),
    path("screen/switch/", devices_api.SwitchView.as_view()),
    path("service-tokens/", machines_api.ServiceTokenListView.as_view()),
    path("identity-erasures/", retention_api.ErasureView.as_view()),
    path("service-tokens/<int:token_id>/revoke/", machines_api.RevokeServiceTokenView.as_view()),
    path("me/calls/", alerts_api.CallsToMeView.as_view()),
    path("wards/", accounts_api.WardListView.as_view()),
    path("wards/<int:ward_id>/board/", dashboard_api.BoardView.as_view()),
    path("wards/<int:ward_id>/board/changes/", dashboard_api.BoardChangesView.as_view()),
    path("wards/<int:ward_id>/on-call/", accounts_api.OnCallView.as_view()),
    path("on-call/<int:duty_id>/withdraw/", accounts_api.WithdrawOnCallView.as_view()),
    path("wards/<int:ward_id>/covers/", cover_api.CoverView.as_view()),
    path("covers/<int:cover_id>/withdraw/", cover_api.WithdrawCoverView.as_view()),
    path("emergency-access/", emergency_api.EmergencyView.as_view()),
    path("emergency-access/end/", emergency_api.EmergencyEndView.as_view()),
    path("emergency-access/to-review/", emergency_api.EmergencyReviewListView.as_view()),
    path("emergency-access/<int:access_id>/verdict/", emergency_api.EmergencyVerdictView.as_view()),
    path("patients/", patients_api.PatientListView.as_view()),
    path("patients/<int:patient_id>/", patients_api.PatientDetailView.as_view()),
    path("patients/<int:patient_id>/troughs/", entries_api.TroughListView.as_view()),
    path("patients/<int:patient_id>/infections/", entries_api.InfectionListView.as_view()),
    path("troughs/<int:trough_id>/entered-in-error/", entries_api.TroughInErrorView.as_view()),
    path("infections/<int:infection_id>/entered-in-error/", entries_api.InfectionInErrorView.as_view()),
    path("patients/<int:patient_id>/laboratory/", laboratory_api.LaboratoryView.as_view()),
    path("laboratory-results/<int:result_id>/corrections/", laboratory_api.CorrectionView.as_view()),
    path("laboratory-results/<int:result_id>/entered-in-error/", laboratory_api.ResultInErrorView.as_view()),
    path("lots-on-hold/", lots_api.HoldListView.as_view()),
    path("lots-on-hold/<int:hold_id>/release/", lots_api.ReleaseView.as_view()),
    path("lots-on-hold/<int:hold_id>/keep/", lots_api.KeepView.as_view()),
    path("products/", guidelines_api.ProductListView.as_view()),
    path("site-documents/", guidelines_api.SiteDocumentListView.as_view()),
    path("site-documents/<int:document_id>/approve/", guidelines_api.SiteDocumentApprovalView.as_view()),
    path("site-documents/<int:document_id>/withdraw/", guidelines_api.SiteDocumentWithdrawalView.as_view()),
    path("indications/", guidelines_api.IndicationListView.as_view()),
    path(
        "indications/<slug:slug>/regimens/<slug:regimen_code>/readings/",
        guidelines_api.ReadingView.as_view(),
    ),
    path("course-assessments/", courses_api.AssessmentView.as_view()),
    path("courses/", courses_api.CourseListView.as_view()),
    path("courses/<int:course_id>/", courses_api.CourseDetailView.as_view()),
    path("courses/<int:course_id>/revisions/", courses_api.RevisionView.as_view()),
    path("courses/<int:course_id>/versions/", courses_api.CourseVersionListView.as_view()),
    path("courses/<int:course_id>/responses/", entries_api.ResponseListView.as_view()),
    path("responses/<int:response_id>/entered-in-error/", entries_api.ResponseInErrorView.as_view()),
    path("courses/<int:course_id>/prepare/", infusions_api.PrepareView.as_view()),
    path("courses/<int:course_id>/days/<int:day_number>/rate-plan/", plans_api.RatePlanView.as_view()),
    path("courses/<int:course_id>/sessions/", infusions_api.StartView.as_view()),
    path(_session, infusions_api.SessionDetailView.as_view()),
    path(_session + "abandon/", acts_api.AbandonView.as_view()),
    path(_session + "observations/", acts_api.ObservationView.as_view()),
    path(
        _session + "observations/<int:observation_id>/entered-in-error/",
        acts_api.ObservationInErrorView.as_view(),
    ),
    path(_session + "spo2-scale/", acts_api.Spo2ScaleView.as_view()),
    path(_session + "confirm-step/", acts_api.ConfirmStepView.as_view()),
    path(_session + "stay/", acts_api.StayView.as_view()),
    path(_session + "lower-rate/", acts_api.LowerRateView.as_view()),
    path(_session + "pause/", acts_api.PauseView.as_view()),
    path(_session + "resume/", acts_api.ResumeView.as_view()),
    path(_session + "stop/", acts_api.StopView.as_view()),
    path(_session + "complete/", acts_api.CompleteView.as_view()),
    path(_session + "end-watch/", acts_api.EndWatchView.as_view()),
    path(_session + "vials/", acts_api.HangVialView.as_view()),
    path(_session + "vials/<int:vial_id>/entered-in-error/", acts_api.VialInErrorView.as_view()),
    path(_session + "reactions/", acts_api.ReactionView.as_view()),
    path(_session + "reactions/<int:reaction_id>/describe/", acts_api.DescribeReactionView.as_view()),
    path(_session + "reactions/<int:reaction_id>/go-on-slower/", acts_api.GoOnSlowerView.as_view()),
    path(_session + "reactions/<int:reaction_id>/resolve/", acts_api.ResolveReactionView.as_view()),
    path(_session + "reactions/<int:reaction_id>/entered-in-error/", acts_api.ReactionInErrorView.as_view()),
    path(_session + "interventions/", acts_api.InterventionView.as_view()),
    path(
        _session + "interventions/<int:intervention_id>/entered-in-error/",
        acts_api.InterventionInErrorView.as_view(),
    ),
    path(_session + "take-over/", acts_api.TakeOverView.as_view()),
    path("handovers/", handovers_api.HandoverListView.as_view()),
    path("handovers/<int:handover_id>/accept/", handovers_api.AcceptHandoverView.as_view()),
    path("handovers/<int:handover_id>/withdraw/", handovers_api.WithdrawHandoverView.as_view()),
    path("barcodes/vial/", interop_api.VialScanView.as_view()),
    path("barcodes/packages/", interop_api.PackageView.as_view()),
    path("barcodes/wristband/", interop_api.WristbandScanView.as_view()),
    path("alerts/<int:alert_id>/acknowledge/", alerts_api.AcknowledgeView.as_view()),
    path("follow-ups/", followups_api.FollowUpListView.as_view()),
    path("follow-ups/<int:check_id>/", followups_api.FollowUpDetailView.as_view()),
    path("follow-ups/<int:check_id>/outcomes/", followups_api.OutcomeView.as_view()),
    path("follow-ups/<int:check_id>/script/", followups_api.ScriptView.as_view()),
    path("follow-ups/<int:check_id>/answers/", followups_api.AnswersView.as_view()),
    path("follow-ups/<int:check_id>/lost/", followups_api.LostView.as_view()),
    path("follow-ups/<int:check_id>/take/", followups_api.TakeView.as_view()),
    path("follow-ups/<int:check_id>/give-back/", followups_api.GiveBackView.as_view()),
    path("courses/<int:course_id>/follow-up-facts/", followups_api.FactsView.as_view()),
    path("courses/<int:course_id>/self-report-link/", selfreport_api.LinkView.as_view()),
    path("self-report-links/<int:link_id>/revoke/", selfreport_api.RevokeLinkView.as_view()),
    path("self-report-links/<int:link_id>/send/", selfreport_api.SendLinkView.as_view()),
    path("courses/<int:course_id>/discharges/", discharge_api.DischargeView.as_view()),
    path("courses/<int:course_id>/open-matters/", discharge_api.OpenMattersView.as_view()),
    path("patients/<int:patient_id>/vaccine-overrides/", discharge_api.VaccineOverrideView.as_view()),
    path("patients/<int:patient_id>/serology-guard/", serology_api.SerologyGuardView.as_view()),
    path("patients/<int:patient_id>/vaccine-release/", discharge_api.VaccineReleaseView.as_view()),
    path("adverse-events/", safety_api.AdverseEventListView.as_view()),
    path("adverse-events/export/", exports_api.ListingCsvView.as_view(), name="export_csv"),
    path("adverse-events/export/xlsx/", exports_api.ListingXlsxView.as_view()),
    path("adverse-events/export/research/", exports_api.ResearchView.as_view()),
    path("adverse-events/to-review/", safety_api.ReviewQueueView.as_view()),
    path("adverse-events/<int:event_id>/", safety_api.AdverseEventDetailView.as_view()),
    path("cases/", cases_api.CaseListView.as_view()),
    path(_case, cases_api.CaseDetailView.as_view()),
    path(_case + "events/", cases_api.AddEventView.as_view()),
    path(_case + "coding/", cases_api.CodingView.as_view()),
    path(_case + "meddra-version/", cases_api.CaseMeddraVersionView.as_view()),
    path(_case + "narrative/", cases_api.NarrativeView.as_view()),
    path(_case + "narrative/draft/", cases_api.DraftAgainView.as_view()),
    path(_case + "description/", cases_api.DescriptionView.as_view()),
    path(_case + "queries/", cases_api.AskWardView.as_view()),
    path(_case + "versions/", cases_api.VersionView.as_view()),
    path(_case + "versions/<int:number>/faults/", cases_api.FaultView.as_view()),
    path(_case + "sending/", submissions_api.CaseSendingView.as_view()),
    path("submissions/", submissions_api.SubmissionListView.as_view()),
    path(_submission, submissions_api.SubmissionDetailView.as_view()),
    path(_submission + "file/", submissions_api.SubmissionFileView.as_view(), name="submission_file"),
    path(_submission + "hand-over/", submissions_api.HandOverView.as_view()),
    path(_submission + "send-again/", submissions_api.SendAgainView.as_view()),
    path(_submission + "withdraw/", submissions_api.WithdrawSubmissionView.as_view()),
    path("acknowledgements/", submissions_api.AcknowledgementListView.as_view()),
    path("foreign-cases/", submissions_api.ForeignListView.as_view()),
    path("foreign-cases/<int:report_id>/", submissions_api.ForeignDetailView.as_view()),
    path("case-clocks/", cases_api.CaseClockListView.as_view()),
    path("case-queries/", cases_api.QueryListView.as_view()),
    path("case-queries/<int:query_id>/answer/", cases_api.AnswerView.as_view()),
    path("case-queries/<int:query_id>/withdraw/", cases_api.WithdrawQueryView.as_view()),
    path("audit/", inspection_api.RecordView.as_view()),
    path("meddra/versions/", meddra_api.MeddraVersionListView.as_view()),
    path("meddra/terms/", meddra_api.MeddraTermListView.as_view()),
    path("meddra/uploads/", meddra_api.MeddraUploadView.as_view()),
    path("meddra/uploads/<int:upload_id>/parts/", meddra_api.MeddraUploadPartView.as_view()),
    path("meddra/uploads/<int:upload_id>/load/", meddra_api.MeddraUploadLoadView.as_view()),
    path("adverse-events/<int:event_id>/review/", safety_api.ReviewView.as_view()),
    path("adverse-events/<int:event_id>/review/signature/", safety_api.SignatureView.as_view()),
    path("adverse-events/<int:event_id>/outcomes/", safety_api.OutcomesView.as_view()),
]
