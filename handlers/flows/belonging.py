"""More of a network in the chat: its compact, the directory its members chose to be in, for whom one joins, passing news on."""

from __future__ import annotations

from handlers.flows import appointing, caring, membership
from handlers.messages.neutral import Button, Card, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.services import compacts, digests, networks, opinions
from handlers.talk import Outcome, Talk
from nlp import normalise
from store.models import Membership
from store.queries import charters
from store.queries import members as rows

POSITIONS = ("villager", "leader", "volunteer", "teacher", "business", "official")
SKILLS = ("building", "health", "farming", "computer", "organising", "none")
KINDS = ("individual", "node", "network")
MOST_NAME = 60


def more(talk: Talk) -> Outcome:
    """Everything a member can do in her network beside reading it."""
    code = talk.incoming.data.get("network", "")
    member = membership.active(talk, code)
    if member is None:
        return talk.answer("stale.network")
    buttons: list[Button] = [
        _button(talk, code, "directory", "dir.show"),
        _button(talk, code, "dir_hide", "dir.hide")
        if member.listed
        else _button(talk, code, "dir_join", "dir.join"),
        tap(talk.say("button.lend_new"), "lend.new"),
        _button(talk, code, "charter", "charter.show"),
        _button(talk, code, "kind", "member.kind"),
    ]
    if member.kind != "individual":
        buttons.append(_button(talk, code, "pass_on", "pass.on"))
    if caring.may_act(talk, code):
        buttons += [_button(talk, code, "tasks", "task.list"), _button(talk, code, "opinions", "opinion.sum")]
    buttons += appointing.button(talk, code)
    name = talk.book.name(talk.book.networks[code], talk.lang)
    return Outcome([Card(title=name, body=talk.say("network.more"), buttons=tuple(buttons), alt=name)])


def _button(talk: Talk, code: str, key: str, do: str) -> Button:
    return tap(talk.say(f"button.{key}"), do, network=code)


# --- the compact


def charter(talk: Talk) -> Outcome:
    """The version in force, to read again and to answer."""
    member = membership.active(talk, talk.incoming.data.get("network", ""))
    found = charters.charter(talk.unit, member.network) if member else None
    if member is None or found is None:
        return talk.answer("charter.none" if member else "stale.network")
    shown: list[Message] = compacts.ask(talk, member, talk.lang)
    return Outcome(shown or [compacts.card(talk, found, member, talk.lang)])


def agree(talk: Talk) -> Outcome:
    data = talk.incoming.data
    member = membership.active(talk, data.get("network", ""))
    version = data.get("version", "")
    known = version.isascii() and version.isdigit() and len(version) < 9
    if member is None or not known or data.get("a") not in ("yes", "no"):
        return talk.answer("stale.network")
    if not compacts.answer(talk, member, int(version), data["a"]):
        return talk.answer("charter.old")
    return talk.answer("charter.agreed" if data["a"] == "yes" else "charter.disagreed")


# --- for whom she is a member


def kind(talk: Talk) -> Outcome:
    data = talk.incoming.data
    member = membership.active(talk, data.get("network", ""))
    if member is None:
        return talk.answer("stale.network")
    if data.get("kind") not in KINDS:
        buttons = tuple(
            tap(talk.say(f"member.{one}"), "member.kind", network=member.network, kind=one) for one in KINDS
        )
        return Outcome([Text(talk.say("member.ask"), quick=buttons)])
    networks.represent_others(talk, member, data["kind"])
    return talk.answer("member.set", kind=talk.say(f"member.{member.kind}"))


def pass_on(talk: Talk) -> Outcome:
    """A ready text that a node can forward to its people, with public numbers only."""
    code = talk.incoming.data.get("network", "")
    member = membership.active(talk, code)
    if member is None or member.kind == "individual":
        return talk.answer("stale.network")
    figures = digests.counts(talk, code)
    name = talk.book.name(talk.book.networks[code], talk.lang)
    link = f"{talk.house.pages}/networks/{code}"
    words = talk.say("member.pass_on", name=name, open=figures["open"], done=figures["done"], link=link)
    return Outcome([Text(talk.say("member.forward")), Text(words)])


