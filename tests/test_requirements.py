"""What is installed where: without a compiler on x86-64, on 64-bit ARM, and on a Raspberry Pi with 32 bits."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from dashboard.database import Database, DatabaseUnusable

LOCK = (Path(__file__).parent.parent / "requirements.txt").read_text()
LINES = re.findall(r"^([a-z][^\\\n]*?) \\$", LOCK, re.MULTILINE)
# Made of C or Rust. Of these PyPI has wheels for x86-64 and aarch64; of the second kind also for armv7, or a wheel
# or a way to build that needs no compiler (PyYAML does without its C part).
FOR_64_BITS = {"cffi", "psycopg-binary"}
EVERYWHERE = {"charset-normalizer", "cryptography", "markupsafe", "pyyaml", "sqlalchemy"}


def installed_on(machine: str) -> set[str]:
    found = [Requirement(line) for line in LINES]
    system = {"platform_machine": machine, "sys_platform": "linux", "python_version": "3.11"}
    return {one.name for one in found if one.marker is None or one.marker.evaluate(system)}


def test_the_lock_file_is_read() -> None:
    assert {"flask", "gunicorn", "sqlalchemy", *FOR_64_BITS} <= installed_on("x86_64") == installed_on("aarch64")


@pytest.mark.parametrize("machine", ["armv7l", "armv8l"])
def test_with_32_bits_nothing_is_installed_that_needs_a_compiler(machine: str) -> None:
    """`linux32`, under which `make run` and `make install` call pip there, makes a 64-bit kernel say armv8l."""
    installed = installed_on(machine)
    assert not installed & FOR_64_BITS
    assert {"flask", "requests", "sqlalchemy"} <= installed


def test_every_compiled_package_is_known_here() -> None:
    """Whoever adds one looks up for which machines it has wheels."""
    site = Path(next(path for path in sys.path if path.endswith("site-packages")))
    compiled = {
        path.parent.name.split("-")[0].replace("_", "-").lower()
        for path in site.glob("*.dist-info/WHEEL")
        if "Root-Is-Purelib: false" in path.read_text()
    }
    assert compiled & installed_on("x86_64") <= FOR_64_BITS | EVERYWHERE


def test_a_server_without_its_driver_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseUnusable, match="whose driver is not on this machine"):
        Database("postgresql+psycopg://somebody@127.0.0.1:9/dashboard")
