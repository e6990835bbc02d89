"""Where commands are kept: three neighbours share their rows, each with one task, and nobody else."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_other_module_touches_the_rows_of_commands() -> None:
    users = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "dashboard").glob("**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "dashboard.charger.tables"
        if "command" in {alias.name for alias in node.names}
    ]
    names = ("clock_set_back", "progress", "receipts")
    assert sorted(users) == [f"dashboard/charger/{name}.py" for name in names]
