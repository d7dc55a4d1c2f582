"""How a case is shown to each kind of person: neutral cards built from what the database knows."""

from __future__ import annotations

from handlers.city import CityBook
from handlers.messages.neutral import Button, Card, Line, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import deadlines, lifecycle
from handlers.services import clocks, lending, spoken
from handlers.services import usual as usual_times
from handlers.talk import Scene
from nlp import mask
from store.models import Case, Helper, History, Photo, UsualTime
from store.words import OPEN, CaseKind, Status

_TONES = {
    Status.DONE: "good",
    Status.CLOSED: "good",
    Status.WAITING: "warn",
    Status.REOPENED: "warn",
    Status.REJECTED: "warn",
}


def status_name(status: str, lang: str) -> str:
    return say(lang, f"status.{status}")


def status_of(case: Case, lang: str) -> str:
    """The status in words that fit the kind of case: a question is answered, not finished."""
    answered = case.kind != CaseKind.PROBLEM and case.status == Status.DONE
    return say(lang, "status.answered") if answered else status_name(case.status, lang)


def title_of(book: CityBook, case: Case, lang: str) -> str:
    """The category; before it what kind of case it is, where it is no problem."""
    name = book.category_name(case.category, lang)
    return name if case.kind == CaseKind.PROBLEM else say(lang, f"case.{case.kind}", category=name)


def place_of(scene: Scene, case: Case, lang: str, *, inner: bool = False) -> str:
    """Where, in the citizen's words and the name of the area. ``inner``: for the agencies, with house numbers."""
    words = case.place_text if inner else mask(case.place_text)
    area = scene.book.areas.get(case.area or "")
    name = scene.book.name(area, lang) if area else ""
    if words and name and name not in words:
        return f"{words} ({name})"
    return words or name or say(lang, "case.no_place")


def promise(scene: Scene, case: Case, lang: str) -> Line | None:
    """By when an answer or the fix is promised; the lead's own date comes before the city's target."""
    found = clocks.shown(case)
    if found is None:
        return None
    when = moment(found.due_at, scene.now, scene.book.zone, lang)
    label = "ack" if case.kind == CaseKind.QUESTION else found.kind
    return Line(say(lang, f"case.due_{label}"), when)


def usual(scene: Scene, case: Case, lang: str) -> list[Line]:
    """How long such cases really took: there, once there are enough of them, else in the city's imported past."""
    if case.status not in OPEN:
        return []
    key = f"{case.category}/{case.area}"
    days = scene.unit.once(UsualTime, key, lambda: usual_times.days(scene.unit, case.category, case.area))
    if days is None:
        return []
    key = "case.usual_one" if days[0] == days[1] else "case.usual_days"
    return [Line(say(lang, "case.usual"), say(lang, key, low=days[0], high=days[1]))]


def why_lead(case: Case, lang: str) -> str:
    """The reason of the row that named the lead; empty where a person chose."""
    return str(case.routing_reason.get(lang) or case.routing_reason.get("th") or "")


def proposal(scene: Scene, case: Case, lang: str) -> list[Line]:
    """What the last agency said when it handed the case on, for the coordinator who decides."""
    row = next((h for h in reversed(case.history) if h.kind == "declined"), None)
    if row is None:
        return []
    said = [say(lang, f"decline.{row.why}"), str(row.data.get("same_as") or ""), shorten(row.text, 150)]
    name = scene.book.agency_name(row.agency, lang)
    return [Line(say(lang, "case.proposal"), f"{name}: {' '.join(part for part in said if part)}")]


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
    lines = []
    if case.kind == CaseKind.PROBLEM or case.place_text or case.area:
        lines.append(Line(say(lang, "case.where"), shorten(place_of(scene, case, lang, inner=inner), 120)))
    if case.lead:
        lines.append(Line(say(lang, "case.lead"), scene.book.agency_name(case.lead, lang)))
    due = promise(scene, case, lang)
    return [*lines, due] if due else lines


def for_citizen(
    scene: Scene,
    case: Case,
    lang: str,
    *,
    body: str | None = None,
    buttons: tuple[Button, ...] = (),
    whole: bool = False,
    why: bool = False,
) -> Card:
    """Her own case: what, where, who has it, by when.

    ``whole``: also how long such cases usually take; ``why``: also why just they have it.
    """
    words = body if body is not None else case.public_text
    more = usual(scene, case, lang) if whole else []
    if why and why_lead(case, lang):
        more.append(Line(say(lang, "case.why_lead"), why_lead(case, lang)))
    return Card(
        title=title_of(scene.book, case, lang),
        body=shorten(words, 300),
        lines=(Line(say(lang, "case.code"), case.code), *_lines(scene, case, lang), *more),
        buttons=buttons or (tap(say(lang, "button.show"), "case.show", case=case.code),),
        badge=status_of(case, lang),
        tone=_TONES.get(Status(case.status), "calm"),
        image=picture(scene, case, "after") or picture(scene, case, "before"),
        alt=f"{case.code} {status_of(case, lang)}",
    )


