"""What the charging room keeps: chargers, their last state, the commands sent, the account's standing."""

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text, text

from dashboard.database import CompressedText, UtcTime, metadata, unique_among

installation = Table(
    "installation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("time_zone", String(64)),
    Column("address", Text),  # private
)

charger_table = Table(
    "charger",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),  # Zaptec's
    Column("household_name", Text),  # the household's own, if it gave one
    Column("position", Integer),  # the owner's order; NULL comes after, by name
    Column("record", Text, nullable=False),  # Charger.to_record as JSON; holds the private serial number
    Column("is_listed", Boolean, nullable=False),  # whether the account's list still has it
    Column("is_put_away", Boolean, nullable=False, server_default=text("false")),  # by an owner, once it is not
    Column("revision", Integer, nullable=False, server_default="0"),  # grows when what is shown changes
)

# One row per charger: the last state, and how the last question went.
snapshot_table = Table(
    "snapshot",
    metadata,
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
    Column("state", CompressedText),  # ChargerState.to_record as JSON; NULL until the first answer
    Column("fetched_at", UtcTime),  # by our clock
    Column("cached_until", UtcTime),  # until then Zaptec may answer with the same copy
    Column("is_lively", Boolean, nullable=False, server_default=text("false")),  # charging or starting
    Column("failure", String(32)),  # why the last question failed; NULL when it did not
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("ask_again_at", UtcTime),  # not before that, after a failure
)

# A command is the receipt, the source of the log and, while it has not ended, the lock against a second press.
command = Table(
    "command",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), nullable=False),
    Column("action", String(16), nullable=False),
    Column("origin", String(16), nullable=False),  # page, timer, plan
    Column("member_id", Integer),  # no foreign key: the line stays when the member goes
    Column("member_name", Text),
    Column("asked_at", UtcTime, nullable=False),
    Column("baseline", Text),  # what the charger said at the press
    Column("worker_until", UtcTime),  # a process is checking or sending until then
    Column("sent_at", UtcTime),  # written before it is sent, so that a crash never sends twice
    Column("accepted_at", UtcTime),
    Column("look_at", UtcTime),  # when to look next whether it is done
    Column("ended_at", UtcTime),
    Column("outcome", String(16)),  # confirmed, not_confirmed, refused
    Column("reason", String(40)),  # of a refusal: a code of zaptec.situation.Reason, or a failure's
    Column("remedy", String(40)),
    Column("proof", String(40)),  # 718's own time when it was confirmed
    Column("flow", String(16)),  # what became of a confirmed resume
    Column("seen_at", UtcTime),  # when whoever pressed saw that it came to nothing
    Column("revision", Integer, nullable=False, server_default="0"),
)
unique_among("uq_command_under_way", command.c.charger_id, where=command.c.ended_at.is_(None))
Index("ix_command_charger_id_id", command.c.charger_id, command.c.id)

# One row, id 1: the standing of the account at Zaptec, shared by all processes.
account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rejected_key", String(64)),  # a keyed hash of the name and password that Zaptec turned away
    Column("rejected_at", UtcTime),
    Column("ended_code", String(40)),  # Zaptec's code where it refused for another reason than name and password
    Column("listed_at", UtcTime),  # when the list of chargers was last read
    Column("list_failure", String(32)),
    Column("list_again_at", UtcTime),
    Column("paused_until", UtcTime),  # Zaptec has asked to be left alone until then, by a Retry-After
    Column("skew_s", Float),  # our clock minus Zaptec's
    Column("skew_at", UtcTime),  # when that was last found, by our clock
)

# How often Zaptec was asked, by day (UTC) and kind of question.
request_count = Table(
    "request_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
)
