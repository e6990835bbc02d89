"""What this room keeps: what people want to hear and by which way, what has happened, and who was told of it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, false

from dashboard.database import UtcTime, metadata
from dashboard.household import tables as _household  # noqa: F401 - the foreign keys below point there

# What somebody has chosen; where there is no row, `rules.is_default` holds.
choice_table = Table(
    "notice_choice",
    metadata,
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # news.NewsKind
    Column("is_wanted", Boolean, nullable=False),
)

# When somebody wants to hear of it, in minutes since midnight; NULL: as it is by itself.
hours_table = Table(
    "notice_hours",
    metadata,
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column("tell_at", Integer),  # that no car is plugged in
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
)

# By which somebody is told. A browser's ends with its session.
way_table = Table(
    "notice_way",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # message.WayKind
    Column("sealed", Text, nullable=False),  # the address, as only this dashboard can read it
    Column("fingerprint", String(64), nullable=False),  # a keyed hash of the address, by which it is found again
    Column("host", String(128), nullable=False),  # to whom it goes; empty: to nobody outside
    Column("base_url", Text, nullable=False),  # where the page was when it was added: for links
    Column("device_id", ForeignKey("device.id", ondelete="CASCADE")),
    Column("added_at", UtcTime, nullable=False),
    Column("retired_at", UtcTime),  # whoever carries it says that the address is no more
    UniqueConstraint("member_id", "kind", "fingerprint"),
    sqlite_autoincrement=True,
)

# What has happened, under a key by which it happens once; `decided_at` is when it was handed on to people.
event_table = Table(
    "notice_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("charger_id", String(64)),
    Column("member_id", Integer),
    Column("at", UtcTime, nullable=False),
    Column("facts", Text, nullable=False),  # JSON
    Column("decided_at", UtcTime),
)
Index("ix_notice_event_decided_at", event_table.c.decided_at)

# That one person is told of one thing; also a test, and the line that says how many more there were.
notice_table = Table(
    "notice_told",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("notice_event.id", ondelete="CASCADE")),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # news.NewsKind, or `test`, or `more`
    Column("tag", String(32), nullable=False, unique=True),
    Column("asked_at", UtcTime, nullable=False),
    Column("is_held_back", Boolean, nullable=False, server_default=false()),  # one of more than ten in an hour
    Column("more_id", Integer),  # of what was held back: the notice that told how many there were
    Column("how_many", Integer),  # of `more`
    Column("is_in_place_of_another", Boolean, nullable=False, server_default=false()),
    Column("passed_on_at", UtcTime),  # none of its ways worked, so the next of the household is told
    Column("line_id", Integer),  # its line in the log
    Column("opened_at", UtcTime),
    UniqueConstraint("event_id", "member_id"),
)
Index("ix_notice_told_member_id_asked_at", notice_table.c.member_id, notice_table.c.asked_at)

# One notice by one way. While `try_at` is set it goes on; `is_sending`: a try was begun whose end nobody knows.
delivery_table = Table(
    "notice_delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", ForeignKey("notice_told.id", ondelete="CASCADE"), nullable=False),
    Column("way_id", ForeignKey("notice_way.id", ondelete="SET NULL")),
    Column("way_kind", String(16), nullable=False),
    Column("stage", String(16), nullable=False),  # deliveries.Stage
    Column("try_at", UtcTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("is_sending", Boolean, nullable=False, server_default=false()),
    Column("handed_over_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("reason", String(32)),  # why it failed, or has not succeeded yet
    UniqueConstraint("notice_id", "way_id"),
)
Index("ix_notice_delivery_try_at", delivery_table.c.try_at)

# What holds at a charger, or elsewhere, and since when: told when it has held for long enough.
watch_table = Table(
    "notice_watch",
    metadata,
    Column("subject", String(128), primary_key=True),  # a charger's id, or a host, or empty
    Column("condition", String(24), primary_key=True),  # watches.Condition
    Column("since", UtcTime, nullable=False),
    Column("told_at", UtcTime),
)
