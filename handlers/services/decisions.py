"""Joint decisions: prepared by a representative, voted on by members, closed by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from handlers.rules import consensus, opinion_groups, participation
from handlers.rules.consensus import Ballot, Charter, Tally
from handlers.services.charters import charter_of
from handlers.talk import Scene
from nlp import mask
from store import Unit
from store.models import Case, Objection, Person, Poll, Promise, Round, Statement, Vote
from store.queries import decisions as rows
from store.queries import networks

MOST_OPEN = 3
"""Decisions a network has open at once: every one asks all its members."""
MOST_STATEMENTS = 60
MOST_OF_ONE = 5
"""Statements one member may add to a decision."""
_NUMBER = {consensus.AGREE: 1.0, consensus.DISAGREE: -1.0, consensus.PASS: 0.0}


@dataclass(frozen=True)
class Standing:
    """How a decision stands: only members of now count, and only statements that are shown."""

    members: int
    voters: int
    needed: int
    tallies: dict[int, Tally]
    charter: Charter

    def tally(self, statement: int) -> Tally:
        return self.tallies.get(statement, Tally())

    def agreed(self, statement: int) -> bool:
        return consensus.agreed(self.tally(statement), self.charter, self.members)

    @property
    def outcome(self) -> str:
        return consensus.outcome(self.tallies.values(), self.voters, self.charter, self.members)


def draft(scene: Scene, person: Person, network: str, case: Case | None) -> Poll:
    """A decision that is being prepared; an earlier one that was never opened is dropped."""
    rows.drop_drafts(scene.unit, network, person.id)
    poll = Poll(
        network=network,
        case_id=case.id if case else None,
        person_id=person.id,
        level=participation.of_poll(scene.book.networks[network].level),
        state="draft",
        charter={},
        figures={},
        created_at=scene.now,
        rounds=[],
        statements=[],
        promises=[],
    )
    scene.unit.add(poll)
    scene.unit.flush()
    return poll


def say(
    scene: Scene,
    poll: Poll,
    person: Person,
    text: str,
    message_id: str | None,
    *,
    state: str = "shown",
    replaces: Statement | None = None,
) -> Statement:
    """Add a statement, without personal data. One that takes another's place is voted on anew."""
    made = Statement(
        person_id=person.id,
        text=mask(text.strip()),
        state=state,
        replaces=replaces.id if replaces else None,
        message_id=message_id,
        created_at=scene.now,
    )
    if replaces is not None:
        replaces.state = "replaced"
    poll.statements.append(made)
    scene.unit.flush()
    return made


def shown(poll: Poll) -> list[Statement]:
    return [statement for statement in poll.statements if statement.state == "shown"]


def current(poll: Poll) -> Round:
    """The round that runs, or the last one."""
    return poll.rounds[-1]


def rules_of(scene: Scene, poll: Poll) -> Charter:
    """The charter of the day the decision was opened; of today while it is prepared."""
    return Charter(**poll.charter) if poll.charter else charter_of(scene, poll.network)


def open_round(scene: Scene, poll: Poll) -> Round:
    """Open the first round, or the next one."""
    charter = rules_of(scene, poll)
    poll.charter = charter.kept()
    poll.state = "open"
    made = Round(
        number=len(poll.rounds) + 1,
        state="open",
        opened_at=scene.now,
        closes_at=charter.closes(scene.now),
        figures={},
    )
    poll.rounds.append(made)
    scene.unit.flush()
    return made


def is_open(poll: Poll, now: datetime) -> bool:
    """Whether votes are taken: the clock ends a round even before its job has run."""
    return poll.state == "open" and now < current(poll).closes_at


def vote(scene: Scene, poll: Poll, statement: Statement, person: Person, answer: str) -> str | None:
    """Keep her answer; gives the one she had before, if any."""
    known = rows.vote(scene.unit, statement.id, person.id)
    if known is not None:
        before, known.answer, known.at = known.answer, answer, scene.now
        return before
    scene.unit.add(
        Vote(poll_id=poll.id, statement_id=statement.id, person_id=person.id, answer=answer, at=scene.now)
    )
    scene.unit.flush()
    return None


def unanswered(scene: Scene, poll: Poll, person: Person) -> list[Statement]:
    """Statements she has not answered. Everybody begins at another one, so that none is always the last."""
    found = shown(poll)
    start = person.id % len(found) if found else 0
    known = rows.votes_of(scene.unit, poll.id, person.id)
    return [statement for statement in found[start:] + found[:start] if statement.id not in known]


def object_to(
    scene: Scene, poll: Poll, statement: Statement, person: Person, text: str, message_id: str | None
) -> None:
    """Keep her reason, without personal data; a later one takes the place of an earlier one."""
    known = rows.objection(scene.unit, statement.id, person.id)
    words = mask(text.strip())
    if known is not None:
        known.text, known.message_id, known.at = words, message_id, scene.now
        return
    scene.unit.add(
        Objection(
            poll_id=poll.id,
            statement_id=statement.id,
            person_id=person.id,
            text=words,
            message_id=message_id,
            at=scene.now,
        )
    )
    scene.unit.flush()


