"""Free words and pictures of an official: a list she asks for, a deed at a case, or one tap says what they are for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.flows import helping, lists, looking, promise, replying, report, undoing, work
from handlers.flows.guard import late, me
from handlers.flows.official import accept, ask_now, done, more_after, taken
from handlers.flows.remarks import (
    FIXED,
    HELLO,
    MOST_LETTERS,
    POLITE,
    STOP,
    TAKE,
    THANKS,
    remark,
    says,
)
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.rules import lifecycle
from handlers.rules.codes import find_code
from handlers.services import cases, desks, notify, undo
from handlers.services import photos as photo_rows
from handlers.talk import KEEP, Outcome, Talk
from nlp import normalise
from store.models import Case
from store.queries import cases as rows
from store.words import CaseKind, Status

Asked = dict[str, Any]

DESK = ("mine", "new", "open")
"""Lists whose cases an official may mean."""
MOST_OFFERED = 6
SHOWN_WITHIN = timedelta(minutes=30)
LISTS = {
    "remark.overdue": "overdue",
    "remark.today": "",
    "remark.waiting": "waiting",
    "remark.newest": "new",
}
_ACCEPT = helping.either(helping.accept, promise.after(accept))
_DONE = helping.either(helping.done, done)


def said(talk: Talk) -> Outcome | None:
    """An official writes and nothing is open; None for a report or question of her own."""
    text = talk.incoming.text
    u = talk.understand(text)
    if u.emergency:
        return None
    listed = _listed(talk)
    if listed is not None:
        return listed
    code = find_code(text)
    if code:
        return _at_number(talk, code)
    if remark(text, HELLO, THANKS, POLITE):
        return None
    case = _in_view(talk)
    if case is not None:
        return _deed(talk, case, text) or offer_to_send(talk, case)
    own = u.decision == "sure" and u.intent != "none" and u.category != "other"
    return None if own else _which(talk, _asked(talk))


def _listed(talk: Talk) -> Outcome | None:
    """ "What is overdue?": the list; "today's work" is the first that is not empty."""
    text = talk.incoming.text
    key = next((key for key in LISTS if len(text) <= MOST_LETTERS and says(text, key)), None)
    if key is None:
        return None
    talk.incoming.data["list"] = LISTS[key]
    return lists.inbox(talk)


def _in_view(talk: Talk) -> Case | None:
    """The case that she looked at last, while somebody works on it."""
    focus = talk.conversation.focus
    case = rows.by_code(talk.unit, focus) if focus else None
    open_ = ("accepted", "in_progress", "offered")
    return case if case is not None and talk.acts_on(case) and case.status in open_ else None


def _at_number(talk: Talk, code: str) -> Outcome | None:
    """Words with the number of a case of hers; None for the number alone, and for cases of others."""
    case = rows.by_code(talk.unit, code)
    rest = normalise(talk.incoming.text).upper().replace(code, " ").strip()
    if case is None:
        return talk.answer("case.unknown")
    if not rest or talk.understand(talk.incoming.text).emergency:
        return None
    if not talk.acts_on(case):
        return None if _hers(talk, case) else _shown(talk, case)
    deed = _deed(talk, case, rest)
    return deed or _offer(talk, case, {**_asked(talk), "text": talk.incoming.text[:2000]})


def _hers(talk: Talk, case: Case) -> bool:
    """She reported it herself, as a citizen."""
    return talk.person.id in rows.reporters(case)


def _shown(talk: Talk, case: Case) -> Outcome:
    """A case of another agency: how it stands, and nothing changes."""
    talk.incoming.data["case"] = case.code
    return looking.show(talk)


def _deed(talk: Talk, case: Case, text: str) -> Outcome | None:
    """ "Taken" and "done" are what their buttons are."""
    deed = remark(text, TAKE, FIXED)
    if deed is None:
        return None
    talk.incoming.data["case"] = case.code
    return _ACCEPT(talk) if deed == TAKE else _DONE(talk)


def photo(talk: Talk) -> Outcome | None:
    """A picture without any button: for the case in view, or for one of her desk; None where she has none."""
    case = _in_view(talk)
    just = _just_done(talk)
    if just is not None:
        return more_after(talk, {"do": "more_after", "case": just.code})
    if case is None and not _on_desk(talk):
        return None
    asked = _with_photo(talk, _asked(talk))
    if talk.incoming.more_follow:
        return Outcome(asked={**asked, "case": case.code if case else ""})
    return _offer(talk, case, asked) if case else _which(talk, asked)


def _just_done(talk: Talk) -> Case | None:
    """The case that was finished in words a moment ago: a picture that follows shows the work."""
    case = rows.by_code(talk.unit, talk.conversation.focus or "")
    done = case is not None and case.status == Status.DONE and talk.leads(case) and case.done_at
    return case if done and talk.now - done <= SHOWN_WITHIN else None


def _asked(talk: Talk) -> Asked:
    text = talk.incoming.text[:2000] if talk.incoming.kind == Kind.TEXT else ""
    return {"do": "free", "case": "", "text": text, "message": talk.incoming.message_id or "", "photos": []}


def _with_photo(talk: Talk, asked: Asked) -> Asked:
    message = talk.incoming.message_id or ""
    photo_rows.take(talk.unit, talk.person, message, "thread", None, talk.now)
    return {**asked, "photos": [*asked.get("photos", []), message]}


# --- which case


def _on_desk(talk: Talk) -> list[Case]:
    desk = desks.desk_of(talk, talk.person, talk.agencies)
    found = [case for name in DESK for case in desks.page(talk, desk, name, 0, MOST_OFFERED)]
    return list({case.code: case for case in found}.values())[:MOST_OFFERED]


def _which(talk: Talk, asked: Asked) -> Outcome | None:
    """One tap for the case; None where there is none to choose from."""
    found = _on_desk(talk)
    if not found:
        return None
    buttons = tuple(_of_case(talk, case) for case in found)
    own = tap(talk.say("button.free_report"), "ask.send", style="quiet", how="report")
    body = f"“{shorten(asked['text'], 200)}”" if asked["text"] else ""
    if asked["photos"]:
        body = talk.say("official.which_photo", n=len(asked["photos"]))
    title = talk.say("official.which_title")
    return Outcome([Card(title=title, body=body, buttons=(*buttons, own), alt=title)], asked=asked)


def _of_case(talk: Talk, case: Case) -> Button:
    label = f"{case.code} {shorten(case.public_text, 24)}"
    return tap(shorten(label, 40), "ask.case", case=case.code)


def chosen(talk: Talk) -> Outcome:
    """ "It is for this case": then, what for."""
    asked = talk.conversation.asked
    if not asked or asked.get("do") != "free":
        return talk.answer("stale.button")
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or not talk.acts_on(case):
        return talk.answer("stale.case")
    return _offer(talk, case, asked)


def more(talk: Talk, asked: Asked) -> Outcome | None:
    """She goes on instead of tapping: more words or pictures of the same thing."""
    incoming = talk.incoming
    if incoming.kind == Kind.PHOTO:
        asked = _with_photo(talk, asked)
        if incoming.more_follow:
            return Outcome(asked=asked)
    elif incoming.kind != Kind.TEXT or remark(incoming.text, HELLO):
        return None
    elif code := find_code(incoming.text):
        return _pictures_for(talk, asked, code)
    elif remark(incoming.text, STOP):
        return Outcome([Text(talk.say("chat.cancelled"))], asked=None)
    elif remark(incoming.text, TAKE, FIXED) and asked["case"]:
        return _typed_deed(talk, asked)
    else:
        asked = {**asked, "text": f"{asked['text']}\n{incoming.text}".strip()[:2000]}
        asked["more"] = [*asked.get("more", []), incoming.message_id or ""]
    case = rows.by_code(talk.unit, asked["case"]) if asked["case"] else None
    return _offer(talk, case, asked) if case else _which(talk, asked)


def _pictures_for(talk: Talk, asked: Asked, code: str) -> Outcome | None:
    """The number of the case, typed while pictures wait for it; None for another thought."""
    case = rows.by_code(talk.unit, code)
    waits = bool(asked.get("photos")) and not asked["case"]
    return _offer(talk, case, asked) if waits and case is not None and talk.acts_on(case) else None


def _typed_deed(talk: Talk, asked: Asked) -> Outcome | None:
    """ "Done", typed while her pictures wait for a word: done with them."""
    if asked.get("photos") and remark(talk.incoming.text, FIXED):
        talk.incoming.data["how"] = "done"
        return send_free(talk, asked)
    case = rows.by_code(talk.unit, asked["case"])
    return _deed(talk, case, talk.incoming.text) if case and talk.acts_on(case) else None


# --- what for


def offer_to_send(talk: Talk, case: Case) -> Outcome:
    """Free words with a case in view: one tap says whom they are for."""
    return _offer(talk, case, _asked(talk))


def _offer(talk: Talk, case: Case, asked: Asked) -> Outcome:
    photos = asked.get("photos", [])
    words = f"“{shorten(asked['text'], 200)}”" if asked["text"] else ""
    body = talk.say("official.free", code=case.code, text=words)
    title = talk.say("official.free_photo" if photos else "official.free_title")
    buttons = _with_pictures(talk, case) if photos else _words_only(talk, case)
    card = Card(title=title, body=body.strip(), buttons=buttons, alt=title)
    return Outcome([card], asked={**asked, "case": case.code}, focus=case.code)


def _words_only(talk: Talk, case: Case) -> tuple[Button, ...]:
    first = "button.free_answer" if case.kind == CaseKind.PROBLEM else "button.free_reply"
    return (
        tap(talk.say(first), "ask.send", style="main", how="answer"),
        tap(talk.say("button.free_question"), "ask.send", how="question"),
        tap(talk.say("button.free_inside"), "ask.send", how="inside"),
        tap(talk.say("button.free_report"), "ask.send", style="quiet", how="report"),
    )


def _with_pictures(talk: Talk, case: Case) -> tuple[Button, ...]:
    problem = case.kind == CaseKind.PROBLEM and talk.leads(case)
    finish = (tap(talk.say("button.free_done"), "ask.send", style="main", how="done"),) if problem else ()
    return (
        *finish,
        tap(talk.say("button.free_answer"), "ask.send", how="answer"),
        tap(talk.say("button.free_keep"), "ask.send", how="inside"),
        tap(talk.say("button.free_report"), "ask.send", style="quiet", how="report"),
    )


def send_free(talk: Talk, asked: Asked) -> Outcome:
    """The tap after that: to the citizen as news or a question, kept inside, the end, or a report of her own."""
    how = talk.incoming.data.get("how")
    if how == "report":
        return _own_report(talk, asked)
    case = rows.by_code(talk.unit, asked.get("case", ""))
    if how == "done" and not asked.get("photos"):
        return talk.answer("stale.button")  # an edited button: nothing shows that anything was done
    if case is None or not talk.acts_on(case) or how not in ("answer", "question", "inside", "done"):
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    try:
        return _send_now(talk, case, asked, how)
    except lifecycle.ForbiddenChange:
        return Outcome(late(talk, case).messages, asked=None)


def _own_report(talk: Talk, asked: Asked) -> Outcome:
    photos = asked.get("photos") or []
    if not asked["text"]:
        outcome = report.begin_without_words(talk, photos)
    else:
        outcome = report.begin(talk, asked["text"], [asked["message"]], photos or None)
    return replace(outcome, asked=None) if outcome.asked is KEEP else outcome


def _send_now(talk: Talk, case: Case, asked: Asked, how: str) -> Outcome:
    photos = asked.get("photos", [])
    if photos and how in ("done", "inside"):
        return _finish(talk, case, asked) if how == "done" else _keep(talk, case, asked)
    if how == "question":
        return ask_now(talk, case, asked["text"], asked["message"])
    if how == "inside":
        return work.noted(talk, case, asked["text"], asked["message"])
    if case.kind != CaseKind.PROBLEM:
        return replying.send(talk, case, asked["text"] or talk.say("case.a_photo"), asked["message"])
    taken(talk, case)
    actor, text = me(talk, case), asked["text"] or talk.say("case.a_photo")
    _attach(talk, case, photos, "thread")
    cases.progress(talk, case, actor, text, asked["message"])
    notify.progressed(talk, case, text)
    return Outcome([Text(talk.say("official.noted", code=case.code))], asked=None)


def _finish(talk: Talk, case: Case, asked: Asked) -> Outcome:
    """Done, with these pictures."""
    if not talk.leads(case):
        return Outcome([Text(talk.say("stale.case"))], asked=None)
    actor, was = me(talk, case), undo.before(case)
    taken(talk, case)
    first, *_ = _attach(talk, case, asked["photos"], "after")
    cases.finish(talk, case, actor, asked["text"][:1000], asked["message"], photo=True)
    notify.finished(talk, case, asked["text"][:1000], first)
    back = undoing.button(talk, case, actor, was)
    later = {"do": "more_after", "case": case.code, "at": talk.now.isoformat()}
    return Outcome([Text(talk.say("official.finished", code=case.code), quick=back)], asked=later)


def _keep(talk: Talk, case: Case, asked: Asked) -> Outcome:
    """For the agencies' eyes."""
    actor = me(talk, case)
    for message in asked["photos"]:
        cases.add_photo(talk, case, actor, message)
    if asked["text"]:
        return work.noted(talk, case, asked["text"], asked["message"])
    return Outcome([Text(talk.say("work.photo_kept", code=case.code))], asked=None)


def _attach(talk: Talk, case: Case, photos: list[str], role: str) -> list[int]:
    """The pictures become the case's; their ids."""
    found = [photo_rows.take(talk.unit, talk.person, one, role, case, talk.now) for one in photos]
    for one in found:
        one.role = role
        if one not in case.photos:
            case.photos.append(one)
    return [one.id for one in found]
