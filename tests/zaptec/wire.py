"""What the tests of requests and answers have in common."""

CHARGER = "11111111-2222-4333-8444-5555553fa2c1"
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"


class FixedLogin:
    """A Login with a token from elsewhere."""

    def __init__(self):
        self.dropped = []

    def token(self) -> str:
        return "fixed"

    def drop(self, token: str) -> None:
        self.dropped.append(token)


def listed(*chargers, pages=1):
    return {"Pages": pages, "Data": list(chargers)}