def standing(unit: Unit, poll: Poll) -> Standing:
    """Count what stands now in a decision that was opened."""
    found = [Ballot(*row) for row in rows.ballots(unit, poll)]
    tallies = consensus.count(found)
    members = networks.size(unit, poll.network)
    charter = Charter(**poll.charter)
    voters = len({ballot.person for ballot in found})
    return Standing(members, voters, charter.needed(members), tallies, charter)


def reasons(scene: Scene, poll: Poll) -> dict[int, list[str]]:
    """Standing reasons against each statement."""
    found: dict[int, list[str]] = {}
    for objection in rows.objections(scene.unit, poll.id):
        found.setdefault(objection.statement_id, []).append(objection.text)
    return found


def figures(unit: Unit, poll: Poll, *, with_groups: bool) -> dict[str, Any]:
    """The standing as plain data, without words: a statement taken back later must not live on in it."""
    now = standing(unit, poll)
    groups = _groups(unit, poll) if with_groups else None
    return {
        "members": now.members,
        "voters": now.voters,
        "needed": now.needed,
        "outcome": now.outcome,
        "round": current(poll).number,
        "statements": [_figures_of(now, statement) for statement in shown(poll)],
        "groups": groups,
    }


def _figures_of(now: Standing, statement: Statement) -> dict[str, Any]:
    tally = now.tally(statement.id)
    return {
        "id": statement.id,
        "agree": tally.agree,
        "disagree": tally.disagree,
        "pass": tally.passed,
        "agreed": now.agreed(statement.id),
    }


def _groups(unit: Unit, poll: Poll) -> dict[str, Any] | None:
    """Groups of opinion, where there are enough people and they are clearly apart."""
    columns = {statement.id: i for i, statement in enumerate(shown(poll))}
    ballots = rows.ballots(unit, poll)
    lines = {person: i for i, person in enumerate(sorted({person for _, person, _ in ballots}))}
    votes = np.full((len(lines), len(columns)), np.nan)
    for statement, person, answer in ballots:
        votes[lines[person], columns[statement]] = _NUMBER[answer]
    found = opinion_groups.find(votes)
    if found is None:
        return None
    ids = list(columns)
    return {
        "sizes": list(found.sizes),
        "silhouette": round(found.silhouette, 3),
        "bridges": [ids[i] for i in found.bridges()],
        "common": {str(ids[i]): round(value, 4) for i, value in enumerate(found.common)},
        "marks": [
            [[ids[i], round(found.share[group][i], 3)] for i in found.marks(group)[:2]]
            for group in range(len(found.sizes))
        ],
    }


def in_order(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of figures: what joins the groups first, then what was agreed, then by share."""
    groups = figures.get("groups") or {}
    bridges = groups.get("bridges", [])

    def rank(row: dict[str, Any]) -> tuple[int, bool, float, int]:
        place = bridges.index(row["id"]) if row["id"] in bridges else len(bridges)
        share = Tally(row["agree"], row["disagree"], row["pass"]).share
        return place, not row["agreed"], -share, row["id"]

    return sorted(figures.get("statements", []), key=rank)


def promise(scene: Scene, poll: Poll, what: str, who: str, due_at: datetime) -> Promise:
    """Write down what will be done, by whom, by when."""
    made = Promise(
        network=poll.network, what=mask(what), who=mask(who), due_at=due_at, state="running", note=""
    )
    poll.promises.append(made)
    scene.unit.flush()
    return made


def fulfil(scene: Scene, promised: Promise, note: str) -> None:
    """It was done; after its date it stays a broken promise that was made good."""
    promised.state = "kept" if promised.state == "running" and scene.now <= promised.due_at else "broken"
    promised.ended_at, promised.note = scene.now, mask(note)


def as_data(unit: Unit, poll: Poll) -> dict[str, Any]:
    """For those who run the installation: all numbers, nobody's name."""
    texts = {statement.id: statement.text for statement in poll.statements}
    numbers = poll.figures if poll.state == "closed" else figures(unit, poll, with_groups=False)
    return {
        "poll": poll.id,
        "question": poll.question,
        "background": poll.background,
        "level": poll.level,
        "state": poll.state,
        "outcome": poll.outcome,
        "round": len(poll.rounds),
        "opened": _iso(poll.rounds[0].opened_at) if poll.rounds else None,
        "closes": _iso(poll.rounds[-1].closes_at) if poll.rounds else None,
        "closed": _iso(poll.closed_at),
        "charter": poll.charter,
        **{key: numbers.get(key) for key in ("members", "voters", "needed", "groups")},
        "statements": [{**row, "text": texts.get(row["id"], "")} for row in in_order(numbers)],
        "waiting": sum(statement.state == "waiting" for statement in poll.statements),
        "promises": [
            {
                "what": p.what,
                "who": p.who,
                "due": _iso(p.due_at),
                "state": p.state,
                "ended": _iso(p.ended_at),
            }
            for p in poll.promises
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
