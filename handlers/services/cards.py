"""How a case is shown to each kind of person: neutral cards built from what the database knows."""

from __future__ import annotations

from handlers.messages.neutral import Button, Card, Line, Message, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import deadlines, lifecycle
from handlers.services import spoken
from handlers.services.cases import due_of
from handlers.talk import Scene
from nlp import mask
from store.models import Case, History, Photo
from store.words import Status

_TONES = {
    Status.DONE: "good",
    Status.CLOSED: "good",
    Status.WAITING: "warn",
    Status.REOPENED: "warn",
    Status.REJECTED: "warn",
}


def status_name(status: str, lang: str) -> str:
    return say(lang, f"status.{status}")


def place_of(scene: Scene, case: Case, lang: str, *, inner: bool = False) -> str:
    """Where, in the citizen's words and the name of the area. ``inner``: for the agencies, with house numbers."""
    words = case.place_text if inner else mask(case.place_text)
    area = scene.book.areas.get(case.area or "")
    name = scene.book.name(area, lang) if area else ""
    if words and name and name not in words:
        return f"{words} ({name})"
    return words or name or say(lang, "case.no_place")


def promise(scene: Scene, case: Case, lang: str) -> Line | None:
    """By when an answer or the fix is promised."""
    for kind in (deadlines.ACK, deadlines.FINISH):
        found = due_of(case, kind)
        if found:
            when = moment(found.due_at, scene.now, scene.book.zone, lang)
            return Line(say(lang, f"case.due_{kind}"), when)
    return None


def photo_url(scene: Scene, photo: Photo, size: str = "full") -> str | None:
    """Public address of a stripped picture; None where LINE could not show it (it takes only https)."""
    if photo.state == "removed" or not scene.house.base_url.startswith("https://"):
        return None
    return f"{scene.house.base_url}/media/{photo.token}/{size}.jpg"


def picture(scene: Scene, case: Case, role: str, *, inner: bool = False, size: str = "full") -> str | None:
    """The newest picture of that role; ``inner``: for the agencies, with what only they were sent."""
    found = [p for p in case.photos if p.role == role and p.state not in ("removed", "failed")]
    if found and not inner:
        private = {row.message_id for row in case.history if row.message_id and not row.public}
        found = [p for p in found if p.message_id not in private]
    return photo_url(scene, found[-1], size) if found else None


def codes_of(row: History) -> str:
    """The cases that a row of history links to."""
    return ", ".join(row.data.get("cases", []))


def _lines(scene: Scene, case: Case, lang: str, inner: bool = False) -> list[Line]:
    lines = [Line(say(lang, "case.where"), shorten(place_of(scene, case, lang, inner=inner), 120))]
    if case.lead:
        lines.append(Line(say(lang, "case.lead"), scene.book.agency_name(case.lead, lang)))
    due = promise(scene, case, lang)
    return [*lines, due] if due else lines


def for_citizen(
    scene: Scene, case: Case, lang: str, *, body: str | None = None, buttons: tuple[Button, ...] = ()
) -> Card:
    """Her own case: what, where, who has it, by when."""
    words = body if body is not None else case.public_text
    return Card(
        title=f"{scene.book.category_name(case.category, lang)}",
        body=shorten(words, 300),
        lines=(Line(say(lang, "case.code"), case.code), *_lines(scene, case, lang)),
        buttons=buttons or (tap(say(lang, "button.show"), "case.show", case=case.code),),
        badge=status_name(case.status, lang),
        tone=_TONES.get(Status(case.status), "calm"),
        image=picture(scene, case, "after") or picture(scene, case, "before"),
        alt=f"{case.code} {status_name(case.status, lang)}",
    )


def for_official(scene: Scene, case: Case, lang: str, *, headline: str = "", most: int = 600) -> Card:
    """What an official needs to act: the citizen's own words, the place, the promise, and the buttons."""
    lines = [Line(say(lang, "case.code"), case.code), *_lines(scene, case, lang, inner=True)]
    if case.lat is not None and case.lon is not None:
        lines.append(Line(say(lang, "case.point"), f"{case.lat:.5f}, {case.lon:.5f}"))
    lines += [*_how_often(case, lang), *spoken.lines(case, lang)]
    reason = case.routing_reason.get(lang) or case.routing_reason.get("th")
    if reason and case.status == Status.OFFERED:
        lines.append(Line(say(lang, "case.why_you"), reason))
    badge = say(lang, "case.urgent") if case.urgent else headline or status_name(case.status, lang)
    return Card(
        title=scene.book.category_name(case.category, lang),
        body=shorten(case.text, most),
        lines=tuple(lines),
        buttons=official_buttons(scene, case, lang),
        badge=badge,
        tone="urgent" if case.urgent else _TONES.get(Status(case.status), "calm"),
        image=picture(scene, case, "before", inner=True),
        alt=shorten(f"{headline or badge}: {case.code} {case.text}", 200),
    )


