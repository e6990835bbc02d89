"""What the history keeps: sessions, their readings, their shares by day, prices, and how the collecting stands.

Energy is kept in milliwatt-hours and money in millionths of the currency, both as whole numbers: that is as
exact as Zaptec's figures, and any database sums it without an error.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
    true,
)

from dashboard.database import UtcTime, metadata
from dashboard.tariff.price_text import PARTS

PART_COLUMNS = tuple(f"{part}_micro" for part in PARTS)  # of a cost


def _by_part() -> list[Column[int]]:
    return [Column(name, BigInteger) for name in PART_COLUMNS]


# One finished session. `id` is ours and stands in addresses: Zaptec's own is private.
charge_session = Table(
    "charge_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("zaptec_id", String(64), nullable=False, unique=True),
    Column("charger_id", String(64), nullable=False),  # no foreign key: the past of a charger that left stays
    Column("start_at", UtcTime, nullable=False),
    Column("end_at", UtcTime, nullable=False),
    Column("are_times_known", Boolean, nullable=False, server_default=true()),  # else they cannot have been
    Column("energy_mwh", BigInteger, nullable=False),
    Column("is_energy_known", Boolean, nullable=False, server_default=true()),  # else energy_mwh is 0
    Column("has_stray_readings", Boolean, nullable=False, server_default=false()),  # outside its times
    Column("flowing_s", Integer, nullable=False),  # how long energy flowed, as far as the readings tell
    Column("last_day", Date, nullable=False),  # the local day on which it ended, or on which we heard of it
    Column("zone", String(64), nullable=False),  # the time zone its days were cut in
    Column("is_offline", Boolean, nullable=False),
    Column("has_reliable_clock", Boolean, nullable=False),
    Column("is_signed", Boolean, nullable=False),
    Column("is_voided", Boolean, nullable=False),
    Column("is_aborted", Boolean, nullable=False),
    Column("stopped_by_rfid", Boolean, nullable=False),
    Column("replaced_by", String(64), index=True),  # Zaptec's id of the session that corrects this one
    Column("is_counted", Boolean, nullable=False),  # not void, not aborted, not replaced by one we have
    Column("meter_first_mwh", BigInteger),  # the meter at begin and end, where OCMF says so
    Column("meter_last_mwh", BigInteger),
    Column("authorised_by", Text),  # private: owners only
    Column("token_name", Text),  # private: owners only
    Column("priced_in", Integer),  # the state of the price list by which its cost is fixed; NULL: no cost yet
    Column("saved_micro", BigInteger),  # by waiting for cheap hours; NULL: it did not wait, or nobody knows
    Column("person_id", Integer),  # whose charge it was; 0: a guest's; no foreign key: it stays when they go
    Column("person_name", Text),
    Column("is_person_usual", Boolean, nullable=False, server_default=false()),  # nobody said so for this session
    Column("source", String(16), nullable=False),  # observation, or sessions or history for the endpoints
    Column("fingerprint", String(64), nullable=False),  # of what Zaptec told: the same again changes nothing
    Column("booked_at", UtcTime, nullable=False),
    Index(None, "charger_id", "start_at"),
    Index(None, "charger_id", "person_id"),
    Index(None, "last_day"),
    Index(None, "zone"),
)

# The readings of a session: energy since the one before.
charge_interval = Table(
    "charge_interval",
    metadata,
    Column("session_id", ForeignKey("charge_session.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("energy_mwh", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# A session's shares: each lies in one local day and under one price. Only sessions that count have some, and
# their energies add up to the session's; so every total is a sum over these.
charge_share = Table(
    "charge_share",
    metadata,
    Column("session_id", ForeignKey("charge_session.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("charger_id", String(64), nullable=False),
    Column("begin_at", UtcTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("energy_mwh", BigInteger, nullable=False),
    Column("cost_micro", BigInteger),
    Column("price", Text),  # what made the cost, see dashboard.tariff.price_text; NULL: it was not kept
    # What the price's parts make of the energy: they add up to cost_micro. All or none of them are known.
    *_by_part(),
    Index(None, "day", "charger_id"),
)

# What a session took on a local day: its shares of that day, summed up, and written with them. By the hour or the
# quarter shares are many; pages add up these.
charge_day = Table(
    "charge_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("session_id", ForeignKey("charge_session.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("charger_id", String(64), nullable=False),
    Column("energy_mwh", BigInteger, nullable=False),
    Column("open_mwh", BigInteger, nullable=False),  # of it, what has no cost
    Column("cost_micro", BigInteger),
    *_by_part(),
    sqlite_with_rowid=False,
)

# How many of the sessions that Zaptec told of by now could not be used, by the month in which it says they ended.
unusable_sessions = Table(
    "unusable_sessions",
    metadata,
    Column("charger_id", String(64), primary_key=True),
    Column("month", Date, primary_key=True),  # its first day, in UTC, by which Zaptec is asked
    Column("count", Integer, nullable=False),
)

# Private: the text holds a serial number and card ids.
charge_paper = Table(
    "charge_paper",
    metadata,
    Column("session_id", ForeignKey("charge_session.id", ondelete="CASCADE"), primary_key=True),
    Column("ocmf", Text, nullable=False),
)

# Who usually charges at a charger, or with a card anywhere; what a row is not about is empty. Private: the cards.
usual_person = Table(
    "usual_person",
    metadata,
    Column("charger_id", String(64), primary_key=True),
    Column("authorised_by", String(200), primary_key=True),
    Column("token_name", String(200), primary_key=True),
    Column("person_id", Integer, nullable=False),  # 0: guests; no foreign key: of who has left nothing is taken
)

# What a kWh costs from a day on: a price, or a contract, whose `micro_per_kwh` is 0. Nothing is changed here, so
# that what was known earlier can be told again.
price_table = Table(
    "price",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("valid_from", Date, nullable=False),
    Column("micro_per_kwh", BigInteger, nullable=False),
    Column("terms", Text),  # of a contract, see dashboard.tariff.terms; NULL: one price and nothing else
    Column("added_in", Integer, nullable=False),  # states of the price list, see history_book.prices_state
    Column("removed_in", Integer),
    Column("added_at", UtcTime, nullable=False),
    Column("added_by", Text),
    sqlite_autoincrement=True,
)

# Costs that are to be fixed: of the sessions that ended in a year, of those that a price off the list has made, or,
# where neither is named, of those without one.
cost_order = Table(
    "cost_order",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer),
    Column("price_id", Integer),
    Column("state", Integer, nullable=False),  # of the price list for which it was ordered
    Column("after_id", Integer, nullable=False, server_default="0"),  # up to this session it is done
    Column("sessions", Integer, nullable=False),  # how many it is about
    Column("done", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("member_id", Integer),  # who ordered it; no foreign key: it is done though they go
    Column("member_name", Text),
    sqlite_autoincrement=True,
)

# One row, id 1.
history_book = Table(
    "history_book",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("currency", String(3)),
    Column("prices_state", Integer, nullable=False, server_default="0"),  # grows with each price added, removed
)

# How the collecting stands, by charger.
history_source = Table(
    "history_source",
    metadata,
    Column("charger_id", String(64), primary_key=True),
    Column("endpoint", String(16), nullable=False, server_default="sessions"),  # which one answers
    Column("filled_to", UtcTime),  # the first fill has come down to here
    Column("empty_months", Integer, nullable=False, server_default="0"),  # in a row, at its lower end
    Column("is_filled", Boolean, nullable=False, server_default=text("false")),
    Column("due_at", UtcTime, nullable=False),  # when to ask for what is new
    Column("collected_at", UtcTime),  # up to when everything is here
    Column("long_look_at", UtcTime),  # when a year back was asked for again
    Column("failure", String(32)),
    Column("again_at", UtcTime),  # not before, after a failure
)

# The steps of the power of the charge that runs, one row a change; forgotten with the charge.
power_step = Table(
    "power_step",
    metadata,
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
    Column("at", UtcTime, primary_key=True),  # by the charger's clock
    Column("power_w", Integer),  # from then on; 0: no power flowed; NULL: charging, nobody knows how strongly
)
