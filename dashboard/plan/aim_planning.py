"""When an aim charges: planned when it is set, and anew when something has changed; carried out by steps.

What is planned, whether it lets charge now, and the step that carries this out are written in one transaction with
a conditional UPDATE, so that each change happens once, whoever does it and whenever somebody dies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from dashboard.charger import chargers, snapshots
from dashboard.charger.view import ChargerView
from dashboard.news import News, NewsKind
from dashboard.plan import active_rules, aim_progress, aims, planner, queries
from dashboard.plan.aim import ANSWER_WITHIN, PATIENT, Aim, AimOutcome, AimReason, blocks_text
from dashboard.plan.aim_progress import Power
from dashboard.plan.kwh_prices import KwhPrices, UsualCharge
from dashboard.plan.planner import Block, Manners
from dashboard.plan.rules import ActiveRules, Cause, Ruler
from dashboard.plan.tables import step_table
from dashboard.services import Services, current_services
from zaptec.charger import ChargerState
from zaptec.commands import Action
from zaptec.situation import Situation, SituationName

AT_THE_LATEST = timedelta(minutes=5)  # what charges is looked at again
WORTH_TELLING = timedelta(minutes=5)  # by so much others hours have to differ
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Circumstances:
    """What an aim is planned by."""

    state: ChargerState | None
    situation: Situation
    prices: KwhPrices
    usual: UsualCharge
    is_clock_right: bool
    now: datetime


def circumstances(services: Services, connection: Connection, charger_id: str, until: datetime) -> Circumstances:
    """Read them.

    Raises:
        LookupError: there is no such charger.
    """
    charger, snapshot = chargers.find(connection, charger_id), snapshots.read(connection, charger_id)
    if charger is None or snapshot is None:
        raise LookupError(charger_id)
    now = services.now()
    return Circumstances(
        state=snapshot.state,
        situation=ChargerView(charger, snapshot, None, now).situation,
        prices=services.kwh_prices(connection, charger_id, now, until),
        usual=services.usual_charge(connection, charger_id),
        is_clock_right=services.account.is_clock_right(connection),
        now=now,
    )


def planned(aim: Aim, around: Circumstances) -> Aim:
    """The aim with its hours as they are best now."""
    power = aim_progress.power(aim, around.state, around.usual, around.now)
    missing_s = aim_progress.missing_s(aim, around.state, power, around.usual)
    since = None if _is_much_stronger(aim, power) else _charging_since(aim)
    found = planner.plan(
        around.prices.slots,
        timedelta(seconds=missing_s),
        aim.ready_by,
        around.now,
        power_w=power.watts,
        manners=Manners(most_blocks=max(0 if since else 1, Manners.most_blocks - aim.starts)),
        charging_since=since,
    )
    reason = _reason(aim, AimReason(found.reason), around)
    blocks = _measured_first(found.blocks, aim, around, aim_progress.measured_at(aim, around.state, power))
    if reason is not AimReason(found.reason) and missing_s:
        blocks = ((around.now, around.now + timedelta(seconds=missing_s)),)
    return replace(
        aim,
        blocks=_from_their_beginning(blocks, aim.opened_at if aim.is_open else None, around.now),
        latest_start=found.latest_start,
        missing_s=missing_s,
        cost_micro=planner.cost_of(blocks, around.prices.slots, power.watts),
        currency=around.prices.currency,
        reason=reason,
        power_w=power.watts,
        power_sessions=power.sessions,
        planned_at=around.now,
        # What charges anyway is not put off by the jitter.
        opened_at=aim.opened_at or (around.now if blocks and blocks[0][0] == around.now else None),
    )


def _charging_since(aim: Aim) -> datetime | None:
    """Since when it charges by this aim; what goes on only to be measured may be stopped before half an hour."""
    return aim.opened_at if aim.is_open and not aim.begins_by_measuring else None


def _is_much_stronger(aim: Aim, power: Power) -> bool:
    """Whether this car has just turned out to take far more than it was planned for: it began much too early."""
    was_guessed = aim.power_sessions != aim_progress.SEEN and power.sessions == aim_progress.SEEN
    return was_guessed and power.watts > 1.25 * aim.power_w


def _measured_first(
    blocks: tuple[Block, ...], aim: Aim, around: Circumstances, measured_at: datetime | None
) -> tuple[Block, ...]:
    """What charges anyway goes on until its power is known: a weaker car than usual has to start earlier."""
    if measured_at is None or measured_at <= around.now or aim.starts > 1:
        return blocks
    later = [(max(begin, measured_at), end) for begin, end in blocks if end > measured_at]
    if later and later[0][0] == measured_at:
        return ((around.now, later[0][1]), *later[1:])
    return ((around.now, measured_at), *later)


def _reason(aim: Aim, reason: AimReason, around: Circumstances) -> AimReason:
    """Why it does not wait, where it does not."""
    if reason in (AimReason.LATE, AimReason.NOTHING):
        return reason
    if aim.is_let_go:
        return AimReason.BY_HAND
    if not aim.is_cheapest:
        return AimReason.AT_ONCE
    return reason if around.is_clock_right else AimReason.CLOCK


def _from_their_beginning(blocks: tuple[Block, ...], since: datetime | None, now: datetime) -> tuple[Block, ...]:
    """A block that is under way is told, and known again, by its beginning; full seconds begin a little later."""
    if not blocks or blocks[0][0] - now >= SECOND:
        return blocks
    return ((since or min(blocks[0][0], now), blocks[0][1]), *blocks[1:])


def advance(services: Services, charger_id: str) -> None:
    """Look at a charger's aim: end it, or plan it anew and write down what is to be done."""
    with services.database.writing() as connection:
        chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
        aim = aims.find(connection, charger_id)
        if aim is None:
            return
        rules = active_rules.read(connection, charger_id, services.zone(charger_id), services.now())
        aim = rules.aim or aim
        around = circumstances(services, connection, charger_id, aim.ready_by)
        outcome = _outcome(aim, around)
        if outcome is not None:
            _end(connection, aim, outcome, around)
        else:
            after = planned(aim, around)
            _carry_out(connection, aim, after, around, is_ruled_by_it=_rules(replace(rules, aim=after), around.now))


