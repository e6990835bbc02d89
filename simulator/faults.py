"""Everything that can go wrong between a program and the cloud, as verbs that add up until `heal()`."""

from threading import RLock
from typing import Protocol

from simulator.answers import sign_in_error, with_text
from simulator.troubles import Failure, Troubles
from simulator.verbs import verb


class Listener(Protocol):
    """The part of the server that can stop and start listening."""

    def stop_listening(self) -> None: ...
    def listen_again(self) -> None: ...


class Faulty:
    """The verbs. They take effect with the next request."""

    def __init__(self) -> None:
        self.troubles = Troubles()
        self.listener: Listener | None = None
        self.lock = RLock()

    def moving(self) -> RLock:
        """A verb runs alone."""
        return self.lock

    def end_faults(self) -> None:
        """Listen again, and answer as it is."""
        self.come_back()
        self.troubles = Troubles()

    @verb
    def go_down(self, status: int = 503) -> None:
        """The gateway answers 502, 503 or 504 with a page of its own."""
        self.troubles.down = status

    @verb
    def come_back(self) -> None:
        """Be up and listen again, on the same port."""
        self.troubles.down = None
        if self.troubles.refusing and self.listener is not None:
            self.listener.listen_again()
        self.troubles.refusing = False

    @verb
    def refuse_connections(self) -> None:
        """Nobody listens any more; open connections are closed."""
        self.troubles.refusing = True
        if self.listener is not None:
            self.listener.stop_listening()

    @verb
    def reset_connections(self) -> None:
        """Every request's connection is reset without an answer and without anything carried out."""
        self.troubles.resetting = True

    @verb
    def be_slow(self, seconds: float = 3.0, path_contains: str = "") -> None:
        """Wait so many real seconds before answering, or until healed. What was asked for has been carried out."""
        self.troubles.slow.append((seconds, path_contains))

    @verb
    def drip(self, seconds: float = 1.0, path_contains: str = "", head: bool = True) -> None:
        """Send answers byte by byte, so many real seconds each; the head may come at once."""
        self.troubles.dripping = (seconds, path_contains)
        self.troubles.head_drips = head

    @verb
    def fail_next(
        self,
        times: int = 1,
        status: int = 500,
        body: str = "",
        path_contains: str = "",
        retry_after: int | None = None,
    ) -> None:
        """Answer the next matching requests like this instead; commands among them are not carried out."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.troubles.failures.append(Failure(times, with_text(status, body, headers), path_contains))

    @verb
    def answer_html(self) -> None:
        """Answer everything with status 200 and a page."""
        self.troubles.html = True

    @verb
    def answer_half_json(self) -> None:
        """Cut every JSON answer in the middle."""
        self.troubles.half_json = True

    @verb
    def rate_limit(self, retry_after: int = 1, path_contains: str = "") -> None:
        """Answer 429 to everything, or to what has this in its path."""
        self.troubles.limits.append((retry_after, path_contains))

    @verb
    def reject_sign_in(self) -> None:
        """The password is no longer right."""
        self.troubles.sign_in_rejected = True

    @verb
    def accept_sign_in(self) -> None:
        """Name and password are enough again."""
        self.troubles.sign_in_rejected = False
        self.troubles.sign_in_answer = None
        self.troubles.required_scope = ""

    @verb
    def withdraw_password_grant(self) -> None:
        """Nobody can sign in with name and password any more; tokens given out before stay good."""
        self.troubles.sign_in_answer = sign_in_error("unsupported_grant_type", "The grant type is not supported.")

    @verb
    def answer_sign_in(self, status: int = 400, body: str = "", location: str = "") -> None:
        """Answer every sign-in like this: a lasting refusal, something that is no refusal, a redirect."""
        headers = {"Location": location} if location else {}
        self.troubles.sign_in_answer = with_text(status, body, headers)

    @verb
    def require_scope(self, scope: str = "openid") -> None:
        """Without this scope the right password is answered as if it were wrong (a report of April 2026)."""
        self.troubles.required_scope = scope

    @verb
    def swallow_answers(self) -> None:
        """Carry out commands, then drop the connection without an answer."""
        self.troubles.swallowing = True

    @verb
    def lose_commands(self) -> None:
        """Answer commands as if they were taken, and do nothing."""
        self.troubles.losing = True

    @verb
    def answer_commands(self, status: int = 204, body: str = "", carry_out: bool = True) -> None:
        """Answer commands that would be accepted like this: 201, 204, 202, or 400 without carrying them out."""
        self.troubles.command_answer = with_text(status, body)
        self.troubles.command_is_dropped = not carry_out

    @verb
    def skew_clock(self, seconds: float = 120.0) -> None:
        """Put the `Date` header ahead of (or, below zero, behind) the cloud's clock."""
        self.troubles.skew_s = seconds

    @verb
    def turn_off(self, kind: str, status: int = 404, path_contains: str = "") -> None:
        """Answer one kind of request, such as `chargehistory` or `state`, with 204, 403, 404 or 410."""
        self.troubles.turned_off[kind] = (status, path_contains)

    @verb
    def turn_on(self, kind: str) -> None:
        """Answer one kind of request again."""
        self.troubles.turned_off.pop(kind, None)
