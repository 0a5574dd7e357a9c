"""Times that are written as on a clock, `2024-03-19 16:44:16.689` or `16:44:16:689`, as seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imu_tracker.files.arrow import from_arrow
from imu_tracker.numeric import Floats

Clock = Literal["utc", "local", "day"]

_DAY_S = 86400.0
# A date (or none), a time of day, its fraction after a point, a comma or a colon, and a zone (or none). Colons before the
# milliseconds, and months of one digit, are WitMotion's way.
_PATTERN = (
    r"^(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[T ]+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})"
    r"(?:(?P<mark>[.,:])(?P<part>\d{1,9}))?"
    r"\s*(?P<zone>Z|(?P<sign>[+-])(?P<ahead>\d{2}):?(?P<more>\d{2}))?$"
)


@dataclass(frozen=True)
class ClockTimes:
    """seconds (N,), NaN where a text is no time: since 1970 where there are dates, else since midnight of the first day.

    clock: `utc` where the zone is told; `local` where it isn't, and the seconds are since 1970 as clocks showed it there; `day`
    without a date.
    """

    seconds: Floats
    clock: Clock


def looks_like_clock(cell: str) -> bool:
    """Whether a cell is a time as on a clock."""
    return re.match(_PATTERN, cell.strip()) is not None


def clock_times(texts: Any) -> ClockTimes | None:
    """An Arrow array of strings (N,) as times; None where not even half of them are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.extract_regex(pc.utf8_trim_whitespace(texts), _PATTERN)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    if not len(found) or found.null_count > 0.5 * len(found):
        return None

    def column(name: str) -> Any:
        return pc.struct_field(found, name)

    def whole(name: str) -> Floats:  # without Python's values among the arguments: Arrow imports pandas for these
        return from_arrow(pc.replace_substring_regex(column(name), pattern="^$", replacement="0").cast(pa.float64()))

    def holds(name: str, text: str) -> NDArray[np.bool_]:
        return from_arrow(pc.match_substring(column(name), pattern=text).cast(pa.float64())) > 0

    hour, minute, second = whole("hour"), whole("minute"), whole("second")
    # After a colon stand milliseconds, however many digits they have; elsewhere a decimal fraction.
    places = np.where(holds("mark", ":"), 3.0, from_arrow(pc.utf8_length(column("part")).cast(pa.float64())))
    seconds = 3600 * hour + 60 * minute + second + whole("part") / 10.0**places
    sound = np.isfinite(seconds) & (hour < 24) & (minute < 60) & (second < 61)
    year, month, day = whole("year"), whole("month"), whole("day")
    dated = year > 0
    if not (dated & sound).any():
        return ClockTimes(_over_midnight(np.where(sound, seconds, np.nan)), "day")
    sound &= dated & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(sound, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + np.where(sound, day - 1, 0)
    seconds = np.where(sound, seconds + days * _DAY_S, np.nan)
    ahead_s = 3600 * whole("ahead") + 60 * whole("more")
    zoned = from_arrow(pc.utf8_length(column("zone")).cast(pa.float64())) > 0
    seconds -= np.where(zoned, np.where(holds("sign", "-"), -ahead_s, ahead_s), 0.0)
    return ClockTimes(seconds, "utc" if zoned.any() else "local")


def _over_midnight(seconds: Floats) -> Floats:
    """Times of day (N,) that go on after midnight; a step back by more than half a day is one."""
    good = np.isfinite(seconds)
    steps = np.diff(seconds[good], prepend=seconds[good][:1])
    out = seconds.copy()
    out[good] += _DAY_S * np.cumsum(steps < -0.5 * _DAY_S)
    return out


def begun(seconds: Floats) -> str:
    """The first of local times (N,), seconds as in `ClockTimes`, as ISO text; '' where there is none."""
    good = seconds[np.isfinite(seconds)]
    if not len(good) or not 0 <= good.min() < 4e9:
        return ""
    return (datetime(1970, 1, 1) + timedelta(seconds=round(float(good.min()), 3))).isoformat(timespec="milliseconds")
