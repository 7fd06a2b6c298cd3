"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.accounts import api as accounts_api
from apps.accounts import cover_api, cover_pages
from apps.accounts import pages as accounts_pages
from apps.accounts.domain.roles import Action
from apps.alerts import api as alerts_api
from apps.cases import pages as cases_pages
from apps.cases.api import exports as exports_api
from apps.cases.api import views as cases_api
from apps.cases.cioms.views import CiomsPage
from apps.courses import pages as courses_pages
from apps.courses.api import entry_views as entries_api
from apps.courses.api import views as courses_api
from apps.dashboard import api as dashboard_api
from apps.dashboard import pages as dashboard_pages
from apps.devices import api as devices_api
from apps.devices import pages as devices_pages
from apps.discharge import api as discharge_api
from apps.discharge import pages as discharge_pages
from apps.edge.rights import PUBLIC, declare, declare_all
from apps.followups import api as followups_api
from apps.followups import pages as followups_pages
from apps.guidelines import api as guidelines_api
from apps.guidelines import pages as guidelines_pages
from apps.identity import account as identity_account
from apps.identity import api as identity_api
from apps.identity import oidc as identity_oidc
from apps.identity import pages as identity_pages
from apps.infusions import pages as infusions_pages
from apps.infusions.api import acts as acts_api
from apps.infusions.api import handovers as handovers_api
from apps.infusions.api import plan_views as plans_api
from apps.infusions.api import views as infusions_api
from apps.infusions.record.views import RecordPage
from apps.inspection import api as inspection_api
from apps.inspection import pages as inspection_pages
from apps.interop import api as interop_api
from apps.laboratory import pages as laboratory_pages
from apps.laboratory.api import serology as serology_api
from apps.laboratory.api import views as laboratory_api
from apps.lots import api as lots_api
from apps.machines import api as machines_api
from apps.machines import pages as machines_pages
from apps.meddra import api as meddra_api
from apps.meddra import pages as meddra_pages
from apps.patients import api as patients_api
from apps.patients import emergency_api, emergency_pages
from apps.patients import pages as patients_pages
from apps.retention import api as retention_api
from apps.retention import pages as retention_pages
from apps.safety import api as safety_api
from apps.safety import pages as safety_pages
from apps.selfreport import api as selfreport_api
from apps.selfreport import pages as selfreport_pages
from apps.signals import pages as signals_pages
from apps.submissions import pages as submissions_pages
from apps.submissions.api import views as submissions_api
from ivig_monitor import health, offline
from ivig_monitor.api_errors import api_not_found
from ivig_monitor.metrics import metrics

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

