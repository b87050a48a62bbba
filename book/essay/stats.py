"""Intervals for shares and ratios of shares."""

from __future__ import annotations

import math

from scipy.stats import binomtest, norm

# Of every interval in the book.
LEVEL = 0.95


def share_interval(count: int, total: int) -> tuple[float, float]:
    """Return the Wilson interval of count/total, as two shares between 0 and 1.

    Raises ValueError when total is 0 or count lies outside 0..total.
    """
    interval = binomtest(int(count), int(total)).proportion_ci(confidence_level=LEVEL, method="wilson")
    return float(interval.low), float(interval.high)


def risk_ratio(count: int, total: int, other_count: int, other_total: int) -> tuple[float, float, float]:
    """Return the ratio of two shares with its log-normal (Katz) interval: ratio, low, high.

    Raises ValueError when a count is 0: the ratio has no finite interval then.
    """
    if min(count, other_count) == 0:
        raise ValueError("risk_ratio: a count is 0, so the ratio has no finite interval")
    ratio = (count / total) / (other_count / other_total)
    spread = math.sqrt(1 / count - 1 / total + 1 / other_count - 1 / other_total)
    reach = float(norm.ppf(0.5 + LEVEL / 2)) * spread
    return ratio, ratio * math.exp(-reach), ratio * math.exp(reach)
