"""What is typed into forms: a time of day, and what is wrong with a form, in one shape for every room.

Both are shown by the macros of `templates/forms.html`.
"""

from __future__ import annotations

import re

from dashboard.web import words

# As people write it, and as the keys of a phone's number pad allow; the browser is given the same pattern.
TIME_PATTERN = " *[0-9]{1,2}([:.,h ]?[0-9]{2})? *"
_TIME = re.compile(" *([0-9]{1,2})(?:[:.,h ]?([0-9]{2}))? *")


def time_attributes() -> dict[str, str]:
    """What makes an input a field for a time of day, in 24 hours as the pages tell it.

    Not type="time", which shows the clock of the browser's own language: 11:00 PM beside the page's 23:00.
    """
    return {
        "inputmode": "decimal",
        "autocomplete": "off",
        "pattern": TIME_PATTERN,
        "title": words.a_time(),
        "required": "",
    }


def minutes_of(text: str, *, may_be_24: bool = False) -> int | None:
    """Minutes since midnight of “22:00”, “22.00”, “22,00”, “2200” or “22”; None for anything else."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour == 24 and minute == 0 and may_be_24:
        return 24 * 60
    return hour * 60 + minute if hour < 24 and minute < 60 else None


class Wrong(Exception):
    """What somebody typed cannot be taken: a rule raises it, and the form's route shows the form again with it.

    Attributes:
        sentence: what is wrong, for the page.
        field: the field it is about, which gets the focus: its name, or its id where it has one of its own;
            empty where it is about none of them.
        status: the HTTP status of the answer.
        wait_s: after how many seconds the next try makes sense; 0 for at once.
    """

    def __init__(self, sentence: str, field: str = "", *, status: int = 400, wait_s: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.status = status
        self.wait_s = wait_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.wait_s)} if self.wait_s else {}
