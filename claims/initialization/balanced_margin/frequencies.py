"""Random balanced starts counted against the law, through their factors; and against other laws, which they refute."""

from itertools import product

import numpy as np
import pytest
from flint import fmpq
from numpy.typing import NDArray

from claims.initialization.balanced_margin import CLAIM
from claims.initialization.balanced_margin.law import margin_probability
from claims.suite import control, sampled, statistics
from solvers.arithmetic import Enclosure, exact, rational
from solvers.network import balanced_factors, end_to_end, frobenius_squared
from strategies import row_target

FloatMatrix = NDArray[np.float64]
COUNT = 500


def starts_with_margin(target: FloatMatrix, scale: float, margin: float, hidden: tuple[int, ...]) -> int:
    """How many of COUNT random A certainly have ||A - Phi|| <= ||Phi|| - c, the others certainly not; the networks that
    Procedure 1 makes of them agree. ``margin`` is c / ||Phi||, a short dyadic number."""
    inputs = target.shape[1]
    random = statistics.generator(CLAIM.uid, inputs, repr(scale), repr(margin))
    (matrices,) = statistics.gaussian_networks((inputs, 1), scale, COUNT, random)
    factors = [balanced_factors(matrix, (inputs, *hidden, 1)) for matrix in matrices]
    weights = [Enclosure.of(np.stack(layers)) for layers in zip(*factors, strict=True)]
    allowed = (1 - margin) ** 2 * statistics.squared_norms(Enclosure.of(target[np.newaxis]))
    direct, through = (
        statistics.positive(allowed - statistics.squared_norms(computed - Enclosure.of(target)))
        for computed in (Enclosure.of(matrices), end_to_end(weights))
    )
    assert (direct == through).all()
    return int(direct.sum())


@sampled
@pytest.mark.parametrize(
    ("inputs", "margin", "ratio"),
    [
        *product([1, 2, 5, 10], [0.0], [0.125]),
        *product([1, 2, 5, 10], [0.125], [0.5]),
        *product([1, 2], [0.5], [0.5]),
        (1, 0.5, 1.0),
    ],
)
def test_frequency_of_margins(inputs: int, margin: float, ratio: float) -> None:
    """Both tails, s = ratio ||Phi||, through networks of depth 3 (d_0 - 3 - 2 - 1); d_0 = 10 is real data.

    Notices a probability that is off by 0.19; the law itself is checked exactly for d_0 = 1, 2, 3, 4, 5, 6 and 10."""
    target = row_target(inputs)
    scale = ratio * float(np.linalg.norm(target))
    squared = rational(scale) ** 2 / frobenius_squared(exact(target))
    found = starts_with_margin(target, scale, margin, (3, 2))
    likely = margin_probability(inputs, squared, rational(margin))
    verdict = statistics.consistent(found, COUNT, "==", likely, "margin >= c", notices=fmpq(19, 100))
    assert verdict.holds, verdict


@control
def test_refuted_with_another_chi_squared() -> None:
    """d_0 = 1, s = ||Phi||, c = 0: without the non-centrality of 1, with one degree too many, with a non-centrality
    of 4."""
    found = starts_with_margin(np.eye(1), 1.0, 0.0, ())
    assert statistics.consistent(
        found, COUNT, "==", margin_probability(1, fmpq(1), fmpq(0)), "margin >= 0", notices=fmpq(19, 100)
    ).holds
    for degrees, noncentrality in ((1, 0), (2, 1), (1, 4)):
        wrong = statistics.non_central_chi_squared(degrees, fmpq(noncentrality), fmpq(1))
        assert statistics.consistent(found, COUNT, "==", wrong, "margin >= 0").fails
