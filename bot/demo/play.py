"""The half year: who lives here, what they notice, and how the time passes."""

from __future__ import annotations

import gc
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

import nlp
from bot.bootstrap import Wiring
from bot.demo.citizens import Citizen, Trouble
from bot.demo.officials import Official
from bot.demo.phones import taps, words
from bot.demo.representatives import Representative
from bot.demo.stage import Stage
from bot.demo.story import SLOT_S, Story, life
from handlers.services import people
from store.city_data import CityData
from store.queries import city as city_rows
from store.words import RoleName

DAY_S = 86_400
CLOCK_HOURS = (8, 13, 18)
"""When the clock looks, by the city's time: nothing it does needs to be more exact here. The first is the day's whole
look, the others only take the jobs of which people wait for the outcome."""
TIDY_DAYS = 7
MANY_OBJECTS = 50_000
"""New objects between two looks for garbage: a long play makes many, and nearly all of them go by themselves."""
AGENCIES = 25
SLOW = 0.25
"""Share of officials who take their time."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measure:
    """How large the play is: days, citizens, reports per citizen and 180 days."""

    days: int = 180
    citizens: int = 600
    reports: float = 1.2


@dataclass
class Play:
    """A play over one installation, which must have a city and no cases yet."""

    wiring: Wiring
    measure: Measure
    seed: int
    end: float
    tell: Say = lambda _line: None

    def run(self) -> Counter[str]:
        """Play it whole; gives how often people did what."""
        stage = Stage(self.wiring, self.end - self.measure.days * DAY_S)
        self.city = self._city()
        self.shown = frozenset(person.id for person in self.city.city.demo_people)
        self.story = Story(stage, random.Random(self.seed), self.wiring.settings.zone, self.end)
        self.cast: dict[str, Any] = {}
        self.happened: Counter[str] = Counter()
        self._people()
        self._plan()
        self._go(stage)
        self._write_journal(stage)
        stage.close()
        return self.happened

    def _city(self) -> CityData:
        with self.wiring.store.reading() as unit:
            city = city_rows.load(unit)
        assert city is not None
        return city

    # Who lives here

    def _people(self) -> None:
        dice, stage = self.story.dice, self.story.stage
        shown = list(self.city.city.demo_people)
        for number, agency in enumerate(self._agencies()):
            known = next((p.id for p in shown if (p.role, p.agency) == ("official", agency)), None)
            self._official(known or _id("a", number), agency, RoleName.OFFICIAL)
            head = next((p.id for p in shown if (p.role, p.agency) == ("head", agency)), None)
            if head or number % 3 == 0:
                self._official(head or _id("b", number), agency, RoleName.HEAD)
        self._official(_id("c", 0), self.city.city.integrator, RoleName.COORDINATOR)
        for number, network in enumerate(self.city.networks):
            known = next((p.id for p in shown if p.network == network.code), None)
            self._representative(known or _id("e", number), network.code)
        citizens = [p.id for p in shown if p.role == "citizen"]
        citizens += [_id("d", number) for number in range(self.measure.citizens - len(citizens))]
        for line_id in citizens:
            stage.sim.person(line_id, self._name(line_id))
            keen, side = dice.betavariate(4, 2.5), dice.randrange(2)
            self.cast[line_id] = Citizen(line_id, self.story, keen, side)

    def _agencies(self) -> list[str]:
        """The agencies that lead something here, those with most to do first."""
        leads = Counter(row.lead for row in self.city.routing)
        codes = [agency.code for agency in self.city.agencies]
        return sorted(codes, key=lambda code: (-leads[code], code))[:AGENCIES]

    def _official(self, line_id: str, agency: str, role: RoleName) -> None:
        dice, head = self.story.dice, role == RoleName.HEAD
        pace = dice.uniform(2.5, 5.0) if self.story.chance(SLOW) else dice.uniform(0.5, 1.4)
        self.cast[line_id] = Official(line_id, self.story, agency, pace, head)
        self._link(line_id, role, agency=agency)
        joined = [row.code for row in self.city.networks if row.integrator == agency or self._outside(agency)]
        for code in joined if role == RoleName.OFFICIAL else []:
            self.story.at(
                self.story.stage.now + 7200, partial(self.cast[line_id].do, f"network.join&network={code}")
            )

    def _outside(self, agency: str) -> bool:
        """Whether it belongs to neither state nor municipality: such members make a network more than an office."""
        return any(row.code == agency and row.sector in ("private", "civil") for row in self.city.agencies)

    def _representative(self, line_id: str, network: str) -> None:
        self.cast[line_id] = Representative(line_id, self.story, network)
        self._link(line_id, RoleName.REPRESENTATIVE, network=network)

    def _link(
        self, line_id: str, role: RoleName, *, agency: str | None = None, network: str | None = None
    ) -> None:
        """Their codes are sent to the bot on the first morning."""
        stage = self.story.stage
        stage.sim.person(line_id, self._name(line_id))
        with self.wiring.store.writing() as unit:
            name = self._name(line_id)
            code = people.new_invite(unit, stage.time(), role, agency=agency, network=network, name=name)
        self.story.at(stage.now + 60, partial(stage.sim.say, line_id, code))

    def _name(self, line_id: str) -> str:
        for person in self.city.city.demo_people:
            if person.id == line_id:
                return person.name_th
        number = int(line_id[2:], 16)
        given, before = life()["given"], life()["before"]
        return f"{before[number % len(before)]}{given[number * 7 % len(given)]}"

    # What they notice

    def _plan(self) -> None:
        dice, measure, now = self.story.dice, self.measure, self.story.stage.now
        citizens = [one for one in self.cast.values() if isinstance(one, Citizen)]
        many = round(measure.citizens * measure.reports * measure.days / 180)
        said = _messages()
        for _ in range(many):
            when = self.story.awake(now + dice.uniform(0.02, 1) * measure.days * DAY_S, (6.5, 21.5))
            category = self._category(datetime.fromtimestamp(when, self.story.zone).month)
            who = citizens[min(int(dice.expovariate(3.0) * len(citizens)), len(citizens) - 1)]
            trouble: Trouble = (dice.choice(said[category]), category, dice.choice(self._places()))
            self.story.at(when, partial(who.report, trouble))
        self._lives(citizens)
        self._leads()

    def _lives(self, citizens: list[Citizen]) -> None:
        """Some lose interest for a while, some have something to lend."""
        for who in citizens:
            if self.story.chance(0.2):
                self._some_day(0.2, 0.8, who.fade)
            if self.story.chance(0.04):
                self._some_day(0.1, 0.9, who.lend)

    def _leads(self) -> None:
        """Each network decides and does something together a few times in half a year."""
        for one in [who for who in self.cast.values() if isinstance(who, Representative)]:
            for share in (0.3, 0.55, 0.8):
                self._some_day(share - 0.1, share + 0.1, one.decide_together)
            for share in (0.2, 0.5, 0.75):
                self._some_day(share - 0.1, share + 0.1, one.call_together)

    def _some_day(self, start: float, end: float, act: Callable[[], None]) -> None:
        """On a day of that part of the play, while people are awake."""
        passed = self.story.dice.uniform(start, end) * self.measure.days * DAY_S
        self.story.at(self.story.awake(self.story.stage.now + passed, (9.0, 19.0)), act)

    def _category(self, month: int) -> str:
        share, season = life()["share"], life()["season"]
        names = sorted(_messages())
        weights = [share.get(name, 1) * season.get(name, {}).get(str(month), 1.0) for name in names]
        return str(self.story.dice.choices(names, weights)[0])

    def _places(self) -> list[str]:
        inside = {area.code for area in self.city.areas if area.inside}
        return [place.name for place in self.city.places if place.area in inside]

    # How the time passes

    def _go(self, stage: Stage) -> None:
        gc.set_threshold(MANY_OBJECTS)
        marks = self._clock_marks(stage.now)
        day = 0
        while True:
            upcoming = self.story.next_time()
            if upcoming is None or (marks and marks[-1] <= upcoming):
                if not marks:
                    break
                stage.now = max(stage.now, marks.pop())
                stage.run_jobs(datetime.fromtimestamp(stage.now, self.story.zone).hour == CLOCK_HOURS[0])
            else:
                stage.now = max(stage.now, upcoming)
                for act in self.story.due(stage.now):
                    act()
            sends = stage.settle()
            self._hand_out(sends)
            stage.tidy(sends, self.shown)
            passed = int((stage.now - (self.end - self.measure.days * DAY_S)) // DAY_S)
            if passed >= day + TIDY_DAYS:
                day = passed
                gc.freeze()  # what is kept until the end need not be looked through again and again
                self.tell(f"day {day} of {self.measure.days}: {len(stage.sim.outgoing.sent)} messages")
        stage.now = self.end

    def _clock_marks(self, start: float) -> list[float]:
        """The last one first."""
        found = []
        at = start // SLOT_S * SLOT_S
        while at <= self.end:
            moment = datetime.fromtimestamp(at, self.story.zone)
            if moment.minute == 0 and moment.hour in CLOCK_HOURS:
                found.append(at + 30)
            at += SLOT_S
        return found[::-1]

    def _hand_out(self, sends: list[dict[str, Any]]) -> None:
        """Everybody reads what she got, one after the other."""
        for send in sorted(sends, key=lambda send: str(send["to"])):
            buttons, text = taps(send["messages"]), words(send["messages"])
            self.happened[str(send["how"])] += 1
            for line_id in send["reached"]:
                if line_id in self.cast:
                    self.cast[line_id].read(buttons, text)

    def _write_journal(self, stage: Stage) -> None:
        """The phones of the simulator's page show what their people lived through."""
        path = self.wiring.settings.data_dir / "simulator.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in stage.record.of(self.shown))


@cache
def _messages() -> dict[str, list[str]]:
    """Our own messages by category: reports that name no place, so that a place of this city can be added."""
    found: dict[str, list[str]] = {}
    for row in nlp.read_corpus():
        if row.intent == "report" and not row.place and not row.also and 15 <= len(row.text) <= 120:
            found.setdefault(row.category, []).append(row.text)
    return found


def _id(kind: str, number: int) -> str:
    return f"U{kind}{number:031x}"


def today(zone: Any) -> float:
    """This morning at seven in the city."""
    moment = datetime.fromtimestamp(time.time(), zone)
    return moment.replace(hour=7, minute=0, second=0, microsecond=0).timestamp()


def as_json(figures: Any) -> str:
    return json.dumps(figures, ensure_ascii=False)
