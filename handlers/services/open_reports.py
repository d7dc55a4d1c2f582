"""What other systems send through Open311: a request becomes a case like any report, an update is her next word.

A system is trusted to have its reporter's consent; that it was relied upon is kept with the report.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.rules import lifecycle
from handlers.rules.open311 import Refused, Sent, Update, Wrong
from handlers.services import api_keys, cases, notify, photos
from handlers.services.cases import Actor, NewReport
from handlers.services.together import Behalf
from handlers.talk import Scene
from nlp import mask, normalise
from nlp.urgency import care
from store.models import ApiKey, ApiRequest, Case, History, Person
from store.queries import api_keys as rows
from store.queries import cases as case_rows
from store.words import OPEN, OPEN311, Status

LANG = "th"
SAME_S = 60.0
"""The same request again within this time is a repetition of it."""

_MOST_REACH = 40


@dataclass(frozen=True)
class Taken:
    """A request that became a case. ``fresh``: not a repetition."""

    code: str
    token: str
    lead: str
    """Name of the agency that has it."""
    fresh: bool


def open_request(scene: Scene, key: ApiKey, sent: Sent, said: tuple[str, ...], picture: str = "") -> Taken:
    """A case from what a system sent. ``said``: its attributes as lines; ``picture``: token of one kept already.

    Raises ``Refused``; then nothing has changed.
    """
    if rows.locked(scene.unit, key.id) is None:
        raise Refused(Wrong(403, "api_key is not valid"))
    known = repeated(scene, key, sent)
    if known is not None:
        return known
    case = cases.open_case(scene, _unnamed(scene), _report(scene, sent, said), _actor())
    made = _remember(scene, key, sent, case)
    scene.unit.flush()
    if picture:
        photos.attach(scene.unit, picture, f"open311-{made.id}", "before", case, scene.now)
    notify.offered(scene, case)
    return _taken(scene, made, fresh=True)


def repeated(scene: Scene, key: ApiKey, sent: Sent) -> Taken | None:
    """The case of the same request by the same system less than a minute ago."""
    known = rows.same_request(scene.unit, key.id, fingerprint(sent), scene.machine - SAME_S)
    return _taken(scene, known, fresh=False) if known is not None else None


def fingerprint(sent: Sent) -> str:
    """The same for the same fields, in whatever order they came."""
    plain = {**vars(sent), "attributes": {k: list(v) for k, v in sent.attributes.items()}}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def token(scene: Scene, made: ApiRequest) -> str:
    return scene.house.derived(f"open311 token {made.nonce}")[:40]


def of_token(scene: Scene, word: str) -> str | None:
    """The case's code behind a token; None for one that nobody was given."""
    made = rows.request_of_token(scene.unit, api_keys.hashed(word))
    return made.case.code if made else None


def _taken(scene: Scene, made: ApiRequest, *, fresh: bool) -> Taken:
    lead = scene.book.agency_name(made.case.lead, LANG)
    return Taken(made.case.code, token(scene, made), lead, fresh)


def _remember(scene: Scene, key: ApiKey, sent: Sent, case: Case) -> ApiRequest:
    made = ApiRequest(
        key_id=key.id,
        case=case,
        fingerprint=fingerprint(sent),
        at=scene.machine,
        nonce=secrets.token_hex(16),
        token_hash="",
        email=sent.email,
        sent={
            "account_id": sent.account_id,
            "device_id": sent.device_id,
            "media_url": sent.media_url,
            "attributes": {name: list(values) for name, values in sent.attributes.items()},
            "system": key.name,
        },
    )
    made.token_hash = api_keys.hashed(token(scene, made))
    return scene.unit.add(made)


def _actor(person: Person | None = None) -> Actor:
    return Actor("citizen", person)


def _unnamed(scene: Scene) -> Person:
    """The reporter has no account here; her name and phone stand with the report alone."""
    person = Person(line_id=None, name="", language=LANG, created_at=scene.now, seen_at=scene.now, roles=[])
    scene.unit.add(person)
    scene.unit.flush()
    return person


def _report(scene: Scene, sent: Sent, said: tuple[str, ...]) -> NewReport:
    book = scene.book
    if sent.service not in book.categories:
        raise Refused(Wrong(404, "service_code was not found"))
    text = "\n".join(part for part in (sent.description, *said) if part)
    text = text or book.plain_name(sent.service, LANG)
    danger = care(normalise(sent.description), "report")
    area, lat, lon, outside = _where(scene, sent)
    return NewReport(
        text=text,
        masked=mask(normalise(text)),
        category=sent.service,
        urgent=danger.danger or "now" in sent.attributes.get("danger", ()),
        emergency=danger.emergency,
        place_text=shorten(normalise(sent.address), 200),
        area=area,
        lat=lat,
        lon=lon,
        outside=outside,
        behalf=Behalf(OPEN311, shorten(sent.name, 80), _reach(sent)),
    )


