"""What protects every address alike: foreign hosts, sizes, headers, static files, compression."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboard.settings import Settings
from dashboard.web import assets
from tests.conftest import Household, words_of

MakeApp = Callable[[Settings], Flask]


@pytest.fixture
def public(household: Household, make_app: MakeApp, settings: Settings) -> FlaskClient:
    return make_app(replace(settings, public_url="https://car.example")).test_client()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "127.0.0.1:8000",
        "192.168.1.20",
        "[::1]:8000",
        "[fe80::1]",
        "charger.local",
        "charger.local.",
        "raspberrypi",
        "RaspberryPi:8000",
    ],
)
def test_names_of_a_home_network_are_answered(household: Household, host: str) -> None:
    assert household.stranger.get("/login", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "car.example",
        "",
        "a b",
        "user@localhost",
        "localhost/x",
        "[::1",
        "localhost:port",
    ],
)
def test_a_foreign_name_is_refused_and_told_of_public_url(household: Household, host: str) -> None:
    for address in ("/login", "/healthz", "/nowhere", "/static/x/style.css"):
        answer = household.anna.get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert "set PUBLIC_URL to its address" in answer.text
        assert answer.mimetype == "text/plain"
        assert "Carport" not in answer.text


@pytest.mark.parametrize(
    "host",
    [
        ".local",
        "a..local",
        "a.local..",
        "..",
        ".",
        "-",
        "-a.local",
        "a" * 64 + ".local",
        "a" * 300,
        "a." * 130 + "local",
        "xn--a.local",
        "²",
        "%41.local",
        "é.local",
        "localhost:²",
    ],
)
def test_what_can_be_no_name_is_refused_like_a_foreign_one(
    household: Household, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    household.app.config["TESTING"] = False
    for address in ("/login", "/nowhere", "/static/x/y", "/household/members/1/reset", "/account/name"):
        for method in ("GET", "POST"):
            environ = EnvironBuilder(address, method=method).get_environ()
            environ["HTTP_HOST"] = host.encode().decode("latin-1")
            body, status, _headers = run_wsgi_app(household.app, environ)
            assert status == "400 BAD REQUEST"
            assert b"set PUBLIC_URL to its address" in b"".join(body)
    assert "Traceback" not in caplog.text


def test_public_url_is_one_more_name(public: FlaskClient) -> None:
    assert public.get("/login", headers={"Host": "car.example"}).status_code == 200
    assert public.get("/login", headers={"Host": "CAR.example:443"}).status_code == 200
    assert public.get("/login", headers={"Host": "other.example"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://car.example", "Host": "car.example"},
        {"Origin": "https://car.example", "Host": "127.0.0.1:8000"},  # a proxy that does not pass the name on
    ],
)
def test_public_url_may_post(public: FlaskClient, headers: dict[str, str]) -> None:
    assert public.post("/login", data={"name": "x", "password": "y"}, headers=headers).status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_has_the_headers_that_protect_it(household: Household, method: str) -> None:
    addresses = ("/login", "/", "/nowhere", "/healthz", "/chargers/x", "/static/0/style.css")
    for browser, address in product((household.anna, household.stranger), addresses):
        answer = browser.open(address, method=method)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"]
        assert "Strict-Transport-Security" not in answer.headers


def test_a_fragment_has_the_policies_of_the_page_it_comes_into(household: Household) -> None:
    answer = household.anna.get("/tariff", headers={"HX-Request": "true"})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in answer.headers and "HX-Request" in answer.headers["Vary"]
    assert "Content-Security-Policy" in household.anna.get("/tariff").headers


def test_so_have_refusals_and_mistakes_of_ours(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    household.app.config["TESTING"] = False

    def breaks() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(household.app.view_functions, "more.show_more", _allowed(breaks))
    answers = [
        household.anna.get("/more"),
        household.anna.get("/login", headers={"Host": "evil.example"}),
        household.anna.post("/login", headers={"Origin": "null"}),
        household.anna.post("/login", data=b"x" * 100_000, content_type="application/x-www-form-urlencoded"),
    ]
    assert [answer.status_code for answer in answers] == [500, 400, 403, 413]
    assert all("Content-Security-Policy" in answer.headers for answer in answers)
    assert "This is a mistake in the dashboard." in words_of(answers[0])
    assert "ZeroDivisionError" not in answers[0].text
    assert "Traceback" not in answers[0].text


def _allowed(view: Callable[[], None]) -> Callable[[], None]:
    view.allowed = "anybody"  # type: ignore[attr-defined]
    return view


def test_over_https_the_browser_is_told_to_stay_there(public: FlaskClient) -> None:
    answer = public.get("/login", base_url="https://car.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_hold_no_script_or_style_of_their_own(household: Household) -> None:
    for address in ("/login", "/", "/more", "/activity", "/account", "/household", "/nowhere"):
        text = household.anna.get(address).text
        assert not re.search(r"<script(?![^>]* src=)", text), address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), address


# Sizes.


@pytest.mark.parametrize("address", ["/login", "/pause", "/chargers/x/pause", "/account", "/nowhere"])
def test_20_mb_are_refused_before_anything_is_done(household: Household, address: str) -> None:
    body = io.BytesIO(b"on=" + b"x" * 20_000_000)
    answer = household.anna.post(
        address, input_stream=body, content_type="application/x-www-form-urlencoded", content_length=20_000_003
    )
    assert answer.status_code == 413
    assert "larger than anything this dashboard expects. Nothing was changed." in words_of(answer)
    assert body.tell() == 0  # not even read


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_without_a_length_is_read_up_to_the_limit(household: Household, kind: str) -> None:
    start = b'--x\r\nContent-Disposition: form-data; name="on"\r\n\r\n' if "multipart" in kind else b"on="
    body = io.BytesIO(start + b"x" * 2_000_000)
    answer = household.anna.post(
        "/pause", input_stream=body, content_type=kind, environ_overrides={"wsgi.input_terminated": True}
    )
    assert answer.status_code == 413
    assert body.tell() < 300_000


@pytest.mark.parametrize("kind", [None, "text/plain", "application/json", "multipart/form-data"])
def test_a_body_that_is_no_form_is_no_trouble(household: Household, kind: str | None) -> None:
    for address in ("/login", "/logout", "/more", "/account"):
        for body in (b"", b"\xff\xfe{"):
            assert household.stranger.post(address, data=body, content_type=kind).status_code < 500


def test_a_nul_is_refused_wherever_it_stands(household: Household) -> None:
    assert household.anna.get("/chargers/%00").status_code == 404
    assert household.anna.get("/activity?charger=%00").status_code == 400
    assert household.stranger.post("/login", data={"name": "\0", "password": "x"}).status_code == 400
    assert household.anna.post("/login", data={"\0": "x"}).status_code == 400


# Static files.


def test_static_files_carry_their_hash_and_are_kept_for_a_year(household: Household) -> None:
    page = household.anna.get("/").text + household.stranger.get("/login").text
    addresses = set(re.findall(r'"(/static/[^"]+)"', page))
    assert any(address.endswith("style.css") for address in addresses)
    for address in addresses:
        assert re.fullmatch(r"/static/[0-9a-f]{10}/.+", address)
        answer = household.stranger.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "name",
    ["style.css", "nothing.css", "../app.py", "%2e%2e/app.py", "", "vendor", "%00", "style.css/", "x" * 5000],
)
def test_a_wrong_hash_or_name_is_404(household: Household, name: str) -> None:
    assert household.stranger.get(f"/static/0123456789/{name}").status_code in (404, 308)
    assert household.stranger.get(f"/static/{name}").status_code == 404


def test_asking_for_files_that_are_not_there_fills_no_memory(household: Household) -> None:
    household.stranger.get("/login")
    before = assets._load.cache_info().currsize
    for number in range(100):
        household.stranger.get(f"/static/x/{number}.css")
    assert assets._load.cache_info().currsize == before


def test_pages_and_files_are_compressed_for_who_understands_it(household: Household) -> None:
    headers = {"Accept-Encoding": "br, gzip"}
    style = re.findall(r'"(/static/[^"]+style\.css)"', household.stranger.get("/login").text)[0]
    for address in ("/account", style):
        plain = household.anna.get(address)
        packed = household.anna.get(address, headers=headers)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.data) == plain.data
        head = household.anna.head(address, headers=headers)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == packed.headers["Content-Length"]
