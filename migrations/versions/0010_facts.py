"""Details of log lines as facts; sessions whose times or energy cannot be; the age of what is known of our clock."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0010"
down_revision = "0009"

FIRST_POSSIBLE = datetime(2015, 1, 1, tzinfo=UTC)
AHEAD_AT_MOST = timedelta(days=1)
STRAYS_BY = timedelta(hours=1)
MONTHS = "January February March April May June July August September October November December".split()
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
CROWNS = ("NOK", "SEK", "DKK", "ISK")  # all of them "kr"

activity = sa.table("activity", *(sa.column(name) for name in ("id", "kind", "details")))
session = sa.table(
    "charge_session",
    sa.column("id", sa.Integer),
    sa.column("start_at", UtcTime),
    sa.column("end_at", UtcTime),
    sa.column("booked_at", UtcTime),
    sa.column("last_day", sa.Date),
    sa.column("zone", sa.String),
    sa.column("fingerprint", sa.String),
    sa.column("meter_first_mwh", sa.BigInteger),
    sa.column("are_times_known", sa.Boolean),
    sa.column("has_stray_readings", sa.Boolean),
)
interval = sa.table(
    "charge_interval", sa.column("session_id"), sa.column("at", UtcTime), sa.column("energy_mwh", sa.BigInteger)
)
share = sa.table("charge_share", sa.column("session_id"))
paper = sa.table("charge_paper", sa.column("session_id"))


def upgrade() -> None:
    op.add_column("account", sa.Column("skew_at", UtcTime))
    op.add_column(
        "charge_session", sa.Column("are_times_known", sa.Boolean, nullable=False, server_default=sa.true())
    )
    op.add_column(
        "charge_session", sa.Column("is_energy_known", sa.Boolean, nullable=False, server_default=sa.true())
    )
    op.add_column(
        "charge_session", sa.Column("has_stray_readings", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_table(
        "unusable_sessions",
        sa.Column("charger_id", sa.String(64), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    _take_out_impossible_times()
    _book_again()
    _store_facts()


def _take_out_impossible_times() -> None:
    """What cannot have been then is in no total by day; it is filed where it ended, or where we heard of it."""
    rows = op.get_bind().execute(sa.select(session.c.id, session.c.start_at, session.c.end_at, session.c.booked_at))
    for row in rows.all():
        latest = row.booked_at + AHEAD_AT_MOST
        if FIRST_POSSIBLE <= row.start_at <= latest and FIRST_POSSIBLE <= row.end_at <= latest:
            continue
        values = {"are_times_known": False}
        if not FIRST_POSSIBLE <= row.end_at <= latest:
            values["last_day"] = row.booked_at.date()
        op.execute(session.update().where(session.c.id == row.id).values(**values))
        op.execute(share.delete().where(share.c.session_id == row.id))


def _book_again() -> None:
    """Let the next fetch book anew what has readings outside its times, or a meter's text that could not be read."""
    ends = sa.select(interval.c.session_id, sa.func.min(interval.c.at), sa.func.max(interval.c.at))
    ends = ends.where(interval.c.energy_mwh != 0).group_by(interval.c.session_id)
    flowed = {id: (first, last) for id, first, last in op.get_bind().execute(ends).all()}
    rows = op.get_bind().execute(sa.select(session.c.id, session.c.start_at, session.c.end_at)).all()
    for row in rows:
        first, last = flowed.get(row.id, (row.start_at, row.end_at))
        if first < row.start_at - STRAYS_BY or last > row.end_at + STRAYS_BY:
            op.execute(session.update().where(session.c.id == row.id).values(has_stray_readings=True, zone=""))
    has_text = session.c.id.in_(sa.select(paper.c.session_id))
    op.execute(session.update().where(has_text, session.c.meter_first_mwh.is_(None)).values(fingerprint=""))


def _store_facts() -> None:
    """What was stored as English words becomes facts where it can be read; the rest stays as it was."""
    book = sa.table("history_book", sa.column("currency"))
    currency = op.get_bind().execute(sa.select(book.c.currency)).scalar()
    for row in op.get_bind().execute(sa.select(activity)).all():
        details = json.loads(row.details)
        facts = facts_of(row.kind, details, currency)
        if facts != details:
            text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
            op.execute(activity.update().where(activity.c.id == row.id).values(details=text))


def facts_of(kind: str, details: dict, currency: str | None) -> dict:
    facts = dict(details)
    if kind == "signed_in" and isinstance(name := facts.get("device"), str):
        browser, _on, system = ("", "", "") if name == "an unknown browser" else name.partition(" on ")
        del facts["device"]
        facts |= {"browser": browser, "system": system}
    if kind in ("price_added", "price_removed"):
        facts |= _price(str(facts.get("price", "")), currency)
        if "micro_per_kwh" in facts:
            facts.pop("price", None)
    if kind.startswith(("price_", "charge_")) and (day := _day(str(facts.get("day", "")))):
        facts["day"] = day.isoformat()
    if kind == "charge_assigned" and facts.get("name") == "A guest":
        del facts["name"]
        facts["is_guest"] = True
    if kind == "charge_unassigned" and not facts.get("name"):
        facts.pop("name", None)
    if kind == "command" and isinstance(outcome := facts.get("outcome"), str):
        facts["outcome"] = outcome.replace(" ", "_")
    return facts


def _price(text: str, currency: str | None) -> dict:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\u00a0(\S*)", text)
    if found is None:
        return {}
    sign = found[2]
    code = SIGNS.get(sign) or (sign if re.fullmatch(r"[A-Z]{3}", sign) else None)
    if sign == "kr" and currency in CROWNS:
        code = currency
    if sign and code is None:
        return {}
    return {"micro_per_kwh": int(Decimal(found[1]) * 1_000_000), "currency": code}


def _day(text: str) -> date | None:
    found = re.fullmatch(r"[A-Z][a-z]{2} (\d{1,2}) ([A-Z][a-z]+) (\d{4})", text)
    if found is None or found[2] not in MONTHS:
        return None
    try:
        return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return None
