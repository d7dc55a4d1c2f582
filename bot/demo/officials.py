"""Officials: some quick, some slow, all with too much to do; heads look at what is late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.demo.person import Act, Person
from bot.demo.phones import Tap

OFFICE = (8.5, 16.3)
WEEK = range(5)
SPANS = ("today", "3d", "1w", "2w")


@dataclass
class Official(Person):
    """``pace``: how many times longer than usual everything takes her. ``held``: cases she works on."""

    agency: str
    pace: float
    head: bool = False
    held: set[str] = field(default_factory=set)
    promised: set[str] = field(default_factory=set)
    lent: set[str] = field(default_factory=set)

    def work(self, what: str, code: str) -> None:
        self.do(f"{what}&case={code}")

    def at_work(self, hours: float, act: Act) -> None:
        """After about so many hours of her pace, in the office."""
        wait = self.story.dice.lognormvariate(0, 0.6) * hours * self.pace * 3600
        self.story.at(self.story.awake(self.story.stage.now + wait, OFFICE, WEEK), act)

    def read(self, buttons: list[Tap], _text: str) -> None:
        found = self.look(buttons)
        if self.consents(found):
            return
        for do, react in _REACTIONS.items():
            if do in found:
                react(self, found[do])

    # A new case, from the card to the last word

    def _cards(self, found: list[Tap]) -> None:
        """Who comes first takes it; a head leaves it to the others until it is late."""
        for button in found:
            code = _key(button)
            if code not in self.held and (not self.head or self.story.chance(0.1)):
                self.held.add(code)
                self._new(button, code)

    def _new(self, button: Tap, code: str) -> None:
        """``code``: of the case, with the part that a helper was asked for."""
        fate = self.story.dice.choices(("take", "decline", "ask"), (0.9, 0.06, 0.04))[0]
        if fate == "decline" and "part" not in button.values:
            self.at_work(2, partial(self._decline, code))
            return
        self.at_work(1.5, partial(self._take, button, code, fate == "ask"))

    def _decline(self, code: str) -> None:
        self.held.discard(code)
        self.work("case.decline", code)

    def _take(self, button: Tap, code: str, ask: bool) -> None:
        self.tap(button)
        if ask:
            self.at_work(3, partial(self._words, "case.ask", code, "ask"))
        if self.story.chance(0.35):
            self.at_work(16, partial(self._words, "case.progress", code, "progress"))
        self.at_work(40, partial(self._finish, code))

    def _finish(self, code: str) -> None:
        self.held.discard(code)  # should it come back, it is looked at anew
        self._words("case.done", code, "done")

    def _words(self, what: str, code: str, sentences: str) -> None:
        """The button, then the words it asks for; a case that has gone elsewhere asks for none."""
        self.in_turn(partial(self.work, what, code), partial(self.answer_a, sentences))

    # What else she is asked

    def _date(self, found: list[Tap]) -> None:
        """By when? Once for each case, a little before it is needed; a moved date gets its reason."""
        for button in found:
            code, when = button.values.get("case", ""), button.values.get("when", "")
            if button.values.get("why") not in (None, "other"):
                self.soon(partial(self.tap, button))
                return
            if when in SPANS and code not in self.promised:
                self.promised.add(code)
                self._promise([tap for tap in found if tap.values.get("case") == code])
                return

    def _promise(self, dates: list[Tap]) -> None:
        wanted = "3d" if self.pace < 1 else "1w" if self.pace < 2 else "2w"
        chosen = next((tap for tap in dates if tap.values.get("when") == wanted), None)
        if chosen is not None and self.story.chance(0.75):
            self.soon(partial(self.tap, chosen))

    def _why(self, found: list[Tap]) -> None:
        """The reason for "not ours", and whose it is."""
        likely = [tap for tap in found if tap.values.get("why") or tap.values.get("agency")]
        likely = [tap for tap in likely if tap.values.get("how") != "words"][:2]
        if likely:
            self.soon(partial(self.tap, self.story.dice.choice(likely)))

    def _sort(self, found: list[Tap]) -> None:
        """A coordinator gives what nobody has to the likeliest, later that day."""
        named = [tap for tap in found if tap.values.get("agency")]
        if named:
            self.soon(partial(self.tap, named[0]))
        else:
            self.at_work(1, partial(self.tap, found[0]))

    def _borrow(self, found: list[Tap]) -> None:
        code = found[0].values.get("case", "")
        if code not in self.lent and self.story.chance(0.5):
            self.lent.add(code)
            self.in_turn(partial(self.tap, found[0]), partial(self.press, "lend.ask"))

    def _give_back(self, found: list[Tap]) -> None:
        self.story.later(72, partial(self.tap, found[0]))

    def _lesson(self, found: list[Tap]) -> None:
        if self.story.chance(0.6):
            words = partial(self.answer_a, "lesson")
            self.in_turn(partial(self.tap, found[0]), words, partial(self.press, "lesson.publish"))

    def _list(self, found: list[Tap]) -> None:
        if self.story.chance(0.35 if self.head else 0.15):
            self.at_work(0.5, partial(self.tap, found[0]))


def _key(button: Tap) -> str:
    """The case, and the helper's part of it, as a button names them."""
    part = button.values.get("part")
    return button.values.get("case", "") + (f"&part={part}" if part else "")


_REACTIONS: dict[str, Callable[[Official, list[Tap]], None]] = {
    "case.accept": Official._cards,
    "case.decline": Official._why,
    "case.suggest": Official._why,
    "case.plan": Official._date,
    "case.assign": Official._sort,
    "lend.near": Official._borrow,
    "lend.back": Official._give_back,
    "lesson.tell": Official._lesson,
    "inbox": Official._list,
}
