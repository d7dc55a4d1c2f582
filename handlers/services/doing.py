"""What a network decides and does together, as buttons of its card."""

from __future__ import annotations

from handlers.messages.neutral import Button, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.talk import Scene
from store.models import Person
from store.queries import activities, decisions

MOST = 2
_LETTERS = 40


def buttons(scene: Scene, network: str, lang: str, *, leads: bool) -> tuple[Button, ...]:
    """Open decisions, the last result and coming activities; to a representative also how to begin new ones."""
    found = [*_polls(scene, network, lang), *_activities(scene, network, lang, leads)]
    if leads:
        found.append(tap(say(lang, "button.poll_new"), "poll.new", network=network))
        found.append(tap(say(lang, "button.activity_new"), "activity.new", network=network))
    return tuple(found)


def open_now(scene: Scene, network: str, person: Person, lang: str) -> list[Button]:
    """One thing to take part in: a decision she has not finished answering, else the next activity she is not coming to."""
    for poll in decisions.of_network(scene.unit, network, ("open",)):
        if len(decisions.votes_of(scene.unit, poll.id, person.id)) < sum(
            s.state == "shown" for s in poll.statements
        ):
            label = shorten(say(lang, "button.poll_open", question=poll.question), _LETTERS)
            return [tap(label, "poll.show", poll=poll.id)]
    for one in activities.coming(scene.unit, network, scene.now):
        mine = activities.signup(scene.unit, one.id, person.id)
        if mine is None or mine.state == "left":
            label = shorten(say(lang, "button.activity_coming", title=one.title), _LETTERS)
            return [tap(label, "activity.show", activity=one.id)]
    return []


def _polls(scene: Scene, network: str, lang: str) -> list[Button]:
    polls = decisions.of_network(scene.unit, network)
    alive = [poll for poll in polls if poll.state == "open"][:MOST]
    last = [poll for poll in polls if poll.state == "closed"][:1]
    named = [("button.poll_open", poll) for poll in alive] + [("button.poll_last", poll) for poll in last]
    return [
        tap(shorten(say(lang, key, question=poll.question), _LETTERS), "poll.show", poll=poll.id)
        for key, poll in named
    ]


def _activities(scene: Scene, network: str, lang: str, leads: bool) -> list[Button]:
    do = "activity.panel" if leads else "activity.show"
    return [
        tap(shorten(say(lang, "button.activity_coming", title=one.title), _LETTERS), do, activity=one.id)
        for one in activities.coming(scene.unit, network, scene.now)[:MOST]
    ]
