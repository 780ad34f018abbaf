"""Statement 4 counted: exact numbers of critical lines and zeros of random polynomials against the means.

Each number is proved, by Sturm's theorem; d = 3 in full, since there are one saddle less than lines, and one extremum
more. Power: a mean number of lines that is off by 9 per cent at d = 2 and 13 per cent at d = 3, and one of zeros by
15, is noticed with probability 0.99, while a true formula fails with probability 10^-9 at most. Exact constants are
pinned by the integrals in `covariances`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import pytest
from flint import arb, fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, fewer, sampled, witness
from claims.suite.means import has_mean
from claims.suite.statistics import generator
from solvers.arithmetic import Verdict
from solvers.shallow import HomogeneousPolynomial, all_exponents, certify_landscape, count_critical_lines, spin_glass
from solvers.shallow.real_roots import simple_real_roots

DRAWS = {2: 2000, 3: 1500}
Mean = Callable[[int], arb]


def lines_on_the_circle(p: int) -> arb:
    """E N / 2 at d = 2."""
    return arb(3 * p - 2).sqrt()


def lines_on_the_sphere(p: int) -> arb:
    """E N / 2 = 1 + s at d = 3."""
    return 1 + 4 * arb(p - 1) ** fmpq(3, 2) / arb(3 * p - 2).sqrt()


LINES: dict[int, Mean] = {2: lines_on_the_circle, 3: lines_on_the_sphere}


def most_lines(dimension: int, degree: int) -> int:
    """CS13's."""
    return sum((degree - 1) ** k for k in range(dimension))


@cache
def draws(dimension: int, degree: int) -> tuple[HomogeneousPolynomial, ...]:
    """Spin glasses with a fixed seed."""
    random = generator("DL-040", dimension, degree)
    return tuple(spin_glass(dimension, degree, random) for _ in range(DRAWS[dimension]))


@cache
def counted(dimension: int, degree: int) -> tuple[int, ...]:
    """Their numbers of critical lines."""
    return tuple(line_counts(draws(dimension, degree)))


def line_counts(polynomials: Iterable[HomogeneousPolynomial]) -> list[int]:
    """Proved, each of them."""
    return [count_critical_lines(polynomial) for polynomial in polynomials]


def zero_count(polynomial: HomogeneousPolynomial) -> int:
    """How many lines in the plane f vanishes on, by Sturm; ArithmeticError where a zero is multiple."""
    p = polynomial.degree
    row = [polynomial.table.get((k, p - k), fmpq(0)) for k in range(p + 1)]
    common = 1
    for entry in row:
        common *= int(entry.q)
    count = simple_real_roots(fmpz_poly([int((entry * common).p) for entry in row]))
    if count is None or row[-1] == 0:
        raise ArithmeticError("f has a multiple zero, or vanishes at e_1")
    return count


def mean_of_lines(dimension: int, degree: int, counts: Sequence[int], formula: Mean) -> Verdict:
    """The counts against a formula for the mean number of lines; they are of one parity, from 1 or 2 up."""
    length = most_lines(dimension, degree) - (2 if degree % 2 == 0 and dimension == 2 else 1)
    return has_mean(counts, formula(degree), length, f"critical lines, d = {dimension}, p = {degree}")


@sampled
@pytest.mark.parametrize(("dimension", "degree"), [(2, 3), (2, 4), (2, 5), (3, 3), (3, 4)])
def test_mean_numbers_of_critical_lines(dimension: int, degree: int) -> None:
    """2000 draws at d = 2, 1500 at d = 3."""
    assert mean_of_lines(dimension, degree, counted(dimension, degree), LINES[dimension]).holds


@sampled
@pytest.mark.parametrize("degree", [3, 5])
def test_mean_numbers_of_zeros_on_the_circle(degree: int) -> None:
    """p^{1/2}, on the same draws; with the lines this is the share of positive maxima."""
    counts = [zero_count(polynomial) for polynomial in draws(2, degree)]
    assert has_mean(counts, arb(degree).sqrt(), degree - 1, "lines of zeros").holds


