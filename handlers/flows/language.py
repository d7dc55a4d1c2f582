"""In which language somebody is answered."""

from __future__ import annotations

import re

from handlers.incoming import Kind
from handlers.messages.texts import words
from handlers.rules.codes import find_code
from handlers.rules.invites import read_code
from handlers.talk import Talk
from nlp import language

_LETTERS = re.compile(r"(?<!\S)[A-Za-z]{2,}[.,!?]?(?!\S)", re.ASCII)
_WORDS_FOR_ENGLISH = 3


def learn(talk: Talk) -> None:
    """English is answered in English once she really writes it; a code or one word proves nothing."""
    text = talk.incoming.text
    if talk.incoming.kind != Kind.TEXT or read_code(text) or find_code(text):
        return
    if any("\u0e00" <= letter <= "\u0e7f" for letter in text):
        talk.person.language = "th"
    elif _greets_in_english(text) or (
        len(_LETTERS.findall(text)) >= _WORDS_FOR_ENGLISH and language(text) == "en"
    ):
        talk.person.language = "en"


def _greets_in_english(text: str) -> bool:
    return text.strip(" .!,?").lower() in words("remark.english")
