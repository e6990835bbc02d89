"""Which way the imports point: from upper rooms to lower ones, in no circle; in functions and for types too."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# From the ground up: each may import what stands before it, and its own files.
ROOMS = (
    "zaptec",
    "dashboard",  # the files beside the rooms: what every room uses
    "dashboard.web",
    "dashboard.activity.kinds",
    "dashboard.activity.log",
    "dashboard.household",
    "dashboard.charger",
    "dashboard.tariff.sources",
    "dashboard.tariff",
    "dashboard.plan",
    "dashboard.history",
    "dashboard.notices.message",
    "dashboard.notices.ways",
    "dashboard.notices",
    "dashboard.activity",
    "dashboard.card",
    "dashboard.more",
    "dashboard.demo",
    "dashboard.start",
    "app",
)


def modules() -> dict[str, Path]:
    folders = (*ROOT.glob("zaptec/**/*.py"), *ROOT.glob("dashboard/**/*.py"))
    files = [*folders, ROOT / "app.py"]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files
    }


def room_of(module: str) -> str:
    if module in ROOMS or module.startswith("zaptec."):
        return module.partition(".")[0] if module.startswith("zaptec") else module
    return module.rpartition(".")[0]


def imports(path: Path, known: set[str]) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & known) | ({node.module} if names - known else set())
    return found & known


def graph() -> dict[str, set[str]]:
    files = modules()
    return {module: imports(path, set(files)) for module, path in files.items()}


def test_every_room_has_its_place() -> None:
    assert sorted({room_of(module) for module in modules()} - set(ROOMS)) == []


def test_no_import_points_upwards() -> None:
    place = {room: number for number, room in enumerate(ROOMS)}
    upwards = [
        f"{module} -> {other}"
        for module, others in graph().items()
        for other in others
        if place[room_of(other)] > place[room_of(module)]
    ]
    assert sorted(upwards) == []


def test_no_imports_go_round_in_a_circle() -> None:
    left = {module: set(others) for module, others in graph().items()}
    while free := [module for module, others in left.items() if not others & left.keys()]:
        for module in free:
            del left[module]
    assert sorted(left) == []
