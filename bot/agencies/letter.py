"""Gives a mail its form: plain text and HTML with inline styles, which is all that mail programs agree on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from handlers.messages.mail import Mail

_FOLDER = Path(__file__).with_name("templates")
TONES = {"calm": "#0b6e4f", "good": "#0b6e4f", "warn": "#9a5b00", "urgent": "#b3261e"}

LinkOf = Callable[[str], str]
"""``link_of(nonce)``: the address of a one-use link."""


def as_text(mail: Mail, link_of: LinkOf) -> str:
    """For readers and programs that show no HTML."""
    parts = [f"[{mail.badge}] {mail.title}" if mail.badge else mail.title]
    parts += [mail.said] if mail.said else []
    parts += [f"“{mail.body}”"] if mail.body else []
    parts.append("\n".join(f"{line.label}: {line.value}" for line in mail.lines))
    if mail.photos:
        parts.append("\n".join([f"{mail.photos_label}:", *mail.photos]))
    parts += [f"{act.label}\n{link_of(act.nonce)}" for act in mail.acts]
    parts += ["\n".join(mail.notes)] if mail.notes else []
    return "\n\n".join([*parts, f"-- \n{mail.sender}"]) + "\n"


def as_html(mail: Mail, link_of: LinkOf) -> str:
    """The same, for the eye."""
    page: str = _template().render(mail=mail, link_of=link_of, tone=TONES.get(mail.tone, TONES["calm"]))
    return page


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(_FOLDER), autoescape=True).get_template("letter.html")
