"""An agency that is not on LINE acts on a case: by a link in a mail, or by answering the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.flows import official
from handlers.messages.shorten import shorten
from handlers.messages.texts import say, words
from handlers.rules import handover, lifecycle
from handlers.rules.codes import find_code
from handlers.services import cases, gateways, mail_links, notify, photos, standing_up
from handlers.services.cases import Actor
from handlers.services.gateway_news import News
from handlers.services.mail_links import Held, LinkState
from handlers.talk import Scene
from store.models import Case, Helper
from store.queries import cases as rows
from store.queries import digests as digest_rows
from store.queries import gateway_outbox
from store.queries import mail_links as link_rows
from store.words import OPEN, Status

MOST_WORDS = 2000


@dataclass(frozen=True)
class Given:
    """What somebody at the agency sent. ``photos``: tokens of pictures that are kept already; ``source`` names where
    it came from, at most 60 letters, never the same for two things."""

    do: str
    source: str
    text: str = ""
    why: str = ""
    photos: tuple[str, ...] = ()


class Came(StrEnum):
    """What came of it."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED = "asked"
    NOTED = "noted"
    DONE = "done"
    HELPED = "helped"
    LATE = "late"
    NEEDS_WORDS = "needs_words"
    NEEDS_PROOF = "needs_proof"


CHANGED = (Came.ACCEPTED, Came.DECLINED, Came.ASKED, Came.NOTED, Came.DONE, Came.HELPED)


def act(scene: Scene, case: Case, agency: str, given: Given) -> Came:
    """Do it, if the agency leads the case or helps with it and the case allows it; otherwise nothing changes."""
    helper = rows.helper(case, [agency])
    if case.lead != agency and (helper is None or case.status not in OPEN):
        return Came.LATE
    steps = _LEAD if case.lead == agency else _HELPER
    step = steps.get(given.do)
    try:
        return step(scene, case, Actor("official", agency=agency), given) if step else Came.LATE
    except lifecycle.ForbiddenChange:
        return Came.LATE


