"""The map nearest to the identity: what it takes where, its spectrum, and that none is nearer."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.arithmetic import exact
from solvers.network import inertia
from solvers.shallow import coordinate_gram, nearest_to_identity
from strategies import dyadic_matrices


def symmetric(size):
    return dyadic_matrices(size, size).map(lambda a: exact(a + a.T))


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(symmetric(n), symmetric(n))), st.sampled_from([-1, 0, 1]))
def test_takes_the_matrix_to_its_image_with_the_least_delta(pair, sign):
    matrix, image = pair
    assume((matrix != 0).any())
    least = nearest_to_identity(matrix, image)
    root = fmpq(int(1000 * float(least.delta_squared) ** 0.5), 1000) - fmpq(1, 1000)
    found = nearest_to_identity(matrix, image, elsewhere=1 + sign * max(root, fmpq(0)))
    assert (found.linear_map(matrix) == image).all()
    size = len(matrix)
    form, gram = found.linear_map.form(size), coordinate_gram(size)
    # (T - id)^2 has no eigenvalue above delta^2
    change = form - gram
    inverse = np.array([1 / entry for entry in np.diag(gram)])
    assert inertia(gram * found.delta_squared - (change * inverse) @ change)[1] == 0


ONE, SWAP = exact([[1, 0], [0, -1]]), exact([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("arguments", "keywords", "sentence"),
    [
        ((0 * ONE, ONE), {}, "matrix is zero; expected one that T may take elsewhere"),
        ((ONE, exact([[1]])), {}, r"image has shape \(1, 1\) but matrix has shape \(2, 2\)"),
        ((ONE, ONE), {"elsewhere": 2}, r"elsewhere is 2; expected \|c - 1\| <= delta, where delta\^2 = 0"),
        ((ONE, exact([[0, 1], [0, 0]])), {}, "image"),
    ],
)
def test_what_it_refuses(arguments, keywords, sentence):
    with pytest.raises(ValueError, match=sentence):
        nearest_to_identity(*arguments, **keywords)


def test_a_multiple_of_the_matrix():
    """W = N / 2: delta = 1/2, and nothing else moves."""
    found = nearest_to_identity(ONE, ONE / 2)
    assert found.delta_squared == fmpq(1, 4)
    assert (found.linear_map(SWAP) == SWAP).all()
