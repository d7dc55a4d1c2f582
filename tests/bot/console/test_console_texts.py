"""The console's words: the same in both languages, all there where a template asks for them, none for nothing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.web import public
from bot.web.console import settings
from bot.web.console.visit import MENU, texts
from handlers.messages.texts import sentences
from handlers.services.seeing import CARD, LIST, PAGE, THREAD
from store import city_settings_text
from store.city_folder import read_city
from store.queries.desk import LISTS
from store.words import RowState
from tests.town import DEMO_CITY

_WEB = Path(bot.__file__).parent / "web"
_TEMPLATES = sorted((_WEB / "templates" / "console").glob("*.html"))
_CODE = "\n".join(path.read_text("utf-8") for path in (_WEB / "console").glob("*.py"))
_BLANK = re.compile(r"{(\w+)}")


def own(lang: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_WEB / "texts" / f"console_{lang}.toml").read_text("utf-8"))


def test_both_languages_have_the_same_words_and_blanks() -> None:
    def shape(lang: str) -> dict[str, Any]:
        return {
            f"{s}.{k}": sorted(_BLANK.findall(v)) for s, found in own(lang).items() for k, v in found.items()
        }

    assert shape("th") == shape("en")
    assert all(
        value.strip() for lang in public.LANGUAGES for found in own(lang).values() for value in found.values()
    )


@pytest.mark.parametrize("template", _TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_template_exists(template: Path) -> None:
    known = texts("th")
    for section, name in re.findall(r"\bt\.(\w+)\.(\w+)", template.read_text("utf-8")):
        assert name in known.get(section, {}), f"t.{section}.{name}"


def test_words_that_are_chosen_at_run_time_exist() -> None:
    t = texts("th")
    assert {name for name, _, _ in MENU} <= t["menu"].keys()
    assert set(LISTS) <= t["lists"].keys()
    assert {f"what_{what}" for what in (CARD, LIST, THREAD, PAGE)} <= t["audit"].keys()
    assert {f"state_{state}" for state in RowState} <= t["messages"].keys()


def test_no_word_is_written_for_nothing() -> None:
    used = "\n".join(path.read_text("utf-8") for path in _TEMPLATES) + _CODE
    chosen = (
        "menu",
        "lists",
        "bulk",
        "sheet",
        "checks",
        "finding",
        "door",
        "city",
        "network",
        "messages",
        "audit",
        "health",
        "text_group",
        "example",
        "setting",
    )
    unused = [
        f"{section}.{name}"
        for section, found in own("th").items()
        if section not in chosen
        for name in found
        if not re.search(rf"\b{name}\b", used) and not name.startswith(("by_", "photo_", "lang_"))
    ]
    assert unused == []


def test_words_for_settings_groups_and_examples_are_all_of_something() -> None:
    t, given = texts("th"), sentences("th")
    found = city_settings_text.flat(city_settings_text.document(read_city(DEMO_CITY).city))
    shown = {path.rpartition("/")[2] for path in found if path.split("/")[0] in settings.FORMS}
    shown |= {"licence", "licence_url", *(f"section_{name}" for name in settings.FORMS)}
    assert shown == {name for name in t["setting"] if not name.startswith("about_")}
    assert t["text_group"].keys() <= {key.partition(".")[0] for key in given}
    blanks = {blank for words in given.values() for blank in _BLANK.findall(words)}
    assert t["example"].keys() <= blanks
