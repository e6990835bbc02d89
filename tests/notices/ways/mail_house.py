"""A mail house on loopback, in every weather; and certificates that it may show."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from queue import Queue
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

logging.getLogger("mail.log").disabled = True  # the house's own, which is none of ours
LONG_AGO, FAR_AHEAD = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=40000)


@dataclass
class MailHouse:
    """Takes mail, unless told to answer otherwise.

    Attributes:
        letters: what it has taken.
        signed_in: the users and passwords that came.
        answers: what it says in place of “250” to a command, by name: MAIL, RCPT, DATA.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    password: str = "right"
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if "DATA" not in self.answers:
            letter = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
            self.letters.append(letter)
            self.recipients += envelope.rcpt_tos
        return self.answers.get("DATA", "250 OK")

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        self.signed_in.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password.decode() == self.password, handled=False)


@contextmanager
def open_mail_house(tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[MailHouse]:
    """Let a mail house work; with a certificate it offers STARTTLS, or speaks TLS from the first byte on."""
    house = MailHouse()
    opened: Queue[tuple[asyncio.AbstractEventLoop, int]] = Queue()
    working = threading.Thread(target=lambda: asyncio.run(_work(house, tls, at_once, opened)))
    working.start()
    loop, house.port = opened.get()
    try:
        yield house
    finally:
        loop.call_soon_threadsafe(house.closing.set)
        working.join()


async def _work(house: MailHouse, tls: ssl.SSLContext | None, at_once: bool, opened: Queue[Any]) -> None:
    loop, offered = asyncio.get_running_loop(), None if at_once else tls
    server = await loop.create_server(
        lambda: SMTP(
            house,
            hostname="mail.example.org",
            tls_context=offered,
            authenticator=house.authenticate,
            auth_require_tls=offered is not None,
        ),
        "127.0.0.1",
        0,
        ssl=tls if at_once else None,
    )
    opened.put((loop, server.sockets[0].getsockname()[1]))
    await house.closing.wait()
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:  # connections that are still open
        task.cancel()


def certificate(folder: Path, *names: str) -> ssl.SSLContext:
    """What a house shows that has these names, signed by itself; `trusting` makes who believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(LONG_AGO)
        .not_valid_after(LONG_AGO + FAR_AHEAD)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def trusting(folder: Path) -> ssl.SSLContext:
    """Who believes the certificate made there, and nobody else."""
    return ssl.create_default_context(cafile=str(folder / "certificate.pem"))
