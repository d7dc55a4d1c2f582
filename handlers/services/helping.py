"""The part of a helping agency: taken, given back or done, with a clock and a history of its own."""

from __future__ import annotations

from handlers.services import cases, clocks
from handlers.services.cases import Actor
from handlers.talk import Scene
from store.models import Case, Helper


def accept(scene: Scene, case: Case, helper: Helper, actor: Actor) -> None:
    """It helps; its part is due in its own working hours."""
    helper.state, helper.accepted_at = "accepted", scene.now
    clocks.helper_accepted(scene, case, helper)
    cases.note(scene, case, "helper_accepted", actor, public=True, data={"lead": helper.agency})


def decline(scene: Scene, case: Case, helper: Helper, actor: Actor, why: str, text: str = "") -> None:
    """It can't help; the lead decides whether somebody else should."""
    helper.state, helper.why = "declined", why
    clocks.helper_ended(scene, case, helper, "void")
    cases.note(scene, case, "helper_declined", actor, why=why, text=text, data={"lead": helper.agency})


def done(
    scene: Scene, case: Case, helper: Helper, actor: Actor, text: str, message_id: str | None = None
) -> None:
    """Its part is finished; the case goes on with the lead."""
    helper.state, helper.done_at = "done", scene.now
    helper.accepted_at = helper.accepted_at or scene.now
    clocks.helper_ended(scene, case, helper, "kept")
    data: dict[str, object] = {"lead": helper.agency}
    cases.note(scene, case, "helper_done", actor, text=text, public=True, message_id=message_id, data=data)
