"""The container's files: what an image holds, what it may do, and that its settings are ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboard.settings import NAMES, read_settings

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
COMPOSES = ("compose.yaml", "compose-postgres-caddy.yaml")
BY_DIGEST = re.compile(r"docker\.io/library/[a-z]+:[0-9]+(\.[0-9]+)+-[a-z-]+@sha256:[0-9a-f]{64}")
NOT_IN_THE_IMAGE = {"bench", "deploy", "docs", "tests"}
OF_THE_IMAGE = {"PATH", "PYTHONDONTWRITEBYTECODE", "TMPDIR"}


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's, with continued lines put together."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(word, rest) for word, _space, rest in (line.partition(" ") for line in lines if line)]


def of(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def services(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / name).read_text())["services"])


def test_it_runs_without_rights_and_writes_only_to_its_volume() -> None:
    words = [word for word, _rest in instructions()]
    assert of("USER") == ["10001:10001"]
    assert "RUN" not in words[words.index("USER") :]
    assert of("VOLUME") == ["/data"]
    assert any("ln -s /data instance" in command for command in of("RUN"))
    assert "/healthz" in of("HEALTHCHECK")[0]
    for name in COMPOSES:
        ours = services(name)["dashboard"]
        assert ours["read_only"] is True
        assert ours["volumes"] == ["data:/data"]


def test_everything_is_pinned() -> None:
    """The packages by the lock file alone, whose Python the base has; the images by their digest."""
    base = of("ARG")[0].removeprefix("BASE=")
    assert of("FROM") == ["${BASE} AS packages", "${BASE}"]
    assert re.search(r"python:3\.11\.", base)
    assert "--python-version 3.11" in (ROOT / "Makefile").read_text()
    installing = [command for command in of("RUN") if re.search(r"\b(pip|apt-get|apt) ", command)]
    assert len(installing) == 1
    assert installing[0].endswith("--require-hashes -r requirements.txt")
    images = [service["image"] for name in COMPOSES for service in services(name).values() if "image" in service]
    assert len(images) == 2
    assert all(BY_DIGEST.fullmatch(image) for image in (base, *images))


def test_the_image_holds_the_program_and_nothing_else() -> None:
    copied = {name for line in of("COPY") if not line.startswith("--from") for name in line.split()[:-1]}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert copied & folders == folders - NOT_IN_THE_IMAGE - {"instance"}
    assert copied - folders == {"requirements.txt", "app.py", "gunicorn.conf.py", "LICENSE"}
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", "instance", ".git"} <= set(ignored)


@pytest.mark.parametrize("name", COMPOSES)
def test_the_settings_it_is_given_are_ours_and_let_it_start(name: str, tmp_path: Path) -> None:
    in_image = dict(re.findall(r"([A-Z]+)=(\S+)", of("ENV")[0]))
    ours = services(name)["dashboard"]
    given = {key: str(value) for key, value in ours["environment"].items()}
    assert given.keys() <= set(NAMES)
    assert in_image.keys() <= {*NAMES, *OF_THE_IMAGE}
    assert (DEPLOY / ours["build"]["context"] / ours["build"]["dockerfile"]).samefile(DEPLOY / "Containerfile")
    assert (DEPLOY / ours["env_file"]).resolve() == ROOT / ".env"
    of_household = {"ZAPTEC_USERNAME": "anna@example.invalid", "ZAPTEC_PASSWORD": "secret words"}
    if "DATABASE_URL" in given:
        given["DATABASE_URL"] = re.sub(
            r"\$\{DATABASE_PASSWORD[^}]*\}", "made-by-token_urlsafe", given["DATABASE_URL"]
        )
        of_household |= {"SECRET_KEY": "x" * 32, "PUBLIC_URL": "https://charger.example.org"}
    settings = read_settings(in_image | of_household | given, instance=tmp_path)
    assert (settings.host, settings.port) == ("0.0.0.0", 8000)


def test_the_small_one_has_ten_lines_and_the_large_one_waits_for_its_database() -> None:
    lines = [line for line in (DEPLOY / "compose.yaml").read_text().splitlines() if line[0] != "#"]
    assert len(lines) == 10
    large = services("compose-postgres-caddy.yaml")
    assert large["dashboard"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "ports" not in large["dashboard"]  # only Caddy is open to the network
    assert "ports" not in large["database"]


def test_caddy_is_given_what_its_file_asks_for() -> None:
    asked = set(re.findall(r"\{\$([A-Z_]+)\}", (DEPLOY / "Caddyfile").read_text()))
    assert asked == services("compose-postgres-caddy.yaml")["caddy"]["environment"].keys() == {"PUBLIC_URL"}
