"""The mailbox that answers come to, over IMAP: what is unread, and marking it as read afterwards."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 20.0
MOST_BYTES = 25 * 1024 * 1024
MOST_AT_ONCE = 20


class MailboxError(RuntimeError):
    """The server can't be reached or refuses; never holds the password."""


@dataclass(frozen=True)
class Found:
    """An unread mail. ``place``: validity and number, which never name another mail; ``whole``: False when only its
    head was read because it is too big."""

    number: str
    place: str
    raw: bytes
    whole: bool


class Mailbox:
    """``url``: ``imaps://user:password@host[:port][/folder]``, or ``imap://`` (TLS when the server offers it)."""

    def __init__(self, url: str, most_bytes: int = MOST_BYTES) -> None:
        self._url, self._most = url, most_bytes
        self._folder = unquote(urlsplit(url).path.strip("/")) or "INBOX"

    @contextmanager
    def opened(self) -> Iterator[OpenMailbox]:
        """A connection for one look; raises ``MailboxError``."""
        try:
            server = self._connect()
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"the mailbox can't be opened ({type(error).__name__})") from None
        try:
            yield OpenMailbox(server, self._folder, self._most)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"the mailbox broke off ({type(error).__name__})") from None
        finally:
            _leave(server)

    def _connect(self) -> imaplib.IMAP4:
        parts = urlsplit(self._url)
        host, tls = parts.hostname or "", parts.scheme == "imaps"
        context = ssl.create_default_context()
        if tls:
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                host, parts.port or 993, ssl_context=context, timeout=TIMEOUT_S
            )
        else:
            server = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT_S)
        try:
            if not tls and "STARTTLS" in server.capabilities:
                server.starttls(context)
            elif not tls and host not in ("localhost", "127.0.0.1", "::1"):
                raise imaplib.IMAP4.error("the server offers no TLS")
            server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        except BaseException:
            _leave(server)
            raise
        return server


class OpenMailbox:
    """A selected folder."""

    def __init__(self, server: imaplib.IMAP4, folder: str, most_bytes: int) -> None:
        self._server, self._most = server, most_bytes
        answer, _ = server.select(f'"{folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error("there is no such folder")
        _, data = server.response("UIDVALIDITY")
        self._validity = data[0].decode() if data and isinstance(data[0], bytes) else "0"

    def unread(self) -> Iterator[Found]:
        """Unread mails, oldest first, at most ``MOST_AT_ONCE``; reading does not mark them."""
        _, data = self._server.uid("SEARCH", "UNSEEN")
        numbers = data[0].decode().split() if data and data[0] else []
        for number in numbers[:MOST_AT_ONCE]:
            whole = self._size(number) <= self._most
            raw = self._fetch(number, "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])")
            if raw is not None:
                yield Found(number, f"{self._validity}.{number}", raw, whole)

    def mark_read(self, number: str) -> None:
        self._server.uid("STORE", number, "+FLAGS", r"(\Seen)")

    def _size(self, number: str) -> int:
        _, data = self._server.uid("FETCH", number, "(RFC822.SIZE)")
        found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(p for p in data or [] if isinstance(p, bytes)))
        return int(found[1]) if found else 0

    def _fetch(self, number: str, what: str) -> bytes | None:
        _, data = self._server.uid("FETCH", number, what)
        return next((bytes(part[1]) for part in data or [] if isinstance(part, tuple)), None)


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (OSError, imaplib.IMAP4.error):
        server.shutdown()
