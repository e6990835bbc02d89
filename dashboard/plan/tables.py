"""What the plan's room keeps: weekly plans, timers and exceptions, aims, and each change that has to happen."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from dashboard.charger import tables as _charging  # noqa: F401 - the foreign keys below point there
from dashboard.database import UtcTime, metadata, unique_among

weekly_plan = Table(
    "weekly_plan",
    metadata,
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("windows", Text, nullable=False),  # Week.to_text
    Column("zone", String(64), nullable=False),  # the zone in which `next_at` was worked out
    Column("cursor", UtcTime, nullable=False),  # every change up to here has become a step
    Column("next_at", UtcTime),  # the first change after `cursor`; NULL if there is none
    Column("is_open", Boolean, nullable=False),  # whether it lets charge from `cursor` to `next_at`
    Column("revision", Integer, nullable=False, server_default="0"),
)

# Pause until, charge from until, and the plan's exceptions: charge now, skip tonight.
timer_table = Table(
    "timer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # rules.TimerKind
    Column("set_at", UtcTime, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("member_id", Integer),  # no foreign key: a timer outlives its author's membership
    Column("member_name", Text),
    Column("ended_at", UtcTime),
)
unique_among("uq_timer_live", timer_table.c.charger_id, timer_table.c.kind, where=timer_table.c.ended_at.is_(None))

# What a car is to have by a time, and when it charges for that.
aim_table = Table(
    "aim",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), nullable=False),
    Column("set_at", UtcTime, nullable=False),
    Column("ready_by", UtcTime, nullable=False),
    Column("energy_wh", Integer),  # neither this nor the next: until the car is full
    Column("duration_s", Integer),
    Column("is_cheapest", Boolean, nullable=False),
    Column("is_weekly", Boolean, nullable=False, server_default=false()),  # made from a row of the week
    Column("member_id", Integer),  # no foreign key: an aim outlives its author's membership
    Column("member_name", Text),
    Column("seed", Integer, nullable=False),  # of its private jitter
    Column("has_car", Boolean, nullable=False),
    Column("base_wh", Integer),  # what the session had when it was set, or when the car came
    Column("done_wh", Integer, nullable=False),  # what came since
    Column("charged_s", Integer, nullable=False),
    Column("counted_at", UtcTime),  # until when `charged_s` is counted
    Column("blocks", Text, nullable=False),  # aim.blocks_text
    Column("latest_start", UtcTime, nullable=False),
    Column("missing_s", Integer, nullable=False),
    Column("cost_micro", BigInteger),
    Column("currency", String(3)),
    Column("reason", String(16), nullable=False),  # aim.AimReason
    Column("power_w", Integer, nullable=False),  # what it is planned with
    Column("power_sessions", Integer, nullable=False),
    Column("news", String(16)),  # aim_words.NEWS: why the hours are others than before
    Column("planned_at", UtcTime, nullable=False),
    Column("is_open", Boolean, nullable=False),  # what has been carried out last
    Column("opened_at", UtcTime),
    Column("starts", Integer, nullable=False),
    Column("next_at", UtcTime),  # when to look at it again
    Column("revision", Integer, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", String(16)),  # aim.AimOutcome
)
unique_among("uq_aim_live", aim_table.c.charger_id, where=aim_table.c.ended_at.is_(None))

# Ready by a time every week: from these rows an aim is made for each car.
weekly_aim = Table(
    "weekly_aim",
    metadata,
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("rows", Text, nullable=False),  # AimRows.to_text
    Column("zone", String(64), nullable=False),  # in which `next_at` was worked out
    Column("member_id", Integer),  # who saved them; no foreign key: they outlive a membership
    Column("member_name", Text),
    Column("skipped", UtcTime),  # the time that is left out
    Column("made_for", UtcTime),  # the time for which the car that is there has got its aim
    Column("looked_at", UtcTime, nullable=False),
    Column("next_at", UtcTime),  # when to look again
    Column("is_awaited", Boolean, nullable=False),  # a car that comes is to be looked at soon
    Column("revision", Integer, nullable=False),
)

# One change that has to happen: written before it is due (or in the moment it is), ended exactly once.
step_table = Table(
    "plan_step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), nullable=False),
    Column("timer_id", ForeignKey("timer.id", ondelete="CASCADE")),
    Column("cause", String(16), nullable=False),  # rules.Cause
    Column("action", String(16), nullable=False),  # pause, resume
    Column("origin", String(16), nullable=False),  # timer, aim, plan
    Column("member_id", Integer),
    Column("member_name", Text),
    Column("due_at", UtcTime, nullable=False),
    Column("look_at", UtcTime),  # when to do it, or to look what became of it; NULL once it has ended
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("claimed_at", UtcTime),  # when somebody last took it in hand
    Column("receipt_id", Integer),  # the command it has sent
    Column("ended_at", UtcTime),
    Column("outcome", String(16)),  # steps.StepOutcome
    Column("reason", String(40)),
    Column("remedy", String(40)),
    Column("is_trouble", Boolean, nullable=False),  # an alert stands on the page
)
Index("ix_plan_step_look_at", step_table.c.look_at)
Index("ix_plan_step_charger_id_ended_at", step_table.c.charger_id, step_table.c.ended_at)

# When a car last came to or left a charger, by our clock: what was sent before is void.
stay = Table(
    "car_stay",
    metadata,
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
    Column("changed_at", UtcTime, nullable=False),
)
