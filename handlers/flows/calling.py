"""A representative leads an activity: calls, changes, cancels, shows the code, sends minutes and pictures back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from handlers.flows.keys import instant, number, stale, whole
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Card, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.times import moment
from handlers.rules import gathering as rules
from handlers.rules import participation
from handlers.services import activities, calls, cases, gatherings, notify
from handlers.services import photos as photo_rows
from handlers.services.activities import Host
from handlers.services.cases import Actor
from handlers.talk import Outcome, Talk
from nlp import read_when
from store.models import Activity
from store.queries import activities as rows
from store.queries import cases as case_rows

MOST_PLACES = 5000
_LIMITS = {"title": 120, "place": 200, "minutes": 3500}


def _mine(talk: Talk, activity_id: int, *states: str) -> Activity | None:
    """The activity, if the speaker represents its network and it is in one of the states."""
    found = rows.activity(talk.unit, activity_id)
    if found is None or found.network not in talk.represents or found.network not in talk.book.networks:
        return None
    hers = found.state != "draft" or found.person_id == talk.person.id
    return found if found.state in states and hers else None


def _step(talk: Talk, step: str, found: Activity, key: str, *buttons: Button, **blanks: object) -> Outcome:
    """Ask the next thing; the next words are taken for it."""
    asked = {"do": "activity.new", "step": step, "activity": str(found.id), "at": talk.now.isoformat()}
    cancel = tap(talk.say("button.cancel"), "ask.cancel")
    return Outcome([Text(talk.say(key, **blanks), quick=(*buttons, cancel))], asked=asked)


def _set(talk: Talk, label: str, found: Activity, **value: Any) -> Button:
    """A button that answers the open question."""
    return tap(shorten(label, 20), "activity.set", activity=found.id, shown=label, **value)


# --- preparing: kind, title, when, where, how many, who hosts


def new(talk: Talk) -> Outcome:
    network = talk.incoming.data.get("network", "")
    if network not in talk.book.networks or network not in talk.represents:
        return talk.answer("activity.only_representatives")
    code = talk.incoming.data.get("case")
    case = case_rows.by_code(talk.unit, code) if code else None
    if code and (case is None or case.network != network):
        return talk.answer("stale.case")
    found = activities.draft(talk, talk.person, network, case)
    kinds = [_set(talk, talk.say(f"kind.{kind}"), found, kind=kind) for kind in rules.KINDS]
    return _step(talk, "kind", found, "activity.ask_kind", *kinds)


def choose(talk: Talk) -> Outcome:
    """An answer by button: the kind, the hour, the number of places or the host."""
    asked = talk.conversation.asked or {}
    found = _mine(talk, number(talk, "activity"), "draft", "open")
    if found is None or asked.get("activity") != str(found.id):
        return talk.answer("stale.button")
    chooser = _CHOICES.get(asked.get("step", ""))
    return chooser(talk, found) if chooser else talk.answer("stale.button")


def _kind(talk: Talk, found: Activity) -> Outcome:
    kind = talk.incoming.data.get("kind", "")
    if kind not in rules.KINDS:
        return talk.answer("stale.button")
    found.kind, found.level = kind, participation.of_activity(kind)
    return _step(talk, "title", found, "activity.ask_title")


def _title(talk: Talk, found: Activity, text: str) -> Outcome:
    found.title = activities.clean(text)
    return _ask_when(talk, found, "when")


def _ask_when(talk: Talk, found: Activity, step: str) -> Outcome:
    """The next weekend mornings one tap away, every other time by typing it."""
    local = talk.now.astimezone(talk.book.zone).replace(minute=0, second=0, microsecond=0)
    saturday = local + timedelta(days=(5 - local.weekday()) % 7 or 7)
    offered = [
        (saturday + timedelta(days=ahead)).replace(hour=hour)
        for ahead, hour in ((0, 9), (1, 9), (4, 13), (7, 9))
    ]
    buttons = [
        _set(talk, moment(at, talk.now, talk.book.zone, talk.lang), found, at=at.isoformat())
        for at in offered
        if at > talk.now
    ]
    return _step(talk, step, found, "activity.ask_when", *buttons)


def _when_tapped(talk: Talk, found: Activity) -> Outcome:
    at = instant(talk, "at")
    return _when(talk, found, at) if at else talk.answer("stale.button")


def _when_typed(talk: Talk, found: Activity, text: str) -> Outcome:
    read = read_when(text, talk.now.astimezone(talk.book.zone))
    if read is None or not read.has_time:
        return talk.answer("when.unread" if read is None else "when.no_hour")
    return _when(talk, found, read.at)


def _when(talk: Talk, found: Activity, at: datetime) -> Outcome:
    if not talk.now < at < talk.now + timedelta(days=400):
        return talk.answer("when.past")
    changed = found.state == "open"
    found.starts_at = at
    if changed:
        found.reminded_at = None
        return _changed(talk, found)
    shown = moment(at, talk.now, talk.book.zone, talk.lang)
    return _step(talk, "place", found, "activity.ask_place", when=shown)


def _place(talk: Talk, found: Activity, text: str) -> Outcome:
    found.place = activities.clean(text) if talk.incoming.kind == Kind.TEXT else text
    if found.state == "open":
        return _changed(talk, found)
    buttons = [_set(talk, talk.say("button.people", n=n), found, most=n) for n in (10, 20, 30, 50)]
    everybody = _set(talk, talk.say("button.no_limit"), found, most=0)
    return _step(talk, "most", found, "activity.ask_most", everybody, *buttons)


def _most_tapped(talk: Talk, found: Activity) -> Outcome:
    return _most(talk, found, talk.incoming.data.get("most", ""))


def _most(talk: Talk, found: Activity, text: str) -> Outcome:
    said = text.strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 6 and int(said) <= MOST_PLACES):
        return talk.answer("activity.most_unread", most=MOST_PLACES)
    found.most = int(said) or None
    turn = activities.next_hosts(talk, found.network)
    named = [(host, activities.host_name(talk, host, talk.lang)) for host in turn[:6]]
    buttons = [
        _set(talk, name, found, agency=host.agency, person=host.person) for host, name in named if name
    ]
    first = next((name for _, name in named if name), "")
    return _step(talk, "host", found, "activity.ask_host", *buttons, host=first)


def _host(talk: Talk, found: Activity) -> Outcome:
    person = number(talk, "person")
    host = Host(talk.incoming.data.get("agency"), person or None)
    if host not in activities.next_hosts(talk, found.network):
        return talk.answer("stale.button")
    found.host_agency, found.host_id = host.agency, host.person
    return preview(talk, found)


def preview(talk: Talk, found: Activity) -> Outcome:
    """As members will see it, and one tap to call them."""
    buttons = (
        tap(talk.say("button.activity_start"), "activity.start", style="main", activity=found.id),
        tap(talk.say("button.cancel"), "activity.drop", style="quiet", activity=found.id),
    )
    card = gatherings.card(talk, found, talk.lang, badge=talk.say("activity.preview"), buttons=buttons)
    return Outcome([card], asked=None)


def drop(talk: Talk) -> Outcome:
    found = _mine(talk, number(talk, "activity"), "draft")
    if found is None:
        return talk.answer("stale.activity")
    rows.drop_drafts(talk.unit, found.network, talk.person.id)
    return Outcome([Text(talk.say("chat.cancelled"))], asked=None)


def start(talk: Talk) -> Outcome:
    """Call the members; whoever calls comes too."""
    found = _mine(talk, number(talk, "activity"), "draft")
    if found is None or not (found.title and found.place and found.starts_at):
        return talk.answer("stale.activity")
    if found.starts_at <= talk.now:
        return talk.answer("when.past")
    found.state = "open"
    activities.join(talk, found, talk.person)
    calls.note(talk, f"activity-{found.id}", talk.person)
    gatherings.call(talk, found)
    return Outcome([Text(talk.say("activity.started")), _panel(talk, found)], asked=None)


def _panel(talk: Talk, found: Activity) -> Card:
    """What the representative can do with an open activity."""
    buttons = (
        tap(talk.say("button.code"), "activity.code", activity=found.id),
        tap(talk.say("button.change_when"), "activity.change", activity=found.id, what="when"),
        tap(talk.say("button.change_place_of"), "activity.change", activity=found.id, what="place"),
        tap(talk.say("button.minutes"), "activity.report", activity=found.id),
        tap(talk.say("button.activity_cancel"), "activity.cancel", style="quiet", activity=found.id),
    )
    return gatherings.card(talk, found, talk.lang, buttons=buttons)


def panel(talk: Talk) -> Outcome:
    found = _mine(talk, number(talk, "activity"), "open")
    return Outcome([_panel(talk, found)]) if found else talk.answer("stale.activity")


# --- changing, cancelling, the day itself


def change(talk: Talk) -> Outcome:
    found = _mine(talk, number(talk, "activity"), "open")
    what = talk.incoming.data.get("what")
    if found is None or what not in ("when", "place"):
        return talk.answer("stale.activity")
    if what == "when":
        return _ask_when(talk, found, "when")
    return _step(talk, "place", found, "activity.ask_new_place")


def _changed(talk: Talk, found: Activity) -> Outcome:
    """Everybody on the list hears of it once."""
    found.version += 1
    once = f"changed-{found.id}-{found.version}"
    told = gatherings.to_signed_up(talk, found, "activity.changed", once, talk.person)
    return Outcome([Text(talk.say("activity.changed_told", n=told))], asked=None)


def cancel(talk: Talk) -> Outcome:
    """Asked once more, because everybody hears of it."""
    found = _mine(talk, number(talk, "activity"), "open")
    if found is None:
        return talk.answer("stale.activity")
    if talk.incoming.data.get("sure") != "1":
        buttons = (
            tap(talk.say("button.activity_cancel"), "activity.cancel", activity=found.id, sure="1"),
            tap(talk.say("button.keep"), "activity.panel", style="main", activity=found.id),
        )
        return Outcome([Card(title=talk.say("activity.cancel_sure", title=found.title), buttons=buttons)])
    found.state, found.ended_at = "cancelled", talk.now
    told = gatherings.to_signed_up(talk, found, "activity.cancelled", f"cancelled-{found.id}", talk.person)
    return Outcome([Text(talk.say("activity.cancelled_told", n=told))], asked=None)


def code(talk: Talk) -> Outcome:
    """A new check-in code to call out on the spot."""
    found = _mine(talk, number(talk, "activity"), "open")
    if found is None or found.starts_at is None:
        return talk.answer("stale.activity")
    if not rules.checks_in(found.starts_at, talk.now):
        return talk.answer("activity.code_later")
    return talk.answer("activity.code", code=activities.new_code(found))


# --- afterwards


def report(talk: Talk) -> Outcome:
    """Ask for minutes and pictures."""
    found = _mine(talk, number(talk, "activity"), "open")
    if found is None or found.starts_at is None:
        return talk.answer("stale.activity")
    if talk.now < found.starts_at:
        return talk.answer("activity.not_begun")
    return _step(talk, "minutes", found, "activity.ask_minutes")


def _minutes(talk: Talk, found: Activity, text: str) -> Outcome:
    found.minutes = activities.clean(f"{found.minutes}\n{text}")[: _LIMITS["minutes"]]
    return _ready(talk, found)


def _photo(talk: Talk, found: Activity) -> Outcome:
    if len(found.photos) >= gatherings.MOST_PHOTOS:
        return talk.answer("activity.photos_full", n=gatherings.MOST_PHOTOS)
    message = talk.incoming.message_id or ""
    photo = photo_rows.take(talk.unit, talk.person, message, "activity", None, talk.now)
    if photo.id not in found.photos:
        found.photos = [*found.photos, photo.id]
    return Outcome() if talk.incoming.more_follow else _ready(talk, found)


def _ready(talk: Talk, found: Activity) -> Outcome:
    send = tap(talk.say("button.tell_all"), "activity.finish", activity=found.id)
    photos = len(found.photos)
    return _step(talk, "minutes", found, "activity.more_minutes", send, photos=photos)


def finish(talk: Talk) -> Outcome:
    """Send minutes, pictures and thanks; ask whether the case is solved."""
    found = _mine(talk, number(talk, "activity"), "open")
    if found is None or not (found.minutes or found.photos):
        return talk.answer("stale.activity")
    activities.finish(talk, found)
    told = gatherings.thanks(talk, found, talk.person)
    came = rows.came(talk.unit, found.id)
    said = Text(talk.say("activity.finished", n=told, came=came))
    return Outcome([said, *_solved_question(talk, found)], asked=None)


def _solved_question(talk: Talk, found: Activity) -> list[Card]:
    case = case_rows.by_id(talk.unit, found.case_id) if found.case_id else None
    if case is None:
        return []
    buttons = (
        tap(talk.say("button.solved"), "activity.solved", style="main", activity=found.id, ok="1"),
        tap(talk.say("button.not_solved"), "activity.solved", activity=found.id, ok="0"),
    )
    title = talk.say("activity.solved_ask", code=case.code)
    return [Card(title=title, body=shorten(case.public_text, 200), buttons=buttons)]


def solved(talk: Talk) -> Outcome:
    """Whether the activity solved its case: the lead agency hears it and closes the case with the reporter."""
    found = _mine(talk, number(talk, "activity"), "done")
    ok = talk.incoming.data.get("ok")
    case = case_rows.by_id(talk.unit, found.case_id) if found and found.case_id else None
    if found is None or case is None or ok not in ("0", "1"):
        return talk.answer("stale.activity")
    if any(row.kind == "activity" and row.data.get("activity") == found.id for row in case.history):
        return talk.answer("activity.solved_already")
    actor = Actor("representative", talk.person)
    data: dict[str, object] = {"activity": found.id, "solved": ok == "1"}
    cases.note(talk, case, "activity", actor, text=found.title, public=True, data=data)
    headline = "headline.activity_solved" if ok == "1" else "headline.activity_held"
    notify.to_agency(talk, case, headline, words=shorten(f"{found.title}\n{found.minutes}".strip(), 1500))
    return talk.answer("activity.solved_told", code=case.code)


# --- words and pictures that a question asked for


def words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """The answer to the bot's question; None when the question is no longer hers."""
    found = _mine(talk, whole(asked["activity"]), "draft", "open")
    if found is None or stale(talk, asked):
        return None
    step, kind = asked["step"], talk.incoming.kind
    if step == "minutes" and kind == Kind.PHOTO:
        return _photo(talk, found)
    text = talk.incoming.place if step == "place" and kind == Kind.PLACE else talk.incoming.text
    if kind not in (Kind.TEXT, Kind.PLACE) or not text.strip() or step not in _WORDS:
        return talk.answer("activity.tap_or_type")
    if len(text) > _LIMITS.get(step, 300):
        return talk.answer("vote.too_long", most=_LIMITS.get(step, 300))
    return _WORDS[step](talk, found, text)


_CHOICES: dict[str, Callable[[Talk, Activity], Outcome]] = {
    "kind": _kind,
    "when": _when_tapped,
    "most": _most_tapped,
    "host": _host,
}
_WORDS: dict[str, Callable[[Talk, Activity, str], Outcome]] = {
    "title": _title,
    "when": _when_typed,
    "place": _place,
    "most": _most,
    "minutes": _minutes,
}
