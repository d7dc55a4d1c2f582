"""The life of a case as one table: which change is allowed, and who may make it."""

from __future__ import annotations

from store.words import Status

CITIZEN = "citizen"
OFFICIAL = "official"
COORDINATOR = "coordinator"
SYSTEM = "system"

ALLOWED: dict[tuple[Status, Status], frozenset[str]] = {
    (Status.NEW, Status.OFFERED): frozenset({SYSTEM, COORDINATOR}),
    (Status.OFFERED, Status.OFFERED): frozenset({SYSTEM, OFFICIAL, COORDINATOR}),
    (Status.OFFERED, Status.ACCEPTED): frozenset({OFFICIAL, COORDINATOR, SYSTEM}),
    (Status.ACCEPTED, Status.IN_PROGRESS): frozenset({OFFICIAL, COORDINATOR}),
    (Status.ACCEPTED, Status.WAITING): frozenset({OFFICIAL}),
    (Status.IN_PROGRESS, Status.WAITING): frozenset({OFFICIAL}),
    (Status.WAITING, Status.ACCEPTED): frozenset({CITIZEN, SYSTEM}),
    (Status.WAITING, Status.IN_PROGRESS): frozenset({CITIZEN, SYSTEM}),
    (Status.ACCEPTED, Status.DONE): frozenset({OFFICIAL}),
    (Status.IN_PROGRESS, Status.DONE): frozenset({OFFICIAL}),
    (Status.WAITING, Status.DONE): frozenset({OFFICIAL}),
    (Status.ACCEPTED, Status.OFFERED): frozenset({OFFICIAL, COORDINATOR}),
    (Status.IN_PROGRESS, Status.OFFERED): frozenset({OFFICIAL, COORDINATOR}),
    # Only to take back within a minute what has not reached the citizen (services.undo).
    (Status.IN_PROGRESS, Status.ACCEPTED): frozenset({OFFICIAL}),
    (Status.DONE, Status.ACCEPTED): frozenset({OFFICIAL}),
    (Status.DONE, Status.IN_PROGRESS): frozenset({OFFICIAL}),
    (Status.DONE, Status.CLOSED): frozenset({CITIZEN, SYSTEM}),
    (Status.DONE, Status.REOPENED): frozenset({CITIZEN}),
    (Status.CLOSED, Status.REOPENED): frozenset({CITIZEN}),
    (Status.REOPENED, Status.OFFERED): frozenset({SYSTEM, COORDINATOR}),
    (Status.NEW, Status.MERGED): frozenset({OFFICIAL, COORDINATOR}),
    (Status.OFFERED, Status.MERGED): frozenset({OFFICIAL, COORDINATOR}),
    (Status.ACCEPTED, Status.MERGED): frozenset({OFFICIAL, COORDINATOR}),
    (Status.NEW, Status.REJECTED): frozenset({OFFICIAL, COORDINATOR}),
    (Status.OFFERED, Status.REJECTED): frozenset({OFFICIAL, COORDINATOR}),
    (Status.ACCEPTED, Status.REJECTED): frozenset({OFFICIAL, COORDINATOR}),
}

BEFORE_DONE = (Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
"""Statuses in which the lead still has something to do."""
REOPEN_DAYS = 30
"""Days after closing in which the reporter or a follower may reopen."""
SILENCE_DAYS = 7
"""Days of silence after which a finished case closes unconfirmed, or a question to the citizen lapses."""


class ForbiddenChange(ValueError):
    """The lifecycle has no such change for this actor."""


def check(status: str, to: str, role: str) -> None:
    """Raise ``ForbiddenChange`` unless ``role`` may move a case from ``status`` to ``to``."""
    who = ALLOWED.get((Status(status), Status(to)))
    if who is None or role not in who:
        raise ForbiddenChange(f"{role} can't move a case from {status} to {to}")


def may(status: str, to: str, role: str) -> bool:
    """Whether ``check`` would pass."""
    return role in ALLOWED.get((Status(status), Status(to)), frozenset())
