"""What the tariff keeps: the exchange's prices, and how the asking for each day stands."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table

from dashboard.database import UtcTime, metadata

# A row for each quarter of an hour, in each money the source tells. Without tax, as the exchange has it.
spot_price = Table(
    "spot_price",
    metadata,
    Column("source", String(64), primary_key=True),  # its host
    Column("area", String(16), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("begin_at", UtcTime, primary_key=True),
    Column("micro_per_kwh", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# A row for each delivery day that was asked for. The days are the exchange's, not the household's.
spot_day = Table(
    "spot_day",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("area", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("is_complete", Boolean, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("failures", Integer, nullable=False),  # answers in a row that did not complete it
    Column("again_at", UtcTime),  # not before
)
