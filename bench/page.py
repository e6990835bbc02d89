"""What a browser gets over the wire for the charger's page, and how soon it shows the first value.

Chromium's own counts: `encodedDataLength` of each request, headers included. A page that a service worker serves
counts nothing, so it is kept away, and its file is added to each visit: a browser asks for it each time.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.servers import Visitor, dashboard, simulator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE: Any = {"width": 360, "height": 640}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
TIMES = 5


class Wire:
    """What goes over the wire for one page."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.requests: dict[str, str] = {}
        self.from_cache: set[str] = set()
        self.sizes: dict[str, float] = {}
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.requestServedFromCache", lambda event: self.from_cache.add(event["requestId"]))
        self.session.on("Network.responseReceived", self._received)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.requests[event["requestId"]] = event["request"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            self.from_cache.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def forget(self) -> None:
        for kept in (self.requests, self.sizes, self.from_cache):
            kept.clear()

    def sum(self) -> tuple[float, int]:
        """Bytes and requests that needed the network."""
        asked = [id for id in self.requests if id not in self.from_cache]
        return sum(self.sizes.get(id, 0) for id in asked), len(asked)

    def lines(self) -> list[str]:
        return [
            f"{self.sizes.get(id, 0):7.0f} {'cache' if id in self.from_cache else ''} {url}"
            for id, url in self.requests.items()
        ]


def signed_in(browser: Browser, visitor: Visitor, url: str) -> BrowserContext:
    """A browser that has the session of somebody signed in, and nothing else yet."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in visitor.cookies.items()])
    return context


def on_the_wire(visitor: Visitor, path: str) -> int:
    """The bytes of an answer, headers included."""
    answer = visitor.send("GET", path, **{"Accept-Encoding": "gzip"})
    return sum(len(f"{name}: {value}") + 2 for name, value in answer.getheaders()) + len(answer.body) + 19  # type: ignore[attr-defined]


def show(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")
    page.wait_for_selector("article .says")
    page.wait_for_timeout(1500)  # what a page still fetches once it has loaded counts, too


def first_value_ms(browser: Browser, visitor: Visitor, url: str, address: str) -> float:
    """From the start of the visit to the sentence, which names the power, on a slow phone with nothing kept."""
    context = signed_in(browser, visitor, url)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load")
    took = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => {
          const paints = list.getEntries().filter((entry) => entry.name === 'first-contentful-paint');
          if (paints.length && document.querySelector('article .says')) done(paints[0].startTime);
        }).observe({type: 'paint', buffered: true}))"""
    )
    context.close()
    return float(took)


def refreshes(url: str, visitor: Visitor, page: Page, wire: Wire) -> tuple[float, float]:
    """The bytes of one unchanged refresh, and of one that brings a new card."""
    sizes: dict[int, float] = {}
    until = time.monotonic() + 60
    while len(sizes) < 2 and time.monotonic() < until:
        wire.forget()
        with page.expect_response(lambda answer: "seen=" in answer.url, timeout=30_000) as caught:
            pass
        answer = caught.value
        answer.finished()
        page.wait_for_timeout(100)
        sizes[answer.status] = wire.sum()[0]
    return sizes.get(204, float("nan")), sizes.get(200, float("nan"))


def measure() -> list[tuple[str, str, str]]:
    with (
        tempfile.TemporaryDirectory() as name,
        simulator("--chargers", "1", "--charging") as zaptec,
        dashboard(Path(name), zaptec) as (url, _),
        sync_playwright() as playwright,
    ):
        visitor = Visitor(url)
        visitor.sign_in()
        address = url + visitor.card()[1]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = signed_in(browser, visitor, url)
        page = context.new_page()
        wire = Wire(page)
        show(page, address)
        first, first_requests = wire.sum()
        worker, manifest = on_the_wire(visitor, "/service-worker.js"), on_the_wire(visitor, "/manifest.webmanifest")
        unchanged, changed = refreshes(url, visitor, page, wire)
        page.goto("about:blank")
        wire.forget()
        show(page, address)
        again, again_requests = wire.sum()
        context.close()
        shown = statistics.median(first_value_ms(browser, visitor, url, address) for _ in range(TIMES))
        browser.close()
    return [
        (
            "first visit, with service worker and manifest",
            f"{(first + worker + manifest) / 1000:.1f} kB, {first_requests + 2} requests",
            "goal 35 kB, 6 requests",
        ),
        (
            "repeat visit, with a look at the service worker",
            f"{(again + worker) / 1000:.1f} kB, {again_requests + 1} requests",
            "goal 6 kB",
        ),
        ("refresh, unchanged", f"{unchanged:.0f} bytes", "goal 500 bytes"),
        ("refresh, changed", f"{changed / 1000:.1f} kB", "goal 3 kB"),
        ("first value, 1.6 Mbit/s, 150 ms, CPU × 4", f"{shown / 1000:.2f} s", "goal 1.0 s"),
    ]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