def _rules(rules: ActiveRules, now: datetime) -> bool:
    return rules.rule_without_person(now).ruler is Ruler.AIM


def _outcome(aim: Aim, around: Circumstances) -> AimOutcome | None:
    """Whether it has ended, and how."""
    if aim_progress.is_reached(aim, aim.done_wh, aim.charged_s):
        return AimOutcome.REACHED
    is_over = around.now >= aim.ready_by
    if around.situation.name is SituationName.DISCONNECTED:
        return AimOutcome.NO_CAR if is_over else None
    has_finished = around.situation.name is SituationName.FINISHED and aim.is_open
    return AimOutcome.FULL if has_finished and (is_over or (aim.is_until_full and aim.done_wh)) else None


def _end(connection: Connection, aim: Aim, outcome: AimOutcome, around: Circumstances) -> None:
    """End it; what was to get so much gets no more."""
    is_ours = aims.end(connection, aim, around.now, outcome)
    if is_ours and outcome is AimOutcome.REACHED:
        _add_step(connection, aim, Action.PAUSE, around.now, Cause.REACHED)


def _carry_out(
    connection: Connection, before: Aim, after: Aim, around: Circumstances, *, is_ruled_by_it: bool
) -> None:
    """Write down the new plan, and the step it wants now."""
    now, is_open = around.now, after.is_open_at(around.now)
    is_start = is_open and not before.is_open
    opened_at = now if is_start else before.opened_at if is_open else None
    is_woken = is_start and around.situation.name is not SituationName.CHARGING
    told = replace(after, is_open=is_open, opened_at=opened_at, starts=before.starts + is_woken)
    if not aims.change(connection, before, **columns(told), news=_news(before, told), next_at=_next_at(told, now)):
        return
    if told.is_late_for_sure(now) and not before.is_late_for_sure(before.planned_at):
        _report_late(connection, told, now)
    by_hand = before.is_suspended or before.is_let_go
    if is_open is not before.is_open and not by_hand:
        aims.drop_steps(connection, before.charger_id, now)
        _add_step(connection, before, Action.RESUME if is_open else Action.PAUSE, now, Cause.AIM)
    elif is_open and is_ruled_by_it and _is_held_all_the_same(connection, before, around):
        _add_step(connection, before, Action.RESUME, now, Cause.AIM)


