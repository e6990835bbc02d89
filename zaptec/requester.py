"""How a question or a command reaches Zaptec: with a token, past the limiter, again after trouble, page by page."""

from collections.abc import Callable, Iterator, Mapping

from zaptec.answers import HttpAnswer, entry, listed, raise_for, raise_for_command
from zaptec.commands import Command
from zaptec.errors import NotUnderstood, TryLater
from zaptec.login import Login
from zaptec.transport import Transport, patiently
from zaptec.values import as_flag, as_int, as_text

PAGE_SIZE = 100  # the most Zaptec gives, https://docs.zaptec.com/page/api-changes-what-you-need-to-know
MAX_PAGES = 100
TIMEOUTS_PER_QUESTION = 2  # after so many no new try begins
_REFUSED_TOKEN_WAIT_S = 5.0


class Requester:
    """Sends requests of one account; safe to share between threads.

    Args:
        retry_pause_s: the pause before the second try of a read; the third waits about twice as long.
        before_request: called with the kind before each request is sent; may wait, or raise TryLater.
        sleep: makes the pauses; takes seconds.
    """

    def __init__(
        self,
        login: Login,
        transport: Transport,
        retry_pause_s: float,
        before_request: Callable[[str], None] | None,
        sleep: Callable[[float], None],
    ) -> None:
        self.login = login
        self.transport = transport
        self._retry_pause_s = retry_pause_s
        self._before_request = before_request
        self._sleep = sleep

    def read(
        self,
        kind: str,
        path: str,
        *ids: str,
        params: Mapping[str, str] | None = None,
        is_empty_forbidden: bool = False,
    ) -> object:
        """The JSON of a GET, tried again after trouble that may pass.

        Raises:
            ZaptecError: as `raise_for` sorts the answer, `Transport.exchange` the trouble on the way.
        """

        def ask() -> object:
            answer = self._request(kind, "GET", path, *ids, params=params)
            raise_for(answer, is_empty_forbidden=is_empty_forbidden)
            return answer.json()

        longest_s = TIMEOUTS_PER_QUESTION * self.transport.timeout_s
        return patiently(ask, self._retry_pause_s, give_up_after_s=longest_s, sleep=self._sleep)

    def pages(self, kind: str, path: str, query: Mapping[str, str]) -> Iterator[object]:
        """The entries of all pages of `{"Pages", "Data"}`.

        Raises:
            ZaptecError: as `read`.
            NotUnderstood: also when the pages do not end; what came before is good.
        """
        for index in range(MAX_PAGES):
            which = {"PageSize": str(PAGE_SIZE), "PageIndex": str(index)}
            page = self.read(kind, path, params={**query, **which})
            entries = listed(entry(page, "Data"))
            yield from entries
            pages = as_int(entry(page, "Pages"))
            if not entries or (len(entries) < PAGE_SIZE if pages is None else index + 1 >= pages):
                return
        raise NotUnderstood(f"pages of {kind} that do not end")

    def archived(self, query: Mapping[str, str]) -> Iterator[object]:
        """The entries of all pages of `{"sessions", "cursor", "hasMore"}`.

        Raises:
            ZaptecError: as `pages`.
        """
        query = {**query, "PageSize": str(PAGE_SIZE)}
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            page = self.read("sessions", "/api/sessions/archived", params=query)
            yield from listed(entry(page, "sessions"))
            cursor = as_text(entry(page, "cursor"))
            if not cursor or not as_flag(entry(page, "hasMore")):
                return
            if cursor in seen:
                break
            seen.add(cursor)
            query["Cursor"] = cursor
        raise NotUnderstood("pages of sessions that do not end")

    def command(self, charger_id: str, command: Command) -> None:
        """Send a command once. What an accepting answer says in its body is not looked at: the state decides.

        Raises:
            ZaptecError: as `raise_for_command` sorts the answer, `Transport.exchange` the trouble on the way.
        """
        path = f"/api/chargers/{{}}/sendCommand/{int(command)}"
        raise_for_command(self._request(f"command {int(command)}", "POST", path, charger_id), command)

    def _request(
        self, kind: str, method: str, path: str, *ids: str, params: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """Ask with a token; after a 401, which proves that nothing was done, once more with a new one."""
        for is_last in (False, True):
            token = self.login.token()
            if self._before_request is not None:
                self._before_request(kind)
            answer = self.transport.exchange(kind, method, path, *ids, token=token, params=params)
            if answer.status != 401:
                return answer
            if not is_last:  # else each call from now on would cost two sign-ins
                self.login.drop(token)
        raise TryLater(_REFUSED_TOKEN_WAIT_S, "unavailable", was_not_carried_out=True)
