"""The bot's own sentences: found by their words, worded anew for this city, seen as a phone shows them, put back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bot.web import access
from bot.web.console.visit import Visit, back_to, page, visiting, words
from handlers.messages.texts import LANGUAGES, sentences
from handlers.rules import own_words
from handlers.services import city_desk
from handlers.services.city_desk import TEXTS
from store import city_tables
from store.city_data import CityData, TextRow

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

A_PAGE = 40


@dataclass(frozen=True)
class Sentence:
    """A sentence as the list shows it."""

    key: str
    words: str
    own: bool


@dataclass(frozen=True)
class Shown:
    """A sentence on a phone, its blanks filled with examples."""

    lang: str
    button: bool
    words: str


def add(routes: Blueprint, wiring: Wiring) -> None:
    @routes.get("/texts")
    @access.only(access.ADMINISTRATOR)
    def texts() -> Response:
        with visiting(wiring) as visit:
            return page(visit, "texts", **_listed(visit))

    @routes.get("/texts/<key>")
    @access.only(access.ADMINISTRATOR)
    def text(key: str) -> Response:
        _known(key)
        with visiting(wiring) as visit:
            return page(visit, "text", **_one(visit, key))

    @routes.post("/texts/<key>")
    @access.only(access.ADMINISTRATOR)
    def word_anew(key: str) -> AnyResponse:
        """Kept as a table of all own sentences, which goes the way of a file."""
        _known(key)
        with visiting(wiring, write=True) as visit:
            own = TextRow(key, _typed("th", key), _typed("en", key))
            upload = city_desk.keep(visit.talk, visit.person, TEXTS, _table(visit.talk.book.data, own))
            return redirect(f"/console/city/uploads/{upload.id}", 303)

    @routes.post("/texts/<key>/original")
    @access.only(access.ADMINISTRATOR)
    def original(key: str) -> AnyResponse:
        """One button, and the bot says again what the program brings."""
        _known(key)
        with visiting(wiring, write=True) as visit:
            t = visit.t["texts"]
            table = _table(visit.talk.book.data, TextRow(key, "", ""))
            came = city_desk.apply(
                visit.talk, visit.person, city_desk.keep(visit.talk, visit.person, TEXTS, table)
            )
        wiring.house.forget_book()
        words(wiring, t["put_back" if came == "applied" else "not_put_back"], bad=came != "applied")
        return back_to(f"/console/texts/{key}")


def _known(key: str) -> None:
    if not own_words.open_to_change(key, _program()):
        abort(404)


def _program() -> dict[str, dict[str, str]]:
    return {lang: sentences(lang) for lang in LANGUAGES}


def _typed(lang: str, key: str) -> str:
    """What was typed; nothing where it is what the program says anyway."""
    typed = request.form.get(lang, "").replace("\x00", "").replace("\r\n", "\n").strip()
    return "" if typed == sentences(lang)[key].strip() else typed


def _table(data: CityData, own: TextRow) -> str:
    rows = [row for row in data.texts if row.key != own.key]
    rows += [own] if own.th or own.en else []
    return city_tables.as_csv(TEXTS, city_tables.rows_of_table(replace(data, texts=tuple(rows)), TEXTS))


# --- what the pages show


def _listed(visit: Visit) -> dict[str, Any]:
    asked, group = request.args.get("q", "").strip()[:100], request.args.get("group", "")
    own = visit.talk.book.own_words
    program = _program()
    open_ones = [key for key in program["th"] if own_words.open_to_change(key, program)]
    groups = list(dict.fromkeys(key.partition(".")[0] for key in open_ones))
    found = [key for key in open_ones if _fits(key, asked, group, own)]
    told = request.args.get("page", "")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 0
    here = found[number * A_PAGE : (number + 1) * A_PAGE]
    query = {key: value for key, value in (("q", asked), ("group", group)) if value}
    return {
        "asked": asked,
        "group": group,
        "groups": [(one, visit.t["text_group"].get(one, one)) for one in groups],
        "rows": [_row(key, visit.lang, own) for key in here],
        "total": len(found),
        "number": number,
        "more": (number + 1) * A_PAGE < len(found),
        "query": query,
    }


def _fits(key: str, asked: str, group: str, own: own_words.Sentences) -> bool:
    """Without a question only what the city has worded itself is listed."""
    if group and group != key.partition(".")[0]:
        return False
    if not asked:
        return bool(group) or any(key in own[lang] for lang in LANGUAGES)
    spoken = (key, *(own[lang].get(key) or sentences(lang)[key] for lang in LANGUAGES))
    return any(asked.lower() in one.lower() for one in spoken)


def _row(key: str, lang: str, own: own_words.Sentences) -> Sentence:
    changed = any(key in own[one] for one in LANGUAGES)
    return Sentence(key, own[lang].get(key) or sentences(lang)[key].strip(), changed)


def _one(visit: Visit, key: str) -> dict[str, Any]:
    own = visit.talk.book.own_words
    found = own_words.blanks(sentences("th")[key]) or frozenset()
    return {
        "key": key,
        "group": (key.partition(".")[0], visit.t["text_group"].get(key.partition(".")[0], "")),
        "now": {lang: own[lang].get(key) or sentences(lang)[key].strip() for lang in LANGUAGES},
        "program": {lang: sentences(lang)[key].strip() for lang in LANGUAGES},
        "room": {lang: own_words.room(key, sentences(lang)[key]) for lang in LANGUAGES},
        "blanks": [(name, _example(visit, name)) for name in sorted(found)],
        "own": any(key in own[lang] for lang in LANGUAGES),
        "phones": [shown(visit, key, lang, own[lang].get(key) or sentences(lang)[key]) for lang in LANGUAGES],
    }


def on_phones(visit: Visit, after: Iterable[TextRow], keys: Iterable[str]) -> list[tuple[str, list[Shown]]]:
    """The sentences of those keys as they would be said."""
    rows = {row.key: row for row in after}
    found = []
    for key in keys:
        row = rows.get(key, TextRow(key, "", ""))
        said = (("th", row.th), ("en", row.en))
        found.append((key, [shown(visit, key, lang, own or sentences(lang)[key]) for lang, own in said]))
    return found


def shown(visit: Visit, key: str, lang: str, spoken: str) -> Shown:
    names = own_words.blanks(spoken) or frozenset()
    filled = spoken.format_map({name: _example(visit, name) for name in names}) if names else spoken
    return Shown(lang, key.startswith(own_words.BUTTON), filled.strip())


def _example(visit: Visit, name: str) -> str:
    """Something that could stand in the blank."""
    return visit.t["example"].get(name, f"({name})")
