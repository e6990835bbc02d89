"""A real Chromium in front of a real server, with the simulated Zaptec behind it.

Without Chromium these tests are skipped with one line; with REQUIRE_BROWSER=1 that is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app import create_app
from dashboard.background import Threads
from dashboard.demo.people import seed_demo
from dashboard.services import Services, utc_now
from dashboard.settings import Settings
from simulator import Cloud, RealClock, serve
from tests.browser.steps import PHONE, Live
from tests.portfolio import create_app as make_portfolio

PATIENCE_MS = 60_000  # a pause takes its seconds, as at home, and some machines are slow
expect.set_options(timeout=PATIENCE_MS)
FAILURES = Path(__file__).parent / "failures"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
        # Chromium and the threads of a real server close their sockets when they like.
        item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
        item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is required (REQUIRE_BROWSER=1) but not on this machine")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def world() -> Cloud:
    """The simulated Zaptec in real time, without its cache, so that a story takes seconds."""
    cloud = Cloud.household(RealClock(), names=("Carport",))
    cloud.state_cache_s = 0
    cloud.charger.start_delay_s = 2
    cloud.charger.plug_in_and_charge()
    return cloud


@pytest.fixture
def live(world: Cloud, tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Live]:
    with serve(world) as url:
        yield from _live(world, url, tmp_path, compiled_templates)


@pytest.fixture
def new_house(world: Cloud, tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Live]:
    """A dashboard with an account and nobody in it yet."""
    with serve(world) as url:
        yield from _live(world, url, tmp_path, compiled_templates, is_demo=False)


def _live(
    world: Cloud, url: str, folder: Path, templates: FileSystemBytecodeCache, *, is_demo: bool = True
) -> Iterator[Live]:
    settings = Settings(
        zaptec_username=world.username,
        zaptec_password=world.password,
        zaptec_api_url=url,
        database_url=f"sqlite:///{folder / 'dashboard.db'}",
        secret_key="a secret only for tests",
        time_zone="Europe/Oslo",
        push_hosts=("127.0.0.1",),
        is_demo=is_demo,
        instance=folder,
    )
    jobs = ("charger", "plan")  # not the history, which takes its time even to end what it has begun
    app = create_app(settings, background=Threads, jobs=jobs)
    app.jinja_env.bytecode_cache = templates
    services: Services = app.extensions["services"]
    if is_demo:
        seed_demo(services.database, utc_now())
    running = Live(app, 0, settings=settings)
    running.know_the_news()  # a page that is opened before they are known would depend on who is quicker
    running.start()
    app.extensions["services"].clock.start()
    yield running
    app.extensions["services"].clock.stop()
    running.stop()
    services.presses.stop()
    services.background.stop()
    services.database.dispose()


@pytest.fixture(scope="session")
def portfolio() -> Iterator[Live]:
    """A dashboard with one charger in each situation; time stands still in it."""
    running = Live(make_portfolio(), 0)
    running.start()
    yield running
    running.stop()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Opens pages, each in a browser of its own: `new_page(size=PHONE, dark=True, script=False)`.

    Nothing moves on them unless a test asks for that: to draw sixty pictures a second keeps a core busy.
    An error in a page's script fails the test; of a failed test a screenshot is kept.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(*, size: Any = PHONE, dark: bool = False, script: bool = True, **more: Any) -> Page:
        context = chromium.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **{"service_workers": "block", "reduced_motion": "reduce"} | more,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None,
        )
        return page

    yield open_page
    report = getattr(request.node, "report_of_call", None)
    if report is not None and report.failed:
        FAILURES.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        for number, context in enumerate(contexts):
            for page in context.pages:
                page.screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)
    for context in contexts:
        context.close()
    assert errors == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.report_of_call = report  # type: ignore[attr-defined]
    return report
