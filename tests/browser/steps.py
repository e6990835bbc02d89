"""What the browser's tests have in common: a running dashboard, and the steps that most stories begin with."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, make_server

from dashboard.charger import chargers, snapshots
from dashboard.charger.tables import charger_table
from dashboard.services import Services
from dashboard.settings import Settings

PHONE = {"width": 360, "height": 640}
PC = {"width": 1280, "height": 800}


@dataclass
class Live:
    """A dashboard that answers on a real port.

    Attributes:
        app: the dashboard; its clock ticks.
    """

    app: Flask
    port: int
    server: BaseWSGIServer | None = None
    settings: Settings | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.server.daemon_threads = True  # type: ignore[attr-defined]
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def know_the_news(self) -> None:
        """Ask Zaptec now, rather than when it is time for it."""
        services: Services = self.app.extensions["services"]
        with self.app.app_context():
            chargers.read_list(services)
            with services.database.reading() as connection:
                ids = list(connection.execute(select(charger_table.c.id)).scalars())
            for id in ids:
                snapshots.ask(services, id, patient=False)

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


def enter(page: Page, live: Live, name: str = "anna", path: str = "/") -> Page:
    """Sign in as one of the demo's people and open a page."""
    page.goto(f"{live.url}/login?next={path}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live.url}{path}")
    return page


def situation(page: Page, name: str) -> None:
    """Wait until the card says so."""
    page.wait_for_selector(f'article[data-situation="{name}"]', timeout=30_000)


def open_situation(page: Page, live: Live, name: str) -> Page:
    """Open the page of the portfolio's charger that is in this situation."""
    page.goto(f"{live.url}/chargers/{live.app.extensions['portfolio'][name]}")
    situation(page, name)
    return page


def larger_text(page: Page, percent: int) -> None:
    """What a phone does when somebody sets larger text."""
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        f"const sheet = new CSSStyleSheet(); sheet.replaceSync('html {{ font-size: {percent}% !important; }}');"
        "document.adoptedStyleSheets = [sheet]; });"
    )