def _report_late(connection: Connection, aim: Aim, now: datetime) -> None:
    """Whoever set it may want to hear of it; of one that was set too late the page has said so."""
    facts = {"by": aim.ready_by.isoformat(), "aim": aim.id}
    news = News(NewsKind.LATE, f"{NewsKind.LATE}:{aim.id}", now, aim.charger_id, aim.member_id, facts)
    current_services().report(connection, news)


def _is_held_all_the_same(connection: Connection, aim: Aim, around: Circumstances) -> bool:
    """Whether the car is paused though what the aim wanted last was done, or given up a while ago."""
    if around.situation.name is not SituationName.PAUSED:
        return False
    steps, now = step_table.c, around.now
    mine = (steps.charger_id == aim.charger_id, steps.origin == "aim")
    is_young = steps.ended_at.is_(None) | (steps.ended_at > now - AT_THE_LATEST + SECOND)
    return connection.execute(select(steps.id).where(*mine, is_young).limit(1)).first() is None


def _add_step(connection: Connection, aim: Aim, action: Action, now: datetime, cause: Cause) -> None:
    by = {"member_id": aim.member_id, "member_name": aim.member_name}
    queries.add_step(connection, aim.charger_id, action, now, cause=cause, origin=Ruler.AIM.value, **by)


def columns(aim: Aim) -> dict[str, object]:
    """What planning writes."""
    names = ("latest_start", "missing_s", "cost_micro", "currency", "power_w", "power_sessions", "planned_at")
    state = {"is_open": aim.is_open, "opened_at": aim.opened_at, "starts": aim.starts}
    kept = {name: getattr(aim, name) for name in names}
    return {**kept, **state, "reason": aim.reason.value, "blocks": blocks_text(aim.blocks)}


def _next_at(aim: Aim, now: datetime) -> datetime | None:
    """When it has to be looked at again."""
    fixed = (aim.latest_start, aim.latest_start + ANSWER_WITHIN, aim.ready_by)
    moments = [at for at in (*aim.edges(), *fixed) if at > now]
    if aim.is_open:
        moments.append(now + AT_THE_LATEST)
    return min(moments, default=None)


def _news(before: Aim, after: Aim) -> str | None:
    """Why its hours are others than before, as a code; what was told stays until they change again."""
    if not before.blocks or not after.blocks or after.reason not in PATIENT:
        return None
    if _is_like(before.blocks, after.blocks):
        return before.news
    if before.has_car is not after.has_car:
        return "car"
    if before.reason is AimReason.SOME_PRICES or before.reason is AimReason.NO_PRICES:
        return "prices" if after.reason is AimReason.CHEAPEST else before.news
    if after.missing_s + 300 < before.missing_s - max(0, (after.planned_at - before.planned_at).total_seconds()):
        return "ahead"
    return "behind" if after.missing_s > before.missing_s + 300 else before.news


def _is_like(some: tuple[Block, ...], others: tuple[Block, ...]) -> bool:
    """Whether both are the same hours, a few minutes more or less at the edges."""
    if len(some) != len(others):
        return False
    edges = zip((at for block in some for at in block), (at for block in others for at in block), strict=True)
    return all(abs(one - other) <= WORTH_TELLING for one, other in edges)
