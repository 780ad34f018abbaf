"""Statement 4: the closed form against gradient flow as an integrator follows it."""

import numpy as np
import pytest

from claims.suite import control, sampled
from claims.suite.statistics import generator
from solvers.flow import gradient_flow
from solvers.network import Problem
from solvers.shallow import rank_one_flow

TIMES = np.array([0.0, 0.1, 0.5, 2.0, 8.0])


def gaps(shape: tuple[int, int], scale: float, unequal: float) -> tuple[float, float]:
    """How far the closed form, and the flow integrated at 1e-6, are from the flow integrated at 1e-11."""
    random = generator("DL-056", *shape, int(100 * scale))
    target = random.standard_normal(shape)
    left, right = (random.standard_normal(size) for size in shape)
    left, right = scale * left / np.linalg.norm(left), unequal * scale * right / np.linalg.norm(right)
    posed = Problem((right[None, :], left[:, None]), target, 0.0)
    coarse, fine = (gradient_flow(posed, times=TIMES, rtol=rtol, atol=rtol).weights for rtol in (1e-6, 1e-11))
    known = rank_one_flow(target, left, right, TIMES)
    closed = (known[1][:, None, :], known[0][:, :, None])
    apart = [sum(float(np.abs(a - b).sum()) for a, b in zip(one, fine, strict=True)) for one in (closed, coarse)]
    return apart[0], apart[1]


@sampled
@pytest.mark.parametrize("scale", [0.1, 1.0, 3.0])
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2, 5)])
def test_the_closed_form_is_the_flow(shape: tuple[int, int], scale: float) -> None:
    """Gaussian A, u and v, until t = 8: the closed form is nearer to a fine integration than a coarse one is."""
    closed, coarse = gaps(shape, scale, 1.0)
    assert 0 < closed < coarse


@control
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2, 5)])
def test_refuted_for_norms_that_differ_by_a_hundredth(shape: tuple[int, int]) -> None:
    """The same comparison with |v_0| = 1.01 |u_0|."""
    closed, coarse = gaps(shape, 1.0, 1.01)
    assert closed > coarse > 0
