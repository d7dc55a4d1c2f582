"""Work within an agency: who of its people has a case, what only they see, and cases of people who leave.

Part of the one writer of cases.
"""

from __future__ import annotations

from handlers.services import photos as photo_rows
from handlers.services.history import Actor, note
from handlers.talk import Scene
from store.models import Case, History, Person
from store.queries import cases as rows


def assign(scene: Scene, case: Case, actor: Actor, to: Person) -> History:
    """From now on ``to`` does the work; the citizen notices nothing."""
    case.assignee_id = to.id
    return note(scene, case, "assigned", actor, data={"to": to.id})


def note_inside(scene: Scene, case: Case, actor: Actor, text: str, message_id: str | None = None) -> History:
    """Words for the agencies only."""
    return note(scene, case, "inside", actor, text=text, message_id=message_id)


def add_photo(scene: Scene, case: Case, actor: Actor, message_id: str) -> History:
    """A picture for the agencies only; it shows what words can't."""
    assert actor.person is not None
    photo_rows.take(scene.unit, actor.person, message_id, "thread", case, scene.now)
    return note(scene, case, "photo", actor, message_id=message_id)


def let_go(scene: Scene, person: Person, agency: str) -> int:
    """Open cases of somebody who leaves the agency belong to nobody again; gives how many."""
    mine = rows.assigned_to(scene.unit, person.id, agency)
    for case in mine:
        case.assignee_id = None
        note(scene, case, "unassigned", Actor("system"), data={"from": person.id})
    return len(mine)
