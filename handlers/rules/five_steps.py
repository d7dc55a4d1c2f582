"""The five steps by which a network keeps its members (after Conant, 2011): what the clock does with a step. Pure.

1 classify · 2 ask opinions · 3 follow up quickly · 4 follow up regularly · 5 keep. A step is looked at when its
``due_at`` has come; ``act`` says what follows from its state, and ``after`` when it has to be looked at next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLASSIFY, OPINIONS, QUICK, REGULAR, KEEP = NUMBERS = (1, 2, 3, 4, 5)

OPINIONS_REMINDED = timedelta(days=3)
"""The questions of step 2 begin with joining; what is unanswered then is asked once more."""
QUICK_FOLLOW_UP = timedelta(hours=48)
NUDGED_AFTER = timedelta(days=3)
"""Silence after a question is followed by one nudge,"""
GIVEN_UP_AFTER = timedelta(days=4)
"""and this long after the nudge the step ends as "silent"."""
SIGN_OF_LIFE = timedelta(days=60)
YEAR = timedelta(days=365)
QUARTER = timedelta(days=91)
DORMANT_AFTER = timedelta(days=14)
"""Nothing heard this long after the question of step 5: dormant, and asked again only once a quarter."""
PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=30)}
OFF = "off"

DUE, SENT, NUDGED, DORMANT = "due", "sent", "nudged", "dormant"
ANSWERED, SILENT, VOID = "answered", "silent", "void"
WAITING = (DUE, SENT, NUDGED, DORMANT)
"""States in which the clock looks at a step."""


class Act(StrEnum):
    """What the clock does with a step that is due."""

    ASK = "ask"
    NUDGE = "nudge"
    GIVE_UP = "give_up"
    NEWS = "news"
    KEEP = "keep"
    SLEEP = "sleep"
    """Mark the member as dormant and come back after a quarter."""
    WAIT = "wait"
    """Nothing to do yet, or a sign of life has come: look again later."""
    REST = "rest"
    """She wants to hear nothing: the step ends unasked."""


@dataclass(frozen=True)
class Standing:
    """A step and what its rule has to know of the member."""

    number: int
    state: str
    due_at: datetime
    every: str
    joined_at: datetime
    heard_at: datetime
    """Her last sign of life: anything she sent or tapped."""
    sent_at: datetime | None = None
    dormant: bool = False
    """Step 5 had no answer and nothing was heard since: only step 5 speaks, once a quarter."""

    @property
    def heard(self) -> bool:
        """Whether there was a sign of life since the step's message."""
        return self.sent_at is not None and self.heard_at > self.sent_at


def act(step: Standing, now: datetime) -> Act | None:
    """What to do with the step now; None when nothing is due."""
    if step.state not in WAITING or step.due_at > now:
        return None
    if step.number == KEEP:
        return _keep(step, now)
    if step.every == OFF or step.dormant:
        return Act.WAIT if step.number == REGULAR else Act.REST
    if step.number == REGULAR:
        return Act.NEWS
    if step.state == DUE:
        return Act.ASK
    if step.state == SENT:
        return Act.NUDGE
    return Act.GIVE_UP


def _keep(step: Standing, now: datetime) -> Act:
    """Step 5 never ends while somebody is a member: it is asked, sleeps, and wakes."""
    if step.state == SENT:
        return Act.WAIT if step.heard else Act.SLEEP
    if step.state == DORMANT and step.heard:
        return Act.WAIT
    if step.every == OFF:
        return Act.WAIT
    if step.state == DORMANT:  # a quarter has passed
        return Act.KEEP
    quiet = now - step.heard_at >= SIGN_OF_LIFE
    return Act.KEEP if quiet or anniversary(step, now) else Act.WAIT


def anniversary(step: Standing, now: datetime) -> bool:
    """Whether another year of membership has ended since the step was set."""
    last = step.sent_at or step.joined_at
    return (now - step.joined_at) // YEAR > (last - step.joined_at) // YEAR


def first_due(number: int, joined_at: datetime, every: str) -> datetime:
    """When a step is looked at first after joining."""
    waits = {
        CLASSIFY: timedelta(0),
        OPINIONS: OPINIONS_REMINDED,
        QUICK: QUICK_FOLLOW_UP,
        REGULAR: PERIODS.get(every, PERIODS["weekly"]),
        KEEP: SIGN_OF_LIFE,
    }
    return joined_at + waits[number]


def after(step: Standing, done: Act, now: datetime) -> tuple[str, datetime]:
    """(state, when to look again) once ``done`` has been done."""
    if step.number == REGULAR:
        return DUE, _next_news(step, now)
    if step.number == KEEP:
        return _after_keep(step, done, now)
    return {
        Act.ASK: (SENT, now + NUDGED_AFTER),
        Act.NUDGE: (NUDGED, now + GIVEN_UP_AFTER),
        Act.GIVE_UP: (SILENT, step.due_at),
        Act.REST: (VOID, step.due_at),
    }.get(done, (step.state, step.due_at))


def _next_news(step: Standing, now: datetime) -> datetime:
    """The next date of her rhythm, so that a long gap of the clock brings one message and not many."""
    period = PERIODS.get(step.every, PERIODS["weekly"])
    missed = max(0, (now - step.due_at) // period)
    return step.due_at + period * (missed + 1)


def _after_keep(step: Standing, done: Act, now: datetime) -> tuple[str, datetime]:
    if done == Act.KEEP:
        return SENT, now + DORMANT_AFTER
    if done == Act.SLEEP:
        return DORMANT, now + QUARTER - DORMANT_AFTER
    if step.state == DORMANT and step.every == OFF and not step.heard:
        return DORMANT, now + QUARTER
    wakes = max(step.heard_at + SIGN_OF_LIFE, now + timedelta(days=1))
    years = (now - step.joined_at) // YEAR + 1
    return DUE, min(wakes, step.joined_at + YEAR * years)


def next_news(due_at: datetime, every: str, now: datetime) -> datetime:
    """When step 4 is due after the member changed how often she wants to hear."""
    if every == OFF:
        return due_at
    return min(due_at, now + PERIODS[every]) if due_at > now else now + PERIODS[every]


def news_wanted(has_news: bool, last_sent: datetime | None, joined_at: datetime, now: datetime) -> bool:
    """Nothing new is not sent, but at least once a quarter something is."""
    return has_news or now - (last_sent or joined_at) >= QUARTER
