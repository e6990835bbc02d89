"""What a stranger meets first: the names of the package, its docstrings, and the page about it."""

import ast
import re
from pathlib import Path

import pytest

import zaptec

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "zaptec").glob("*.py"))
PAGE = (ROOT / "docs" / "zaptec.md").read_text()


def functions(path):
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.fixture
def printed(cloud, url, monkeypatch, capsys):
    """What the examples of the page print, one after the other, with the simulated account."""
    monkeypatch.setenv("ZAPTEC_USERNAME", cloud.username)
    monkeypatch.setenv("ZAPTEC_PASSWORD", cloud.password)
    monkeypatch.setenv("ZAPTEC_API_URL", url)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def run():
        names = {}
        for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(example, "docs/zaptec.md", "exec"), names)
        return capsys.readouterr().out

    return run


def test_the_examples_of_the_page_run_and_pause_a_charging_car(cloud, printed):
    cloud.charger.plug_in_and_charge()
    said = printed()
    assert re.search(r"Carport: charging, \d+ W, [\d.]+ kWh", said)
    assert "because mode is 3" in said
    assert "asked to pause; the readings show it some seconds later" in said
    assert "0 sessions could not be read" in said
    assert cloud.charger.commands == [506]


def test_the_examples_of_the_page_say_why_nothing_can_be_paused(cloud, printed):
    assert "not possible: not_plugged_in" in printed()
    assert cloud.charger.commands == []


def test_every_public_name_is_there_and_says_what_it_is():
    for name in zaptec.__all__:
        assert name == "__version__" or getattr(zaptec, name).__doc__, name
    with pytest.raises(AttributeError):
        zaptec.nothing_of_the_kind  # noqa: B018


def test_every_module_is_on_the_page():
    on_the_page = set(re.findall(r"`(\w+\.py)`", PAGE))
    small = {"__init__.py", "charger.py", "firmware.py", "modes.py", "version.py"}
    assert {path.name for path in MODULES} - on_the_page == small


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_public_function_that_raises_says_so(path):
    silent = [
        node.name
        for node in functions(path)
        if not node.name.startswith("_")
        and any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        and "raise" not in (ast.get_docstring(node) or "").lower()
    ]
    assert silent == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_open_with_a_sentence_and_stay_small(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) < 300
    assert [node.name for node in functions(path) if (node.end_lineno or 0) - node.lineno >= 40] == []
