"""A member and the five steps in the chat: her answers by a tap or in her own words, how often, and leaving."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.flows.remarks import LEAVE, NOTHING, THANKS, remark
from handlers.messages.neutral import Card, Message, Text, tap
from handlers.rules import five_steps
from handlers.services import compacts, keeping, member_news, opinions, steps, tasks
from handlers.talk import Outcome, Talk
from nlp.replies import reply_kind
from store.models import CheckIn, Membership, Step
from store.queries import cases as case_rows
from store.queries import members as member_rows
from store.queries import networks as rows
from store.queries import news as news_rows
from store.words import Member

CHECKED = ("yes", "notyet", "no")
KEPT = ("stay", "help", "pause")
WORDS_WITHIN = timedelta(days=3)
"""How long words of her own can still be the answer to a question."""
SHORT = 60
"""Letters of an answer like "nobody has called yet"; longer words are read as a message of their own."""
OPEN_WITHIN = timedelta(hours=1)


def active(talk: Talk, code: str) -> Membership | None:
    """The speaker's running membership of that network."""
    member = rows.membership(talk.unit, code, talk.person.id) if code in talk.book.networks else None
    return member if member is not None and member.state == Member.ACTIVE else None


def welcome(talk: Talk, member: Membership, name: str) -> list[Message]:
    """Joined; the first question of step 2 comes with it, which costs nothing."""
    question = opinions.next_question(member)
    said = Text(talk.say("network.joined", name=name))
    return [said, opinions.card(talk.lang, member.network, question)] if question else [said]


# --- step 2


def opinion(talk: Talk) -> Outcome:
    """One answer of one tap; the next question comes as the reply."""
    data = talk.incoming.data
    code, question, answer = data.get("network", ""), data.get("q", ""), data.get("a", "")
    member = active(talk, code)
    if member is None:
        return talk.answer("stale.network")
    if question == opinions.OPEN:
        return _open_choice(talk, member, answer)
    if answer not in opinions.QUESTIONS.get(question, ()):
        return talk.answer("stale.button")
    before = opinions.next_question(member)
    opinions.keep(talk, member, question, answer)
    _sign_of_life(talk, member)
    if question == "often":
        set_frequency(talk, member, answer)
    following = opinions.next_question(member)
    if following is not None:
        return Outcome([opinions.card(talk.lang, code, following)])
    if before is None:
        return talk.answer("opinion.changed")
    skip = tap(talk.say("button.opinion_skip"), "opinion", network=code, q=opinions.OPEN, a="skip")
    return Outcome([Text(talk.say("opinion.open"), quick=(skip,))], asked=_asks_words(talk, code))


def _asks_words(talk: Talk, code: str) -> dict[str, str]:
    return {"do": "opinion", "network": code, "at": talk.now.isoformat()}


def _open_choice(talk: Talk, member: Membership, answer: str) -> Outcome:
    """The open question skipped; or whether her words may be quoted without her name."""
    if answer == "skip":
        return Outcome([Text(talk.say("opinion.done")), *compacts.ask(talk, member, talk.lang)], asked=None)
    said = [row for row in member_rows.opinions_of(talk.unit, member.id) if row.question == opinions.OPEN]
    if answer not in ("share", "keep") or not said:
        return talk.answer("stale.button")
    said[-1].shared = answer == "share"
    thanks = talk.say("opinion.shared" if answer == "share" else "opinion.kept")
    return Outcome([Text(thanks), *compacts.ask(talk, member, talk.lang)])


def words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """Her answer to the open question; None when it is a new problem or something else."""
    code = asked.get("network", "")
    member = active(talk, code)
    late = talk.now - datetime.fromisoformat(asked["at"]) > OPEN_WITHIN
    if member is None or late or not talk.incoming.text.strip():
        return None
    if remark(talk.incoming.text, NOTHING, THANKS):
        return _open_choice(talk, member, "skip")
    kind = "stop" if remark(talk.incoming.text, LEAVE) else reply_kind(talk.incoming.text)
    if kind == "stop":
        return _stop(talk, member)
    if kind is None and _is_report(talk):
        return None
    row = opinions.keep_words(talk, member, talk.incoming.text, talk.incoming.message_id)
    _sign_of_life(talk, member)
    return _noted(talk, code, row.answer)


