"""Representatives: read the digest over breakfast, call members, lead decisions and activities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.demo.person import Person
from bot.demo.phones import Tap

HOUR_S = 3600.0


@dataclass
class Representative(Person):
    """``keen``: how likely she acts on what she reads."""

    network: str
    keen: float = 0.6
    newest: dict[str, list[Tap]] = field(default_factory=dict)

    def read(self, buttons: list[Tap], _text: str) -> None:
        found = self.newest = self.look(buttons)
        if self.consents(found):
            return
        for do, react in _REACTIONS.items():
            if do in found and self.story.chance(self.keen):
                react(self, found[do])
                return

    # What she begins

    def decide_together(self) -> None:
        """A question, what one should know, three statements; then it is opened."""
        question, background, *statements = self.story.dice.choice(self.story.life("polls"))
        said = [partial(self.answer, words) for words in (question, background, *statements)]
        begin = partial(self.do, f"poll.new&network={self.network}")
        self.in_turn(begin, *said, partial(self.press, "poll.preview"), partial(self.press, "poll.start"))

    def call_together(self) -> None:
        """An activity: kind, title, day, place, how many, who hosts; then members are called."""
        title, place = self.story.dice.choice(self.story.life("activities"))
        choose = partial(self.press, "activity.set")
        self.in_turn(
            partial(self.do, f"activity.new&network={self.network}"),
            choose,
            partial(self.answer, title),
            choose,
            partial(self.answer, place),
            choose,
            choose,
            partial(self.press, "activity.start"),
        )

    # What she answers

    def _write_minutes(self, _found: list[Tap]) -> None:
        if "activity.code" in self.newest:  # the panel of one that is still to come
            return
        self.in_turn(
            partial(self.press, "activity.report"),
            partial(self.answer_a, "minutes"),
            partial(self.press, "activity.finish"),
            partial(self.press, "activity.solved"),
        )

    def _promise(self, _found: list[Tap]) -> None:
        """What was agreed gets somebody who does it, and a day; then everybody hears."""
        self.in_turn(
            partial(self.press, "poll.promise"),
            partial(self.answer_a, "promises"),
            partial(self.answer_a, "doers"),
            partial(self.press, "poll.due"),
            partial(self.press, "poll.tell"),
        )

    def _kept(self, found: list[Tap]) -> None:
        kept = self.story.chance(0.75)
        wanted = [tap for tap in found if (tap.values.get("ok") == "1") == kept]
        self.in_turn(
            partial(self.tap, (wanted or found)[0]), *([partial(self.answer_a, "kept")] if kept else [])
        )

    def _allow(self, found: list[Tap]) -> None:
        self.story.later(
            2, partial(self.tap, next((t for t in found if t.values.get("ok") == "1"), found[0]))
        )

    def _call_member(self, found: list[Tap]) -> None:
        self.story.later(4, partial(self.tap, found[0]))

    def _go_on(self, found: list[Tap]) -> None:
        self.soon(partial(self.tap, found[0]))


_REACTIONS: dict[str, Callable[[Representative, list[Tap]], None]] = {
    "activity.finish": lambda _self, _found: None,  # her script presses it
    "activity.set": lambda _self, _found: None,
    "activity.report": Representative._write_minutes,
    "poll.promise": Representative._promise,
    "poll.allow": Representative._allow,
    "poll.start": Representative._go_on,
    "promise.kept": Representative._kept,
    "task.done": Representative._call_member,
    "task.note": Representative._go_on,
    "intro.make": Representative._call_member,
    "network.show": Representative._call_member,
    "lesson.publish": Representative._go_on,
}
"""What she reacts to, the most pressing first."""
