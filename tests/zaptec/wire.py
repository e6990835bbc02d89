"""What the tests of requests and answers have in common."""

from hypothesis import strategies as st

CHARGER = "11111111-2222-4333-8444-5555553fa2c1"
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"
REJECTION = {"error": "invalid_grant", "error_description": "The username or password is incorrect."}
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))  # with halves of surrogate pairs
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)


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
