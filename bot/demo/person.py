"""Somebody with a phone: reads buttons from what was really sent, taps them, writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.demo.phones import Tap
from bot.demo.story import AT_ONCE_S, Story

Act = Callable[[], object]
_WITH_WORDS = ("task.note", "poll.skip", "poll.preview")
"""Buttons beside which words are welcome too."""


@dataclass
class Person:
    """``seen``: of each kind of button those of the newest message that had one. ``asked``: the bot waits for words."""

    id: str
    story: Story
    seen: dict[str, list[Tap]] = field(default_factory=dict, kw_only=True)
    asked: bool = field(default=False, kw_only=True)

    def tap(self, button: Tap) -> None:
        self.story.stage.sim.tap(self.id, button.data, button.label or None)

    def do(self, data: str) -> None:
        """Tap what stands in a menu or an older message."""
        self.story.stage.sim.tap(self.id, f"do={data}")

    def say(self, text: str) -> None:
        self.story.stage.sim.say(self.id, text)

    def say_a(self, sentences: str) -> None:
        """One of the sentences of that name."""
        self.say(self.story.pick(sentences))

    def answer(self, words: str) -> None:
        """Say it if the bot asked for words; after a refusal nobody goes on as if nothing had been said."""
        if self.asked:
            self.say(words)

    def answer_a(self, sentences: str) -> None:
        self.answer(self.story.pick(sentences))

    def look(self, buttons: list[Tap]) -> dict[str, list[Tap]]:
        """The buttons of a message by what they do."""
        found: dict[str, list[Tap]] = {}
        for button in buttons:
            found.setdefault(button.do, []).append(button)
        self.seen.update(found)
        self.asked = "ask.cancel" in found or any(do in found for do in _WITH_WORDS)
        return found

    def press(self, do: str) -> None:
        """Any of the newest buttons of that kind, once; nothing when there is none."""
        if found := self.seen.pop(do, []):
            self.tap(self.story.dice.choice(found))

    def soon(self, act: Act) -> None:
        self.story.soon(act)

    def in_turn(self, *acts: Act) -> None:
        """One after the other, each when the answer to the one before has been read."""
        for number, act in enumerate(acts, start=1):
            self.story.at(self.story.stage.now + number * AT_ONCE_S, act)

    def consents(self, found: dict[str, list[Tap]]) -> bool:
        """Whether the message asks for consent; she gives it."""
        yes = next((tap for tap in found.get("consent", []) if tap.values.get("ok") == "1"), None)
        if yes is not None:
            self.soon(partial(self.tap, yes))
        return yes is not None
