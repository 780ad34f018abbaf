"""What is false: large entries, a sixteenth of a, p = 1/2, entries not normal, two outputs; the ends of c and p."""

from itertools import product

import numpy as np
import sympy
from flint import arb, fmpq

from claims.initialization.balanced_margin.constants import constant, promise
from claims.initialization.balanced_margin.frequencies import COUNT, starts_with_margin
from claims.initialization.balanced_margin.law import margin_probability
from claims.suite import Fate, ablates, control, witness
from claims.suite.statistics import consistent
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, compare, square_root
from solvers.guarantees.theorem_two import TWENTIETH
from strategies import row_target


@control
def test_refuted_with_a_smaller_a() -> None:
    """3 with a = 11/20 for 1 at d_0 = 1, and with little less for more inputs: probabilities of 1/24 to 1/20."""
    for inputs, a in ((1, fmpq(11, 20)), (2, fmpq(2, 5)), (10, fmpq(1, 3)), (100, fmpq(1, 3))):
        assert compare(promise(inputs, 1 / (a * inputs**2), TWENTIETH)).fails


@control
@ablates("DL-034", "small entries", "a / 16", Fate.REFUTED)
def test_refuted_with_a_sixteenth_of_a() -> None:
    """a = 1/16 in place of 1 with d_0 = 10: s = 2/5 ||Phi||, c = 4/5 ||Phi||; the margin has probability below 1/20, in
    balls and counted on the real target."""
    assert compare(promise(10, fmpq(4, 25), TWENTIETH)).fails
    scale = 0.4 * float(np.linalg.norm(row_target(10)))
    found = starts_with_margin(row_target(10), scale, 0.75, (3,))  # a smaller c, and more starts that have it
    assert consistent(found, COUNT, ">=", TWENTIETH, "margin with s too large").fails


@control
@ablates("DL-034", "small entries", "dropped", Fate.REFUTED)
def test_refuted_with_entries_of_any_size() -> None:
    """s = 2 ||Phi||, d_0 = 1: c = 2 ||Phi||, and no margin is above ||Phi||, which A = Phi attains."""
    one = arithmetic.exact(np.eye(1))
    assert network.deficiency_margin((one,), one) == 1 < fmpq(2**2, 2)
    for start in (0, fmpq(1, 2), 2, -1):
        assert network.deficiency_margin((start * one,), one) < 1


@control
@ablates("DL-034", "p < 1/2", "dropped", Fate.REFUTED)
def test_refuted_that_the_probability_reaches_one_half() -> None:
    """Even a margin of 0 has probability below 1/2: ||Phi||^2 - ||A - Phi||^2 = 2 <A, Phi> - ||A||^2, for any s; in
    balls for s = ||Phi|| / 2 and ||Phi|| / 4."""
    sigma, z, q = sympy.symbols("sigma Z Q", positive=True)
    gap = 1 - (sigma**2 * q - 2 * sigma * z + 1)  # in units of ||Phi||^2; so Z must be at least sigma Q / 2 > 0
    assert sympy.expand(gap - 2 * sigma * (z - sigma * q / 2)) == 0
    for inputs, ratio_squared in product((1, 2, 5), (fmpq(1, 4), fmpq(1, 16))):
        chance = margin_probability(inputs, ratio_squared, fmpq(0))
        assert compare(Comparison(chance, ">=", fmpq(1, 2), "margin >= 0")).fails


@control
@ablates("DL-034", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_signs() -> None:
    """A = +-s with equal probability, d_0 = 1, s = ||Phi||: margin ||Phi|| or -||Phi||, so one above ||Phi|| / 2 has
    probability 1/2, in place of P(1/2 <= A <= 3/2) = 0.24 for normal A."""
    one = arithmetic.exact(np.eye(1))
    margins = [network.deficiency_margin((sign * one,), one) for sign in (1, -1)]
    assert margins == [1, -1]
    likely = margin_probability(1, fmpq(1), fmpq(1, 2))
    assert compare(Comparison(fmpq(1, 2), "==", likely, "margin >= 1/2 for signs")).fails


@control
@ablates("DL-034", "one output", "dropped", Fate.REFUTED)
def test_refuted_with_two_outputs() -> None:
    """Phi = I_2: the margin of A is 1 - ||A - Phi||_F, at most 1; one of 3/4 ||Phi||_F > 1 has probability 0, and not
    that of the cdf with d_0 d_N = 4 degrees. With one output A = Phi has the margin ||Phi||."""
    two, one = arithmetic.exact(np.eye(2)), arithmetic.exact(np.eye(1))
    wanted = fmpq(3, 4) * square_root(network.frobenius_squared(two))
    assert compare(Comparison(network.deficiency_margin((two,), two), ">=", wanted, "the largest margin")).fails
    assert compare(Comparison(margin_probability(4, fmpq(1), fmpq(3, 4)), ">", fmpq(0), "the cdf")).holds
    assert compare(Comparison(network.deficiency_margin((one,), one), ">=", fmpq(3, 4), "with one output")).holds


# The ends of the ranges of c and of p


@witness
def test_ends_of_the_range_of_margins() -> None:
    """c = ||Phi||: A = Phi alone, probability 0; c = 0: inside (0, 1); and the ends of the interval at d_0 = 1 have the
    margin exactly."""
    assert margin_probability(1, fmpq(1), fmpq(1)) < arb(2) ** -300
    assert 0 < margin_probability(3, fmpq(1), fmpq(0)) < 1
    one = arithmetic.exact(np.eye(1))
    assert [network.deficiency_margin((start * one,), one) for start in (fmpq(1, 2), fmpq(3, 2))] == [fmpq(1, 2)] * 2


@witness
def test_constants_at_the_ends_of_p() -> None:
    """a is 15.9 at p = 0, so that a d_0 >= 1 and c < ||Phi|| always; it is near 2 / (pi e^4) towards p = 1/2."""
    constants = [constant(e, arb.pi()) for e in (fmpq(1, 2), fmpq(1, 10**6))]
    assert 15 < constants[0] < 16
    assert 1 < constants[1] * arb.pi() / 2 / 10**24 < 1 + arb(10) ** -5
