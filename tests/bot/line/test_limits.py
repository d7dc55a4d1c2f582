"""LINE's limits: everything its strict description refuses is refused here, and what is good passes both."""

from __future__ import annotations

from typing import Any

import pytest

from bot.line import limits
from tests import line_judge
from tests.bot.line.sends import GOOD, REFUSED_BY_BOTH, REFUSED_HERE, Json, bubble, flex, quick, tap, words


@pytest.mark.parametrize("messages", GOOD.values(), ids=GOOD)
def test_good_messages_pass(messages: list[Json]) -> None:
    assert limits.errors(messages) == []


@pytest.mark.parametrize(
    "messages", [*REFUSED_BY_BOTH.values(), *REFUSED_HERE.values()], ids=[*REFUSED_BY_BOTH, *REFUSED_HERE]
)
def test_bad_messages_are_refused(messages: list[Any]) -> None:
    assert limits.errors(messages) != []


def test_a_fault_says_where_it_is() -> None:
    assert limits.errors([words(), quick(tap("ก" * 21))]) == [
        ("messages[1].quickReply.items[0].action.label", "Length must be between 1 and 20")
    ]
    deep = flex(bubble({"type": "box", "layout": "vertical", "contents": [words(weight="heavy")]}))
    assert limits.errors([deep])[0][0] == "messages[0].contents.body.contents[0].contents[0].weight"


def test_labels_are_counted_as_a_reader_counts_letters() -> None:
    assert len("กี่" * 20) == 60
    assert limits.errors([quick(tap("กี่" * 20))]) == []
    assert limits.errors([quick(tap("กี่" * 21))]) != []


def test_whole_requests_are_checked() -> None:
    good = {"to": "U" + "a" * 32, "messages": [words()]}
    assert limits.request_errors("push", good) == []
    assert limits.request_errors("push", {"messages": [words()]}) == [("to", "May not be empty")]
    assert limits.request_errors("push", {**good, "notificationDisabled": "no"}) != []
    assert limits.request_errors("reply", {"replyToken": 5, "messages": [words()]}) != []
    assert limits.request_errors("multicast", {"to": [], "messages": [words()]}) != []
    assert limits.request_errors("validate", {}) == [("messages", "May not be empty")]


@pytest.mark.parametrize("odd", [None, 5, "text", {}, [None], [[]], [{}], [{"type": []}], [{"type": {}}]])
def test_any_json_is_judged_without_an_exception(odd: Any) -> None:
    assert limits.errors(odd) != []


def test_hostile_nesting_is_refused() -> None:
    box: Json = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(200):
        box = {"type": "box", "layout": "vertical", "contents": [box]}
    assert any("nested" in message for _, message in limits.errors([flex(bubble(box))]))


@pytest.fixture(scope="module")
def published() -> Any:
    """LINE's strict description as a judge of push requests: `None`, or the error it finds."""
    if not line_judge.SPEC.exists():
        pytest.skip(f"{line_judge.SPEC.name} is not on this machine")
    return line_judge.refusal


@pytest.mark.parametrize("messages", GOOD.values(), ids=GOOD)
def test_good_messages_pass_the_published_description(published: Any, messages: list[Json]) -> None:
    assert published(messages) is None


@pytest.mark.parametrize("messages", REFUSED_BY_BOTH.values(), ids=REFUSED_BY_BOTH)
def test_bad_messages_are_refused_by_the_published_description_too(
    published: Any, messages: list[Any]
) -> None:
    assert published(messages) is not None
