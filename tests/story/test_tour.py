"""The guided tour of the simulator, walked in a real browser on a running installation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.web.simulator.page import texts
from tests.bot.simulator import chromium
from tests.bot.simulator.chromium import Chromium
from tests.story.test_story import Installation

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium.PROGRAM is None, reason="no chromium here")]
STEPS = texts()["th"]["tour_steps"]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    made = Chromium(tmp_path / "browser")
    try:
        yield made
    finally:
        made.close()


def test_the_tour_can_be_walked_with_the_keyboard_and_everything_in_it_happens(
    tmp_path: Path, browser: Chromium
) -> None:
    here = Installation(tmp_path / "saan")
    here.saan("migrate")
    here.saan("seed", "--if-none")
    with here.running():
        browser.open(f"{here.base}/simulator")
        browser.wait("document.querySelector('.top-tools .main')")
        browser.ask("document.querySelector('.top-tools .main').click()")
        for number, step in enumerate(STEPS, start=1):
            count = "document.querySelector('.tour-count').textContent"
            assert str(number) in browser.ask(count), "the tour stands at the next step"
            if "do" in step:
                browser.ask("document.querySelector('.tour-do').click()")
                browser.wait("document.querySelector('.tour-do.did')")
            if number == len(STEPS):
                browser.wait("document.querySelector('dialog[open] table')")
                browser.press("Escape")
                browser.wait("!document.querySelector('dialog[open]')")
            browser.press("ArrowRight")
        browser.wait("!document.querySelector('.tour')")
        assert browser.log == []
    (case,) = json.loads(here.saan("cases", "--json"))
    assert (case["status"], case["rating"], case["lead"]) == ("closed", 5, "WORKS")


def test_the_tour_is_left_with_one_key(tmp_path: Path, browser: Chromium) -> None:
    here = Installation(tmp_path / "saan")
    here.saan("migrate")
    here.saan("seed", "--if-none")
    with here.running():
        browser.open(f"{here.base}/simulator")
        browser.wait("document.querySelector('.top-tools .main')")
        browser.ask("document.querySelector('.top-tools .main').click()")
        browser.press("ArrowRight")
        browser.press("Escape")
        assert browser.ask("document.querySelector('.tour')") is None
