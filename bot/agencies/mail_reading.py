"""Reads a raw mail into our own words. Tolerant: whatever the mail is made of, something sensible comes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parseaddr
from typing import Any

from bot.agencies.quotes import marks, own_words, plain

MOST_WORDS = 5000
MOST_PICTURES = 6
LEAST_PICTURE = 6 * 1024
"""Bytes; smaller ones are logos of signatures."""
_WORD = re.compile(r"\+([0-9a-f]{40})@", re.I | re.ASCII)
_KEY = re.compile(r"\b([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})@", re.I | re.ASCII)
_CHARSETS = {"windows-874": "cp874", "x-windows-874": "cp874", "tis620": "tis-620", "tis-620-2533": "tis-620"}
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply")


@dataclass(frozen=True)
class ReadMail:
    """A mail that came in. ``words``: secrets of the addresses it came to; ``refers``: keys of mails it answers."""

    id: str
    sender: str
    subject: str
    text: str
    words: list[str]
    refers: list[str]
    automatic: bool
    bounced: str
    """Why a mail of ours did not arrive; empty when this is no such news."""
    pictures: list[bytes] = field(default_factory=list)

    def to_json(self, photos: list[str], too_big: bool = False) -> dict[str, Any]:
        """As flows read it (``handlers.flows.by_mail.answer``); ``photos``: tokens of the pictures that were kept."""
        shown = {name: value for name, value in vars(self).items() if name != "pictures"}
        return {**shown, "photos": photos, "too_big": too_big}


def read(raw: bytes, place: str) -> ReadMail:
    """The mail in ``raw``; ``place`` names it when it has no Message-ID of its own (mailbox and number)."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    sender = parseaddr(_header(mail, "From"))[1][:200]
    bounced = _bounce(mail, sender, raw)
    return ReadMail(
        id="mail-" + hashlib.sha256((_header(mail, "Message-ID").strip() or place).encode()).hexdigest()[:40],
        sender=sender,
        subject=_header(mail, "Subject")[:300],
        text=own_words(_text(mail))[:MOST_WORDS],
        words=_words(mail),
        refers=_refers(mail, raw if bounced else b""),
        automatic=_automatic(mail, sender),
        bounced=bounced,
        pictures=list(_pictures(mail)),
    )


def _header(mail: Message, name: str) -> str:
    """A header decoded, on one line; whatever bytes it holds."""
    from email.header import decode_header

    value = mail.get(name)
    if value is None:
        return ""
    try:
        parts = [_decoded(p, c or "") if isinstance(p, bytes) else p for p, c in decode_header(str(value))]
    except (ValueError, LookupError):
        parts = [str(value)]
    return _keepable(" ".join("".join(parts).split()))


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _decoded(content: bytes, charset: str) -> str:
    """Thai offices still write TIS-620; a wrong or missing name is guessed."""
    name = charset.strip().strip('"').lower()
    for guess in (_CHARSETS.get(name, name), "utf-8", "cp874"):
        try:
            return content.decode(guess) if guess else content.decode("utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _parts(mail: Message) -> Iterator[Message]:
    """Leaves that belong to the answer itself, not to a mail that hangs on it."""
    if mail.get_content_type() == "message/rfc822":
        return
    if mail.is_multipart():
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)
    else:
        yield mail


def _text(mail: Message) -> str:
    """Plain text where there is some, else the words of the HTML."""
    leaves = [part for part in _parts(mail) if part.get_content_disposition() != "attachment"]
    for kind, as_words in (("text/plain", str), ("text/html", plain)):
        found = [as_words(_content(part)) for part in leaves if part.get_content_type() == kind]
        text = "\n".join(part for part in found if part.strip())
        if text:
            return _keepable(text)
    return ""


def _content(part: Message) -> str:
    content = part.get_payload(decode=True)
    return _decoded(content, part.get_content_charset() or "") if isinstance(content, bytes) else ""


def _pictures(mail: Message) -> Iterator[bytes]:
    given = 0
    for part in _parts(mail):
        content = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if isinstance(content, bytes) and len(content) >= LEAST_PICTURE and given < MOST_PICTURES:
            given += 1
            yield content


def _words(mail: Message) -> list[str]:
    """Words after the plus of every address it may have come to."""
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")
    values = [_header(mail, name) for name in names]
    addresses = " ".join(address for _, address in getaddresses(values)) + " ".join(values)
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(addresses)))


def _refers(mail: Message, report: bytes) -> list[str]:
    """Keys of mails of ours that it names, the nearest first; a bounce names ours in its report."""
    named = f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}"
    named += " " + report.decode("utf-8", "replace")
    return list(dict.fromkeys(key.lower() for key in _KEY.findall(named)))[:10]


def _automatic(mail: Message, sender: str) -> bool:
    """Written by a machine: absence notes, receipts, lists."""
    submitted = _header(mail, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or any(_header(mail, name) for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or _header(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or _header(mail, "Return-Path").replace(" ", "") == "<>"
        or mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0].lower() in _MACHINES
        or bool(marks()["automatic_subject"].search(_header(mail, "Subject")))
    )


def _bounce(mail: Message, sender: str, raw: bytes) -> str:
    """Why it did not arrive, from a delivery report or a mail system's own words; a delay is no failure."""
    kind = mail.get_param("report-type") or ""
    if mail.get_content_type() == "multipart/report" and str(kind).lower() == "delivery-status":
        report = raw.decode("utf-8", "replace")
        if not re.search(r"^Action:\s*failed", report, re.I | re.M):
            return ""
        said = re.search(r"^Diagnostic-Code:\s*(.+)$", report, re.I | re.M)
        said = said or re.search(r"^Status:\s*([0-9.]+)", report, re.I | re.M)
        return said[1].strip()[:200] if said else "failed"
    if sender.partition("@")[0].lower() in ("mailer-daemon", "postmaster"):
        return _header(mail, "Subject")[:200] or "failed"
    return ""
