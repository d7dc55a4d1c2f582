"""Officials: some quick, some slow, all with too much to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.demo.phones import Tap
from bot.demo.story import Story

OFFICE = (8.5, 16.3)
WEEK = range(5)


@dataclass
class Official:
    """``pace``: how many times longer than usual everything takes her."""

    id: str
    story: Story
    pace: float
    held: set[str] = field(default_factory=set)

    def tap(self, button: Tap) -> None:
        self.story.stage.sim.tap(self.id, button.data, button.label or None)

    def do(self, what: str, code: str) -> None:
        self.story.stage.sim.tap(self.id, f"do={what}&case={code}")

    def say(self, text: str) -> None:
        self.story.stage.sim.say(self.id, text)

    def at_work(self, hours: float, act: Any) -> None:
        """After about so many hours of her pace, in the office."""
        wait = self.story.dice.lognormvariate(0, 0.6) * hours * self.pace * 3600
        self.story.at(self.story.awake(self.story.stage.now + wait, OFFICE, WEEK), act)

    def read(self, buttons: list[Tap], _text: str) -> None:
        for button in buttons:
            if button.do == "consent" and button.values.get("ok") == "1":
                self.story.soon(partial(self.tap, button))
                return
        fresh = [
            tap for tap in buttons if tap.do == "case.accept" and tap.values.get("case") not in self.held
        ]
        for button in fresh:
            self._new(button.values["case"])
        reasons = [tap for tap in buttons if tap.do == "case.decline" and tap.values.get("why")]
        if reasons:
            self.story.soon(partial(self.tap, self.story.dice.choice(reasons[:2])))
        dates = [tap for tap in buttons if tap.do == "case.plan"]
        if dates and self.story.chance(0.7):
            self.story.soon(partial(self.tap, self.story.dice.choice(dates)))

    def _new(self, code: str) -> None:
        self.held.add(code)
        fate = self.story.dice.choices(("take", "decline", "ask"), (0.9, 0.06, 0.04))[0]
        if fate == "decline":
            self.at_work(2, partial(self.do, "case.decline", code))
            return
        self.at_work(1.5, partial(self._take, code, fate == "ask"))

    def _take(self, code: str, ask: bool) -> None:
        self.do("case.accept", code)
        if ask:
            self.at_work(3, partial(self._words, "case.ask", code, "ask"))
        if self.story.chance(0.35):
            self.at_work(20, partial(self._words, "case.progress", code, "progress"))
        self.at_work(60, partial(self._finish, code))

    def _finish(self, code: str) -> None:
        self.held.discard(code)  # should it come back, it is looked at anew
        self._words("case.done", code, "done")

    def _words(self, what: str, code: str, sentences: str) -> None:
        self.do(what, code)
        self.story.soon(partial(self.say, self.story.pick(sentences)))


@dataclass
class Representative:
    """Reads the digest over breakfast, and acts on some of it."""

    id: str
    story: Story
    network: str
    keen: float = 0.5
    acts: frozenset[str] = frozenset(
        ("digest.endorse", "digest.ask", "digest.thank", "task.done", "intro.start")
    )

    def tap(self, button: Tap) -> None:
        self.story.stage.sim.tap(self.id, button.data, button.label or None)

    def read(self, buttons: list[Tap], _text: str) -> None:
        for button in buttons:
            if button.do == "consent" and button.values.get("ok") == "1":
                self.story.soon(partial(self.tap, button))
                return
        useful = [tap for tap in buttons if tap.do in self.acts]
        if useful and self.story.chance(self.keen):
            self.story.later(3, partial(self.tap, self.story.dice.choice(useful)))