def _accept(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    cases.accept(scene, case, actor)
    notify.accepted(scene, case)
    official.plan_check_ins(scene, case)
    if given.text or given.photos:
        _progress(scene, case, actor, given)
    gateways.tell(scene, case, actor.agency, News("headline.yours"))
    return Came.ACCEPTED


def _decline(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    if case.unassigned or Status(case.status) not in mail_links.FITS["decline"]:
        return Came.LATE
    why = given.why if given.why in handover.REASONS else "other"
    if why == "other" and not given.text:
        return Came.NEEDS_WORDS
    cases.decline(scene, case, actor, why, given.text[:500])
    notify.offered(scene, case, headline="headline.handed_on")
    notify.handed_on(scene, case)
    return Came.DECLINED


def _ask(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    if not given.text:
        return Came.NEEDS_WORDS
    _take(scene, case, actor)
    reporter = notify.reporters(scene, case)[0]
    cases.ask_citizen(scene, case, actor, given.text[:MOST_WORDS], reporter.id, None)
    notify.question(scene, case, reporter, given.text)
    return Came.ASKED


def _take(scene: Scene, case: Case, actor: Actor) -> None:
    """Working on an offered case means taking it."""
    if case.status == Status.OFFERED:
        cases.accept(scene, case, actor)


def _progress(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    """A note that the citizen sees. In a case not yet taken it stays a note: free words promise nothing."""
    if not given.text and not given.photos:
        return Came.NEEDS_WORDS
    if case.status not in OPEN:
        return Came.LATE
    _keep_photos(scene, case, given, "thread")
    text = given.text[:MOST_WORDS] or say("th", "case.a_photo")
    cases.progress(scene, case, actor, text, None)
    notify.progressed(scene, case, text)
    _answer_inquiry(scene, case, actor, given.text)
    return Came.NOTED


def _answer_inquiry(scene: Scene, case: Case, actor: Actor, text: str) -> None:
    """Words of an agency that a representative is waiting for are the answer to her question too."""
    asked = digest_rows.open_inquiry(scene.unit, case.id)
    if asked is not None and text and asked.agency == actor.agency:
        standing_up.answer(scene, case, asked, actor, text[:MOST_WORDS], None)


def _done(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    if not given.text and not given.photos:
        return Came.NEEDS_PROOF
    if Status(case.status) not in mail_links.FITS["done"]:
        return Came.LATE
    _take(scene, case, actor)
    _keep_photos(scene, case, given, "after")
    text = given.text[:1000]
    cases.finish(scene, case, actor, text, None, bool(given.photos))
    notify.finished(scene, case, text, None)
    return Came.DONE


def _keep_photos(scene: Scene, case: Case, given: Given, role: str) -> None:
    for number, token in enumerate(given.photos):
        photos.attach(scene.unit, token, f"{given.source}.{number}", role, case, scene.now)


def _mine(case: Case, actor: Actor) -> Helper:
    found = rows.helper(case, [actor.agency or ""])
    assert found is not None  # ``act`` has looked
    return found


def _help_accepted(_scene: Scene, case: Case, actor: Actor, _given: Given) -> Came:
    _mine(case, actor).state = "accepted"
    return Came.ACCEPTED


def _help_declined(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    _mine(case, actor).state = "declined"
    cases.note(scene, case, "helper_declined", actor, text=given.text[:500])
    notify.to_agency(scene, case, "headline.helper_declined")
    return Came.DECLINED


def _help_done(scene: Scene, case: Case, actor: Actor, given: Given) -> Came:
    _mine(case, actor).state = "done"
    cases.note(scene, case, "helper_done", actor, text=given.text[:1000], public=True)
    _keep_photos(scene, case, given, "thread")
    notify.to_agency(scene, case, "headline.helper_done")
    return Came.HELPED


Step = Callable[[Scene, Case, Actor, Given], Came]
_LEAD: dict[str, Step] = {
    "accept": _accept,
    "decline": _decline,
    "ask": _ask,
    "progress": _progress,
    "done": _done,
}
_HELPER: dict[str, Step] = {
    "accept": _help_accepted,
    "decline": _help_declined,
    "progress": _progress,
    "done": _help_done,
}


def by_link(
    scene: Scene, word: str, text: str = "", why: str = "", photo_tokens: tuple[str, ...] = ()
) -> tuple[Held, Came]:
    """The button of a link's page: the link is spent when it changed something, and only then."""
    held = mail_links.look(scene, word, spend=True)
    if held.state != LinkState.GOOD or held.link is None or held.case is None:
        return held, Came.LATE
    given = Given(held.link.do, f"link-{held.link.id}", text[:MOST_WORDS], why, photo_tokens)
    came = act(scene, held.case, held.link.agency, given)
    if came in CHANGED:
        link_rows.spend(scene.unit, held.link, scene.now)
    return held, came


# --- answers by mail


def answer(scene: Scene, mail: dict[str, Any]) -> None:
    """One mail that came in (see ``bot.agencies.mail_reading`` for its fields). Bounces and machines decide nothing."""
    found = whose(scene, mail)
    case = rows.to_change(scene.unit, found.case_id) if found else None
    if mail["bounced"]:
        _bounced(scene, case, found, mail)
    elif mail["automatic"]:
        return
    elif found is None or case is None:
        _unknown(scene, mail)
    elif mail["too_big"] or not trusted(scene, found, mail["sender"]):
        _stranger(scene, case, mail)
    else:
        _answered(scene, case, found.agency, mail)


@dataclass(frozen=True)
class Thread:
    """What a mail is about: it answers a mail of ours that went to ``address``."""

    case_id: int
    agency: str
    address: str
    row_id: int | None = None


def whose(scene: Scene, mail: dict[str, Any]) -> Thread | None:
    """By the word in the address it came to, else by the mails it refers to; both are secrets of the agency's mail."""
    rows_of_mails = [gateway_outbox.by_key(scene.unit, key) for key in mail["refers"]]
    sent = next((row for row in rows_of_mails if row is not None and row.case_id and row.agency), None)
    for word in mail["words"]:
        link = mail_links.reply_link(scene.unit, word)
        if link is not None and link.expires > scene.machine:
            return Thread(link.case_id, link.agency, link.address, sent.id if sent else None)
    if sent is None:
        return None
    return Thread(sent.case_id or 0, sent.agency or "", sent.to, sent.id)


def trusted(scene: Scene, thread: Thread, sender: str) -> bool:
    """Somebody of the agency: the same domain, or the very address where the domain is everybody's."""
    if not mail_links.same_address(scene, thread.agency, thread.address):
        return False
    known, domain = thread.address.lower(), thread.address.lower().rpartition("@")[2]
    return sender.lower() == known or (
        domain not in words("mail_word.everybodys") and sender.lower().rpartition("@")[2] == domain
    )


def _bounced(scene: Scene, case: Case | None, thread: Thread | None, mail: dict[str, Any]) -> None:
    """Our mail did not arrive: the coordinators hear it, once per case and agency."""
    if case is None or thread is None:
        return
    if thread.row_id is not None:
        gateway_outbox.note_reason(scene.unit, thread.row_id, f"bounced: {mail['bounced']}"[:300])
    name = scene.book.agency_name(thread.agency, "th")
    told = say("th", "told.unreached", name=name, code=case.code)
    notify.coordinate(scene, case, "headline.unreached", told, f"bounce-{case.code}-{thread.agency}")


def _unknown(scene: Scene, mail: dict[str, Any]) -> None:
    """Not an answer to a mail of ours; when it names a case a person should see it, otherwise nobody needs to."""
    case = rows.by_code(scene.unit, find_code(mail["subject"]) or "")
    if case is not None:
        _stranger(scene, case, mail)


def _stranger(scene: Scene, case: Case, mail: dict[str, Any]) -> None:
    text = shorten(mail["text"] or mail["subject"], 500)
    told = say("th", "told.strange_mail", code=case.code, sender=shorten(mail["sender"], 100), text=text)
    notify.coordinate(scene, case, "headline.strange_mail", told, f"strange-{mail['id']}")


def _answered(scene: Scene, case: Case, agency: str, mail: dict[str, Any]) -> None:
    given = read(mail["text"], mail["id"], tuple(mail["photos"]))
    came = act(scene, case, agency, given)
    if came in CHANGED:
        _thank(scene, case, agency, came, mail)
    else:
        said = "" if came == Came.LATE else say("th", f"mail.{came}")
        once = f"{came}-{case.code}-{agency}-{scene.now.astimezone(scene.book.zone):%Y%m%d}"
        news = News(f"headline.mail_{came}", words=said, acts=came != Came.LATE)
        gateways.tell(scene, case, agency, news, once=once)  # once a day: two machines must not talk for ever


def _thank(scene: Scene, case: Case, agency: str, came: Came, mail: dict[str, Any]) -> None:
    """Say what the answer changed where the agency would wonder; a note needs no answer."""
    if came in (Came.DONE, Came.HELPED, Came.DECLINED):
        once = f"mailed-{came}-{case.code}-{agency}-{case.reopened}-{mail['id']}"
        gateways.tell(scene, case, agency, News(f"headline.mail_{came}", acts=False), once=once)


def read(text: str, source: str, photo_tokens: tuple[str, ...] = ()) -> Given:
    """What an answer wants: the first line decides, the rest are words; anything else is a note of progress."""
    first, _, rest = text.strip().partition("\n")
    do, more = _meaning(first)
    said = "\n".join(part for part in (more, rest.strip()) if part) if do != "progress" else text.strip()
    return Given(do, source, said, photos=photo_tokens)


_GAP = re.compile(r"[\s.!…,:;–-]+")


def _meaning(first: str) -> tuple[str, str]:
    """The act that a line begins with, and what it says beyond; doubts make it a note."""
    line = " ".join(first.split())
    for do, key, doubts in _BEGINNINGS:
        for word in sorted(words(key), key=len, reverse=True):
            more = _after(line, word, whole=do != "accept")
            if more is not None and not any(doubt in line.lower() for doubt in doubts()):
                return do, more
    return "progress", ""


_BEGINNINGS: tuple[tuple[str, str, Callable[[], frozenset[str]]], ...] = (
    ("decline", "mail_word.decline", frozenset),
    ("done", "mail_word.done", lambda: words("mail_word.doubt") | words("mail_word.later")),
    ("accept", "mail_word.accept", lambda: words("mail_word.doubt")),
)
"""What is looked for, in this order, and which words in the line make it doubtful."""


def _after(line: str, word: str, whole: bool) -> str | None:
    """What a line says beyond the word it begins with; None when it does not begin so.

    A word with a star may go on without a space, as Thai does; ``whole``: then the whole line says it best.
    """
    start = word.rstrip("*")
    if not line.lower().startswith(start):
        return None
    rest = _after_manners(line[len(start) :])
    if not _without_manners(rest.lower()):
        return ""
    if _GAP.match(rest):
        return rest.strip(" .!…,:;–-")
    if not word.endswith("*"):
        return None
    return line if whole else rest.partition(" ")[2]


def _after_manners(rest: str) -> str:
    """The rest of a line behind the polite words that follow at once."""
    for word in sorted(words("mail_word.polite"), key=len, reverse=True):
        if rest.lower().startswith(word):
            return rest[len(word) :]
    return rest


def _without_manners(text: str) -> str:
    for word in sorted(words("mail_word.polite"), key=len, reverse=True):
        text = text.replace(word, " ")
    return _GAP.sub(" ", text).strip()
