"""Every raw state of a charger: as a page, as text, JSON and CSV. Files never hold private values."""

from __future__ import annotations

import csv
import io
import json
import re

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import formats
from dashboard.card import page as card_page
from dashboard.card.blueprint import card
from dashboard.card.details import Reading, readings
from dashboard.card.version import CardView
from dashboard.charger.requested import find_charger
from dashboard.web.access import Role, allow
from dashboard.web.files import file_headers, text_cell

LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")  # what any program takes for one


def _all(view: CardView, *, show_private: bool = False) -> list[Reading]:
    if view.snapshot.state is None:
        return []
    return list(readings(view.charger.as_listed, view.snapshot.state, view.now, show_private=show_private))


@card.get("/chargers/<charger_id>/observations")
@allow(Role.VIEWER)
def show_observations(charger_id: str) -> ResponseReturnValue:
    view = card_page.look_at(find_charger(charger_id))
    is_owner = current_user.role == Role.OWNER
    rows = _all(view, show_private=is_owner)
    with formats.in_zone_of(view.charger.id):
        return render_template("card/observations.html", view=view, rows=rows, is_owner=is_owner)


@card.get("/chargers/<charger_id>/observations.txt")
@allow(Role.VIEWER)
def observations_text(charger_id: str) -> ResponseReturnValue:
    """`id = value`, a line each; a line break inside a value becomes a space."""
    view = card_page.look_at(find_charger(charger_id))
    lines = [f"{reading.id} = {LINE_BREAK.sub(' ', reading.value)}".rstrip() for reading in _all(view)]
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


@card.get("/chargers/<charger_id>/observations.json")
@allow(Role.VIEWER)
def observations_json(charger_id: str) -> ResponseReturnValue:
    view = card_page.look_at(find_charger(charger_id))
    body = {
        "charger": view.charger.id,
        "fetched_at": view.snapshot.fetched_at.isoformat() if view.snapshot.fetched_at else None,
        "observations": [
            {
                "id": reading.id,
                "name": reading.definition.name,
                "value": None if reading.is_cleared else reading.value,
                "meaning": reading.label or None,
                "unit": reading.definition.unit,
                "description": reading.definition.meaning or None,
                "changed_at": reading.at.isoformat() if reading.at else None,
            }
            for reading in _all(view)
        ],
    }
    return Response(json.dumps(body, ensure_ascii=False, indent=1), mimetype="application/json")


@card.get("/chargers/<charger_id>/observations.csv")
@allow(Role.VIEWER)
def observations_csv(charger_id: str) -> ResponseReturnValue:
    view = card_page.look_at(find_charger(charger_id))
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(("id", "name", "value", "unit", "meaning", "description", "changed_at"))
    for reading in _all(view):
        changed = reading.at.isoformat() if reading.at else ""
        row = (
            reading.definition.name,
            reading.value,
            reading.definition.unit or "",
            reading.label,
            reading.definition.meaning,
            changed,
        )
        table.writerow((reading.id, *(text_cell(cell) for cell in row)))
    headers = file_headers(f"observations-{view.charger.id[-6:]}.csv")
    return Response("\ufeff" + file.getvalue(), mimetype="text/csv", headers=headers)
