"""Every text that people see can be translated: nothing visible stands in a template or a module as it is."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard import reasons
from zaptec.reasons import Reason, Remedy

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPOKEN_ATTRIBUTES = {"aria-label", "alt", "title", "placeholder", "aria-description"}
SAME_EVERYWHERE = {"kWh", "kW", "CSV", "JSON", "A", "V"}  # names of units and formats
SILENT = {"style", "script"}
MARKS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


class Visible(HTMLParser):
    """Collects the words that a template says without asking for their translation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        for name, value in attributes:
            if name in SPOKEN_ATTRIBUTES:
                self._note(value or "")

    def handle_data(self, text: str) -> None:
        if self.inside not in SILENT:
            self._note(text)

    def _note(self, text: str) -> None:
        words = [word for word in re.findall(r"[^\W\d_]+", text) if word not in SAME_EVERYWHERE]
        if words:
            self.found.append(" ".join(words))


def untranslated(template: str) -> list[str]:
    reader = Visible()
    reader.feed(MARKS.sub(lambda mark: "\n" * mark.group().count("\n"), template))
    reader.close()
    return reader.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_no_text_in_a_template_escapes_translation(path):
    assert untranslated(path.read_text()) == []


def test_a_text_that_escaped_is_found():
    assert untranslated('<p>{{ _("Paused") }} by nobody</p>') == ["by nobody"]
    assert untranslated("""<a aria-label="Plan">{{ _("Plan") }}</a>""") == ["Plan"]
    assert untranslated("""{% if one %}<b>{{ one }} kWh</b> · {% endif %}<i>{{ two }}</i>""") == []


WORDS = sorted((ROOT / "dashboard").rglob("*words.py"))
A_SENTENCE = re.compile(r"^[A-Z][\w’]* [\w’]+ .*[.!?…]$", re.DOTALL)
TRANSLATE = {"_", "mark", "ngettext"}


def sentences(source: str) -> list[str]:
    """Sentences in a module that go through none of the functions for translation; docstrings are none."""
    tree = ast.parse(source)
    taken = {
        id(inner)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in TRANSLATE
        for inner in ast.walk(call)
    }
    taken |= {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    return [
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and id(one) not in taken
        and A_SENTENCE.match(one.value)
    ]


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.relative_to(ROOT / "dashboard").as_posix())
def test_no_sentence_in_a_module_of_words_escapes_translation(path):
    assert sentences(path.read_text()) == []


def test_a_sentence_that_escaped_is_found():
    assert sentences('X = "Nobody is at home."\nY = _("Somebody is at home.")') == ["Nobody is at home."]


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.relative_to(ROOT / "dashboard").as_posix())
def test_the_words_are_for_people_who_know_nothing_of_programs(path):
    texts = [
        one.value
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in TRANSLATE
        for one in ast.walk(call)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    strange = re.compile(r"\b(API|HTTP|JSON|[Tt]okens?|[Oo]bservations?|StateId|null|timeout|server)\b")
    assert [text for text in texts if strange.search(text)] == []


@pytest.mark.parametrize("code", [*Reason, *Remedy])
def test_every_reason_and_remedy_of_the_library_has_its_words(code):
    assert code.value in (reasons.REASONS if isinstance(code, Reason) else reasons.REMEDIES)
