"""Buttons, typed words and open questions of the officials' day, and of what citizens answer to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.flows import (
    behalf,
    closing,
    door,
    duty,
    grouping,
    lists,
    ready,
    speaking,
    staff,
    teaching,
    tidying,
    undoing,
    work,
)
from handlers.talk import Outcome, Talk

Flow = Callable[[Talk], Outcome]

TAPS: dict[str, Flow] = {
    "case.fixed": closing.fixed,
    "case.rate": closing.rate,
    "case.reopen": closing.reopen,
    "case.outcome": closing.outcome,
    "said.case": speaking.chosen,
    "said.new": speaking.new,
    "case.more": work.more,
    "case.take": work.take,
    "case.hand_to": work.pass_on,
    "case.inside": work.inside,
    "case.photo": work.photo,
    "case.ready": ready.begin,
    "case.merge": tidying.merge,
    "case.split": tidying.split,
    "case.group": grouping.group,
    "case.undo": undoing.take_back,
    "group.do": grouping.act,
    "inbox": teaching.along(lists.inbox),
    "behalf.start": behalf.start,
    "behalf.who": behalf.who,
    "behalf.agree": behalf.agree,
    "behalf.answer": behalf.answer,
    "duty": duty.duty,
    "duty.away": duty.away,
    "duty.back": duty.back,
    "staff": staff.show,
    "staff.invite": staff.invite,
    "staff.remove": staff.remove,
    "web": door.link,
}

COMMANDS: dict[str, Flow] = {
    "word.inbox": teaching.along(lists.inbox),
    "word.behalf": behalf.start,
    "word.duty": duty.duty,
    "word.staff": staff.show,
    "word.web": door.link,
}

ANSWERS: dict[str, Callable[[Talk, dict[str, Any]], Outcome | None]] = {
    "case.reopen": closing.more_words,
    "case.rate": closing.rating_words,
    "which": speaking.more,
    "behalf.name": behalf.name,
    "behalf.agree": behalf.name,
    "behalf.answer": behalf.answered,
    "staff.invite": staff.invited,
    "group.answer": grouping.words,
    "group.done": grouping.words,
}
"""What is done with words or a picture while such a question is open; None from it: they are about something else."""

OF_ONE_CASE = ("case.done", "case.progress", "case.ask", "case.inside", "case.answer", "part.done")
"""Questions whose answer goes to the case that the button belonged to, and never to another."""

ONLY_BUTTONS = ("said",)
"""Open questions that are answered by a tap alone."""
