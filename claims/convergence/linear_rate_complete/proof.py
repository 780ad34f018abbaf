"""The theorem's T in closed form, and its invariance under scaling."""

from functools import partial

import sympy
from flint import fmpq

from claims.suite import symbolic
from claims.suite.symbols import is_one
from solvers.guarantees import theorem_one


@symbolic
def test_own_steps_depend_on_the_ratio_alone() -> None:
    """1 / (eta c^{2(N-1)/N}) = 6144 N^3 (Phi_F / c)^{(6N-4)/N}, for symbolic N; and the theorem is scale-invariant:
    Phi -> s Phi, c -> s c, W_j -> s^{1/N} W_j, eta -> s^{2/N - 2} eta keeps T, and delta scales as W_j W_j^T does."""
    depth = sympy.Symbol("N", integer=True, positive=True)
    c, phi, s = sympy.symbols("c phi s", positive=True)
    limit = partial(theorem_one.learning_rate_limit, depth)
    delta = partial(theorem_one.imbalance_limit, depth)
    steps = 6144 * depth**3 * (phi / c) ** ((6 * depth - 4) / depth)
    assert is_one(steps * limit(c, phi) * theorem_one.decay_exponent(depth, c))
    assert is_one(limit(s * c, s * phi) / limit(c, phi) * s ** (2 - 2 / depth))
    assert is_one(delta(s * c, s * phi) / delta(c, phi) / s ** (2 / depth))
    for n in (1, 2, 3, 4):  # the formulas above are those the strategies use: Phi_F / c = 2^12, a power of every root
        used = theorem_one.learning_rate_limit(n, fmpq(1), fmpq(2**12)) * theorem_one.decay_exponent(n, fmpq(1))
        assert used * 6144 * n**3 * 2 ** (12 * (6 * n - 4) // n) == 1