def _reach(sent: Sent) -> str:
    """How officials reach her: by phone, else by mail."""
    return sent.phone or (sent.email if len(sent.email) <= _MOST_REACH else "")


def _where(scene: Scene, sent: Sent) -> tuple[str | None, float | None, float | None, bool]:
    """(area, lat, lon, whether it lies outside the city): by the point, else by the area's code or the words."""
    book = scene.book
    if sent.lat is not None and sent.lon is not None:
        if not book.in_country(sent.lat, sent.lon):
            raise Refused(Wrong(400, "lat and long lie outside Thailand"))
        found = book.area_at(sent.lat, sent.lon)
        return found.code if found else None, sent.lat, sent.lon, found is None
    if sent.area and sent.area not in book.areas:
        raise Refused(Wrong(400, "address_id is not the code of an area of this city"))
    place = book.gazetteer.find(sent.address) if sent.address else None
    named = place.area if place and place.area in book.areas else None
    area = sent.area or named
    point = (place.lat, place.lon) if place and (not sent.area or place.area == sent.area) else (None, None)
    return area or None, *point, bool(place and place.inside is False and not sent.area)


# --- news from the system that made the request


def add_update(scene: Scene, key: ApiKey, update: Update, picture: str = "") -> int:
    """The reporter's next word about her case; gives the number of the row of history that holds it.

    The same ``update_id`` again, or without one the same words within a minute, is a repetition. Raises ``Refused``.
    """
    if rows.locked(scene.unit, key.id) is None:
        raise Refused(Wrong(403, "api_key is not valid"))
    case = case_rows.by_code(scene.unit, update.code)
    made = rows.request_of_case(scene.unit, case.id) if case else None
    if case is None or made is None:
        raise Refused(Wrong(404, "service_request_id was not found"))
    if made.key_id != key.id:
        raise Refused(Wrong(403, "only the system that made the request can add updates to it"))
    before = _repeated(scene, case, update)
    if before is not None:
        return before.id
    row = _say(scene, case, update, Actor("citizen", _author(scene, case)))
    row.data = {**row.data, "update_id": update.update_id, "mark": _mark(update)}
    scene.unit.flush()
    if picture:
        photos.attach(scene.unit, picture, f"open311-update-{row.id}", "thread", case, scene.now)
    return row.id


def _author(scene: Scene, case: Case) -> Person | None:
    return scene.unit.get(Person, case.reports[0].person_id) if case.reports else None


def _mark(update: Update) -> str:
    return hashlib.sha256(f"{update.closed}\n{update.description}".encode()).hexdigest()[:24]


def _repeated(scene: Scene, case: Case, update: Update) -> History | None:
    for row in case.history:
        if update.update_id and row.data.get("update_id") == update.update_id:
            return row
        lately = scene.now - row.at <= timedelta(seconds=SAME_S)
        if not update.update_id and lately and row.data.get("mark") == _mark(update):
            return row
    return None


def _say(scene: Scene, case: Case, update: Update, actor: Actor) -> History:
    """What her words do, as they would in the chat: confirm, reopen, answer a question, or just be passed on."""
    text = update.description
    if case.status == Status.DONE and update.closed:
        return _confirm(scene, case, text, actor)
    if not update.closed and _may_reopen(scene, case):
        return _reopen(scene, case, text, actor)
    if case.status == Status.WAITING:
        cases.resume(scene, case, actor, "answered", text=text)
        _pass_on(scene, case, "answered", text)
        return case.history[-1]
    if case.status not in OPEN:
        raise Refused(Wrong(400, f"the request is {case.status}: nothing can be added any more"))
    row = cases.note(scene, case, "words", actor, text=text)
    _pass_on(scene, case, "words", text)
    return row


def _confirm(scene: Scene, case: Case, text: str, actor: Actor) -> History:
    cases.close(scene, case, actor, "fixed")
    if actor.person is not None:
        notify.closed(scene, case, actor.person)
    return cases.note(scene, case, "words", actor, text=text)


def _may_reopen(scene: Scene, case: Case) -> bool:
    if case.status == Status.DONE:
        return True
    limit = timedelta(days=lifecycle.REOPEN_DAYS)
    return case.status == Status.CLOSED and case.closed_at is not None and scene.now - case.closed_at <= limit


def _reopen(scene: Scene, case: Case, text: str, actor: Actor) -> History:
    cases.reopen(scene, case, actor, "not_fixed")
    row = cases.note(scene, case, "words", actor, text=text)
    words = say(LANG, "official.words", code=case.code, text=shorten(text, 1500))
    if case.unassigned:
        notify.offered(scene, case, words=words)
    else:
        notify.to_agency(scene, case, "headline.not_fixed", words=words)
    if actor.person is not None:
        notify.reopened(scene, case, actor.person)
    return row


def _pass_on(scene: Scene, case: Case, what: str, text: str) -> None:
    words = say(LANG, f"official.{what}", code=case.code, text=shorten(text, 1500))
    notify.to_agency(scene, case, f"headline.{what}", words=words)
