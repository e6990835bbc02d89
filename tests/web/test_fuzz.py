"""No input ends in a 500: every address, as everybody, with values that nobody would type.

A modest run by default; a longer one: `FUZZ=20000 python -m pytest tests/web/test_fuzz.py`. `FUZZ_SEED` chooses
another.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

import pytest
from sqlalchemy import delete, insert, select
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboard.charger import chargers
from dashboard.household.tables import device_table, member_table
from simulator import Cloud
from tests.conftest import Household
from tests.household.conftest import invite, reset_link

REQUESTS = int(os.environ.get("FUZZ", "400"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
A_STATE_EVERY = 60  # requests
READINGS = [0, 120, 151, 153, 204, 205, 206, 501, 502, 503, 507, 510, 511, 513, 522, 553, 554, 702, 708, 710, 711]
READINGS += [712, 713, 714, 715, 716, 717, 718, 719, 720, 721, 722, 723, 751, 763, 802, 804, 809, 908, 911, 916, -2]

DASHBOARD = Path(__file__).parents[2] / "dashboard"
READ = re.compile(r"""(?:form|args|values)\.(?:get|getlist)\(\s*f?["']([^"']+)|["']([\w-]+)["'] in request\.\w+""")


def each(text: str) -> list[str]:
    return text.split(" ")


NUMBERS = each("0 -1 1e308 -1e400 nan inf 1_0 0x1 +1 ² ٣ १ １２ ½ 1,5 1.5.5 000001 1e-400 −5 1’000")
NUMBERS += ["9" * 30, str(2**31), str(2**63), "1" * 5000, " 1 "]
DATES = each("0000-00-00 0001-01-01 9999-12-31 9999-12 0000-01 10000-01-01 2026-02-30 2026-13 ２０２６-01-01")
DATES += each("2026-W01-1 20260101 2026-01-01T00:00 -001-01-01 0001-01 1969-12-31 2026-1-1")
TIMES = each("24:00 23:59:60 25:61 ²²:00 ٢٢:٠٠ 22:00\u2028 -1:00 2:0 00:00 23:00")
VERBS = each("cancel-² seen-² remove-² every-² weekdays-٣ pause-² cancel- cancel--1 seen-1 cancel-1 more save")
VERBS += each("until skip tonight pause-1 owner viewer EUR intervals cancel-99999999999 yes page plan")
MARKUP = ["'\"><script>", "%s%d%(x)s", "{{7*7}}", "=1+1", "＝1", "\r\nSet-Cookie: a=b", "[]", "None"]
UNSEEN = ["", " ", "\u2028", "\u3164", "\x7f", "\x1b[31m", "\udcff", "\ud800", "\u202eanna", "\ufeff"]
PATHS = ["\\", "/", "//evil.example", "/\\evil.example", "http://[", "/%00", "/%ed%a0%80", "../../etc/passwd"]
LONG = ["a" * 4000, "e\u0301" * 200, "\U0001f697" * 50]
VALUES = [*NUMBERS, *DATES, *TIMES, *VERBS, *MARKUP, *UNSEEN, *PATHS, *LONG, "Anna", "five green kettles"]

PAGES_WITH_FORMS = each(
    "/plan /history /household /household/members/3/remove /account /more /more/chargers /doors "
    "/tariff?kind=by+the+hour"
)
HEADERS = {
    "HX-Request": ["true", "²"],
    "HX-Current-URL": ["http://[", "\udcff", "/" * 3000, "http://localhost/chargers/²"],
    "Accept-Language": ["²;q=1e308", "de;q=nan,*", "x" * 3000, ",;=", "\xff"],
    "Accept-Encoding": ["gzip;q=²", "*;q=-1", "br, gzip"],
    "Cookie": ["household=²; known=\xff; scheme=²", "household=eyJfdXNlcl9pZCI6MX0.x.y", ";;=;"],
    "User-Agent": ["", "\xff" * 200, "Mozilla/5.0 (" + "(" * 2000],
    "X-Forwarded-For": ["203.0.113.9:4001", "²", ",,,", "[::1"],
    "Range": ["bytes=²-", "bytes=0-0,-1"],
    "If-None-Match": ['"²', "*"],
    "Content-Type": ["multipart/form-data", "multipart/form-data; boundary=²", "text/plain; charset=²", "²"],
    "Origin": ["http://localhost", "null", "http://[", "²"],
    "Sec-Fetch-Site": ["same-origin", "²", "none"],
}


def fields(charger_id: str) -> list[str]:
    """Every name that the dashboard reads from a form or an address."""
    found = {name for path in DASHBOARD.rglob("*.py") for match in READ.findall(path.read_text()) for name in match}
    filled = {re.sub(r"\{[^}]*id\}", charger_id, name) for name in found if name}
    return sorted({re.sub(r"\{[^}]*\}", str(number), name) for name in filled for number in (0, 1, 23)})


class Form(HTMLParser):
    """The forms of a page: where each goes, how, and what it would send."""

    def __init__(self, address: str, page: str) -> None:
        super().__init__()
        self.address, self.found = address, list[tuple[str, str, dict[str, str]]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get").upper(), given.get("action") or self.address, {}))
        elif self.found and tag in ("input", "select", "button") and given.get("name"):
            self.found[-1][2][given["name"]] = given.get("value", "yes")


class Fuzz:
    """Requests, one after the other, and what they are made of."""

    def __init__(self, household: Household, cloud: Cloud) -> None:
        self.household, self.cloud, self.random = household, cloud, random.Random(SEED)
        self.fields = fields(cloud.charger.id)
        self.rules = sorted(household.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self.known = {
            "charger_id": [cloud.charger.id, cloud.chargers[1].id],
            "token": [invite(household).rpartition("/")[2], reset_link(household, 2).rpartition("/")[2]],
            "name": ["style.css"],
        }
        self.people = ["", *(self._cookie(browser) for browser in (household.anna, household.ben, household.carla))]
        self.forms = [form for page in self._pages() for form in Form(*page).found]
        with household.database.reading() as connection:
            self.kept = [
                (table, [row._asdict() for row in connection.execute(select(table))])
                for table in (member_table, device_table)
            ]

    @staticmethod
    def _cookie(browser: object) -> str:
        [cookie] = [cookie for cookie in browser._cookies.values() if cookie.key == "household"]  # type: ignore[attr-defined]
        return f"household={cookie.value}"

    def _pages(self) -> Iterator[tuple[str, str]]:
        here = [f"/chargers/{self.cloud.charger.id}{rest}" for rest in ("", "/deauthorize", "/restart")]
        for address in (*here, *PAGES_WITH_FORMS):
            yield address, self.household.anna.get(address).text
        invitation, reset = self.known["token"]
        for address in ("/login", f"/invitations/{invitation}", f"/reset/{reset}"):
            yield address, self.household.stranger.get(address).text

    def mend(self) -> None:
        """The household as it was: somebody may have been removed, renamed or signed out."""
        with self.household.database.writing() as connection:
            for table, _rows in reversed(self.kept):
                connection.execute(delete(table))
            for table, rows in self.kept:
                connection.execute(insert(table), rows)

    def value(self) -> str:
        return self.random.choice(VALUES)

    def path(self, rule: Rule) -> str:
        def part(match: re.Match[str]) -> str:
            name = match[1].rpartition(":")[2]
            known = self.known.get(name, ["1", "2", "3", "999"])
            return quote(self._text(self.random.choice(known if self.random.random() < 0.7 else VALUES)), safe="%")

        return re.sub(r"<([^>]+)>", part, rule.rule)

    @staticmethod
    def _text(value: str) -> str:
        """As it can stand in an address or a form: a lone surrogate as the bytes it would be."""
        return quote_from_bytes(value.encode("utf-8", "surrogatepass"))

    def form(self) -> str:
        names = self.random.sample(self.fields, self.random.randint(0, 8))
        return "&".join(f"{quote(name)}={self._text(self.value())}" for name in names)

    def environ(self) -> dict[str, object]:
        environ = self._known_form() if self.random.random() < 0.5 else self._anything()
        environ["HTTP_COOKIE"] = self.random.choice(self.people)
        for name in self.random.sample(sorted(HEADERS), self.random.choice((0, 0, 0, 1, 2))):
            text = self.random.choice(HEADERS[name]).encode("utf-8", "surrogateescape").decode("latin-1")
            environ["CONTENT_TYPE" if name == "Content-Type" else f"HTTP_{name.upper().replace('-', '_')}"] = text
        return environ

    def _known_form(self) -> dict[str, object]:
        """A form of a page, with one or two of its fields changed."""
        method, address, form = self.random.choice(self.forms)
        form = dict(form)
        for name in self.random.sample(sorted(form), min(len(form), self.random.choice((1, 1, 2)))):
            form[name] = self.value()
        body = "&".join(f"{quote(name)}={self._text(value)}" for name, value in form.items())
        return self._request(method, address.partition("?")[0], body)

    def _anything(self) -> dict[str, object]:
        """Any address with any fields."""
        rule = self.random.choice(self.rules)
        allowed = [method for method in ("GET", "GET", "GET", "HEAD", "POST") if method in (rule.methods or ())]
        method = self.random.choice(allowed)
        return self._request(method, self.path(rule), self.form())

    @staticmethod
    def _request(method: str, path: str, fields: str) -> dict[str, object]:
        environ: dict[str, object] = EnvironBuilder(method=method).get_environ()
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        if method == "POST":
            body = fields.encode()
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
        else:
            environ["QUERY_STRING"] = fields
        return environ

    def say_something(self) -> None:
        """Let the charger report values that none would."""
        charger = self.cloud.charger
        for _reading in range(self.random.randint(0, 6)):
            charger.replace_value(self.random.choice(READINGS), self.value())
        self.household.clock.advance(seconds=self.random.choice((20, 3600, 86400)))


@pytest.fixture
def fuzz(household: Household, cloud: Cloud) -> Fuzz:
    cloud.charger.plug_in_and_charge()
    with household.app.app_context():
        chargers.read_list(household.app.extensions["services"])
    household.app.config["TESTING"] = False
    return Fuzz(household, cloud)


def test_no_input_ends_in_a_500(fuzz: Fuzz, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(REQUESTS):
        if number % A_STATE_EVERY == 0:
            fuzz.say_something()
        environ = fuzz.environ()
        described = {name: environ.get(name) for name in environ if name.isupper()}
        _body, status, _headers = run_wsgi_app(fuzz.household.app, environ, buffered=True)
        if environ["REQUEST_METHOD"] == "POST":
            fuzz.mend()
        assert int(status[:3]) < 500, (status, described, caplog.text[-6000:])
        caplog.clear()
