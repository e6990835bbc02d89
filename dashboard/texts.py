"""The words of the page go through here, so that another language needs translations and nothing else."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from flask import has_request_context, request

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
DOMAIN = "dashboard"


@cache
def languages() -> tuple[str, ...]:
    """The languages there is a translation for; English is always there."""
    found = sorted(path.parent.parent.name for path in TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return ("en", *found)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, TRANSLATIONS, languages=[language], fallback=True)


def language() -> str:
    """The language of this request: what the browser prefers among what there is."""
    if not has_request_context() or len(languages()) == 1:
        return "en"
    return request.accept_languages.best_match(languages(), "en") or "en"


def _(text: str) -> str:
    return _translations(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    return _translations(language()).ngettext(one, many, count)


def mark(text: str) -> str:
    """Mark a text for translation where it is written; `_` translates it where it is shown."""
    return text
