"""Every button, typed word and open question of networks that is no decision and no activity."""

from __future__ import annotations

from collections.abc import Callable

from handlers.flows import (
    appointing,
    belonging,
    caring,
    digest_acts,
    founding,
    joining,
    mailing,
    meeting,
    membership,
)
from handlers.talk import Outcome, Talk

TAPS: dict[str, Callable[[Talk], Outcome]] = {
    "intro.make": meeting.make,
    "intro.drop": meeting.drop,
    "intro.answer": meeting.answer,
    "intro.card": meeting.card,
    "network.join": joining.join,
    "network.leave": joining.leave,
    "network.show": joining.show,
    "network.mine": joining.mine,
    "digest.freq": joining.frequency,
    "checkin": joining.check_in,
    **membership.TAPS,
    **caring.TAPS,
    **belonging.TAPS,
    **appointing.TAPS,
    **founding.TAPS,
    **digest_acts.TAPS,
    **mailing.TAPS,
}
COMMANDS: dict[str, Callable[[Talk], Outcome]] = {
    "word.networks": joining.mine,
    "word.found": founding.begin,
    **appointing.COMMANDS,
}
ASKED: dict[str, Callable[[Talk, dict[str, str]], Outcome | None]] = {
    **membership.ASKED,
    **caring.ASKED,
    **belonging.ASKED,
    **founding.ASKED,
    **digest_acts.ASKED,
    **mailing.ASKED,
}
