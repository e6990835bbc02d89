"""Mail, by the mail house that the settings name: plain text and HTML, in the clear nowhere."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from markupsafe import Markup, escape

from dashboard import smtp_address
from dashboard.notices.message import Message
from dashboard.notices.ways import words
from dashboard.notices.ways.failures import NotSent, WayFailure
from dashboard.notices.ways.posting import connect, trust
from dashboard.notices.ways.reach import Reach
from dashboard.services import Services, current_services
from dashboard.setting_values import MAIL_ADDRESS
from dashboard.settings import Settings
from dashboard.smtp_address import SmtpAddress
from dashboard.web.forms import Wrong

TIMEOUT_S, ALL_S = 4.0, 10.0  # for each answer of the mail house, and for all of them
LONGEST = 254  # RFC 5321


def parse(typed: str, is_owner: bool) -> str:
    """A mail address.

    Raises:
        Wrong: it is none, or no mail can be sent.
    """
    if not current_services().settings.smtp_url:
        raise Wrong(words.no_mail(), "address")
    name, at, domain = typed.strip().rpartition("@")
    try:
        address = f"{name}{at}{domain.encode('idna').decode()}"
        if len(address) > LONGEST or not address.isascii() or not MAIL_ADDRESS.fullmatch(address):
            raise ValueError("no address")
        return Address(addr_spec=address).addr_spec
    except (ValueError, HeaderParseError) as error:
        raise Wrong(words.no_mail_address(), "address") from error


def masked(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def host(address: str, settings: Settings) -> str:
    return smtp_address.read(settings.smtp_url).host if settings.smtp_url else ""


def send(services: Services, address: str, message: Message) -> None:
    """Hand it to the mail house.

    Raises:
        NotSent: it was not taken.
    """
    settings = services.settings
    if not settings.smtp_url:
        raise NotSent(WayFailure.NOT_SET_UP)
    house = smtp_address.read(settings.smtp_url)
    letter = written(settings, address, message)
    try:
        _hand_in(MailConnection(house), house, letter)
    except (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError) as error:
        raise NotSent(WayFailure.NOT_SECURE) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent(_of_code(next(iter(error.recipients.values()))[0])) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(_of_code(error.smtp_code, WayFailure.SIGN_IN_REJECTED)) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(_of_code(error.smtp_code)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(WayFailure.NO_ANSWER) from error


def written(settings: Settings, address: str, message: Message) -> EmailMessage:
    """The letter. Whatever the message says, it has no headers but these."""
    name, sender = parseaddr(settings.mail_from)
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = one_line(message.title)
    letter["From"] = Address(one_line(name), addr_spec=sender)
    letter["To"] = Address(addr_spec=address)
    letter["Date"] = format_datetime(message.at)
    letter["Message-ID"] = f"<{message.tag}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if message.is_urgent:
        letter["Importance"] = "high"
    letter.set_content(f"{message.title}\n\n{message.body}\n\n{message.written_links}\n")
    letter.add_alternative(_html(message), subtype="html")
    return letter


def one_line(text: str) -> str:
    """Without line breaks and other characters that nobody sees."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())


def _html(message: Message) -> str:
    body = escape(message.body).replace("\n", Markup("<br>"))
    links = [(words.open_the_page(), message.link), *((link.label, link.address) for link in message.links)]
    shown = " · ".join(f'<a href="{escape(address)}">{escape(label)}</a>' for label, address in links)
    return f"<!doctype html><html><body><h1>{escape(message.title)}</h1><p>{body}</p><p>{shown}</p></body></html>\n"


class MailConnection(smtplib.SMTP):
    """A talk with the mail house that ends in time; secure from the start where the house wants that."""

    def __init__(self, house: SmtpAddress) -> None:
        self._house = house
        self._ends_at = time.monotonic() + ALL_S
        super().__init__(host=house.host, port=house.port, timeout=TIMEOUT_S, local_hostname="[127.0.0.1]")

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = connect(host, port, Reach.ANYWHERE)
        plain.settimeout(timeout)
        return trust().wrap_socket(plain, server_hostname=host) if self._house.is_secure_at_once else plain

    def getreply(self) -> tuple[int, bytes]:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail house is too slow")
        if self.sock is not None:
            self.sock.settimeout(min(TIMEOUT_S, left))
        return super().getreply()


def _hand_in(connection: smtplib.SMTP, house: SmtpAddress, letter: EmailMessage) -> None:
    """Where nobody else can read along: only on this machine itself in the clear."""
    try:
        if not house.is_secure_at_once and not house.is_this_machine:
            connection.starttls(context=trust())
        if house.username:
            _sign_in(connection, house)
        connection.send_message(letter)
        with suppress(smtplib.SMTPException, OSError):  # it is taken, however the house says good-bye
            connection.quit()
    finally:
        connection.close()


def _sign_in(connection: smtplib.SMTP, house: SmtpAddress) -> None:
    try:
        connection.login(house.username, house.password)
    except smtplib.SMTPNotSupportedError as error:  # nobody can sign in there
        raise NotSent(WayFailure.SIGN_IN_REJECTED) from error


def _of_code(code: int, lasting: WayFailure = WayFailure.REFUSED) -> WayFailure:
    """What a refusal means: 4xx passes, 5xx lasts (RFC 5321, 4.2.1)."""
    return WayFailure.SERVICE_TROUBLE if code < 500 else lasting
