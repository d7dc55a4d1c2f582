"""Citizens: they notice things, report them in their own words, answer, forget, come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.demo.person import Person
from bot.demo.phones import Tap

Trouble = tuple[str, str, str]
"""Words, category and place of something she noticed."""


@dataclass
class Citizen(Person):
    """``keen``: how likely she answers what she is asked; it fades unless somebody cares. ``side``: which of two
    camps of opinion she leans to."""

    keen: float
    side: int
    trouble: Trouble | None = None
    knows: bool = False
    tapped: set[str] = field(default_factory=set)

    # What she begins

    def report(self, trouble: Trouble) -> None:
        """She writes; a place stands in her words more often than not."""
        self.trouble = trouble
        words, _, place = trouble
        told = f"{words} {self.story.pick('near')}{place}" if self.story.chance(0.7) else words
        self.story.stage.sim.say(self.id, told)

    def fade(self) -> None:
        """Other things fill her days; many come back after a while."""
        before, self.keen = self.keen, 0.03
        if self.story.chance(0.6):
            self.story.later(self.story.dice.uniform(45, 80) * 24, partial(self.come_back, before))

    def come_back(self, keen: float) -> None:
        self.keen = keen

    def lend(self) -> None:
        """She offers something, once she knows the bot; what is left open is asked by buttons."""
        if self.knows:
            self.say_a("lend")

    # What she does with what she reads

    def read(self, buttons: list[Tap], _text: str) -> None:
        by_do = self.look(
            [tap for tap in buttons if tap.do != "report.category" or tap.values.get("category")]
        )  # without a category the button means "change it"
        for do, act in _HABITS.items():
            if do in by_do:
                act(self, by_do[do], by_do)
                return

    def at_once(self, button: Tap) -> None:
        self.soon(partial(self.tap, button))

    def later(self, button: Tap, hours: float) -> None:
        self.story.later(hours, partial(self.tap, button))

    def warm(self, by: float) -> None:
        self.keen = min(0.97, max(0.05, self.keen + by))

    def _consent(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        yes = self.story.chance(0.96)
        self.at_once(next((tap for tap in found if (tap.values.get("ok") == "1") == yes), found[0]))

    def _join(self, found: list[Tap], every: dict[str, list[Tap]]) -> None:
        """ "Somebody has reported this": mostly it is the same."""
        others = [
            tap
            for name, taps in every.items()
            if name.startswith("report.")
            for tap in taps
            if tap not in found
        ]
        self.at_once(found[0] if self.story.chance(0.6) or not others else others[0])

    def _category(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        mine = [tap for tap in found if self.trouble and tap.values.get("category") == self.trouble[1]]
        self.at_once((mine or found)[0])

    def _skip(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        if self.trouble and self.story.chance(0.75):
            self.story.soon(partial(self.say, self.story.pick("near") + self.trouble[2]))
        else:
            self.at_once(found[0])

    def _confirm(self, found: list[Tap], every: dict[str, list[Tap]]) -> None:
        if self.story.chance(0.97) or "report.cancel" not in every:
            self.at_once(found[0])
        else:
            self.at_once(every["report.cancel"][0])
        self.trouble, self.knows = None, True

    def _fixed(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        if not self.story.chance(0.35 + self.keen / 2):
            return
        how = self.story.dice.choices(("1", "half", "0"), (0.82, 0.08, 0.10))[0]
        self.warm(0.08 if how == "1" else -0.1)
        chosen = [tap for tap in found if tap.values.get("ok") == how] or found
        self.later(chosen[0], 9)
        if how != "1":
            words = self.story.pick("half_fixed" if how == "half" else "not_fixed")
            when = self.story.stage.now + 15 * 3600
            self.story.at(self.story.awake(when, (8, 20)), partial(self._explain, chosen[0], words))

    def _explain(self, button: Tap, words: str) -> None:
        if button.data in self.tapped:
            self.say(words)

    def _rate(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        stars = self.story.dice.choices(range(1, 6), (1, 2, 8, 34, 55))[0]
        chosen = [tap for tap in found if tap.values.get("stars") == str(stars)] or found
        self.at_once(chosen[0])

    def _network(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        if self.story.chance(self.keen * 0.7):
            self.later(next((tap for tap in found if tap.values.get("a") != "no"), found[0]), 2)

    def _answer(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        """A question of the network: one tap, now or in the evening, or never; the open one in her words."""
        if not self.story.chance(self.keen):
            self.warm(-0.03)
            return
        self.warm(0.02)
        if found[0].values.get("a") == "skip" and self.story.chance(0.4):
            self.story.soon(partial(self.say_a, "free"))
        elif found[0].values.get("a") in ("skip", "share"):
            self.at_once(found[0])
        else:
            self.later(self.story.dice.choice(found), 4)

    def _check_in(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        """One answer of those offered, by how people mostly feel."""
        if not self.story.chance(self.keen):
            return
        weights = [_FEELS.get(tap.values.get("a", ""), 0.1) for tap in found]
        chosen = self.story.dice.choices(found, weights)[0]
        self.later(chosen, 5)

    def _vote(self, found: list[Tap], every: dict[str, list[Tap]]) -> None:
        """By her camp; some who are against say why."""
        if "poll.why" in every and self.story.chance(0.15):
            self.in_turn(partial(self.tap, every["poll.why"][0]), partial(self.answer_a, "why_not"))
            return
        if not self.story.chance(self.keen + 0.2):
            return
        number = sum(map(ord, found[0].values.get("statement", "")))
        likes = 0.85 if (number + self.side) % 2 else 0.25
        answer = self.story.dice.choices(("agree", "disagree", "pass"), (likes, 0.9 - likes, 0.1))[0]
        self.at_once(next((tap for tap in found if tap.values.get("a") == answer), found[0]))

    def _voted(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        """Everything is answered; a few have a statement of their own."""
        if self.story.chance(0.08):
            self.in_turn(partial(self.tap, found[0]), partial(self.answer_a, "own_statement"))

    def _activity(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        if self.story.chance(self.keen * 0.5):
            self.later(found[0], 6)

    def _here(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        """The reminder came the evening before; most come, and say so on the spot."""
        if self.story.chance(0.8):
            self.story.at(self.story.stage.now + 16 * 3600, partial(self.tap, found[0]))
            self.warm(0.1)

    def _kind_of_yes(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        """To be introduced, to agree with a charter, to lend: mostly yes."""
        if self.story.chance(self.keen + 0.2):
            self.later(found[0] if self.story.chance(0.85) else found[-1], 5)

    def _helped(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        self.at_once(found[0])

    def _somewhere(self, found: list[Tap], _all: dict[str, list[Tap]]) -> None:
        self.at_once(self.story.dice.choice(found))


_FEELS = {
    "yes": 0.6,
    "notyet": 0.25,
    "no": 0.15,
    "good": 0.85,
    "tell": 0.05,
    "stay": 0.7,
    "help": 0.15,
    "pause": 0.15,
}
Habit = Any
_HABITS: dict[str, Habit] = {
    "consent": Citizen._consent,
    "report.join": Citizen._join,
    "report.confirm": Citizen._confirm,
    "report.category": Citizen._category,
    "report.skip": Citizen._skip,
    "report.second": Citizen._helped,
    "case.fixed": Citizen._fixed,
    "case.rate": Citizen._rate,
    "vote": Citizen._vote,
    "opinion": Citizen._answer,
    "checkin": Citizen._check_in,
    "network.join": Citizen._network,
    "poll.add": Citizen._voted,
    "activity.here": Citizen._here,
    "activity.join": Citizen._activity,
    "charter.agree": Citizen._kind_of_yes,
    "intro.answer": Citizen._kind_of_yes,
    "lend.answer": Citizen._kind_of_yes,
    "lend.kind": Citizen._somewhere,
    "lend.many": Citizen._helped,
    "lend.area": Citizen._somewhere,
    "network.why": Citizen._somewhere,
    "said.case": Citizen._helped,
    "faq.yes": Citizen._helped,
}
"""What she reacts to, the most pressing first; a button she does not know she leaves alone."""
