"""What the simulator's page shows of the inside: the city's clock, events, messages, the quota; and a day forward."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers.services import reports
from scheduler import tick as ticking
from store.queries import inbox, outbox

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

SHOWN = 14
MORNING = 9
"""The hour at which the next day begins on the page: agencies are open and digests go out."""


class NotNow(RuntimeError):
    """The clock can't be moved at this moment."""


class Waits:
    """The worker that runs beside the page delivers; the page only waits for it."""

    def pass_once(self, machine_now: float, city_now: datetime) -> int:
        return 0


@dataclass(frozen=True)
class Inside:
    """Looks into one running installation in simulator mode."""

    wiring: Wiring

    def look(self) -> dict[str, Any]:
        """The newest rows of inbox and outbox (without words), how many stand in each state, and the quota."""
        now = self.wiring.clockwork.city_now().astimezone(self.wiring.settings.zone)
        with self.wiring.store.reading() as unit:
            spent = reports.quota(unit, None, None, 0.0)
            return {
                "clock": now.isoformat(timespec="minutes"),
                "zone": str(self.wiring.settings.zone),
                "inbox": {
                    "counts": inbox.counts(unit),
                    "rows": [reports.came(row) for row in reversed(inbox.newest(unit, SHOWN))],
                },
                "outbox": {
                    "counts": outbox.counts(unit),
                    "rows": [reports.sent(row) for row in reversed(outbox.newest(unit, SHOWN))],
                },
                "pushes": spent["pushes"],
                "pushes_per_closed_case": spent["pushes_per_closed_case"],
            }

    def tomorrow(self) -> dict[str, Any]:
        """Move the city's clock to the next morning as `saan tick` does. Raises ``NotNow``."""
        work = replace(self.wiring.clockwork, holder=f"{self.wiring.clockwork.holder}-page", errands={})
        now = work.city_now().astimezone(self.wiring.settings.zone)
        at = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        try:
            done = ticking.tick(work, Waits(), at)
        except (ticking.TooEarly, ticking.Busy) as error:
            raise NotNow(str(error)) from None
        zone = str(self.wiring.settings.zone)
        return {
            "clock": at.isoformat(timespec="minutes"),
            "zone": zone,
            "done": done.counts,
            "waiting": done.waiting,
        }
