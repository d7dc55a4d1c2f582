"""The way into the console: a link for whoever holds a role, given in the chat and used up by one press."""

from __future__ import annotations

from handlers.messages.neutral import Button, Card
from handlers.services import doors
from handlers.talk import Outcome, Talk


def link(talk: Talk) -> Outcome:
    """A fresh link; somebody without a role is told kindly what the web is for."""
    if not doors.groups(talk, talk.person):
        return talk.answer("door.no_role")
    return Outcome([card(talk)], secret=True)


def card(talk: Talk) -> Card:
    """The card with the link. Whoever holds it may sign in, so the words are blanked once they are sent."""
    address = f"{talk.house.pages}/console/enter/{doors.mint(talk, talk.person)}"
    button = Button(talk.say("button.open_web"), "link", uri=address, style="main")
    return Card(
        title=talk.say("door.title"),
        body=talk.say("door.body", minutes=int(doors.LINK_S // 60)),
        buttons=(button,),
        alt=talk.say("door.title"),
    )