def opinions_told(talk: Talk) -> Outcome:
    """Opinions summed up, for representatives: counts, and words that may be quoted."""
    code = talk.incoming.data.get("network", "")
    if code not in talk.book.networks or not caring.may_act(talk, code):
        return talk.answer("stale.network")
    found = opinions.summary(talk, code)
    lines = []
    for question in ("needs", "gives"):
        told = [
            f"• {talk.say(f'opinion.{question}_{answer}')} {count}"
            for answer, count in found.counts[question].items()
        ]
        lines += [talk.say(f"opinion.sum_{question}"), *told] if told else []
    lines += [f"“{shorten(quote, 200)}”" for quote in found.quotes]
    return Outcome([Text("\n".join(lines))]) if lines else talk.answer("opinion.nothing")


# --- the directory


def directory(talk: Talk) -> Outcome:
    """Members who chose to be seen, shown to members only."""
    code = talk.incoming.data.get("network", "")
    if membership.active(talk, code) is None and code not in talk.represents:
        return talk.answer("stale.network")
    found = rows.listed(talk.unit, code)[:50]
    if not found:
        return talk.answer("dir.empty")
    return Outcome([Text(shorten("\n".join(_line(talk, member) for member in found), 4000))])


def _line(talk: Talk, member: Membership) -> str:
    parts = [talk.say(f"dir.position_{member.position}")] if member.position in POSITIONS else []
    parts += [talk.say(f"dir.skill_{member.skills}")] if member.skills in SKILLS[:-1] else []
    return f"• {member.shown_name}: {', '.join(parts)}"


def enter(talk: Talk) -> Outcome:
    """Two taps and a name of her choice; only then she is listed."""
    data = talk.incoming.data
    member = membership.active(talk, data.get("network", ""))
    if member is None:
        return talk.answer("stale.network")
    position, skill = data.get("position"), data.get("skill")
    if position not in POSITIONS:
        return _choose(talk, "position", POSITIONS, network=member.network)
    if skill not in SKILLS:
        return _choose(talk, "skill", SKILLS, network=member.network, position=position)
    asked = {"do": "dir.name", "network": member.network, "position": position, "skill": skill}
    cancel = tap(talk.say("button.cancel"), "ask.cancel")
    return Outcome([Text(talk.say("dir.name"), quick=(cancel,))], asked=asked)


def _choose(talk: Talk, what: str, choices: tuple[str, ...], **keys: str) -> Outcome:
    buttons = tuple(
        tap(talk.say(f"dir.{what}_{choice}"), "dir.join", **{**keys, what: choice}) for choice in choices
    )
    return Outcome([Text(talk.say(f"dir.{what}"), quick=buttons)])


def named(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    member = membership.active(talk, asked.get("network", ""))
    name = normalise(talk.incoming.text).strip()
    if member is None or not name:
        return None
    if len(name) > MOST_NAME or "\n" in name or any(letter.isdigit() for letter in name):
        return Outcome([Text(talk.say("dir.long"))])
    member.listed, member.shown_name = True, name
    member.position, member.skills = asked["position"], asked["skill"]
    hide = tap(talk.say("button.dir_hide"), "dir.hide", network=member.network)
    return Outcome([Text(talk.say("dir.listed", name=name), quick=(hide,))], asked=None)


def hide(talk: Talk) -> Outcome:
    member = membership.active(talk, talk.incoming.data.get("network", ""))
    if member is None:
        return talk.answer("stale.network")
    member.listed, member.shown_name, member.position, member.skills = False, "", "", ""
    return talk.answer("dir.hidden")


TAPS = {
    "network.more": more,
    "charter.show": charter,
    "charter.agree": agree,
    "member.kind": kind,
    "pass.on": pass_on,
    "opinion.sum": opinions_told,
    "dir.show": directory,
    "dir.join": enter,
    "dir.hide": hide,
}
ASKED = {"dir.name": named}
