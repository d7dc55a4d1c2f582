"""Menu, help, invite codes, and a person's own data."""

from __future__ import annotations

from handlers.flows import door
from handlers.messages.neutral import Button, Card, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import day
from handlers.services import doors, people, privacy
from handlers.talk import Outcome, Talk
from store.models import Role
from store.words import RoleName


def menu(talk: Talk) -> Outcome:
    """What one can do here, one tap each; officials and representatives find their own things too."""
    buttons: list[Button] = [
        tap(talk.say("button.report"), "report.start", style="main"),
        tap(talk.say("button.track"), "case.track"),
        tap(talk.say("button.networks"), "network.mine"),
    ]
    if talk.agencies:
        buttons.append(tap(talk.say("button.inbox"), "inbox"))
        buttons.append(tap(talk.say("button.duty"), "duty"))
    if talk.agencies or talk.represents:
        buttons.append(tap(talk.say("button.behalf"), "behalf.start"))
    if talk.roles(RoleName.HEAD):
        buttons.append(tap(talk.say("button.staff"), "staff"))
    buttons.extend(
        tap(
            shorten(talk.say("button.network_of", name=_network(talk, code)), 40),
            "network.show",
            network=code,
        )
        for code in talk.represents[:3]
    )
    if doors.groups(talk, talk.person):
        buttons.append(tap(talk.say("button.web"), "web"))
    buttons.append(tap(talk.say("button.my_data"), "me.export", style="quiet"))
    city = talk.book.data.city
    name = city.name_en if talk.lang == "en" else city.name_th
    return Outcome(
        [Card(title=talk.say("menu.title", city=name), body=talk.say("menu.body"), buttons=tuple(buttons))]
    )


def _network(talk: Talk, code: str) -> str:
    row = talk.book.networks.get(code)
    return talk.book.name(row, talk.lang) if row else code


def help_(talk: Talk) -> Outcome:
    key = "help.official" if talk.agencies else "help.citizen"
    city = talk.book.data.city
    return Outcome([Text(talk.say(key, phone=city.phone)), *menu(talk).messages])


def invite(talk: Talk, code: str) -> Outcome:
    """A code gives its role at once, also before consent (the consent question comes with the answer)."""
    if talk.incoming.group:
        return Outcome()
    try:
        role = people.redeem(talk, talk.person, code)
    except people.BadInvite as fault:
        return talk.answer(f"invite.{fault}")
    if role.name == RoleName.ADMINISTRATOR:
        return Outcome([_welcome(talk, role), door.card(talk)], secret=True)
    return Outcome([_welcome(talk, role)])


def _welcome(talk: Talk, role: Role) -> Message:
    where = talk.book.agency_name(role.agency, talk.lang) or (
        _network(talk, role.network) if role.network else ""
    )
    name = RoleName(role.name)
    if name == RoleName.REPRESENTATIVE:
        button = tap(talk.say("button.network_show"), "network.show", style="main", network=role.network)
    elif name == RoleName.ADMINISTRATOR:
        button = tap(talk.say("button.menu"), "menu", style="main")
    else:
        button = tap(talk.say("button.inbox"), "inbox", style="main")
    return Card(
        title=talk.say("invite.welcome", role=talk.say(f"role.{name.value}")),
        body=talk.say(f"invite.can_{name.value}", where=where),
        buttons=(button,),
        badge=where,
        tone="good",
        alt=talk.say("invite.welcome", role=talk.say(f"role.{name.value}")),
    )


def export(talk: Talk) -> Outcome:
    """Her data in plain words, in the chat."""
    data = privacy.export(talk.unit, talk.person)
    since = day(talk.person.created_at, talk.now, talk.book.zone, talk.lang)
    lines = [
        talk.say("me.title"),
        talk.say("me.since", since=since),
        talk.say("me.consent", version=data["consent"]),
        talk.say(
            "me.counts",
            reports=len(data["reports"]),
            photos=len(data["photos"]),
            networks=len(data["networks"]),
        ),
        *[f"• {r['case']}: {shorten(r['text'], 120)}" for r in data["reports"][-15:]],
        *[f"• {_network(talk, n['network'])}" for n in data["networks"]],
    ]
    button = tap(talk.say("button.forget"), "me.forget", style="quiet")
    return Outcome(
        [Text(shorten("\n".join(lines), 4000), quick=(button, tap(talk.say("button.menu"), "menu")))]
    )


def forget(talk: Talk) -> Outcome:
    """Asked once more, because it can't be undone."""
    if talk.incoming.data.get("sure") != "1":
        buttons = (
            tap(talk.say("button.forget_sure"), "me.forget", sure="1"),
            tap(talk.say("button.keep"), "menu", style="main"),
        )
        return Outcome(
            [Card(title=talk.say("forget.title"), body=talk.say("forget.body"), buttons=buttons, tone="warn")]
        )
    words = talk.say("forget.done")
    privacy.forget(talk, talk.person)
    return Outcome([Text(words)], draft=None, asked=None, focus=None, secret=True)
