"""What is false without balance, for another root, or for other spaces; and the boundary cases."""

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.balance.balanced_spectrum import spectra
from claims.balance.balanced_spectrum.instances import small, spectrum_up_to_imbalance, within
from claims.suite import control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, end_to_end
from strategies import BalancedNetwork, balanced_networks, diagonal, scalar_weights, zero_weights


@control
def test_refuted_without_balance() -> None:
    """Scalars 1 and 2: neither the layers' values nor the square root of their product agree."""
    assert not spectra.shares_its_spectrum(scalar_weights(1, 2))
    assert not spectra.powers_of_the_ends(scalar_weights(1, 2))


@control
def test_refuted_where_one_end_alone_has_the_powers() -> None:
    """W_1 = diag(1, 0): the product's columns have the square of its spectrum, its rows not that of W_2 = diag(1, 5);
    and the other way round."""
    weights = (diagonal(2, 2, [1, 0]), diagonal(2, 2, [1, 5]))
    assert not spectra.powers_of_the_ends(weights)
    assert not spectra.powers_of_the_ends(weights[::-1])


@control
def test_refuted_that_less_than_the_imbalance_bounds_the_distance_of_spectra() -> None:
    """Scalars 2 and 1, delta = 3: both bounds, 3 and 3 * 4, are attained, and smaller ones fail."""
    found = spectrum_up_to_imbalance(Problem(scalar_weights(2, 1), arithmetic.exact([[1]]), fmpq(1)))
    assert all(compare(Comparison(left, "==", right, sentence)).holds for left, _, right, sentence in found)
    assert [comparison.right for comparison in found] == [3**2, (3 * 4) ** 2]
    assert all(compare(comparison).holds for comparison in found)
    assert compare(within(fmpq(-3), fmpq(29, 10), "a distance of 3")).fails


@control
@given(small.flatmap(balanced_networks), st.data())
def test_refuted_when_one_layer_is_doubled(network: BalancedNetwork, data: st.DataObject) -> None:
    """One layer of any balanced network of depth >= 2, doubled, breaks all statements (unless the network is zero)."""
    j = data.draw(st.integers(0, len(network.weights) - 1))
    weights = [matrix * (2 if i == j else 1) for i, matrix in enumerate(network.weights)]
    refuted = len(weights) > 1 and network.layer_singular_values[0] > 0
    assert spectra.shares_its_spectrum(weights) is not refuted
    assert spectra.powers_of_the_ends(weights) is not refuted
    assert spectra.is_balanced(weights) is not refuted


@control
@pytest.mark.parametrize("other", [1, 2, 4])
def test_refuted_for_another_root(other: int) -> None:
    """Three layers of 2: the cube root of 8 is 2, its other roots are not."""
    weights = scalar_weights(2, 2, 2)
    assert spectra.shares_its_spectrum(weights)
    assert not spectra.shares_its_spectrum(weights, root=other)


@control
def test_refuted_when_only_the_values_are_shared() -> None:
    """diag(2, 1) and diag(1, 2) share their values, not their spaces; the product's are 2 and 2, not 4 and 1."""
    weights = (diagonal(2, 2, [2, 1]), diagonal(2, 2, [1, 2]))
    assert spectra.squared_spectrum(weights[0]) == spectra.squared_spectrum(weights[1])
    assert not spectra.spaces_meet(weights, [fmpq(4), fmpq(1)])
    assert not spectra.shares_its_spectrum(weights)


@control
def test_refuted_for_the_left_space_of_the_next_layer() -> None:
    """Layer 2 turns its right space by a quarter: its left space is not the left space of layer 1."""
    swap = arithmetic.exact([[0, 1], [1, 0]])
    first, squares = diagonal(2, 2, [2, 1]), [fmpq(0), fmpq(1), fmpq(4)]
    weights = (first, swap @ first)
    assert spectra.is_balanced(weights)
    assert spectra.spaces_meet(weights, squares)
    left = [spectra.left_projector(matrix, squares, fmpq(4)) for matrix in weights]
    assert (left[0] != left[1]).any()


@witness
@pytest.mark.parametrize("widths", [(1, 1), (3, 2), (2, 1, 3), (1, 4, 1, 2)])
def test_zero_networks_and_depth_one(widths: tuple[int, ...]) -> None:
    """No non-zero value at all, and depth 1, where the statement is W = W_1."""
    weights = zero_weights(widths)
    assert spectra.is_balanced(weights)
    assert spectra.powers_of_the_ends(weights)
    assert spectra.shares_its_spectrum(weights)
    assert spectra.spaces_meet(weights, [])


@witness
def test_through_a_bottleneck_of_width_one() -> None:
    """3 -> 1 -> 2: one value, sqrt(9) = 3 in both layers, 9 in the product."""
    weights = (arithmetic.exact([[1, 2, 2]]), arithmetic.exact([[3], [0]]))
    assert spectra.is_balanced(weights)
    assert spectra.squared_spectrum(weights[0]) == spectra.squared_spectrum(weights[1]) == fmpq_poly([-9, 1])
    assert spectra.squared_spectrum(end_to_end(weights)) == fmpq_poly([-81, 1])
    assert spectra.spaces_meet(weights, [fmpq(9)])


@witness
def test_multiplicities_are_kept() -> None:
    """Values 2, 2, 0 in a rank-deficient network: the product's are 4, 4, 0."""
    weights = (diagonal(3, 3, [2, 2, 0]),) * 2
    assert spectra.shares_its_spectrum(weights)
    assert spectra.squared_spectrum(end_to_end(weights)) == fmpq_poly([-16, 1]) ** 2
