"""What the plan's page shows of one charger, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboard import formats, reasons
from dashboard.charger import chargers, receipts, snapshots
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.view import ChargerView
from dashboard.household import members
from dashboard.plan import (
    active_rules,
    aim_card,
    conflicts,
    next_line,
    week_chart,
    weekly,
    weekly_aim_words,
    weekly_aims,
    words,
)
from dashboard.plan.aim_card import AimChoices
from dashboard.plan.card import PlanLine, can_be_skipped
from dashboard.plan.forms import OnceForm, PlanForm
from dashboard.plan.rules import ActiveRules, TimerKind
from dashboard.plan.week import Week
from dashboard.plan.week_chart import WeekRow
from dashboard.plan.weekly import WeeklyPlan
from dashboard.plan.weekly_aims import WeeklyAims
from dashboard.services import Services
from dashboard.web.access import Role
from zaptec.charger import ChargerState
from zaptec.situation import Situation, SituationName

RESUME = {SituationName.PAUSED: "button", SituationName.PAUSING: "link"}


@dataclass(frozen=True)
class ChargerPlan:
    """One charger with all that is planned for it, as read from the database.

    Attributes:
        all_chargers: of the household, this one among them.
        zone: in which its plan and its timers are meant.
        weekly: None where no plan was ever saved.
    """

    charger: HouseholdCharger
    all_chargers: list[HouseholdCharger]
    zone: tzinfo
    rules: ActiveRules
    weekly: WeeklyPlan | None
    weekly_aims: WeeklyAims | None
    state: ChargerState | None
    situation: Situation


@dataclass(frozen=True)
class PlanPage:
    """The page of one charger's plan.

    Attributes:
        chart: the coming days as a picture, a row for each; empty where there is nothing to draw.
        caption: what the picture shows, in words.
        next: what happens next, in a sentence.
        contradicts: whether a pause and a single charge that are set want opposite things.
        resume: how *Resume charging* stands there: `button`; `link` while it is just being paused; else empty.
        resume_means: until when the car charges once it is pressed; empty where nothing that is set ends it.
        skip: what *Skip tonight* would leave out; empty where there is nothing to skip.
        why_not: why this person cannot change anything here, and what helps; empty where they can.
        zone: which clock the times are by.
    """

    charger: HouseholdCharger
    all_chargers: list[HouseholdCharger]
    form: PlanForm
    once: OnceForm
    aim: AimChoices
    has_week: bool
    chart: list[WeekRow]
    caption: str
    next: str
    timers: list[PlanLine]
    conflicts: list[str]
    contradicts: bool
    resume: str
    resume_means: str
    skip: str
    why_not: str
    zone: str


def read(services: Services, charger_id: str | None) -> ChargerPlan | None:
    """What there is about this charger, else about the first; None while the household has no charger.

    Raises:
        LookupError: there is no such charger, or it is not to be seen.
    """
    with services.database.reading() as connection:
        everyone = chargers.in_use(connection, services.settings.charger_ids)
        if not everyone and charger_id is None:
            return None
        charger = chargers.first([charger for charger in everyone if charger_id in (None, charger.id)])
        snapshot = snapshots.read(connection, charger.id) if charger else None
        if charger is None or snapshot is None:
            raise LookupError(charger_id)
        zone = services.zone(charger.id)
        rules = active_rules.read(connection, charger.id, zone, services.now())
        weekly_plan = weekly.find(connection, charger.id, zone)
        aims_of_week = weekly_aims.find(connection, charger.id, zone)
        receipt = receipts.latest(connection, charger.id)
    situation = ChargerView(charger, snapshot, receipt, services.now()).situation
    return ChargerPlan(charger, everyone, zone, rules, weekly_plan, aims_of_week, snapshot.state, situation)


def page_of(
    plan: ChargerPlan, services: Services, role: Role, *, form: PlanForm | None = None, once: OnceForm | None = None
) -> PlanPage:
    """The page with these forms; without them, with what is saved or set."""
    now = services.now()
    week = plan.weekly.week if plan.weekly else Week((), plan.zone)
    may_press = role.includes(Role.MEMBER) and plan.charger.is_listed
    with services.database.reading() as connection:
        aim = aim_card.choices(connection, plan.charger.id, plan.state, now, may_press=may_press)
    codes = conflicts.of(plan.charger.as_listed, plan.state, plan.situation)
    return PlanPage(
        charger=plan.charger,
        all_chargers=plan.all_chargers,
        form=form or saved_form(plan),
        once=once or once_form(plan),
        aim=aim,
        has_week=plan.rules.week is not None,
        chart=(chart := week_chart.rows(plan.rules, week, now)),
        caption=_caption(plan.rules, week, chart),
        next=_next(plan, now),
        timers=[PlanLine(timer.id, words.timer(timer, now)) for timer in plan.rules.timers],
        conflicts=[words.conflict(code) for code in codes],
        contradicts=conflicts.contradicting_timers(plan.rules),
        resume=RESUME.get(plan.situation.name, ""),
        resume_means=next_line.resume_means(plan.rules, now),
        skip=can_be_skipped(plan.rules, now),
        why_not=_why_not(plan.charger, role, services),
        zone=words.zone(plan.zone, is_given=bool(services.settings.time_zone)),
    )


def _caption(rules: ActiveRules, week: Week, chart: list[WeekRow]) -> str:
    """What the picture shows: the plan's times, and when the car is to be ready."""
    times = words.picture(week, rules, has_gaps=week_chart.has_gaps(chart))
    marks = weekly_aim_words.picture(rules.aim_rows) if rules.aim_rows else ""
    return f"{times} {marks}".strip()


def saved_form(plan: ChargerPlan) -> PlanForm:
    """What is saved; where there is nothing, an empty row."""
    rows = plan.weekly_aims.rows.rows if plan.weekly_aims else ()
    is_on = bool((plan.weekly and plan.weekly.is_on) or (plan.weekly_aims and plan.weekly_aims.is_on))
    return PlanForm.from_week(plan.weekly.week, is_on, rows) if plan.weekly else PlanForm()


def once_form(plan: ChargerPlan) -> OnceForm:
    """What the form of a single charge begins with: what is set already, else tonight."""
    timer = plan.rules.timer(TimerKind.CHARGE)
    return OnceForm(formats.clock(timer.starts_at), formats.clock(timer.ends_at)) if timer else OnceForm()


def _next(plan: ChargerPlan, now: datetime) -> str:
    if text := next_line.next_line(plan.rules, plan.situation, now):
        return text
    return next_line.nothing_planned(plan.situation, is_off=plan.weekly is not None and not plan.weekly.is_on)


def _why_not(charger: HouseholdCharger, role: Role, services: Services) -> str:
    if not charger.is_listed:
        return reasons.not_listed()
    if role.includes(Role.MEMBER):
        return ""
    with services.database.reading() as connection:
        return words.only_look(members.owner_names(connection))
