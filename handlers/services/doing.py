"""What a network decides and does together, as buttons of its card."""

from __future__ import annotations

from handlers.messages.neutral import Button, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.talk import Scene
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
