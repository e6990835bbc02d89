"""What the card's room keeps: how strongly the car that is plugged in has been charged."""

from sqlalchemy import Column, ForeignKey, Integer, Table

from dashboard.database import UtcTime, metadata

# The steps of the power of this charge, one row a change; forgotten with the charge.
power_step = Table(
    "power_step",
    metadata,
    Column("charger_id", ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
    Column("at", UtcTime, primary_key=True),  # by the charger's clock
    Column("power_w", Integer),  # from then on; 0: no power flowed; NULL: charging, nobody knows how strongly
)
