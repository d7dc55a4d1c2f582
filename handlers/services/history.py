"""What happened to a case: one row for each thing, and the only way to change a status."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.rules import lifecycle
from handlers.services import bridges, similar, webhooks
from handlers.talk import Scene
from store.models import Case, History, Person
from store.words import Status


@dataclass(frozen=True)
class Actor:
    """Who does something to a case. ``role``: citizen, official, coordinator, representative or system."""

    role: str
    person: Person | None = None
    agency: str | None = None


SYSTEM = Actor(lifecycle.SYSTEM)


def note(
    scene: Scene,
    case: Case,
    kind: str,
    actor: Actor,
    *,
    text: str = "",
    why: str = "",
    public: bool = False,
    message_id: str | None = None,
    moved: tuple[str, str] | None = None,
    data: dict[str, object] | None = None,
) -> History:
    """Add one row of history; ``moved`` is the change of status, if any."""
    row = History(
        at=scene.now,
        kind=kind,
        status_from=moved[0] if moved else None,
        status_to=moved[1] if moved else None,
        person_id=actor.person.id if actor.person else None,
        role=actor.role,
        agency=actor.agency,
        why=why,
        text=text,
        public=public,
        message_id=message_id,
        data=data or {},
    )
    case.history.append(row)
    webhooks.happened(scene, case, row)
    bridges.happened(scene, case, row)
    return row


def move(
    scene: Scene,
    case: Case,
    to: Status,
    actor: Actor,
    kind: str,
    *,
    text: str = "",
    why: str = "",
    public: bool = True,
    message_id: str | None = None,
    data: dict[str, object] | None = None,
) -> History:
    """Change the status as the lifecycle allows, with its row of history. Raises ``ForbiddenChange``."""
    lifecycle.check(case.status, to, actor.role)
    moved = (case.status, to.value)
    case.status, case.changed_at = to, scene.now
    similar.moved(scene, case)
    return note(
        scene,
        case,
        kind,
        actor,
        text=text,
        why=why,
        public=public,
        message_id=message_id,
        moved=moved,
        data=data,
    )
