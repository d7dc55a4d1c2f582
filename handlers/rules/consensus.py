"""When a joint decision is taken: counting, quorum, the consensus rule, another round, the close. Pure.

A decision looks for what all can live with. So a statement needs a large share of those who take a side (the
charter's ``consensus``), enough people who looked at it (its quorum; "pass" is an answer too), and reasons against
it are heard in a further round before the vote is final.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

AGREE, DISAGREE, PASS = "agree", "disagree", "pass"
ANSWERS = (AGREE, DISAGREE, PASS)
AGREED, NOT_AGREED, NO_QUORUM = "agreed", "not_agreed", "no_quorum"
REMIND_BEFORE = timedelta(days=2)
"""Who has not answered is reminded once, this long before the close."""
REVISE_WITHIN = timedelta(days=7)
"""How long the representative may work on the statements between two rounds."""
PROMISE_WITHIN = timedelta(days=3)
"""How long the result waits for the representative's word on what will be done, by whom, by when."""


@dataclass(frozen=True)
class Charter:
    """How a network decides. ``consensus`` and ``quorum`` are shares from 0 to 1, ``days`` is the length of a round."""

    consensus: float
    quorum: float
    quorum_least: int
    rounds: int
    days: int

    def needed(self, members: int) -> int:
        """How many people must answer."""
        # Shares are typed decimals: 0.2 of 15 must be 3, not 4 because of binary fractions.
        return max(self.quorum_least, ceil(round(self.quorum * members, 9)))

    def closes(self, opened_at: datetime) -> datetime:
        return opened_at + timedelta(days=self.days)

    def kept(self) -> dict[str, Any]:
        """As it is written down with a decision, so that later changes of the charter touch no open one."""
        return asdict(self)


@dataclass(frozen=True)
class Ballot:
    """One answer to one statement."""

    statement: int
    person: int
    answer: str


@dataclass(frozen=True)
class Tally:
    """The answers to one statement."""

    agree: int = 0
    disagree: int = 0
    passed: int = 0

    @property
    def voters(self) -> int:
        return self.agree + self.disagree + self.passed

    @property
    def share(self) -> float:
        """Of those who took a side, the share that agrees; 0 when nobody did."""
        sides = self.agree + self.disagree
        return self.agree / sides if sides else 0.0


def count(ballots: Iterable[Ballot]) -> dict[int, Tally]:
    """The tally of each statement; of one person's answers to a statement only the last counts."""
    last = {(ballot.statement, ballot.person): ballot.answer for ballot in ballots}
    numbers: dict[int, dict[str, int]] = {}
    for (statement, _), answer in last.items():
        of_statement = numbers.setdefault(statement, dict.fromkeys(ANSWERS, 0))
        of_statement[answer] += 1
    return {key: Tally(n[AGREE], n[DISAGREE], n[PASS]) for key, n in numbers.items()}


def agreed(tally: Tally, charter: Charter, members: int) -> bool:
    """Whether enough people answered and enough of those who took a side can live with it."""
    return tally.voters >= charter.needed(members) and tally.share >= charter.consensus - 1e-9


def outcome(tallies: Iterable[Tally], voters: int, charter: Charter, members: int) -> str:
    """Of the whole decision: something was agreed, nothing was, or too few people answered."""
    if voters < charter.needed(members):
        return NO_QUORUM
    return AGREED if any(agreed(tally, charter, members) for tally in tallies) else NOT_AGREED


def another_round(number: int, charter: Charter, reasons: int, result: str) -> bool:
    """Whether reasons against it are worked in and voted on again after round ``number``."""
    return reasons > 0 and number < charter.rounds and result != NO_QUORUM


def reminds(opened_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Whether it is time for the one reminder; a round too short for one has none."""
    at = closes_at - REMIND_BEFORE
    return opened_at + timedelta(days=1) <= at <= now < closes_at
