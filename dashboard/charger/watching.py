"""The looks that follow a command, until the charger itself has shown whether it is done."""

from __future__ import annotations

from dashboard.charger import receipts, snapshots
from dashboard.services import Services


def watch(services: Services, charger_id: str | None = None) -> None:
    """Look at what is under way, where a look is due; each look is taken by one process."""
    now = services.now()
    with services.database.reading() as connection:
        due = receipts.due(connection, now, charger_id)
    for receipt in due:
        with services.database.writing() as connection:
            if not receipts.claim_look(connection, receipt, now):
                continue
        snapshots.ask(services, receipt.charger_id, patient=False)
