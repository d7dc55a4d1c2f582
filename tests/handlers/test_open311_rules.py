"""GeoReport v2 as rules, and the bucket that keeps one caller from asking too often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.web.limits import Limit
from handlers.rules import open311
from handlers.rules.open311 import WINDOW, Refused
from store.issues import issues
from store.words import OPEN, Status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_every_status_is_open_or_closed_there_and_has_a_finer_word() -> None:
    assert {s for s in Status if open311.status_of(s) == "open"} == set(OPEN)
    assert all(open311.finer_of(s).isupper() for s in Status)
    assert set(open311.statuses("open")) | set(open311.statuses("closed")) == set(Status)


@given(some.integers(0, 90), some.integers(-4000, 4000))
def test_a_window_is_never_longer_than_ninety_days(length: int, day: int) -> None:
    start = NOW + timedelta(days=day)
    words = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (start, start + timedelta(days=length))]
    assert open311.window(*words, NOW) == (start, start + timedelta(days=length))
    for half in ((words[0], ""), ("", words[1])):
        first, last = open311.window(*half, NOW)
        assert last - first == WINDOW


@given(some.text(max_size=40))
def test_whatever_stands_for_a_time_is_a_time_or_refused(text: str) -> None:
    try:
        found = open311.moment("start_date", text)
    except Refused as error:
        assert error.wrongs[0].code == 400
    else:
        assert found is None or found.tzinfo is not None


@given(
    some.dictionaries(
        some.sampled_from(["lat", "long", "email", "phone", "description"]), some.text(max_size=60)
    )
)
def test_whatever_is_sent_is_read_or_refused(fields: dict[str, str]) -> None:
    try:
        sent = open311.read_sent(fields, {})
    except Refused as error:
        assert error.wrongs
    else:
        assert (sent.lat is None) == (sent.lon is None)


def test_times_with_a_plus_that_became_a_blank_are_understood() -> None:
    assert open311.moment("x", "2026-11-23T09:00:00 07:00") == NOW


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    limit = Limit(60, 2, clock=lambda: now[0])
    assert limit.take("a") == limit.take("a") == 0.0
    assert limit.take("a") == pytest.approx(1.0)
    assert limit.take("b") == 0.0
    now[0] = 1.0
    assert limit.take("a") == 0.0 and limit.take("a") > 0


def test_what_is_hidden_is_private_and_no_public_issue_is() -> None:
    told = issues()
    assert not any(told.public(code) for code in told.hidden)
    assert {"corruption", "service", "welfare"} <= set(told.hidden)