def for_official(
    scene: Scene, case: Case, lang: str, *, headline: str = "", most: int = 600, original: bool = True
) -> Card:
    """What an official needs to act: the citizen's words (``original`` or masked), the place, the promise, buttons."""
    words = case.text if original else case.public_text
    lines = [Line(say(lang, "case.code"), case.code), *_lines(scene, case, lang, inner=original)]
    if case.lat is not None and case.lon is not None:
        lines.append(Line(say(lang, "case.point"), f"{case.lat:.5f}, {case.lon:.5f}"))
    lines += [*_how_often(case, lang), *(spoken.lines(case, lang) if original else ())]
    reason = why_lead(case, lang)
    if reason and case.status == Status.OFFERED:
        lines.append(Line(say(lang, "case.why_you"), reason))
    lines += _helper_lines(scene, case, lang)
    badge = say(lang, "case.urgent") if case.urgent else headline or status_of(case, lang)
    return Card(
        title=title_of(scene.book, case, lang),
        body=shorten(words, most),
        lines=tuple(lines),
        buttons=official_buttons(scene, case, lang),
        badge=badge,
        tone="urgent" if case.urgent else _TONES.get(Status(case.status), "calm"),
        image=picture(scene, case, "before", inner=True),
        alt=shorten(f"{headline or badge}: {case.code} {words}", 200),
    )


def _how_often(case: Case, lang: str) -> list[Line]:
    """How many people reported it, and whether it has come back at the same spot."""
    lines = []
    if case.people > 1:
        lines.append(Line(say(lang, "case.people"), say(lang, "network.members", n=case.people)))
    if case.recurrence:
        codes = ", ".join(case.earlier[-3:])
        lines.append(Line(say(lang, "case.chronic"), say(lang, "case.times", n=case.recurrence, codes=codes)))
    behind = sum(row.kind == "endorsed" for row in case.history)
    if behind:
        lines.append(Line(say(lang, "case.endorsed"), say(lang, "case.endorsed_by", n=behind)))
    return lines


def _helper_lines(scene: Scene, case: Case, lang: str) -> list[Line]:
    """Who helps and how far each is, once the case is being worked on."""
    if case.status not in (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING) or not case.helpers:
        return []
    shown = [_helper_state(scene, case, helper, lang) for helper in case.helpers]
    return [Line(say(lang, "case.helpers"), shorten(", ".join(shown), 200))]


def _helper_state(scene: Scene, case: Case, helper: Helper, lang: str) -> str:
    due = clocks.helper_due(case, helper.agency)
    state = "late" if due and due.due_at < scene.now else helper.state
    return f"{scene.book.agency_name(helper.agency, lang)} ({say(lang, f'part.state_{state}')})"


def official_buttons(scene: Scene, case: Case, lang: str) -> tuple[Button, ...]:
    """The next steps an official may take, the expected one first."""

    def button(name: str, style: str = "plain") -> Button:
        do = "case.accept" if name == "note" else f"case.{name}"
        return tap(say(lang, f"button.{name}"), do, style=style, case=case.code)

    buttons: tuple[Button, ...] = ()
    if case.kind != CaseKind.PROBLEM:
        buttons = tuple(button(name, style) for name, style in _wanted(case))
    elif case.status == Status.OFFERED:
        buttons = (button("accept", "main"), button("decline"), button("ask"))
    elif case.status in (Status.ACCEPTED, Status.IN_PROGRESS):
        buttons = (
            button("done", "main"),
            button("progress"),
            button("ask"),
            button("plan"),
            button("invite"),
            *lending.button(scene, case, lang),
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


def _wanted(case: Case) -> list[tuple[str, str]]:
    """The steps for a question (answer it) or a suggestion (take note of it), with their styles."""
    if case.status not in OPEN:
        return []
    first = [("answer", "main")]
    if case.kind == CaseKind.SUGGESTION and case.status == Status.OFFERED:
        first = [("note", "main"), ("answer", "plain")]
    if case.status == Status.WAITING:
        return first
    return [*first, ("ask", "plain"), ("decline", "quiet")]


def for_helper(scene: Scene, case: Case, helper: Helper, lang: str) -> Card:
    """An agency asked to do a part: its own task and its own time first."""
    original = scene.book.is_public(helper.agency)
    card = for_official(scene, case, lang, headline=say(lang, "case.helper_badge"), original=original)
    lead = scene.book.agency_name(case.lead, lang)
    due = clocks.helper_due(case, helper.agency)
    when = (
        [Line(say(lang, f"case.due_{due.kind}"), moment(due.due_at, scene.now, scene.book.zone, lang))]
        if due
        else []
    )
    own = {say(lang, f"case.due_{kind}") for kind in deadlines.SHOWN_KINDS} | {say(lang, "case.why_you")}
    lines = (
        Line(say(lang, "case.task"), helper.task),
        *when,
        *(line for line in card.lines if line.label not in own),
    )
    return Card(
        title=card.title,
        body=card.body,
        lines=lines,
        buttons=_helper_buttons(case, helper, lang),
        badge=say(lang, "case.helper_badge"),
        tone="calm",
        image=card.image,
        alt=shorten(say(lang, "case.helper_alt", lead=lead, code=case.code), 200),
    )


def _helper_buttons(case: Case, helper: Helper, lang: str) -> tuple[Button, ...]:
    keys = {"case": case.code, "part": helper.agency}
    done = tap(say(lang, "button.helper_done"), "case.done", style="main", **keys)
    note = tap(say(lang, "button.progress"), "case.progress", case=case.code)
    show = tap(say(lang, "button.thread"), "case.show", style="quiet", case=case.code)
    if helper.state == "asked":
        accept = tap(say(lang, "button.helper_accept"), "case.accept", style="main", **keys)
        return (accept, tap(say(lang, "button.helper_decline"), "case.decline", **keys), done, show)
    return (done, note, show) if helper.state == "accepted" else (show,)
