"""How the code is cut: short functions and files, and no two classes of one name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION, LONGEST_FILE, MEDIAN_FUNCTION = 40, 300, 6
FOLDERS = ("dashboard", "zaptec", "simulator", "bench", "deploy")
FILES = sorted(
    [ROOT / "app.py", ROOT / "gunicorn.conf.py", *(f for name in FOLDERS for f in (ROOT / name).rglob("*.py"))]
)
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def lengths() -> dict[str, int]:
    """How many lines each function has after its first."""
    return {
        f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_functions_are_short() -> None:
    assert {name: lines for name, lines in lengths().items() if lines > LONGEST_FUNCTION} == {}
    assert median(lengths().values()) <= MEDIAN_FUNCTION


def test_files_are_short() -> None:
    paths = [*FILES, *(ROOT / "tests").rglob("*.py")]
    lines = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_two_classes_have_one_name() -> None:
    homes = defaultdict(list)
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(name)
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}
