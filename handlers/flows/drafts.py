"""A report while it is being written: plain data kept with the conversation, and the questions it still needs."""

from __future__ import annotations

import secrets
from typing import Any

from handlers.flows import candidates
from handlers.messages.neutral import Button, Card, Line, Message, Text, tap
from handlers.messages.shorten import shorten
from handlers.talk import Talk
from nlp import PlaceFound, Understanding, area_of

Draft = dict[str, Any]

MOST_PHOTOS = 10
MOST_TEXT = 5000


def new_draft(talk: Talk, text: str = "", messages: list[str] | None = None) -> Draft:
    """An empty report around her words."""
    return {
        "id": secrets.token_hex(3),
        "text": text[:MOST_TEXT],
        "messages": messages or [],
        "photos": [],
        "category": None,
        "guess": None,
        "top": [],
        "intent": "report",
        "kind": "problem",
        "urgent": False,
        "emergency": None,
        "place": None,
        "no_place": False,
        "next": None,
        "decision": "sure",
        "apart": [],
    }


def read_into(draft: Draft, u: Understanding) -> None:
    """Put what was understood into the draft; a place that is known already stays."""
    draft["guess"] = u.category
    draft["top"] = [category for category, _ in u.top]
    draft["intent"] = u.intent
    draft["urgent"] = draft["urgent"] or u.urgent
    draft["emergency"] = draft["emergency"] or u.emergency
    # "Other" tells an official nothing: she chooses, or a person sorts it.
    draft["decision"] = "person" if u.category == "other" else u.decision
    if draft["decision"] == "sure" and not draft["category"]:
        draft["category"] = u.category
    if u.place and not draft["place"]:
        set_place(draft, u.place)


def set_place(draft: Draft, place: PlaceFound) -> None:
    draft["place"] = {
        "text": place.text,
        "area": place.area,
        "inside": place.inside,
        "lat": place.lat,
        "lon": place.lon,
        "precise": place.precise,
        "choices": [area.code for area in place.candidates] if len(place.candidates) > 1 else [],
    }


def step(draft: Draft) -> str:
    """What is missing next: text, category, place, which (of several places) or confirm."""
    if not draft["text"]:
        return "text"
    if not draft["category"]:
        return "category"
    place = draft["place"]
    if place and place.get("choices"):
        return "which"
    if (not place or not (place["precise"] or place["lat"] is not None)) and not draft["no_place"]:
        return "place"
    return "confirm"


def ask(talk: Talk, draft: Draft, opening: str = "") -> list[Message]:
    """The one question that comes next; before the last one, whether it is a problem that is known already."""
    if step(draft) == "confirm":
        known = candidates.found(talk, draft)
        if known:
            return candidates.ask(talk, draft, known, opening)
    return _QUESTIONS[step(draft)](talk, draft, opening)


def _button(talk: Talk, draft: Draft, name: str, do: str, style: str = "plain", **keys: Any) -> Button:
    return tap(talk.say(f"button.{name}"), do, style=style, draft=draft["id"], **keys)


def cancel_button(talk: Talk, draft: Draft) -> Button:
    return _button(talk, draft, "cancel", "report.cancel", "quiet")


def photo_buttons(talk: Talk) -> tuple[Button, ...]:
    return (Button(talk.say("button.camera"), "camera"), Button(talk.say("button.album"), "album"))


def _text(talk: Talk, draft: Draft, opening: str) -> list[Message]:
    key = "report.tell_photo" if draft["photos"] else "report.tell_place" if draft["place"] else "report.tell"
    return [Text(_join(opening, talk.say(key)), quick=(cancel_button(talk, draft),))]


def _category(talk: Talk, draft: Draft, opening: str) -> list[Message]:
    buttons = [
        tap(
            shorten(talk.book.category_name(code, talk.lang), 40),
            "report.category",
            draft=draft["id"],
            category=code,
        )
        for code in draft["top"][:3]
        if code != "other"  # "something else" is a button of its own
    ]
    buttons.append(_button(talk, draft, "else", "report.category"))
    if draft["decision"] == "person":
        buttons.append(_button(talk, draft, "person", "report.category", category="other"))
    body = shorten(draft["text"], 200)
    return [
        Card(
            title=talk.say("report.which_title"),
            body=_join(opening, talk.say("report.which", text=body)),
            buttons=(*buttons, cancel_button(talk, draft)),
            alt=talk.say("report.which_title"),
        )
    ]


def _place(talk: Talk, draft: Draft, opening: str) -> list[Message]:
    name = talk.book.plain_name(draft["category"], talk.lang)
    vague = draft["place"]["text"] if draft["place"] else ""
    key = "report.where_exactly" if vague else "report.where"
    quick = (
        Button(talk.say("button.location"), "place"),
        _button(talk, draft, "skip_place", "report.skip"),
        _button(talk, draft, "change", "report.category"),
        cancel_button(talk, draft),
    )
    return [Text(_join(opening, talk.say(key, category=name, place=shorten(vague, 80))), quick=quick)]


