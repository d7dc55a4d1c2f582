"""A mail to an agency without its looks: what it says and which links it carries. ``bot`` gives it its form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from handlers.messages.neutral import Line


@dataclass(frozen=True)
class MailAct:
    """A button: its words, and from which nonce its one-use link follows. ``style`` as in ``neutral.Button``."""

    label: str
    nonce: str
    style: str = "plain"


@dataclass(frozen=True)
class Mail:
    """One mail. ``thread``: keys of earlier mails about the case to this agency, the first and the last."""

    subject: str
    title: str
    badge: str = ""
    tone: str = "calm"
    said: str = ""
    """What somebody has just said about the case."""
    body: str = ""
    """The citizen's own words."""
    lines: tuple[Line, ...] = ()
    acts: tuple[MailAct, ...] = ()
    photos: tuple[str, ...] = ()
    """Addresses of pictures."""
    photos_label: str = ""
    notes: tuple[str, ...] = ()
    """What the reader should know about answering."""
    sender: str = ""
    """Who writes: the city's name and telephone."""
    reply: str = ""
    """From this nonce follows the address that answers go to."""
    thread: tuple[str, ...] = ()
    stop: str = ""
    """From this nonce follows the link that ends such mails by one click (RFC 8058); empty: it is no newsletter."""
    lang: str = "th"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Mail:
        """The mail that ``to_json`` wrote."""
        values = dict(data)
        values["lines"] = tuple(Line(**line) for line in values["lines"])
        values["acts"] = tuple(MailAct(**act) for act in values["acts"])
        for name in ("photos", "notes", "thread"):
            values[name] = tuple(values[name])
        return Mail(**values)
