"""What people corrected becomes a labelled row, so that tomorrow's guesses are better."""

from __future__ import annotations

from handlers.talk import Talk
from store.models import Case, Correction


def remember(talk: Talk, case: Case, guessed: str, role: str, category: str | None = None) -> None:
    """Keep that a text was taken for ``guessed`` but is ``category`` (the case's own unless told).

    Personal data is masked; where the words were taken back there is nothing to learn from.
    """
    if not case.public_text.strip():
        return
    talk.unit.add(
        Correction(
            at=talk.now,
            case=case,
            person_id=talk.person.id,
            role=role,
            text=case.public_text,
            guessed=guessed,
            category=category or case.category,
        )
    )
