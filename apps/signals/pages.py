"""Signals as pages: rates, comparisons, lots, and the periodic summary."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext

from apps.accounts.selectors import Action, Staff, require, role_allows, staff_of, wards_of
from apps.edge.exports import stamped
from apps.edge.pages import Page
from apps.guidelines.selectors import current_guidelines
from apps.kernel import clock
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.lots.domain import same_lot
from apps.lots.selectors import holds
from apps.signals.domain import Axis, disproportion, fourfolds, rate_of_all, rates_by
from apps.signals.domain.lot_watch import FIRST_LOOK_AT_EVENTS
from apps.signals.domain.periods import first_of_month
from apps.signals.presentation import (
    Names,
    acts_on,
    comparison_row,
    exposed_row,
    hold_shown,
    lot_row,
    plot_of,
    rate_row,
)
from apps.signals.selectors import Counted, counted_for, exposed_to, holds_of, lots_in_hospital
from apps.signals.summary import render_summary, summary_for
from apps.signals.words import AXES, PERIODS

_MONTHS = {"3": 2, "12": 11}  # months before the present one


class RatesPage(Page):
    """Adverse events beside what was given, along one axis, and month by month."""

    rights = Action.SEE_SIGNALS
    template_name = "signals/rates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query, names = staff_of(self.request), self.request.GET, Names()
        require(user, Action.SEE_SIGNALS)
        period, product = _period(query), _product(query, names)
        counted = _counted(user, period, product)
        axis = Axis(query["axis"]) if query.get("axis") in set(Axis) else Axis.PRODUCT
        months = rates_by(Axis.MONTH, counted.given, counted.told)
        rows = months if axis is Axis.MONTH else rates_by(axis, counted.given, counted.told)
        return super().get_context_data(
            axis=axis.value,
            axis_name=gettext(AXES[axis]),
            rows=[rate_row(row, axis, names) for row in rows],
            months=[rate_row(row, Axis.MONTH, names) for row in months],
            whole=rate_row(rate_of_all(counted.given, counted.told), Axis.PRODUCT, names),
            plot=plot_of(months),
            summary=_last_quarter(user),
            axes=[{"code": one.value, "name": gettext(name)} for one, name in AXES.items()],
            **_choices(period, product, names),
            **kwargs,
        )


class ComparisonsPage(Page):
    """Which reactions are told of more often with one product than with the others."""

    rights = Action.SEE_SIGNALS
    template_name = "signals/comparisons.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, names = staff_of(self.request), Names()
        require(user, Action.SEE_SIGNALS)
        period = _period(self.request.GET)
        counted = _counted(user, period, "")
        rows = [
            comparison_row(product, term, disproportion(table), names)
            for (product, term), table in fourfolds(counted.given, counted.told).items()
        ]
        return super().get_context_data(
            rows=sorted(rows, key=lambda row: (-len(row["screens"]), -row["reports"], row["name"])),
            reports=len(counted.told),
            **_choices(period, "", names),
            **kwargs,
        )


class LotsPage(Page):
    """Lots on hold for everybody who hangs vials; how the lots compare for who judges that."""

    rights = Action.SEE_LOTS
    template_name = "signals/lots.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, names = staff_of(self.request), Names()
        require(user, Action.SEE_LOTS)
        shown = [hold_shown(hold, names) for hold in holds()]
        sees = role_allows(user, Action.SEE_SIGNALS)
        return super().get_context_data(
            held=[hold for hold in shown if hold["state"] != "released"],
            released=[hold for hold in shown if hold["state"] == "released"],
            lots=[lot_row(row, names) for row in lots_in_hospital(user)] if sees else [],
            sees_signals=sees,
            may_hold=role_allows(user, Action.HOLD_LOT),
            first_look=FIRST_LOOK_AT_EVENTS,
            products=_products(names),
            **kwargs,
        )


class LotPage(Page):
    """One lot: how it compares, who was given it, its holds and who did what with them."""

    rights = Action.SEE_LOTS
    template_name = "signals/lot.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query, names = staff_of(self.request), self.request.GET, Names()
        require(user, Action.SEE_LOTS)
        product, lot = query.get("product", "")[:80], query.get("lot", "")[:40].replace("\0", "")
        if product not in names.products or not same_lot(lot):
            raise NotFoundError("not_found", N_("There is no such lot."))
        sees = role_allows(user, Action.SEE_SIGNALS)
        own = holds_of(holds(), product, lot)
        return super().get_context_data(
            product_code=product,
            product=names.product(product),
            lot_number=lot,
            holds=[hold_shown(hold, names, user=user) | {"acts": acts_on(hold)} for hold in own],
            is_held=any(hold.state != "released" for hold in own),
            may_hold=role_allows(user, Action.HOLD_LOT),
            sees_signals=sees,
            sees_patients=role_allows(user, Action.SEE_PATIENTS),
            looks=_looks(user, product, lot, names) if sees else None,
            exposed=[
                exposed_row(row, names, user=user)
                for row in exposed_to(user, product_code=product, lot_number=lot)
            ]
            if sees
            else [],
            **kwargs,
        )


class SummaryPage(Page):
    """The periodic summary as a PDF."""

    rights = Action.SEE_SIGNALS
    template_name = "refused.html"

    # A browser shows a PDF with a plugin and styles of its own, which the policy of the pages forbids.
    @method_decorator(csp_exempt())
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, now = staff_of(request), clock.now()
        since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
        summary = summary_for(user, since=since, until=until, now=now)
        with stamped(by=user.display_name, at=clock.wall_now()):
            paper = render_summary(summary, language=(get_language() or "en").split("-")[0])
        answer = HttpResponse(paper, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="safety-summary-{since}-{until}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer


def _looks(user: Staff, product: str, lot: str, names: Names) -> dict[str, Any] | None:
    rows = lots_in_hospital(user, product_code=product)
    found = next((row for row in rows if same_lot(row.lot_number) == same_lot(lot)), None)
    return lot_row(found, names) if found else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DomainError("period_wrong", N_("Choose the first and the last day.")) from error


def _period(query: QueryDict) -> str:
    period = query.get("period", "12")
    return period if period in PERIODS else "12"


def _product(query: QueryDict, names: Names) -> str:
    product = query.get("product", "")
    return product if product in names.products else ""


def _counted(user: Staff, period: str, product: str) -> Counted:
    since = None
    if period in _MONTHS:
        zone, today = _today(user)
        since = datetime.combine(first_of_month(today, months_back=_MONTHS[period]), time(), zone)
    return counted_for(user, since=since, product_code=product or None)


def _today(user: Staff) -> tuple[ZoneInfo, date]:
    zone = ZoneInfo(next((ward.time_zone for ward in wards_of(user)), "UTC"))
    return zone, clock.now().astimezone(zone).date()


def _last_quarter(user: Staff) -> dict[str, str]:
    """Three whole months, as a summary is mostly asked for."""
    _, today = _today(user)
    until = first_of_month(today) - timedelta(days=1)
    return {"since": first_of_month(until, months_back=2).isoformat(), "until": until.isoformat()}


def _choices(period: str, product: str, names: Names) -> dict[str, Any]:
    return {
        "period": period,
        "periods": [{"code": code, "name": gettext(name)} for code, name in PERIODS.items()],
        "product_code": product,
        "products": _products(names),
    }


def _products(names: Names) -> list[dict[str, str]]:
    return [{"code": one.code, "name": one.name} for one in current_guidelines().products]