@exact
@fewer(2)
@given(st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_outward_lines_outnumber_inward_ones_by_the_zeros(degree: int, seed: int) -> None:
    """d = 2, complete landscapes: f f'' < 0 is a maximum with f > 0 or a minimum with f < 0. Two points a line."""
    polynomial = spin_glass(2, degree, seed)
    points = certify_landscape(polynomial).points
    assert all(point.value > 0 or point.value < 0 for point in points)
    outward = sum((point.value > 0) == (point.kind == "maximum") for point in points)
    assert outward - (len(points) - outward) == 2 * zero_count(polynomial)


@exact
@fewer(4)
@given(st.sampled_from([(2, 2), (2, 3), (2, 6), (3, 2), (3, 3), (3, 4)]), st.integers(0, 2**32 - 1))
def test_counts_are_those_of_the_complete_landscape(shape: tuple[int, int], seed: int) -> None:
    """Lines by Sturm, and by isolated roots with a box for each; saddles and extrema follow from them at d = 3."""
    landscape = certify_landscape(spin_glass(*shape, seed))
    lines = count_critical_lines(landscape.polynomial)
    assert lines == landscape.lines
    assert len(landscape.points) == 2 * lines
    saddles = 0 if shape[0] == 2 else lines - 1
    assert len(landscape.saddles) == saddles


@control
@ablates("DL-040", "variances", "dropped", Fate.REFUTED)
def test_refuted_for_coefficients_of_one_variance() -> None:
    """u_1^{e_1} u_2^{e_2} with independent N(0, 1) coefficients, d = 2, p = 5: fewer lines, and fewer zeros than
    5^{1/2}."""
    random = generator("DL-040", "one variance")
    rows = random.standard_normal((DRAWS[2], 6))
    exponents = all_exponents(2, 5)
    polynomials = [HomogeneousPolynomial(dict(zip(exponents, row, strict=True))) for row in rows]
    assert mean_of_lines(2, 5, line_counts(polynomials), lines_on_the_circle).fails
    zeros = [zero_count(polynomial) for polynomial in polynomials]
    assert has_mean(zeros, arb(5).sqrt(), 4, "lines of zeros").fails


@control
@pytest.mark.parametrize("degree", [3, 4, 5])
def test_refuted_means_on_the_circle(degree: int) -> None:
    """(2p)^{1/2}, p, the largest number, and (3p)^{1/2} where that is 9 per cent off."""
    counts = counted(2, degree)
    wrong: list[Mean] = [lambda p: arb(2 * p).sqrt(), arb, *([lambda p: arb(3 * p).sqrt()] if degree == 3 else [])]
    assert all(mean_of_lines(2, degree, counts, formula).fails for formula in wrong)


@control
@pytest.mark.parametrize("degree", [3, 5])
def test_refuted_means_of_zeros(degree: int) -> None:
    """(2p)^{1/2}, (p/2)^{1/2}, and as many zeros as critical lines, for p^{1/2}."""
    counts = [zero_count(polynomial) for polynomial in draws(2, degree)]
    for mean in (arb(2 * degree).sqrt(), (arb(degree) / 2).sqrt(), lines_on_the_circle(degree)):
        assert has_mean(counts, mean, degree - 1, "lines of zeros against another mean").fails


@control
@pytest.mark.parametrize("degree", [3, 4])
def test_refuted_means_on_the_sphere(degree: int) -> None:
    """s with (p-1), with (p-1)^2, with 3 or 5 for 4, and lines = s."""
    counts = counted(3, degree)
    root = arb(3 * degree - 2).sqrt()
    wrong = [1 + 4 * arb(degree - 1) / root, 1 + 4 * arb(degree - 1) ** 2 / root, lines_on_the_sphere(degree) - 1]
    wrong += [1 + (lines_on_the_sphere(degree) - 1) * k / 4 for k in (3, 5)]
    assert mean_of_lines(3, degree, counts, lines_on_the_sphere).holds
    for mean in wrong:
        assert has_mean(counts, mean, most_lines(3, degree) - 1, "critical lines against another mean").fails


@witness
def test_order_two_and_numbers_that_are_seen() -> None:
    """p = 2 has 2 and 3 lines in every draw. At d = 3 all odd numbers up to CS13's are seen at p = 3 (1 or 3 to 7)."""
    random = generator("DL-040", "order two")
    assert {count_critical_lines(spin_glass(2, 2, random)) for _ in range(50)} == {2}
    assert {count_critical_lines(spin_glass(3, 2, random)) for _ in range(50)} == {3}
    assert set(counted(3, 3)) >= {3, 5, 7}
    assert max(counted(3, 4)) == most_lines(3, 4) == 13
