"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.accounts import cover_pages
from apps.accounts import pages as accounts_pages
from apps.accounts.domain.roles import Action
from apps.cases import pages as cases_pages
from apps.cases.cioms.views import CiomsPage
from apps.courses import pages as courses_pages
from apps.dashboard import pages as dashboard_pages
from apps.devices import pages as devices_pages
from apps.discharge import pages as discharge_pages
from apps.edge.rights import PUBLIC, declare, declare_all
from apps.followups import pages as followups_pages
from apps.guidelines import pages as guidelines_pages
from apps.identity import account as identity_account
from apps.identity import oidc as identity_oidc
from apps.identity import pages as identity_pages
from apps.infusions import pages as infusions_pages
from apps.infusions.record.views import RecordPage
from apps.inspection import pages as inspection_pages
from apps.laboratory import pages as laboratory_pages
from apps.machines import pages as machines_pages
from apps.meddra import pages as meddra_pages
from apps.patients import emergency_pages
from apps.patients import pages as patients_pages
from apps.retention import pages as retention_pages
from apps.safety import pages as safety_pages
from apps.selfreport import pages as selfreport_pages
from apps.signals import pages as signals_pages
from apps.submissions import pages as submissions_pages
from ivig_monitor import health, offline
from ivig_monitor.api_errors import api_not_found
from ivig_monitor.api_urls import api
from ivig_monitor.metrics import metrics

_session = "sessions/<int:session_id>/"
_case = "cases/<int:case_id>/"
_submission = "submissions/<int:submission_id>/"

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
