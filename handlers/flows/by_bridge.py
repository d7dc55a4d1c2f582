"""News of cases from other systems: hints are only a reason to look; what was read there is decided here."""

from __future__ import annotations

from typing import Any

from handlers.flows import by_mail
from handlers.flows.by_mail import Came, Given
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.services import bridges, cases, notify, past, photos
from handlers.services.cases import SYSTEM, Actor, NewReport
from handlers.talk import Scene
from nlp import mask, normalise
from store.city_data import AgencyRow
from store.models import Case, Person, RemoteCase
from store.queries import bridges as rows
from store.queries import cases as case_rows
from store.queries.bridges import NEVER
from store.traffy_words import traffy_words
from store.words import OPEN, TRAFFY, Status

MOST_UNKNOWN = 200
"""Numbers heard of and not read yet: more would be somebody playing, or cost a month's credit."""
LANG = "th"


def hinted(scene: Scene, hint: dict[str, Any]) -> None:
    """Traffy said something about a ticket: it will be read. Nothing of what was said is believed."""
    number = str(hint["ticket_id"])
    known = rows.by_number(scene.unit, TRAFFY, number)
    if known is not None:
        if known.case_id is not None:
            known.next_at = min(known.next_at, scene.machine)
        return
    taking = next((a for a in scene.book.data.agencies if a.intake and a.remote_id), None)
    if taking is not None and rows.unknown_waiting(scene.unit, TRAFFY) < MOST_UNKNOWN:
        scene.unit.add(_heard_of(scene, number, taking))


def _heard_of(scene: Scene, number: str, agency: AgencyRow) -> RemoteCase:
    return RemoteCase(
        system=TRAFFY,
        channel=TRAFFY,
        agency=agency.code,
        origin=bridges.THEIRS,
        number=number,
        groups=[],
        said=[],
        read=[],
        next_at=scene.machine,
        created_at=scene.now,
    )


def read(scene: Scene, reading: dict[str, Any]) -> None:
    """Decide upon what was read: open a case, or take over what is new in a known one."""
    remote = rows.to_change(scene.unit, reading["remote"])
    if remote is None:
        return
    if remote.case_id is None:
        _maybe_open(scene, remote, reading)
        return
    case = case_rows.to_change(scene.unit, remote.case_id)
    if case is not None:
        _take_over(scene, case, remote, reading)


# --- a ticket that is not ours yet


def _maybe_open(scene: Scene, remote: RemoteCase, reading: dict[str, Any]) -> None:
    """A case for one of our agencies that take in what is reported there; everything else is left alone."""
    ticket = reading["ticket"]
    ours = [a for a in scene.book.data.agencies if a.intake and a.remote_id in ticket["groups"]]
    if not ours or reading["state"] in ("done", "rejected") or _is_ours(scene, ticket["text"]):
        remote.next_at = NEVER
        return
    agency = ours[0]
    remote.agency, remote.groups = agency.code, ticket["groups"]
    remote.state, remote.read = reading["state"], _keys(remote, reading)
    case = cases.open_case(scene, _unnamed(scene), _report(scene, agency, ticket))
    for number, token in enumerate(ticket["photos"]):
        scene.unit.flush()
        photos.attach(scene.unit, token, f"traffy-{remote.id}.{number}", "before", case, scene.now)
    remote.case = case
    scene.unit.flush()
    notify.offered(scene, case)


def _is_ours(scene: Scene, text: str) -> bool:
    """Whether the words are of a case that we told there (before its number was known here)."""
    start, _, rest = text.partition("[Saan ")
    code = rest.partition("]")[0]
    return bool(code) and case_rows.look_up(scene.unit, code) is not None


def _unnamed(scene: Scene) -> Person:
    """Who reported it there is not told to us."""
    person = Person(line_id=None, name="", language=LANG, created_at=scene.now, seen_at=scene.now, roles=[])
    scene.unit.add(person)
    scene.unit.flush()
    return person


def _report(scene: Scene, agency: AgencyRow, ticket: dict[str, Any]) -> NewReport:
    words = traffy_words()
    found, _ = past.words_of(scene.book, words.types, words.states).categories(ticket["types"])
    text = normalise(ticket["text"]) or say(LANG, "bridge.no_words")
    lat, lon = ticket["lat"], ticket["lon"]
    area = scene.book.area_at(lat, lon) if lat is not None else None
    by_rule = agency.code == scene.book.data.city.integrator
    return NewReport(
        text=text,
        masked=mask(text),
        category=found[0] if found else "other",
        place_text=ticket["address"],
        area=area.code if area else None,
        lat=lat,
        lon=lon,
        to=None if by_rule and found else agency.code,
        outside=lat is not None and area is None,
    )


