"""Intervals for shares and ratios of shares."""

from __future__ import annotations

import math
from statistics import NormalDist

# Of every interval in the book.
LEVEL = 0.95
# How many standard deviations it reaches to either side.
_REACH = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def share_interval(count: int, total: int) -> tuple[float, float]:
    """Return the Wilson interval of count/total, as two shares between 0 and 1.

    Raises ValueError when total is 0 or count lies outside 0..total.
    """
    count, total = int(count), int(total)
    if not 0 <= count <= total or total == 0:
        raise ValueError(f"share_interval: {count} of {total} is no share")
    middle = (count + _REACH**2 / 2) / (total + _REACH**2)
    half = _REACH * math.sqrt(count * (total - count) / total + _REACH**2 / 4) / (total + _REACH**2)
    # Rounding may put the end of an interval for none or for all a hair outside.
    return max(0.0, middle - half), min(1.0, middle + half)


def risk_ratio(count: int, total: int, other_count: int, other_total: int) -> tuple[float, float, float]:
    """Return the ratio of two shares with its log-normal (Katz) interval: ratio, low, high.

    Raises ValueError when a count is 0: the ratio has no finite interval then.
    """
    if min(count, other_count) == 0:
        raise ValueError("risk_ratio: a count is 0, so the ratio has no finite interval")
    ratio = (count / total) / (other_count / other_total)
    spread = math.sqrt(1 / count - 1 / total + 1 / other_count - 1 / other_total)
    reach = _REACH * spread
    return ratio, ratio * math.exp(-reach), ratio * math.exp(reach)
