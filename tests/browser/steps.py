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
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# Each piece of text has to lie inside the window, inside whatever around it hides or scrolls, and over no other.
SILENT = ".unseen, nav.bar, noscript, script, style, option, title"
CUT = """(silent) => {
  const found = [], seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const around = (node) => node ? [node, ...around(node.parentElement)] : [];
  const isHidden = (node) => around(node).some((one) => getComputedStyle(one).clipPath !== 'none'); // for the eye
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement, text = node.textContent.trim();
    if (!text || !parent.checkVisibility() || parent.closest(silent) || isHidden(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const outside = (edge) => box.left < edge.left - 1 || box.right > edge.right + 1;
      if (outside({left: 0, right: innerWidth})) found.push(`outside the window: ${text}`);
      if (outside(parent.closest('.card, body').getBoundingClientRect())) found.push(`outside its card: ${text}`);
      for (const one of around(parent)) {
        const hides = getComputedStyle(one).overflowX !== 'visible' && one.clientWidth;
        if (hides && outside(one.getBoundingClientRect())) found.push(`cut: ${text}`);
      }
      for (const other of seen) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 2 && down > 4) found.push(`over ${other.text}: ${text}`);
      }
      seen.push({box, text});
    }
  }
  for (const field of document.querySelectorAll('input:not([type=hidden], [type=checkbox], [type=radio])')) {
    const isShort = field.value.length < 7; // a name may be scrolled, a time or a price may not
    const isCut = field.checkVisibility() && field.scrollWidth > field.clientWidth + 1;
    if (isShort && isCut) found.push(`cut: ${field.name}`);
  }
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) found.push(`the page is ${width} px wide`);
  return found.map((one) => one.slice(0, 120));
}"""


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
    page.wait_for_selector(f'article[data-situation="{name}"]')


def open_situation(page: Page, live: Live, name: str) -> Page:
    """Open the page of the portfolio's charger that is in this situation."""
    page.goto(f"{live.url}/chargers/{live.app.extensions['portfolio'][name]}")
    situation(page, name)
    return page


def until(page: Page, is_so: str) -> None:
    """Wait until an asynchronous function of the page says yes; `wait_for_function` takes its promise for that."""
    assert becomes_so(page, is_so, within_s=60), is_so


def becomes_so(page: Page, is_so: str, *, within_s: int) -> bool:
    """Whether an asynchronous function of the page says yes before that time is over."""
    said: bool = page.evaluate(
        f"""async (ms) => {{
          const latest = Date.now() + ms;
          while (!(await ({is_so})())) {{
            if (Date.now() > latest) return false;
            await new Promise((goOn) => setTimeout(goOn, 20));
          }}
          return true;
        }}""",
        1000 * within_s,
    )
    return said


def larger_text(page: Page, percent: int) -> None:
    """What a phone does when somebody sets larger text."""
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        f"const sheet = new CSSStyleSheet(); sheet.replaceSync('html {{ font-size: {percent}% !important; }}');"
        "document.adoptedStyleSheets = [sheet]; });"
    )


def what_is_cut(page: Page) -> list[str]:
    """What of a page, with all of it unfolded, is cut, outside its card or the window, or over something else."""
    page.evaluate(UNFOLD)
    found: list[str] = page.evaluate(CUT, SILENT)
    return found
