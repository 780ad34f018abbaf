"""Words with relations: what rewrites to zero, traces up to rotation and transposition, and what does not."""

import pytest
import sympy

from claims.suite.relations import rewritten, trace_vanishes, vanishes

n, r = sympy.symbols("n r", integer=True, positive=True)
A, B, M = (sympy.MatrixSymbol(name, n, n) for name in "ABM")
Q = sympy.MatrixSymbol("Q", n, r)
ORTHONORMAL = [(Q.T * Q, sympy.Identity(r))]
SYMMETRIC = [(M.T, M)]


@pytest.mark.parametrize(
    ("difference", "relations", "zero"),
    [
        (A * B - B * A, [], False),
        (A * B - B * A, [(B * A, A * B)], True),
        (Q * Q.T * Q - Q, ORTHONORMAL, True),
        (Q * Q.T - sympy.Identity(n), ORTHONORMAL, False),
        (Q * Q.T * Q * Q.T - Q * Q.T, ORTHONORMAL, True),
        (M * M.T - M * M, SYMMETRIC, True),
        (A * A.T - A * A, SYMMETRIC, False),
    ],
)
def test_matrices_vanish_by_the_relations_and_not_without(difference, relations, zero):
    """Each with the answer that a person would give."""
    assert vanishes(difference, relations) is zero
    assert (rewritten(difference, relations) == 0) is zero


@pytest.mark.parametrize(
    ("square", "relations", "zero"),
    [
        (A * B - B * A, [], True),
        (A * B * M - B * A * M, [], False),
        (A * B * M - M * A * B, [], True),
        (A * B - B.T * A.T, [], True),
        (A * B - A * B.T, [], False),
        (A * B * M - B.T * A.T * M, [], False),
        (A * M - A.T * M, SYMMETRIC, True),
        (A * M - A.T * M, [], False),
        (Q.T * M.T * Q - Q.T * M * Q, [], True),
        (2 * A * B - B * A, [], False),
        (Q * Q.T * Q * Q.T - Q * Q.T, ORTHONORMAL, True),
    ],
)
def test_traces_vanish_up_to_rotation_and_transposition(square, relations, zero):
    """Each with the answer that a person would give."""
    assert trace_vanishes(square, relations) is zero


def test_a_relation_that_meets_itself_around_a_trace_is_used():
    """tr(Q S Q^T) = tr S where Q^T Q = I: the relation applies after a rotation only."""
    inner = sympy.MatrixSymbol("S", r, r)
    assert trace_vanishes(rewritten(Q * inner * Q.T) - rewritten(inner), ORTHONORMAL)
    assert not trace_vanishes(rewritten(Q * inner * Q.T) - rewritten(inner))
