"""One report that speaks of two problems: each part becomes a case of its own, linked both ways."""

from __future__ import annotations

from handlers.messages.neutral import Message, Text, tap
from handlers.messages.texts import say
from handlers.services import cases, notify
from handlers.services.cases import Actor, NewReport
from handlers.talk import Scene
from store.models import Case, Follower
from store.queries import cases as rows
from store.queries import people


def split(scene: Scene, case: Case, actor: Actor, new: NewReport) -> Case:
    """Open the other part as a case of the same reporters; who follows the first part follows both."""
    authors = [r for r in case.reports if not r.joined]
    first = people.by_ids(scene.unit, [authors[0].person_id])[0]
    made = cases.open_case(scene, first, new, actor)
    made.reports[0].channel, made.reports[0].entered_by = authors[0].channel, authors[0].entered_by
    made.reports[0].contact_name = authors[0].contact_name
    made.reports[0].contact_phone = authors[0].contact_phone
    made.reports[0].contact_consented_at = authors[0].contact_consented_at
    for person_id in _others(case, first.id):
        made.followers.append(Follower(person_id=person_id, since=scene.now))
    cases.note(scene, case, "split", actor, public=True, data={"cases": [made.code]})
    cases.note(scene, made, "split_from", actor, public=True, data={"cases": [case.code]})
    return made


def _others(case: Case, first: int) -> list[int]:
    waiting = [*rows.reporters(case), *(follower.person_id for follower in case.followers)]
    return [person_id for person_id in dict.fromkeys(waiting) if person_id != first]


def told(scene: Scene, case: Case, made: Case) -> None:
    """Everybody who waits for it hears once that there are two cases now, and who has the new one."""

    def build(lang: str) -> list[Message]:
        show = tap(say(lang, "button.show"), "case.show", case=made.code)
        lead = notify.lead_name(scene, made, lang)
        return [Text(say(lang, "told.split", code=case.code, new=made.code, lead=lead), quick=(show,))]

    notify.tell(scene, made, build, once=f"split-{made.code}")