def _noted(talk: Talk, code: str, kind: str) -> Outcome:
    """Her words are kept; one tap says whether they may be quoted without her name."""
    buttons = tuple(
        tap(talk.say(f"button.opinion_{a}"), "opinion", network=code, q=opinions.OPEN, a=a)
        for a in ("share", "keep")
    )
    return Outcome(
        [Text(talk.say(f"opinion.heard_{kind}" if kind else "opinion.heard"), quick=buttons)], asked=None
    )


def _is_report(talk: Talk) -> bool:
    read = talk.house.understander(talk.unit).understand(talk.incoming.text)
    return read.intent == "report" and read.decision == "sure"


# --- steps 3, 4, 5 by a tap


def answer_step(talk: Talk, ref: str, answer: str) -> Outcome:
    """The button of a step's message; other people's, old and edited ones change nothing."""
    number = ref.removeprefix("step-")
    known = number.isascii() and number.isdigit() and len(number) < 18
    found = rows.step(talk.unit, int(number)) if known else None
    if found is None or found[1].person_id != talk.person.id or found[1].state != Member.ACTIVE:
        return talk.answer("stale.case")
    step, member = found
    if member.network not in talk.book.networks:
        return talk.answer("stale.network")
    if step.number == five_steps.QUICK and answer in CHECKED:
        return _welcomed(talk, step, member, answer)
    if step.number == five_steps.REGULAR and answer in ("good", "tell"):
        return _read(talk, step, member, answer)
    if step.number == five_steps.KEEP and answer in KEPT:
        return _kept(talk, step, member, answer)
    return talk.answer("stale.button")


def answer_news(talk: Talk, network: str, answer: str) -> Outcome:
    """The button of a network's news, which is the same for every member."""
    member = active(talk, network)
    if member is None:
        return talk.answer("stale.network")
    step = opinions.step_of(member, five_steps.REGULAR)
    if step is None or answer not in ("good", "tell"):
        return talk.answer("stale.button")
    return _read(talk, step, member, answer)


def _welcomed(talk: Talk, step: Step, member: Membership, answer: str) -> Outcome:
    if step.state == five_steps.ANSWERED:
        return talk.answer("checkin.already")
    step.state, step.outcome, step.done_at = five_steps.ANSWERED, answer, talk.now
    step.evidence = {**step.evidence, "answer": answer}
    _sign_of_life(talk, member)
    if answer != "yes":
        tasks.open_task(talk, member.network, "call", member, answer=answer)
    return talk.answer("checkin.good" if answer == "yes" else "checkin.bad")


def answer_check_in(talk: Talk, found: CheckIn, answer: str) -> Outcome:
    """The follow-up of a case: "not yet" or "no" is a task for the network's representatives, without a name."""
    found.state, found.answer, found.answered_at = "answered", answer, talk.now
    if answer != "yes" and found.network in talk.book.networks:
        member = rows.membership(talk.unit, found.network or "", talk.person.id)
        case = case_rows.by_id(talk.unit, found.case_id) if found.case_id else None
        tasks.open_task(talk, found.network or "", "call", member, answer=answer, case=case)
    return talk.answer("checkin.good" if answer == "yes" else "checkin.bad")


def _read(talk: Talk, step: Step, member: Membership, answer: str) -> Outcome:
    steps.count(step)
    _sign_of_life(talk, member)
    if answer == "good":
        return talk.answer("news.thanks")
    return Outcome([Text(talk.say("news.tell"))], asked=_asks_words(talk, member.network))


def _kept(talk: Talk, step: Step, member: Membership, answer: str) -> Outcome:
    """She stays, wants to do more (a task for the representatives), or only wants less news."""
    again = step.evidence.get("answer_to") == _asked_at(step)
    steps.woke(step, member)
    seen = steps.standing(step, member, talk.person)
    step.state, step.due_at = five_steps.after(seen, five_steps.Act.WAIT, talk.now)
    step.evidence = {**step.evidence, "answer": answer, "answer_to": _asked_at(step)}
    if answer == "help":
        if not again:
            tasks.open_task(talk, member.network, "help", member)
        return _may_lead(talk, member)
    if answer == "pause":
        set_frequency(talk, member, five_steps.OFF)
        return talk.answer("keep.pause")
    return talk.answer("keep.stay")


def _may_lead(talk: Talk, member: Membership) -> Outcome:
    """A representative will be in touch; who shows her name can also be asked to lead."""
    if member.listed:
        return talk.answer("keep.help")
    show = tap(talk.say("button.dir_join"), "dir.join", network=member.network)
    return Outcome([Text(f"{talk.say('keep.help')}\n{talk.say('keep.show_name')}", quick=(show,))])


