"""Intervals of shares and ratios, against published examples."""

from __future__ import annotations

import pytest

from essay import stats


def test_the_intervals_are_those_of_wilson_and_katz():
    # Newcombe (1998), table I, case 81 of 263; and Altman's example of a ratio of risks is symmetric in the logarithm.
    assert [round(end, 4) for end in stats.share_interval(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in stats.share_interval(0, 20)] == [0, 0.1611]
    low, high = stats.share_interval(29, 29)
    assert (round(low, 4), high) == (0.8830, 1)
    for count, total in ((1, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="is no share"):
            stats.share_interval(count, total)
    ratio, low, high = stats.risk_ratio(10, 100, 5, 100)
    assert ratio == 2
    assert abs(low * high - ratio**2) < 1e-12


def test_a_ratio_without_an_interval():
    with pytest.raises(ValueError, match="a count is 0"):
        stats.risk_ratio(0, 10, 1, 10)