accounts = [
    path("sign-in/", identity_pages.SignInView.as_view(), name="sign_in"),
    path("sign-out/", declare(LogoutView.as_view(), PUBLIC), name="sign_out"),
    path("on-call/", accounts_pages.OnCallPage.as_view(), name="on_call"),
    path("covers/", cover_pages.CoverPage.as_view(), name="covers"),
]
identity = [
    path("sign-in/second/", identity_pages.SecondFactorPage.as_view(), name="second"),
    path("sign-in/first-password/", identity_pages.FirstPasswordPage.as_view(), name="first_password"),
    path("sign-in/passkey/options/", identity_pages.PasskeyOptionsView.as_view(), name="passkey_options"),
    path("sign-in/passkey/", identity_pages.PasskeySignInView.as_view(), name="passkey"),
    path("sign-in/oidc/", identity_oidc.ToProviderView.as_view(), name="oidc"),
    path("sign-in/oidc/callback/", identity_oidc.FromProviderView.as_view(), name="oidc_callback"),
    path("account/", identity_account.AccountPage.as_view(), name="account"),
    path(
        "account/passkeys/options/",
        identity_account.PasskeyRegistrationOptionsView.as_view(),
        name="new_passkey_options",
    ),
    path("account/passkeys/", identity_account.PasskeyRegistrationView.as_view(), name="new_passkey"),
    # One door for everybody: the administration's own pages would count no failures.
    path("admin/login/", identity_pages.AdministrationDoorView.as_view()),
    path("admin/password_change/", identity_pages.PasswordElsewhereView.as_view()),
]
devices = [
    path("account/sessions/", devices_pages.SessionsPage.as_view(), name="sessions"),
    path("staff/sessions/", devices_pages.StaffSessionsPage.as_view(), name="staff"),
    path("account/pin/", devices_pages.PinPage.as_view(), name="pin"),
    path("account/leave/", devices_pages.LeaveView.as_view(), name="leave"),
]
retention = [path("erasure/", retention_pages.ErasurePage.as_view(), name="erasure")]
machines = [path("service-tokens/", machines_pages.ServiceTokensPage.as_view(), name="tokens")]
dashboard = [path("wards/<int:ward_id>/", dashboard_pages.BoardPage.as_view(), name="board")]
patients = [
    path("patients/", patients_pages.PatientListPage.as_view(), name="list"),
    path("patients/new/", patients_pages.NewPatientPage.as_view(), name="new"),
    path("emergency-access/", emergency_pages.EmergencyPage.as_view(), name="emergency"),
    path(
        "emergency-access/review/",
        emergency_pages.EmergencyReviewPage.as_view(),
        name="emergency_review",
    ),
    path("patients/<int:patient_id>/", discharge_pages.PatientPage.as_view(), name="detail"),
    path("patients/<int:patient_id>/history/", followups_pages.PatientHistoryPage.as_view(), name="history"),
]
guidelines = [
    path("guidelines/", guidelines_pages.SearchPage.as_view(), name="search"),
    path("guidelines/documents/", guidelines_pages.DocumentListPage.as_view(), name="documents"),
    path("guidelines/documents/<slug:code>/", guidelines_pages.DocumentPage.as_view(), name="document"),
    path("guidelines/site/", guidelines_pages.SiteDocumentPage.as_view(), name="site"),
    path("guidelines/products/", guidelines_pages.ProductListPage.as_view(), name="products"),
    path(
        "guidelines/compare/<slug:one>/<slug:other>/", guidelines_pages.ComparePage.as_view(), name="compare"
    ),
    path("guidelines/indications/<slug:slug>/", guidelines_pages.IndicationPage.as_view(), name="indication"),
]
_new_course = "patients/<int:patient_id>/courses/new/"
courses = [
    path(_new_course, courses_pages.ChooseIndicationPage.as_view(), name="new"),
    path(
        _new_course + "<slug:slug>/<slug:regimen_code>/",
        courses_pages.NewCoursePage.as_view(),
        name="order",
    ),
    path("courses/<int:course_id>/", courses_pages.CoursePage.as_view(), name="detail"),
    path(
        "patients/<int:patient_id>/replacement/",
        courses_pages.ReplacementPage.as_view(),
        name="replacement",
    ),
    path("courses/<int:course_id>/change/", courses_pages.ChangeCoursePage.as_view(), name="change"),
]
infusions = [
    path(
        "courses/<int:course_id>/days/<int:day_number>/start/",
        infusions_pages.StartPage.as_view(),
        name="start",
    ),
    path("handover/", infusions_pages.HandoverPage.as_view(), name="handover"),
    path(_session, infusions_pages.SessionPage.as_view(), name="detail"),
    path(_session + "record.pdf", RecordPage.as_view(), name="record"),
]
laboratory = [
    path("patients/<int:patient_id>/laboratory/", laboratory_pages.LaboratoryPage.as_view(), name="patient"),
]
followups = [
    path("follow-ups/", followups_pages.WorklistPage.as_view(), name="list"),
    path("follow-ups/<int:check_id>/", followups_pages.CheckPage.as_view(), name="detail"),
]
selfreport = [
    path("courses/<int:course_id>/self-report/", selfreport_pages.LinkPage.as_view(), name="link"),
    # Open to whoever holds the link; the logs mask it (ivig_monitor/logs.py, deploy/nginx.conf).
    path("r/<str:token>/", selfreport_pages.ReportPage.as_view(), name="form"),
    path("r/<str:token>/answers/", selfreport_pages.AnswersView.as_view(), name="answers"),
]
discharge = [
    path("courses/<int:course_id>/discharge/", discharge_pages.DischargePage.as_view(), name="detail"),
    path("courses/<int:course_id>/discharge/sheet.pdf", discharge_pages.SheetPage.as_view(), name="sheet"),
]
safety = [
    path("adverse-events/", safety_pages.AdverseEventListPage.as_view(), name="list"),
    path("adverse-events/<int:event_id>/", safety_pages.AdverseEventPage.as_view(), name="detail"),
]
cases = [
    path("cases/", cases_pages.CaseQueuePage.as_view(), name="queue"),
    path("cases/questions/", cases_pages.QuestionsPage.as_view(), name="questions"),
    path(_case + "versions/<int:number>/cioms.pdf", CiomsPage.as_view(), name="cioms"),
    path(_case, submissions_pages.CasePage.as_view(), name="detail"),
]
submissions = [
    path("submissions/", submissions_pages.OutboxPage.as_view(), name="outbox"),
    path(_submission, submissions_pages.SubmissionPage.as_view(), name="detail"),
    path("foreign-cases/", submissions_pages.ForeignListPage.as_view(), name="foreign"),
    path("foreign-cases/<int:report_id>/", submissions_pages.ForeignPage.as_view(), name="foreign_detail"),
]
signals = [
    path("signals/", signals_pages.RatesPage.as_view(), name="rates"),
    path("signals/comparisons/", signals_pages.ComparisonsPage.as_view(), name="comparisons"),
    path("signals/summary.pdf", signals_pages.SummaryPage.as_view(), name="summary"),
    path("lots/", signals_pages.LotsPage.as_view(), name="lots"),
    path("lots/one/", signals_pages.LotPage.as_view(), name="lot"),
]
inspection = [
    path("audit/", inspection_pages.AuditPage.as_view(), name="list"),
    path("audit/find/", inspection_pages.FindView.as_view(), name="find"),
    path("audit/export.csv", inspection_pages.ExportView.as_view(), name="export"),
    path("audit/whole/", inspection_pages.WholePage.as_view(), name="whole"),
    path("audit/events/<int:entry_id>/", inspection_pages.EventPage.as_view(), name="event"),
    path("audit/readings/<int:entry_id>/", inspection_pages.ReadingPage.as_view(), name="reading"),
]
meddra = [path("terminology/", meddra_pages.TerminologyPage.as_view(), name="terminology")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard_pages.HomePage.as_view(), name="home"),
    path("", include((accounts, "accounts"))),
    path("", include((identity, "identity"))),
    path("", include((devices, "devices"))),
    path("", include((machines, "machines"))),
    path("", include((retention, "retention"))),
    path("", include((dashboard, "dashboard"))),
    path("", include((patients, "patients"))),
    path("", include((guidelines, "guidelines"))),
    path("", include((courses, "courses"))),
    path("", include((infusions, "infusions"))),
    path("", include((laboratory, "laboratory"))),
    path("", include((followups, "followups"))),
    path("", include((selfreport, "selfreport"))),
    path("", include((discharge, "discharge"))),
    path("", include((safety, "safety"))),
    path("", include((cases, "cases"))),
    path("", include((submissions, "submissions"))),
    path("", include((signals, "signals"))),
    path("", include((meddra, "meddra"))),
    path("", include((inspection, "inspection"))),
    path("i18n/setlang/", declare(set_language, PUBLIC), name="set_language"),
    path("service-worker.js", declare(offline.service_worker, PUBLIC), name="service_worker"),
    path("offline/", declare(offline.shell, PUBLIC), name="offline"),
    path("health/live", declare(health.live, PUBLIC)),
    path("health/ready", declare(health.ready, PUBLIC)),
    path("health/findings", declare(health.findings, PUBLIC)),
    path("metrics", declare(metrics, PUBLIC)),
    path("admin/", declare_all(admin.site.urls, Action.ADMINISTER, but={"login": PUBLIC})),
    path("api/schema/", declare(SpectacularAPIView.as_view(), PUBLIC), name="schema"),
    path(
        "api/docs/",
        declare(
            SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api_docs.html"), PUBLIC
        ),
        name="docs",
    ),
    path("api/v1/", include((api, "api"))),
    re_path(r"^api/", declare(api_not_found, PUBLIC)),
]

handler400 = "ivig_monitor.api_errors.bad_request"
handler500 = "ivig_monitor.api_errors.server_error"
