"""Working time and quiet hours. Pure: instants are handed in aware and come out in the city's zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from store.city_data import Hours

BANGKOK = ZoneInfo("Asia/Bangkok")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_NOTHING = timedelta()


@dataclass(frozen=True)
class WorkCalendar:
    """When an agency works.

    `open` and `close` are times of day in `zone`; `close` at 00:00 is the midnight that ends the day.
    `weekdays` are ISO numbers, Monday 1. Working time includes the opening instant, not the closing one.
    """

    open: time
    close: time
    weekdays: frozenset[int]
    holidays: frozenset[date] = frozenset()
    zone: ZoneInfo = BANGKOK

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise ValueError("weekdays must be some of 1 (Monday) to 7 (Sunday)")
        if self.close != time(0) and self.open >= self.close:
            raise ValueError("open must be before close")

    def is_open(self, at: datetime) -> bool:
        """Whether the instant is working time."""
        moment = _instant(at)
        window = self._window(moment.astimezone(self.zone).date())
        return window is not None and window[0] <= moment < window[1]

    def next_opening(self, at: datetime) -> datetime:
        """The first working instant not before `at`: `at` itself while open."""
        return self.add_hours(at, 0)

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """The instant when that many working hours have passed.

        A start outside working time counts from the next opening. Hours that run out at closing end there.
        Raises ValueError for hours that are negative or not finite and for a naive start, OverflowError for
        hours beyond the last year.
        """
        if not isfinite(hours) or hours < 0:
            raise ValueError("hours must be zero or more")
        left = hours * _HOUR
        for opens, closes in self._windows(_instant(start)):
            if left <= closes - opens:
                return (opens + left).astimezone(self.zone)
            left -= closes - opens
        raise OverflowError("the years end before the hours do")

    def closing(self, at: datetime) -> datetime:
        """When the working day of `at` ends; that of the next working day when `at` is after hours or on a holiday.

        An agency that never closes ends its day at midnight.
        """
        opening = self.next_opening(at)
        return next(closes for _, closes in self._windows(_instant(opening))).astimezone(self.zone)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Working hours from start to end; negative when end is the earlier one."""
        first, last = _instant(start), _instant(end)
        if last < first:
            return -self.hours_between(end, start)
        worked = _NOTHING
        for opens, closes in self._windows(first):
            if opens >= last:
                break
            worked += min(closes, last) - opens
        return worked / _HOUR

    def _windows(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time from the instant on, the first one cut to begin there."""
        day = moment.astimezone(self.zone).date()
        while day < date.max:
            window = self._window(day)
            if window and moment < window[1]:
                yield max(moment, window[0]), window[1]
            day += _DAY

    def _window(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing of the day in UTC, so that differences are elapsed time in every zone."""
        if day.isoweekday() not in self.weekdays or day in self.holidays:
            return None
        last = day + _DAY if self.close == time(0) else day
        opens, closes = (
            datetime.combine(day, self.open, self.zone),
            datetime.combine(last, self.close, self.zone),
        )
        return opens.astimezone(UTC), closes.astimezone(UTC)


def calendar_of(hours: Hours, holidays: frozenset[date], zone: ZoneInfo = BANGKOK) -> WorkCalendar:
    """An agency's calendar. One that opens seven days a week works on public holidays too."""
    closed = frozenset[date]() if hours.every_day else holidays
    return WorkCalendar(hours.open, hours.close, hours.weekdays, closed, zone)


def thai_holidays(
    years: Iterable[int], plus: Collection[date] = (), minus: Collection[date] = ()
) -> frozenset[date]:
    """Thailand's public and government holidays of those years, with the city's days added and taken away.

    From the `holidays` package: what the cabinet decides later belongs in `plus`. A day in both is a holiday.
    """
    # Imported here because it costs a tenth of a second that most callers of this module never need.
    from holidays import country_holidays

    national = country_holidays("TH", years=list(years), categories=("public", "government"))
    return (frozenset(national) - frozenset(minus)) | frozenset(plus)


def quiet(at: datetime, start: time, end: time, zone: ZoneInfo = BANGKOK) -> bool:
    """Whether the instant lies in the daily quiet hours, which may span midnight; equal times mean never."""
    clock = _instant(at).astimezone(zone).time()
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def next_allowed(at: datetime, start: time, end: time, zone: ZoneInfo = BANGKOK) -> datetime:
    """The first instant not before `at` that is outside the quiet hours."""
    local = _instant(at).astimezone(zone)
    if not quiet(at, start, end, zone):
        return local
    over = datetime.combine(local.date(), end, zone)
    return over if over > local else datetime.combine(local.date() + _DAY, end, zone)


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)
