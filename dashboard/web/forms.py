"""What is wrong with a form: one shape for every room, shown by the macros of `templates/forms.html`."""

from __future__ import annotations


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