def _which(talk: Talk, draft: Draft, opening: str) -> list[Message]:
    buttons = [
        tap(shorten(_area_name(talk, code), 40), "report.place", draft=draft["id"], area=code)
        for code in draft["place"]["choices"][:8]
    ]
    buttons.append(_button(talk, draft, "skip_place", "report.skip"))
    title = talk.say("report.which_place", place=shorten(draft["place"]["text"], 60))
    return [Card(title=title, body=opening, buttons=tuple(buttons), alt=title)]


def _area_name(talk: Talk, code: str) -> str:
    """The name of an area of the city, or of one elsewhere with its province."""
    own = talk.book.areas.get(code)
    if own is not None:
        return talk.book.name(own, talk.lang)
    area, province = area_of(code), area_of(code[:2])
    names = (one.name_en if talk.lang == "en" else one.name_th for one in (area, province) if one)
    return ", ".join(names) or code


def _confirm(talk: Talk, draft: Draft, opening: str) -> list[Message]:
    """ "I understood …": what, where, photos; one tap sends it."""
    kind = draft.get("kind", "problem")
    lines = []
    if kind == "problem" or draft["place"]:
        lines.append(Line(talk.say("case.where"), place_words(talk, draft)))
    if draft["photos"]:
        lines.append(Line(talk.say("report.photos"), talk.say("report.photo_count", n=len(draft["photos"]))))
    send = {"question": "send_question", "suggestion": "send_suggestion"}.get(kind, "send")
    if kind == "problem":
        last = _button(talk, draft, "change_place", "report.place")
    else:
        last = _button(talk, draft, "is_problem", "report.problem", "quiet")
    buttons = (
        _button(talk, draft, send, "report.confirm", "main"),
        _button(talk, draft, "change", "report.category"),
        last,
    )
    note = talk.say("report.outside") if draft["place"] and draft["place"]["inside"] is False else ""
    quick = (*photo_buttons(talk), cancel_button(talk, draft)) if len(draft["photos"]) < MOST_PHOTOS else ()
    card = Card(
        title=talk.book.category_name(draft["category"], talk.lang),
        body=_join(note, shorten(draft["text"], 300)),
        lines=tuple(lines),
        buttons=buttons,
        badge=talk.say("report.understood"),
        alt=talk.say("report.understood_alt", category=talk.book.plain_name(draft["category"], talk.lang)),
        quick=quick or (cancel_button(talk, draft),),
    )
    return [Text(opening), card] if opening else [card]


_QUESTIONS = {"text": _text, "category": _category, "place": _place, "which": _which, "confirm": _confirm}


def place_words(talk: Talk, draft: Draft) -> str:
    """Where, as the card shows it."""
    place = draft["place"]
    if not place:
        return talk.say("case.no_place")
    area = talk.book.areas.get(place["area"] or "")
    name = talk.book.name(area, talk.lang) if area else ""
    words = place["text"] if not name or name in place["text"] else f"{place['text']} ({name})".strip()
    return shorten(words or talk.say("case.pin"), 120)


def category_list(talk: Talk, draft: Draft, group: str | None) -> list[Message]:
    """ "Something else": the groups first, then the categories of one group."""
    data = talk.book.data
    if group in {g.code for g in data.city.groups}:
        rows = [c for c in data.categories if c.group == group]
        buttons = [
            tap(
                shorten(talk.book.category_name(c.code, talk.lang), 40),
                "report.category",
                draft=draft["id"],
                category=c.code,
            )
            for c in rows
        ]
        buttons.append(_button(talk, draft, "back", "report.category", "quiet"))
    else:
        buttons = [
            tap(
                shorten(g.name_en if talk.lang == "en" else g.name_th, 40),
                "report.category",
                draft=draft["id"],
                group=g.code,
            )
            for g in data.city.groups
        ]
    title = talk.say("report.pick_title")
    return [Card(title=title, buttons=tuple(buttons), alt=title, quick=(cancel_button(talk, draft),))]


def offer_second(talk: Talk, draft: Draft) -> list[Message]:
    """One tap says what the new words are: a part of this report, or another one."""
    if "whole" in draft["next"]:
        return _offer_two(talk, draft)
    name = talk.book.plain_name(draft["category"] or draft["guess"] or "other", talk.lang)

    def button(how: str) -> Button:
        return tap(talk.say(f"button.second_{how}"), "report.second", draft=draft["id"], how=how)

    return [
        Card(
            title=talk.say("report.second_title"),
            body=talk.say("report.second", category=name, text=shorten(draft["next"]["text"], 120)),
            buttons=(button("later"), button("add"), button("drop")),
            alt=talk.say("report.second_title"),
        )
    ]


def _offer_two(talk: Talk, draft: Draft) -> list[Message]:
    """Two reports, or one after all."""
    two = tap(talk.say("button.several_two"), "report.second", style="main", draft=draft["id"], how="later")
    one = tap(talk.say("button.several_one"), "report.second", draft=draft["id"], how="add")
    title = talk.say("report.several_title")
    first, other = shorten(draft["text"], 120), shorten(draft["next"]["text"], 120)
    body = talk.say("report.several", one=first, two=other)
    return [Card(title=title, body=body, buttons=(two, one), alt=title)]


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
