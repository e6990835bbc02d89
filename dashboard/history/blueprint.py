"""The history's addresses, gathered from the files of this room."""

from flask import Blueprint
from flask.sansio.blueprints import BlueprintSetupState

from dashboard import formats

history = Blueprint("history", __name__)


@history.record_once
def add_filters(state: BlueprintSetupState) -> None:
    for filter_ in (formats.kwh, formats.money, formats.kilowatts):
        state.app.jinja_env.filters[filter_.__name__] = filter_