# --- a case that both know


def _take_over(scene: Scene, case: Case, remote: RemoteCase, reading: dict[str, Any]) -> None:
    before = remote.state
    scene.hears.add(remote.agency)
    fresh = [u for u in reading["updates"] if u["key"] not in remote.read]
    heard = [u for u in fresh if (u["text"] or u["photos"]) and not _echo(remote, u)]
    remote.read, remote.state = _keys(remote, reading), reading["state"]
    if remote.origin == bridges.OURS:
        _they_work(scene, case, remote, heard, before)
    else:
        _they_say(scene, case, remote, heard, before)
    if case.status not in OPEN and case.status != Status.DONE:
        remote.next_at = NEVER


def _echo(remote: RemoteCase, update: dict[str, Any]) -> bool:
    """Whether these are our own words."""
    return bool(update["text"]) and bridges.fingerprint(update["text"]) in remote.said


def _keys(remote: RemoteCase, reading: dict[str, Any]) -> list[str]:
    return [*dict.fromkeys([*remote.read, *(u["key"] for u in reading["updates"])])][-bridges.MOST_SAID :]


def _they_work(
    scene: Scene, case: Case, remote: RemoteCase, heard: list[dict[str, Any]], before: str
) -> None:
    """The agency works in its own system: its words are notes, its states the steps of the case."""
    ends = remote.state in ("done", "rejected") and remote.state != before
    last = heard.pop() if ends and heard else None
    if remote.state == "in_progress" and before != "in_progress":
        _act(scene, case, remote, "accept", f"remote-{remote.id}-{remote.readings}")
    for update in heard:
        text = mask(update["text"])
        if remote.state == "forwarded" and update["group"]:
            text = say(LANG, "bridge.forwarded", group=update["group"], text=text).strip()
        if text or update["photos"]:
            _act(scene, case, remote, "progress", _source(remote, update), text, update["photos"])
    if ends:
        _end(scene, case, remote, last)


def _source(remote: RemoteCase, update: dict[str, Any]) -> str:
    return f"remote-{remote.id}-{update['key']}"[:60]


def _end(scene: Scene, case: Case, remote: RemoteCase, last: dict[str, Any] | None) -> None:
    """Finished there, or not theirs; why is said in their words, or in ours where they said nothing."""
    text = mask(last["text"]) if last else ""
    tokens = last["photos"] if last else []
    source = _source(remote, last) if last else f"remote-{remote.id}-end-{remote.readings}"
    name = scene.book.agency_name(remote.agency, LANG)
    if remote.state == "done":
        words = text or ("" if tokens else say(LANG, "bridge.finished", name=name))
        _act(scene, case, remote, "done", source, words, tokens)
    else:
        _act(scene, case, remote, "decline", source, text or say(LANG, "bridge.not_theirs", name=name))


def _act(
    scene: Scene,
    case: Case,
    remote: RemoteCase,
    do: str,
    source: str,
    text: str = "",
    tokens: list[str] | None = None,
) -> Came:
    given = Given(do, source, text, why="other", photos=tuple(tokens or ()))
    return by_mail.act(scene, case, remote.agency, given)


def _they_say(scene: Scene, case: Case, remote: RemoteCase, heard: list[dict[str, Any]], before: str) -> None:
    """We work, they watch: what is said there is passed on to our people; a reopened ticket is reopened here."""
    actor = Actor("citizen", agency=None)
    again = before == "done" and remote.state in ("waiting", "in_progress")
    if again and case.status in (Status.DONE, Status.CLOSED):
        cases.reopen(scene, case, actor, "not_fixed")
    said = "\n".join(mask(u["text"]) for u in heard if u["text"])
    for update in heard:
        for number, token in enumerate(update["photos"]):
            mark = f"{_source(remote, update)}.{number}"
            photos.attach(scene.unit, token, mark, "thread", case, scene.now)
    if not said and not again and not heard:
        return
    if said:
        cases.note(scene, case, "said_there", SYSTEM, text=said[: by_mail.MOST_WORDS])
    headline = "headline.not_fixed" if again else "headline.said_there"
    notify.to_agency(scene, case, headline, words=shorten(said, 500))
