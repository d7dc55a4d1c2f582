"""How a citizen's words become a case: understood at once, asked only what is missing, sent by one tap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.flows import behalf, danger, drafts, receipts, thoughts
from handlers.flows.drafts import Draft
from handlers.messages.neutral import Button, Message, Text, tap, with_quick
from handlers.messages.shorten import shorten
from handlers.services import cases, corrections, notify
from handlers.services import photos as photo_rows
from handlers.services.cases import NewReport
from handlers.talk import KEEP, Outcome, Talk
from nlp import Understanding, aside
from store.models import Case
from store.queries import cases as rows
from store.words import OPEN


def begin(
    talk: Talk,
    text: str,
    messages: list[str],
    photos: list[str] | None = None,
    opening: str = "",
    place: dict[str, Any] | None = None,
) -> Outcome:
    """A message with no open question: what does she want? ``place``: where it is when the words name none."""
    u = talk.understand(text)
    if aside(text) == "thanks" and not photos:
        return Outcome([Text(talk.say("chat.welcome"), quick=thoughts.menu_quick(talk))])
    outcome = None if u.urgent or photos else thoughts.other(talk, u, text, messages)
    if outcome is None and u.problems:
        return _two(talk, u, text, messages, photos or [])
    if outcome is None:
        return start_with(talk, u, text, messages, photos or [], opening, place)
    before: list[Message] = [Text(opening)] if opening else []
    draft = None if outcome.draft is KEEP else outcome.draft
    return replace(outcome, messages=[*before, *outcome.messages], draft=draft)


def _two(talk: Talk, u: Understanding, text: str, messages: list[str], photos: list[str]) -> Outcome:
    """One message with two problems: she says whether it becomes two reports."""
    first, second = u.problems
    draft = drafts.new_draft(talk, first, messages)
    draft["photos"] = photos
    drafts.read_into(draft, replace(talk.understand(first), urgent=u.urgent, emergency=u.emergency))
    if u.place and not draft["place"]:
        drafts.set_place(draft, u.place)
    draft["next"] = {"text": second, "message": next(iter(messages), ""), "whole": text[: drafts.MOST_TEXT]}
    urgent = danger.first(talk, u)
    return Outcome([*urgent, *drafts.offer_second(talk, draft)], draft=draft)


def start_with(
    talk: Talk,
    u: Understanding,
    text: str,
    messages: list[str],
    photos: list[str],
    opening: str = "",
    place: dict[str, Any] | None = None,
) -> Outcome:
    draft = drafts.new_draft(talk, text, messages)
    draft["photos"] = photos
    drafts.read_into(draft, u)
    draft["place"] = draft["place"] or place
    danger.no_questions(draft, u)
    return Outcome(
        with_quick([*danger.first(talk, u), *drafts.ask(talk, draft, opening)], _add_button(talk, draft)),
        draft=draft,
    )


def _add_button(talk: Talk, draft: Draft) -> tuple[Button, ...]:
    """With a case of hers still open, the same words may be meant for it: one tap says so."""
    focus = talk.conversation.focus
    case = rows.look_up(talk.unit, focus) if focus else None
    if case is None or case.status not in OPEN or talk.person.id not in rows.reporters(case):
        return ()
    return (_add_to(talk, draft, case),)


def _add_to(talk: Talk, draft: Draft, case: Case) -> Button:
    return tap(talk.say("button.add_to", code=case.code), "report.add", draft=draft["id"], case=case.code)


def add(talk: Talk, draft: Draft) -> Outcome:
    """The draft was meant for a case of hers: its words and photos go there, to the agency in charge."""
    case = rows.by_code(talk.unit, talk.incoming.data.get("case", ""))
    if case is None or case.status not in OPEN or talk.person.id not in rows.reporters(case):
        return Outcome([Text(talk.say("stale.case")), *drafts.ask(talk, draft)])
    actor = cases.Actor("citizen", talk.person)
    message = next(iter(draft["messages"]), None)
    text = draft["text"] or talk.say("case.a_photo")
    cases.note(talk, case, "words", actor, text=text, message_id=message)
    for message_id in draft["photos"]:
        photo_rows.take(talk.unit, talk.person, message_id, "before", case, talk.now)
    words = talk.say("official.words", code=case.code, text=shorten(text, 1500))
    notify.to_agency(talk, case, "headline.words", words=words)
    sent = talk.say("case.words_sent", code=case.code, lead=talk.book.agency_name(case.lead, talk.lang))
    return with_next(talk, draft, [Text(sent)], case)


def start(talk: Talk) -> Outcome:
    """The "report" button: an open draft goes on, else she is asked to tell."""
    draft = talk.conversation.draft
    if draft:
        return Outcome(drafts.ask(talk, draft))
    draft = drafts.new_draft(talk)
    return Outcome(drafts.ask(talk, draft), draft=draft)


# --- photos and pins


def photo(talk: Talk, draft: Draft) -> Outcome:
    """A picture of it; several are welcome, and of an album only the last is answered."""
    message_id = talk.incoming.message_id or ""
    if len(draft["photos"]) >= drafts.MOST_PHOTOS:
        return Outcome([Text(talk.say("report.photos_full", n=drafts.MOST_PHOTOS)), *drafts.ask(talk, draft)])
    photo_rows.take(talk.unit, talk.person, message_id, "before", None, talk.now)
    draft["photos"] = [*draft["photos"], message_id]
    opening = talk.say("report.photo_ok") if draft["text"] else ""
    messages = [] if talk.incoming.more_follow else drafts.ask(talk, draft, opening)
    return Outcome(messages, draft=draft)


def photo_first(talk: Talk) -> Outcome:
    """A picture before any words: the report begins with it, unless one tap says that it is for a case of hers."""
    outcome = photo(talk, drafts.new_draft(talk))
    mine = rows.open_of(talk.unit, talk.person.id)[:3]
    buttons = tuple(_add_to(talk, outcome.draft, case) for case in mine if case.status in OPEN)
    return replace(outcome, messages=with_quick(outcome.messages, buttons))


def place_first(talk: Talk) -> Outcome:
    """A pin before any words."""
    return pin(talk, drafts.new_draft(talk))


def pin(talk: Talk, draft: Draft) -> Outcome:
    lat, lon = talk.incoming.lat, talk.incoming.lon
    if lat is None or lon is None:
        return Outcome(drafts.ask(talk, draft), draft=draft)
    return _place_at(talk, draft, lat, lon, talk.incoming.place)


def _place_at(talk: Talk, draft: Draft, lat: float, lon: float, words: str) -> Outcome:
    """A pin: inside the city, elsewhere in the country (said and offered), or nowhere we could send anybody."""
    if not talk.book.in_country(lat, lon):
        return Outcome([Text(talk.say("report.not_thailand")), *drafts.ask(talk, draft)], draft=draft)
    area = talk.book.area_at(lat, lon)
    draft = dict(draft)
    draft["place"] = {
        "text": shorten(words or (draft["place"] or {}).get("text", ""), 120),
        "area": area.code if area else None,
        "inside": area is not None,
        "lat": lat,
        "lon": lon,
        "precise": True,
        "choices": [],
    }
    return Outcome(drafts.ask(talk, draft), draft=draft)


# --- taps


def category(talk: Talk, draft: Draft) -> Outcome:
    """A kind was chosen; without one, the list to choose from."""
    code = talk.incoming.data.get("category")
    if code not in talk.book.categories:
        return Outcome(drafts.category_list(talk, draft, talk.incoming.data.get("group")))
    draft = {**draft, "category": code}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def place(talk: Talk, draft: Draft) -> Outcome:
    """One of several places that fit, or (without one) "let me say it again"."""
    code = talk.incoming.data.get("area")
    if draft["place"] and code in draft["place"].get("choices", []):
        area = talk.book.areas.get(str(code))
        inside = area.inside if area else False
        chosen: Draft = {"area": code, "inside": inside, "choices": [], "precise": True}
        draft = {**draft, "place": {**draft["place"], **chosen}}
    else:
        draft = {**draft, "place": None, "no_place": False}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def skip(talk: Talk, draft: Draft) -> Outcome:
    """She can't or won't say where (or add a photo): on to the confirmation."""
    if drafts.step(draft) in ("place", "which"):
        draft = {**draft, "no_place": True}
        if draft["place"]:
            draft["place"] = {**draft["place"], "choices": []}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def cancel(talk: Talk, draft: Draft) -> Outcome:
    """Nothing of it is kept."""
    drop_photos(talk, draft)
    later = draft.get("then") or draft.get("next")
    if later:
        outcome = _other_half(talk, draft, later)
        return replace(outcome, messages=[Text(talk.say("report.cancelled")), *outcome.messages])
    return Outcome([Text(talk.say("report.cancelled"), quick=thoughts.menu_quick(talk))], draft=None)


def _other_half(talk: Talk, draft: Draft, later: dict[str, Any]) -> Outcome:
    """The thought that waited; the other half of one message is where the first half was, unless it says otherwise."""
    place = draft["place"] if "whole" in later else None
    opening = talk.say("report.second_now")
    return begin(talk, later["text"], messages_of(later), opening=opening, place=place)


def messages_of(later: dict[str, Any]) -> list[str]:
    """The ids of the messages that a thought that waits was written in."""
    return [later["message"], *later.get("more", [])]


def drop_photos(talk: Talk, draft: Draft) -> None:
    for message_id in draft["photos"]:
        photo_rows.remove_message(talk.unit, message_id)


def confirm(talk: Talk, draft: Draft) -> Outcome:
    """Sent: the case, the card to the official, the receipt; then the second report, if one waits."""
    if drafts.step(draft) in ("text", "category"):
        return Outcome(drafts.ask(talk, draft))
    new = receipts.of_draft(talk, draft)
    if new.behalf is not None:
        return _for_other(talk, draft, new)
    case = cases.open_case(talk, talk.person, new)
    if draft["guess"] and draft["guess"] != case.category:
        corrections.remember(talk, case, draft["guess"], "citizen")
    notify.offered(talk, case)
    return with_next(talk, draft, receipts.after_sending(talk, case), case)


def _for_other(talk: Talk, draft: Draft, new: NewReport) -> Outcome:
    """Written down for somebody without LINE: same clocks, same way; the receipt says what to tell her."""
    role = "official" if talk.agencies else "representative"
    actor = cases.Actor(role, talk.person, next(iter(talk.agencies), None))
    case = cases.open_case(talk, talk.person, new, actor)
    notify.offered(talk, case)
    return with_next(talk, draft, behalf.receipt(talk, case, receipts.receipt(talk, case)), case)


def with_next(talk: Talk, draft: Draft, messages: list[Message], case: Case) -> Outcome:
    """The draft has become a part of ``case``; a second thought that waited comes next."""
    later = draft.get("then") or draft.get("next")
    if later:
        outcome = _other_half(talk, draft, later)
        return replace(outcome, messages=[*messages, *outcome.messages][:5], focus=case.code)
    return Outcome(messages, draft=None, focus=case.code)


def begin_without_words(talk: Talk, photos: list[str]) -> Outcome:
    """Only pictures (or a pin) waited: the report begins with them."""
    draft = {**drafts.new_draft(talk), "photos": photos}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def with_pin(talk: Talk, draft: Draft, pin: dict[str, object]) -> Outcome:
    """A draft whose place is a pin sent before."""
    lat, lon = float(str(pin["lat"])), float(str(pin["lon"]))
    return _place_at(talk, draft, lat, lon, str(pin.get("place") or ""))
