"""A simulator in memory and its Messaging API."""

from __future__ import annotations

import pytest

from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from tests.bot.simulator.kit import MALI, SECRET, SOMCHAI, TOKEN, Clock, Line


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> LineSimulator:
    made = LineSimulator(SECRET, TOKEN, None, clock, quota=300)
    made.person(MALI, "มะลิ")
    made.person(SOMCHAI, "สมชาย")
    return made


@pytest.fixture
def line(sim: LineSimulator) -> Line:
    return Line(create_line_app(sim).test_client())
