"""How far two integrated flows are apart."""

import numpy as np

from claims.suite.flows import gap


def test_the_gap_is_the_largest_frobenius_norm_of_all_times() -> None:
    """||[3, 4]|| = 5 and ||[5, 12]|| = 13 at two of three times, around matrices that are not 0."""
    one = np.array([[[1.0, -2.0]], [[0.5, 8.0]], [[-3.0, 1.0]]])
    apart = np.array([[[3.0, 4.0]], [[5.0, -12.0]], [[0.0, 0.0]]])
    assert gap(one + apart, one) == gap(one, one + apart) == 13
    assert gap(one[:1] + apart[:1], one[:1]) == 5
    assert gap(one, one) == 0
