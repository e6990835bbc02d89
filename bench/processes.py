"""What a program and its children take: memory, CPU time, and what they write to the disk. Linux only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from tree(int(child))


def memory_mb(pid: int) -> float:
    """What the tree keeps in memory; what several processes share counts once (PSS)."""
    return sum(_lines(f"/proc/{each}/smaps_rollup")["Pss"] for each in tree(pid)) / 1024


def cpu_s(pid: int) -> float:
    """The CPU time the tree has taken so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(sum(map(int, _stat(each)[11:13])) for each in tree(pid)) / ticks


def written_mb(pid: int) -> float:
    """What the tree has caused to be written to the disk so far."""
    return sum(_lines(f"/proc/{each}/io")["write_bytes"] for each in tree(pid)) / 1e6


def _stat(pid: int) -> list[str]:
    """The fields of `stat` behind the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _lines(path: str) -> dict[str, int]:
    """A file of lines such as `Pss: 123 kB`."""
    pairs = (line.split(":") for line in Path(path).read_text().splitlines() if ": " in line)
    return {name: int(value.split()[0]) for name, value in pairs}
