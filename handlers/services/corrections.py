"""What people corrected becomes a labelled row, so that tomorrow's guesses are better."""

from __future__ import annotations

from handlers.talk import Talk
from store.models import Case, Correction


def remember(talk: Talk, case: Case, guessed: str, role: str) -> None:
    """Keep that a text was taken for ``guessed`` but is ``case.category``; personal data is masked."""
    talk.unit.add(
        Correction(
            at=talk.now,
            case=case,
            person_id=talk.person.id,
            role=role,
            text=case.public_text,
            guessed=guessed,
            category=case.category,
        )
    )
