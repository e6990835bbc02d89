"""The price house on a port of its own; `/simulator/VERB` moves it, from this machine only."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread
from typing import Any, cast

from simulator import control, price_answers
from simulator.answers import Answer, as_json
from simulator.bodies import read_body
from simulator.price_house import PriceHouse
from simulator.request import Mistake, Request
from simulator.verbs import verbs_of

POLL_S = 0.005
VERBS = verbs_of(PriceHouse)


class PriceServer(ThreadingHTTPServer):
    """Holds the port of a price house."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, house: PriceHouse, host: str, port: int) -> None:
        self.house = house
        self.closing = Event()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), PriceHandler)

    @property
    def url(self) -> str:
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def server_bind(self) -> None:
        """Bind without asking a name server for the name of this machine, as HTTPServer would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class PriceHandler(BaseHTTPRequestHandler):
    """Answers questions for prices, and verbs."""

    protocol_version = "HTTP/1.1"
    timeout = 120

    def do_GET(self) -> None:
        listener = cast(PriceServer, self.server)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, read_body(headers, self.rfile), self.client_address[0])
        if control.is_for_control(request):
            self._send(_moved(listener.house, request))
            return
        listener.closing.wait(listener.house.troubles.slow_s)
        with listener.house.lock:
            self._send(_answer(listener.house, request))

    do_POST = do_GET

    def _send(self, given: Answer) -> None:
        with suppress(ConnectionError):
            self.send_response(given.status)
            for name, value in {"Content-Type": given.content_type, **given.headers}.items():
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept in `house.asked`, not printed."""


def _answer(house: PriceHouse, request: Request) -> Answer:
    try:
        return price_answers.answer(house, request)
    except Mistake as mistake:
        return mistake.answer
    except (ValueError, KeyError, TypeError):
        return Answer(400, b"{}")


def _moved(house: PriceHouse, request: Request) -> Answer:
    """Move the house where the address says so, and tell how it is."""
    if not control.is_from_here(request):
        return as_json({"error": "only from this machine"}, 403)
    name = request.path.strip("/").partition("/")[2]
    if name and (name not in VERBS or request.method != "POST"):
        return as_json({"error": "nothing of that name"}, 404)
    try:
        if name:
            VERBS[name](house, **control.arguments(None, VERBS[name], request))
    except (ValueError, TypeError) as mistake:
        return as_json({"error": str(mistake)}, 400)
    verbs = [control.describe_verb(verb) for verb in VERBS.values()]
    return as_json({"faults": house.faults(), "asked": list(house.asked), "verbs": verbs})


@contextmanager
def serve_prices(house: PriceHouse, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a price house until the block ends; gives its address."""
    server = PriceServer(house, host, port)
    thread = Thread(target=server.serve_forever, args=(POLL_S,), name="prices", daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
