"""Measures everything and prints the README's table; `--write` puts it there. `python -m bench start` does one."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

TOPICS = (
    *("start", "refresh", "press", "confirming", "viewers", "page"),
    *("plan_tick", "history_growth", "hourly_prices", "day_written", "nights"),
)
README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def main() -> None:
    names = [name for name in sys.argv[1:] if not name.startswith("-") and not name.isdigit()]  # those are options
    topics = names or list(TOPICS)
    rows = []
    for topic in topics:
        print(f"measuring: {topic} …", file=sys.stderr, flush=True)
        for row in importlib.import_module(f"bench.{topic}").measure():
            print(*row, sep=" | ", file=sys.stderr, flush=True)  # a later topic that fails loses nothing
            rows.append(row)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    lines = ["| What | Figure | Against |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows)]
    table = "\n".join([f"On {machine}:", "", *lines])
    print(table)
    if "--write" in sys.argv:
        before, rest = README.read_text().split(BEGIN)
        after = rest.split(END)[1]
        README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


if __name__ == "__main__":
    main()
