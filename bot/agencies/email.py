"""The mail gateway: rows of the outbox as mails over SMTP.

SMTP knows no key by which a second copy is refused. A mail's Message-ID is born with its row and is the same on every
try, so that mail programs and most servers show repeated copies as one; that is as far as SMTP goes. Only when the
connection broke after the text was handed over, and before the server's answer, may a mail be repeated that had
arrived: nothing is lost, and a second copy changes nothing, for its links are the same and are spent once.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from bot.agencies.letter import as_html, as_text
from handlers.house import House
from handlers.messages.mail import Mail
from handlers.ports import SendResult, Sent
from handlers.services import mail_links
from store import Unit
from store.queries.outbox import Letter, Outcome

CONNECT_S = 15.0
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Postmark:
    """Who sends, and how answers find back. ``replies``: answers are read, so they get an address of their own."""

    sender: str
    replies: bool

    @property
    def name(self) -> str:
        return parseaddr(self.sender)[0]

    @property
    def box(self) -> tuple[str, str]:
        """The address before and behind its @."""
        before, _, behind = parseaddr(self.sender)[1].rpartition("@")
        return before, behind

    def reply_to(self, word: str) -> str:
        """The address that carries the word back."""
        before, behind = self.box
        return f"{before}+{word}@{behind}"

    def message_id(self, key: str) -> str:
        return f"<{key}@{self.box[1]}>"


def composed(letter: Letter, house: House, mark: Postmark) -> EmailMessage:
    """The mail of an outbox row, the same on every call but for its date. Raises ValueError on a bad address."""
    mail = Mail.from_json(letter.messages[0])
    stop = f"{house.pages}/mail/news/{mail_links.token(house, mail.stop)}" if mail.stop else ""
    link_of = lambda nonce: (
        stop if nonce == mail.stop else f"{house.pages}/mail/{mail_links.token(house, nonce)}"
    )
    made = EmailMessage()
    made["Subject"] = " ".join(mail.subject.split())
    made["From"] = Address(mark.name, *mark.box)
    made["To"] = letter.to
    made["Date"] = formatdate()
    made["Message-ID"] = mark.message_id(letter.retry_key)
    if mail.thread:
        made["In-Reply-To"] = mark.message_id(mail.thread[-1])
        made["References"] = " ".join(mark.message_id(key) for key in mail.thread)
    if mark.replies and mail.reply:
        made["Reply-To"] = mark.reply_to(mail_links.token(house, mail.reply))
    if stop:
        made["List-Unsubscribe"] = f"<{stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(as_text(mail, link_of), cte="quoted-printable")
    made.add_alternative(as_html(mail, link_of), subtype="html", cte="quoted-printable")
    return made


class EmailGateway:
    """The ``Gateway`` port over SMTP. ``url``: ``smtp://`` (TLS when the server offers it) or ``smtps://``."""

    def __init__(
        self, url: str, house: House, mark: Postmark, connect: Callable[[], smtplib.SMTP] | None = None
    ):
        self._house, self._mark = house, mark
        self._server = Server.of(url)
        self._connect = connect or self._server.connect

    def send(self, letter: Letter) -> SendResult:
        try:
            made = composed(letter, self._house, self._mark)
        except (ValueError, KeyError, TypeError) as error:
            return SendResult(Sent.REFUSED, f"no mail can be made of it: {type(error).__name__}")
        try:
            connection = self._connect()
        except smtplib.SMTPException as error:
            return SendResult(Sent.NOT_SENT, _words(error))
        except OSError as error:
            return SendResult(Sent.NOT_SENT, type(error).__name__)
        try:
            return _hand_over(connection, made, self._envelope(made), letter.to)
        finally:
            _part(connection)

    def settled(self, unit: Unit, letter: Letter, result: SendResult, outcome: Outcome) -> None:
        """SMTP tells nothing worth keeping."""

    def _envelope(self, made: EmailMessage) -> str:
        """Where bounces go: the address that leads back to the case, if answers are read."""
        before, behind = self._mark.box
        return str(made["Reply-To"] or f"{before}@{behind}")


@dataclass(frozen=True)
class Server:
    """A mail server's address with user and password."""

    host: str
    port: int
    user: str
    password: str
    tls: bool

    @staticmethod
    def of(url: str) -> Server:
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        host, port = parts.hostname or "", parts.port or (465 if tls else 587)
        return Server(host, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)

    def connect(self) -> smtplib.SMTP:
        """An open and authenticated connection; raises OSError or SMTPException."""
        if self.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=CONNECT_S, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=CONNECT_S)
        try:
            self._secure(connection)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _secure(self, connection: smtplib.SMTP) -> None:
        connection.ehlo()
        if not self.tls and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        elif not self.tls and self.user and self.host not in _HERE:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS: the password is not sent")


def _hand_over(connection: smtplib.SMTP, made: EmailMessage, sender: str, to: str) -> SendResult:
    try:
        connection.send_message(made, sender, [to])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _answered(code, words)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        return _answered(error.smtp_code, error.smtp_error)
    except smtplib.SMTPException as error:
        return SendResult(Sent.UNSURE, _words(error))
    except OSError as error:
        return SendResult(Sent.UNSURE, type(error).__name__)
    return SendResult(Sent.OK)


def _answered(code: int, words: object) -> SendResult:
    """5xx is the server's last word, 4xx is not."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    detail = f"{code} {' '.join(text.split())}"[:300]
    return SendResult(Sent.REFUSED if code >= 500 else Sent.NOT_SENT, detail)


def _words(error: smtplib.SMTPException) -> str:
    """What the server said, never what we told it (that may hold the password)."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()


def _part(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


class KeptMail:
    """Without a mail server, beside the simulator: mails stay in the outbox, and a page shows them."""

    def send(self, letter: Letter) -> SendResult:
        return SendResult(Sent.OK)

    def settled(self, unit: Unit, letter: Letter, result: SendResult, outcome: Outcome) -> None:
        """There is nothing to keep."""