def _asked_at(step: Step) -> str:
    return step.sent_at.isoformat() if step.sent_at else ""


def _sign_of_life(talk: Talk, member: Membership) -> None:
    """Anything of the network she uses ends dormancy, and counts as an answer to news or to step 5."""
    if member.dormant_at is not None:
        member.dormant_at = None
    news = opinions.step_of(member, five_steps.REGULAR)
    if news is not None:
        steps.count(news)


def set_frequency(talk: Talk, member: Membership, every: str) -> None:
    """From now on; the next news comes by the new rhythm."""
    member.every = every
    news_rows.take_out(talk.unit, member.person_id, f"{member_news.REF}{member.network}")
    step = opinions.step_of(member, five_steps.REGULAR)
    if step is not None and step.state in five_steps.WAITING:
        step.due_at = five_steps.next_news(step.due_at, every, talk.now)


# --- leaving


def goodbye(talk: Talk, code: str) -> Outcome:
    """Left at once, with thanks and one question."""
    member = rows.membership(talk.unit, code, talk.person.id)
    name = talk.book.name(talk.book.networks[code], talk.lang)
    thanks = keeping.thanks(talk, member, talk.lang) if member is not None else ""
    question, answers = keeping.leaving_question(talk.lang, code)
    buttons = tuple(tap(label, "network.why", network=code, a=answer) for answer, label in answers)
    return Outcome([Text(f"{talk.say('network.left', name=name)}\n{thanks}\n\n{question}", quick=buttons)])


def why(talk: Talk) -> Outcome:
    """Why she left, once; a stale button changes nothing."""
    code, answer = talk.incoming.data.get("network", ""), talk.incoming.data.get("a", "")
    member = rows.membership(talk.unit, code, talk.person.id)
    if member is None or member.state != Member.LEFT or answer not in keeping.LEAVING:
        return talk.answer("stale.button")
    if member.left_why:
        return talk.answer("checkin.already")
    member.left_why = answer
    keep = opinions.step_of(member, five_steps.KEEP)
    if keep is not None:
        keep.outcome, keep.done_at = "left", talk.now
        keep.evidence = {**keep.evidence, "why": answer}
    return talk.answer("leave.thanks")


# --- words instead of a tap


def heard(talk: Talk) -> Outcome | None:
    """Words of her own while a question of a step is open, or a plain "stop"; None when they mean something else."""
    text = talk.incoming.text
    if len(text) > 200:
        return None
    kind = "stop" if remark(text, LEAVE) else reply_kind(text)
    if kind is None:
        return None
    if kind == "stop":
        mine = rows.of_person(talk.unit, talk.person.id)
        return _stop(talk, mine[-1]) if mine else None
    return _heard_answer(talk, kind)


def _heard_answer(talk: Talk, kind: str) -> Outcome | None:
    since = talk.now - WORDS_WITHIN
    check = member_rows.open_check_in(talk.unit, talk.person.id, since)
    if check is not None and kind in CHECKED:
        return answer_check_in(talk, check, kind)
    found = member_rows.open_question(talk.unit, talk.person.id, since)
    if found is None:
        return None
    step, member = found
    if step.number == five_steps.QUICK and kind in CHECKED and len(talk.incoming.text) <= SHORT:
        return _welcomed(talk, step, member, kind)
    if kind in CHECKED or _is_report(talk):
        return None
    opinions.keep_words(talk, member, text=talk.incoming.text, message_id=talk.incoming.message_id)
    if step.number == five_steps.QUICK:
        step.state, step.outcome, step.done_at = five_steps.ANSWERED, kind, talk.now
    return _noted(talk, member.network, kind)


def _stop(talk: Talk, member: Membership) -> Outcome:
    """ "Stop" is never argued with: less news, none, or leaving, one tap each."""
    code = member.network
    row = talk.book.networks.get(code)
    name = talk.book.name(row, talk.lang) if row else code
    buttons = (
        tap(talk.say("every.off"), "digest.freq", style="main", network=code, every="off"),
        tap(talk.say("every.monthly"), "digest.freq", network=code, every="monthly"),
        tap(talk.say("button.leave"), "network.leave", style="quiet", network=code),
    )
    title = talk.say("opinion.stop", name=name)
    return Outcome([Card(title=title, buttons=buttons, alt=title)], asked=None)


ASKED = {"opinion": words}
TAPS = {"opinion": opinion, "network.why": why}
