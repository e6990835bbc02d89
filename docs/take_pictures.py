"""Takes the pictures of the README and of docs/ from the demo: `make screenshots`.

The demo runs here in a folder of its own, so nothing in `instance/` is touched.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import create_app  # noqa: E402
from dashboard.background import Threads  # noqa: E402
from dashboard.demo.people import seed_demo  # noqa: E402
from dashboard.services import Services, utc_now  # noqa: E402
from dashboard.settings import Settings  # noqa: E402
from simulator import Cloud, RealClock, serve  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE: Any = {"width": 360, "height": 600}
PC: Any = {"width": 1280, "height": 800}
LARGEST_BYTES = 150_000
PLUGGED_IN_FOR = timedelta(minutes=95)


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, Cloud]]:
    """The demo with half a year behind it; gives its address and the simulated cloud."""
    clock = RealClock(start=utc_now() - PLUGGED_IN_FOR)
    cloud = Cloud.household(clock, names=("Carport",))
    cloud.state_cache_s = 0
    cloud.add_history(years=0.5)
    cloud.charger.plug_in_and_charge(level=0.2)
    clock.advance(PLUGGED_IN_FOR.total_seconds())
    with serve(cloud) as zaptec:
        settings = Settings(
            zaptec_username=cloud.username,
            zaptec_password=cloud.password,
            zaptec_api_url=zaptec,
            database_url=f"sqlite:///{folder / 'demo.db'}",
            secret_key="only for these pictures",  # noqa: S106
            time_zone="Europe/Oslo",
            is_demo=True,
            is_demo_wanted=True,
            instance=folder,
        )
        app = create_app(settings, background=Threads)
        services: Services = app.extensions["services"]
        seed_demo(services.database, utc_now())
        server = make_server("127.0.0.1", 0, app, threaded=True)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        app.extensions["services"].clock.start()
        yield f"http://127.0.0.1:{server.server_port}", cloud
        app.extensions["services"].clock.stop()
        server.shutdown()
        services.background.stop()
        services.database.dispose()


def enter(browser: Browser, url: str, *, size: Any = PHONE, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport=size, color_scheme="dark" if dark else "light", locale="en-GB", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url + "/login")
    page.get_by_role("button", name="Enter the demo").click()
    page.wait_for_selector("article")
    return page


def wait_for(page: Page, situation: str) -> None:
    page.wait_for_selector(f'article[data-situation="{situation}"]', timeout=60_000)


def set_plan(page: Page, url: str) -> None:
    page.goto(url + "/plan")
    page.get_by_label("Plan is on").check()
    page.get_by_label("From").first.fill("23:00")
    page.get_by_label("To", exact=True).first.fill("06:00")
    for day in page.locator(".days input").all():
        day.check()
    page.get_by_role("button", name="Save plan").click()


def set_price(page: Page, url: str) -> None:
    page.goto(url + "/history")
    if not page.get_by_label("Price per kWh").is_visible():
        page.get_by_text("Add a price").first.click()
    page.get_by_label("Price per kWh").fill("0.25")
    if page.get_by_label("Currency").count():
        page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Add price").click()


def packed(png: bytes) -> bytes:
    """The same picture in fewer bytes: Chromium packs its pictures quickly rather than well."""
    chunks, at = [], 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + size]))
        at += size + 12
    pixels = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    kept = [chunks[0], (b"IDAT", pixels), (b"IEND", b"")]
    return png[:8] + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in kept
    )


def keep(picture: bytes, name: str) -> None:
    picture = packed(picture)
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / name).write_bytes(picture)
    if len(picture) > LARGEST_BYTES:
        print(f"{name} is large: {len(picture)} bytes, more than {LARGEST_BYTES}", file=sys.stderr)
    print(f"docs/pictures/{name}: {len(picture) / 1000:.0f} kB")


def side_by_side(browser: Browser, pictures: list[bytes]) -> bytes:
    """Several pictures in a row, with a little room between them."""
    page = browser.new_page(viewport={"width": len(pictures) * 376 + 16, "height": 632})
    images = "".join(
        f'<img width="360" height="600" src="data:image/png;base64,{base64.b64encode(one).decode()}">'
        for one in pictures
    )
    style = "body { margin: 16px; display: flex; gap: 16px; background: #8a938e }"
    page.set_content(f"<style>{style}</style>{images}")
    page.wait_for_function("[...document.images].every((one) => one.complete)")
    return page.screenshot()


def take(browser: Browser, url: str, cloud: Cloud) -> None:
    light, dark = enter(browser, url), enter(browser, url, dark=True)
    pc = enter(browser, url, size=PC, dark=True)
    wait_for(light, "charging")
    light.wait_for_timeout(20_000)  # until the history has been collected and the power has settled
    set_price(light, url)
    for page in (light, dark):
        page.goto(url)
        wait_for(page, "charging")
    charging = [light.screenshot(), dark.screenshot()]
    light.get_by_role("button", name="Pause charging").click()
    for page in (light, dark, pc):
        wait_for(page, "paused")
    light.wait_for_selector('[role="status"]:has-text("confirmed")', timeout=60_000)
    for page in (light, dark, pc):
        page.goto(url)
        wait_for(page, "paused")
    keep(side_by_side(browser, [charging[0], light.screenshot(), charging[1], dark.screenshot()]), "phone.png")
    keep(pc.screenshot(), "pc.png")
    set_plan(light, url)
    for path in ("plan", "history"):
        light.goto(f"{url}/{path}")
        dark.goto(f"{url}/{path}")
        keep(side_by_side(browser, [light.screenshot(), dark.screenshot()]), f"{path}.png")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        demo(Path(name)) as (url, cloud),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        take(browser, url, cloud)
        browser.close()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
