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
        return self.times > 0 and self.path_contains.lower() in path.lower()


@dataclass
class Troubles:
    """Which faults are on.

    Attributes:
        slow: pairs of real seconds to wait and the text a path has to hold.
        sign_in_answer: what every sign-in is answered instead.
        required_scope: a scope without which no password is right.
        skew_s: how far the `Date` header is ahead of the cloud's clock.
    """

    down: int | None = None
    refusing: bool = False
    resetting: bool = False
    slow: list[tuple[float, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    html: bool = False
    half_json: bool = False
    retry_after_s: int | None = None
    sign_in_rejected: bool = False
    sign_in_answer: Answer | None = None
    required_scope: str = ""
    swallowing: bool = False
    losing: bool = False
    skew_s: float = 0.0
    turned_off: dict[str, int] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The faults that are on, as the demo page lists them."""
        named = {
            "down": self.down,
            "refusing connections": self.refusing,
            "resetting connections": self.resetting,
            "slow": self.slow,
            "failing": [failure for failure in self.failures if failure.times > 0],
            "html": self.html,
            "half json": self.half_json,
            "rate limited": self.retry_after_s is not None,
            "sign-in rejected": self.sign_in_rejected,
            "sign-in ended": self.sign_in_answer is not None,
            "scope required": self.required_scope,
            "swallowing answers": self.swallowing,
            "losing commands": self.losing,
            "clock skewed": self.skew_s,
            **{f"{kind} turned off": True for kind in self.turned_off},
        }
        return [name for name, is_on in named.items() if is_on]

    def delay_s(self, path: str) -> float:
        return max((s for s, text in self.slow if text.lower() in path.lower()), default=0.0)

    def instead(self, path: str) -> Answer | None:
        """The answer a fault gives in place of the true one, before anything has been carried out."""
        if self.down is not None:
            return gateway_page(self.down)
        for failure in self.failures:
            if failure.concerns(path):
                failure.times -= 1
                return failure.answer
        if self.retry_after_s is not None:
            return too_many_requests(self.retry_after_s)
        if self.html:
            page = "<!doctype html><html><head><title>Zaptec</title></head><body>Please wait</body></html>"
            return Answer(200, page.encode(), "text/html; charset=utf-8")
        return None
