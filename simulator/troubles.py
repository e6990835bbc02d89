"""Which faults are on between a program and the cloud, and what is answered because of them."""

from dataclasses import dataclass, field

from simulator.answers import Answer, gateway_page, too_many_requests


@dataclass
class Failure:
    """Answers to be given instead of the true ones.

    Attributes:
        times: how many are left.
        path_contains: only requests whose path holds this text, whatever the case, are concerned.
    """

    times: int
    answer: Answer
    path_contains: str = ""

    def concerns(self, path: str) -> bool:
        return self.times > 0 and _is_in(self.path_contains, path)


@dataclass
class Troubles:
    """Which faults are on.

    Attributes:
        slow: pairs of real seconds to wait and the text a path has to hold.
        dripping: real seconds for each byte of an answer, and the text a path has to hold.
        head_drips: whether the head does so too.
        limits: pairs of seconds to stay away and the text a path has to hold.
        turned_off: by kind of request, the status instead and the text a path has to hold.
        command_answer: what an accepted command is answered instead.
        command_is_dropped: whether it is then not carried out.
        sign_in_answer: what every sign-in is answered instead.
        required_scope: a scope without which no password is right.
        skew_s: how far the `Date` header is ahead of the cloud's clock.
    """

    down: int | None = None
    refusing: bool = False
    resetting: bool = False
    slow: list[tuple[float, str]] = field(default_factory=list)
    dripping: tuple[float, str] | None = None
    head_drips: bool = True
    failures: list[Failure] = field(default_factory=list)
    html: bool = False
    half_json: bool = False
    limits: list[tuple[int, str]] = field(default_factory=list)
    sign_in_rejected: bool = False
    sign_in_answer: Answer | None = None
    required_scope: str = ""
    swallowing: bool = False
    losing: bool = False
    skew_s: float = 0.0
    turned_off: dict[str, tuple[int, str]] = field(default_factory=dict)
    command_answer: Answer | None = None
    command_is_dropped: bool = False

    def names(self) -> list[str]:
        """The faults that are on, as the demo page lists them."""
        named = {
            "down": self.down,
            "refusing connections": self.refusing,
            "resetting connections": self.resetting,
            "slow": self.slow,
            "dripping": self.dripping is not None,
            "failing": [failure for failure in self.failures if failure.times > 0],
            "html": self.html,
            "half json": self.half_json,
            "rate limited": self.limits,
            "sign-in rejected": self.sign_in_rejected,
            "sign-in ended": self.sign_in_answer is not None,
            "scope required": self.required_scope,
            "swallowing answers": self.swallowing,
            "losing commands": self.losing,
            "commands answered oddly": self.command_answer is not None,
            "clock skewed": self.skew_s,
            **{f"{kind} turned off": True for kind in self.turned_off},
        }
        return [name for name, is_on in named.items() if is_on]

    def delay_s(self, path: str) -> float:
        return max((s for s, text in self.slow if _is_in(text, path)), default=0.0)

    def drip_s(self, path: str) -> float:
        """Seconds to wait before each byte of the answer; 0: send it at once."""
        seconds, text = self.dripping or (0.0, "")
        return seconds if _is_in(text, path) else 0.0

    def status_instead(self, kind: str, path: str) -> int | None:
        """The status of a kind of request that is turned off."""
        status, text = self.turned_off.get(kind, (None, ""))
        return status if _is_in(text, path) else None

    def instead(self, path: str) -> Answer | None:
        """The answer a fault gives in place of the true one, before anything has been carried out."""
        if self.down is not None:
            return gateway_page(self.down)
        for failure in self.failures:
            if failure.concerns(path):
                failure.times -= 1
                return failure.answer
        for retry_after_s, text in self.limits:
            if _is_in(text, path):
                return too_many_requests(retry_after_s)
        if self.html:
            page = "<!doctype html><html><head><title>Zaptec</title></head><body>Please wait</body></html>"
            return Answer(200, page.encode(), "text/html; charset=utf-8")
        return None


def _is_in(text: str, path: str) -> bool:
    return text.lower() in path.lower()
