"""Statement 1 in rationals: modes, projectors and blocks of drawn critical points."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import exact, fewer
from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.network import Weights, end_to_end, null_space, pseudo_inverse, rank
from strategies import CriticalPoint, dimensions

ANY = strategies.critical_points(dimensions=dimensions(min_depth=2, max_depth=4, max_width=4))


def part(weights: Weights, i: int, j: int, size: int) -> ObjectArray:
    """W_{i:j} = W_j ... W_i, layers numbered from 1; the identity of that size where i > j."""
    product: ObjectArray = end_to_end(weights[i - 1 : j]) if i <= j else arithmetic.exact(np.eye(size))
    return product


def projectors(weights: Weights) -> list[ObjectArray]:
    """Pi_j = W_{1:j} W^+ W_{j+1:N} for j = 0, ..., N."""
    inverse, depth = pseudo_inverse(end_to_end(weights)), len(weights)
    sizes = [weights[0].shape[1], *(len(matrix) for matrix in weights)]
    return [part(weights, 1, j, sizes[0]) @ inverse @ part(weights, j + 1, depth, sizes[-1]) for j in range(depth + 1)]


def is_zero(matrix: ObjectArray) -> bool:
    """Whether all entries are 0."""
    return all(entry == 0 for entry in matrix.flat)


def drawn_direction(data: st.DataObject, weights: Weights) -> tuple[ObjectArray, ...]:
    """Entries -2, ..., 2 in the weights' shapes."""
    sizes = [matrix.size for matrix in weights]
    entries = data.draw(st.lists(st.integers(-2, 2), min_size=sum(sizes), max_size=sum(sizes)))
    pieces = np.split(arithmetic.exact(np.array(entries)), np.cumsum(sizes)[:-1])
    return tuple(piece.reshape(matrix.shape) for piece, matrix in zip(pieces, weights, strict=True))


@exact
@fewer(2)
@given(ANY)
def test_the_product_carries_modes_and_the_residual_the_others(point: CriticalPoint) -> None:
    """W^T G = 0 = G W^T; W^T Phi = W^T W and Phi W^T = W W^T; the r values of W are among those of Phi."""
    product, target = end_to_end(point.weights), point.target
    residual = product - target
    assert is_zero(product.T @ residual)
    assert is_zero(residual @ product.T)
    assert is_zero(product.T @ target - product.T @ product)
    assert is_zero(target @ product.T - product @ product.T)
    assert rank(product) + rank(residual) == rank(target)


@exact
@fewer(2)
@given(ANY)
def test_projectors_commute_with_the_layers(point: CriticalPoint) -> None:
    """Pi_j^2 = Pi_j, of rank r; W_j Pi_{j-1} = Pi_j W_j; Pi_0 and Pi_N are symmetric."""
    found = projectors(point.weights)
    assert all(is_zero(each @ each - each) and rank(each) == point.rank for each in found)
    for matrix, before, after in zip(point.weights, found, found[1:], strict=False):
        assert is_zero(matrix @ before - after @ matrix)
    assert is_zero(found[0] - found[0].T)
    assert is_zero(found[-1] - found[-1].T)


def blocks(point: CriticalPoint) -> tuple[list[ObjectArray], list[ObjectArray], list[ObjectArray]]:
    """S_j, Z_j and bases K_j of the kernels of the Pi_j; AssertionError where W_j is not block diagonal."""
    found = projectors(point.weights)
    kernels = [null_space(each) for each in found]
    ranges = [null_space(arithmetic.exact(np.eye(len(each))) - each) for each in found]
    upper, lower = [], []
    r = point.rank
    for j, matrix in enumerate(point.weights):
        into = np.hstack([ranges[j + 1], kernels[j + 1]])
        seen = pseudo_inverse(into) @ matrix @ np.hstack([ranges[j], kernels[j]])
        assert is_zero(seen[:r, r:])
        assert is_zero(seen[r:, :r])
        upper.append(seen[:r, :r])
        lower.append(seen[r:, r:])
    return upper, lower, kernels


@exact
@fewer(2)
@given(ANY)
def test_blocks_are_invertible_or_multiply_to_zero(point: CriticalPoint) -> None:
    """S_j invertible, Z_{1:N} = 0, and Z_{j+1:N}^T Phi' Z_{1:j-1}^T = 0: in bases that are not orthonormal Phi' is
    K_N^T G K_0 (K_0^T K_0)^{-1}."""
    upper, lower, kernels = blocks(point)
    if point.rank:
        assert all(rank(block) == point.rank for block in upper)
    if not all(kernel.shape[1] for kernel in kernels):
        return  # some Z_j have no rows or no columns, and there is nothing to multiply
    depth, first, last = len(lower), kernels[0], kernels[-1]
    assert is_zero(end_to_end(lower))
    residual = end_to_end(point.weights) - point.target
    left = last.T @ residual @ first @ pseudo_inverse(first.T @ first)
    for j in range(1, depth + 1):
        after, before = part(lower, j + 1, depth, last.shape[1]), part(lower, 1, j - 1, first.shape[1])
        assert is_zero(after.T @ left @ before.T)