def _how_often(case: Case, lang: str) -> list[Line]:
    """How many people reported it, and whether it has come back at the same spot."""
    lines = []
    if case.people > 1:
        lines.append(Line(say(lang, "case.people"), say(lang, "network.members", n=case.people)))
    if case.recurrence:
        codes = ", ".join(case.earlier[-3:])
        lines.append(Line(say(lang, "case.chronic"), say(lang, "case.times", n=case.recurrence, codes=codes)))
    return lines


def official_buttons(scene: Scene, case: Case, lang: str) -> tuple[Button, ...]:
    """The next steps an official may take, the expected one first."""

    def button(name: str, style: str = "plain") -> Button:
        return tap(say(lang, f"button.{name}"), f"case.{name}", style=style, case=case.code)

    buttons: tuple[Button, ...] = ()
    if case.status == Status.OFFERED:
        buttons = (button("accept", "main"), button("decline"), button("ask"))
    elif case.status in (Status.ACCEPTED, Status.IN_PROGRESS):
        buttons = (
            button("done", "main"),
            button("progress"),
            button("ask"),
            button("invite"),
            button("decline", "quiet"),
        )
    elif case.status == Status.WAITING:
        buttons = (button("done"), button("progress"))
    elif case.status == Status.DONE and spoken.reports(case):
        buttons = (button("outcome", "main"),)
    if case.status in lifecycle.BEFORE_DONE:
        buttons += (button("more", "quiet"),)
    if case.lat is not None and case.lon is not None:
        uri = f"https://www.google.com/maps/search/?api=1&query={case.lat:.6f},{case.lon:.6f}"
        buttons += (Button(say(lang, "button.map"), "link", uri=uri, style="quiet"),)
    return (*buttons, tap(say(lang, "button.thread"), "case.show", style="quiet", case=case.code))


def closing_buttons(case: Case, lang: str) -> tuple[Button, ...]:
    """Fixed, half fixed, not fixed."""
    return (
        tap(say(lang, "button.fixed"), "case.fixed", style="main", case=case.code, ok="1"),
        tap(say(lang, "button.half"), "case.fixed", case=case.code, ok="half"),
        tap(say(lang, "button.not_fixed"), "case.fixed", case=case.code, ok="0"),
    )


def for_helper(scene: Scene, case: Case, agency: str, task: str, lang: str) -> Card:
    """An agency asked to do a part: its own task first."""
    card = for_official(scene, case, lang, headline=say(lang, "case.helper_badge"))
    lead = scene.book.agency_name(case.lead, lang)
    lines = (Line(say(lang, "case.task"), task), *card.lines)
    done = tap(say(lang, "button.helper_done"), "case.done", style="main", case=case.code)
    show = tap(say(lang, "button.thread"), "case.show", style="quiet", case=case.code)
    note = tap(say(lang, "button.progress"), "case.progress", case=case.code)
    return Card(
        title=card.title,
        body=card.body,
        lines=lines,
        buttons=(done, note, show),
        badge=say(lang, "case.helper_badge"),
        tone="calm",
        image=card.image,
        alt=shorten(say(lang, "case.helper_alt", lead=lead, code=case.code), 200),
    )


def emergency(scene: Scene, number: str, lang: str) -> list[Message]:
    """The number to call comes before everything else."""
    numbers = {e.number: e for e in scene.book.data.city.emergency}
    found = numbers.get(number)
    label = (found.label_en if lang == "en" else found.label_th) if found else ""
    call = Button(say(lang, "button.call", number=number), "link", uri=f"tel:{number}", style="main")
    text = say(lang, "report.emergency", number=number, label=label)
    title = say(lang, "report.emergency_title")
    return [Card(title=title, body=text, buttons=(call,), tone="urgent", alt=text)]
