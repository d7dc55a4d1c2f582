"""Deciding and doing things together: which button and which open question belongs to which flow."""

from __future__ import annotations

from collections.abc import Callable

from handlers.flows import calling, gathering, proposing, voting
from handlers.talk import Outcome, Talk

TAPS: dict[str, Callable[[Talk], Outcome]] = {
    "vote": voting.vote,
    "poll.show": voting.show,
    "poll.again": voting.again,
    "poll.why": voting.why,
    "poll.add": voting.add,
    "poll.new": proposing.new,
    "poll.skip": proposing.skip,
    "poll.more": proposing.more,
    "poll.preview": proposing.preview,
    "poll.drop": proposing.drop,
    "poll.start": proposing.start,
    "poll.allow": proposing.allow,
    "poll.revise": proposing.revise,
    "poll.promise": proposing.promise,
    "poll.due": proposing.due,
    "poll.tell": proposing.tell,
    "promise.kept": proposing.kept,
    "activity.show": gathering.show,
    "activity.join": gathering.join,
    "activity.leave": gathering.leave,
    "activity.here": gathering.here,
    "activity.new": calling.new,
    "activity.set": calling.choose,
    "activity.drop": calling.drop,
    "activity.start": calling.start,
    "activity.panel": calling.panel,
    "activity.change": calling.change,
    "activity.cancel": calling.cancel,
    "activity.code": calling.code,
    "activity.report": calling.report,
    "activity.finish": calling.finish,
    "activity.solved": calling.solved,
}
ASKED: dict[str, Callable[[Talk, dict[str, str]], Outcome | None]] = {
    "poll.why": voting.words,
    "poll.add": voting.words,
    "poll.new": proposing.words,
    "activity.new": calling.words,
}
"""Questions that wait for words, by what asked them."""

typed_code = gathering.code
