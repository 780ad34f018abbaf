"""From a critical point of l = 1/2 ||W_N ... W_1 - Phi||_F^2: lower points and higher points.

Explicit and in exact rationals, after proofs that :mod:`claims.saddles.poor_minima` states; directions of negative
curvature are in :mod:`~solvers.network.second_order`. With P_i = W_{1:i}, Q_i = W_{i+1:N}, G = W - Phi and
D_j = Q_j^T G P_{j-1}^T = 0 for every j, take the largest k with M = G P_k^T != 0. All P_i, i > k, have G P_i^T = 0.

- *Chain.* If no P_i, k < i < N, has full row rank, there are v_i != 0 with v_i^T P_i = 0. Adding s u v_{N-1}^T to W_N,
  s v_{i+1} v_i^T to W_{i+1}, with u a column of M, leaves W and every P_i; then D_{k+1} = Q_{k+1}^T M is not zero.
- *Lift.* If P_i has full row rank and Q_i z = 0, z != 0: adding s B^+ z y^T to W_1, B = W_{2:i} and G y != 0, leaves W,
  and P_i gains s z y^T, so k has grown to i at least.
- *Swap.* If P_i has full row rank and Q_i full column rank, W = Phi Pi with Pi the projection on the rows of P_i, of
  rank d_i, that commutes with Phi^T Phi. For x in its range and y in its kernel with |Phi y| |x| > |Phi x| |y|,
  V_1 = B^+ P_i x y^T and V_N = Phi y x^T P_{N-1}^+ have curvature |Phi x|^2 |y|^2 - |Phi y|^2 |x|^2 < 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from flint import fmpq, fmpq_mat

from solvers.arithmetic import ObjectArray, exact, nearest, rational
from solvers.network.checks import check_chain, check_single_matrix, check_target
from solvers.network.network import Matrix, end_to_end, frobenius_squared, layer_gradients, loss

Layers = tuple[ObjectArray, ...]


def rank(matrix: ObjectArray) -> int:
    """The rank of a matrix of rationals."""
    check_single_matrix(matrix, "matrix")
    return int(_flint(matrix).rank())


def null_space(matrix: ObjectArray) -> ObjectArray:
    """A basis of {x : A x = 0} for a matrix of rationals, as columns (none where A is injective)."""
    check_single_matrix(matrix, "matrix")
    columns = matrix.shape[1]
    reduced, pivots_found = _flint(matrix).rref()
    rows = np.array(reduced.tolist(), dtype=object).reshape(matrix.shape)[:pivots_found]
    pivots = [next(j for j in range(columns) if row[j] != 0) for row in rows]
    free = [j for j in range(columns) if j not in pivots]
    basis = exact(np.zeros((columns, len(free))))
    for k, j in enumerate(free):
        basis[j, k] = fmpq(1)
        basis[pivots, k] = -rows[:, j]
    return basis


def lower_nearby(weights: Sequence[Matrix], target: Matrix, *, within: fmpq) -> Layers | None:
    """Weights of lower loss, at most ``within`` from a critical point in the norm over all layers together.

    None at a global minimum, or where two singular values of Phi are too close for float64, which proposes the x and y
    of a swap. Raises ValueError where the point is not critical, or ``within`` is not positive.
    """
    layers = _critical(weights, target)
    step = _share(within, len(layers))
    residual = end_to_end(layers) - target
    if _is_zero(residual):
        return None
    while all(_is_zero(d) for d in layer_gradients(layers, target)):
        k = max(i for i in range(len(layers) - 1) if not _is_zero(residual @ _before(layers, i).T))
        inner = [i for i in range(k + 1, len(layers)) if not null_space(_before(layers, i).T).size]
        if not inner:
            layers = _chain(layers, residual, k, step)
        elif null_space(_after(layers, inner[-1])).size:
            layers = _lift(layers, residual, inner[-1], step)
        else:
            direction = _swap(layers, target, inner[-1])
            return None if direction is None else _down_a_line(layers, target, direction, step)
    return _down_the_gradient(layers, target, step)


def higher_nearby(weights: Sequence[Matrix], target: Matrix, *, within: fmpq) -> Layers:
    """Weights of higher loss, at most ``within`` from any weights at all.

    Let k be the least index with W_{1:k} = 0, or N where there is none. In W_k alone the loss is quadratic, with the
    term t^2/2 ||Q_k V P_{k-1}||^2, and t may have either sign; where Q_k is zero the later layers are moved first,
    which changes nothing, since W_{1:k} = 0.
    """
    layers = _exact_layers(weights, target)
    step = _share(within, len(layers))
    depth = len(layers)
    k = next((i for i in range(1, depth + 1) if _is_zero(_before(layers, i))), depth)
    source = _seen(_before(layers, k - 1))
    read = _before(layers, k - 1) @ source
    fresh = layers
    while k < depth and _is_zero(_after(fresh, k)):
        ones = [exact(np.ones(matrix.shape)) for matrix in layers[k:]]
        fresh = (*layers[:k], *(w + one * (step / _size(one)) for w, one in zip(layers[k:], ones, strict=True)))
        step /= 2
    written = _seen(_after(fresh, k)) if k < depth else _unit(len(target), 0)
    move = written @ read.T
    slope = (layer_gradients(fresh, target)[k - 1] * move).sum()
    return _moved(fresh, {k - 1: move * (step / _size(move) * (1 if slope >= 0 else -1))})


def _chain(layers: Layers, residual: ObjectArray, k: int, step: fmpq) -> Layers:
    depth = len(layers)
    seen = residual @ _before(layers, k).T
    u = seen @ _seen(seen)
    vectors = [null_space(_before(layers, i).T)[:, :1] for i in range(k + 1, depth)]
    moves = {i: b @ a.T for i, (a, b) in zip(range(k + 1, depth), pairwise([*vectors, u]), strict=True)}
    size = 1 + sum((frobenius_squared(move) for move in moves.values()), start=fmpq(0))
    while True:  # u^T Q_{k+1} is a polynomial in the step, with leading coefficient |u|^2 |v|^2 ... v^T
        moved = _moved(layers, {i: move * (step / size) for i, move in moves.items()})
        if not _is_zero(u.T @ _after(moved, k + 1)):
            return moved
        step /= 2


def _lift(layers: Layers, residual: ObjectArray, i: int, step: fmpq) -> Layers:
    z, y = null_space(_after(layers, i))[:, :1], _seen(residual)
    move = _solved(layers[1:i], z @ y.T)
    return _moved(layers, {0: move * (step / _size(move))})


def _swap(layers: Layers, target: ObjectArray, i: int) -> Layers | None:
    rows, kernel = _before(layers, i).T, null_space(_before(layers, i))
    if not kernel.size:
        return None
    x, y = rows @ _extreme(target @ rows, rows, 0), kernel @ _extreme(target @ kernel, kernel, -1)
    if _square(target @ x) * _square(y) >= _square(target @ y) * _square(x):
        return None
    return _at_the_ends(layers, i, rows.T @ x @ y.T, target @ y @ _coordinates(rows, x).T)


def _coordinates(rows: ObjectArray, x: ObjectArray) -> ObjectArray:
    """c with c^T P_i = x^T, for x in the span of the rows of P_i (the columns here)."""
    coordinates: ObjectArray = _inverse(rows.T @ rows) @ rows.T @ x
    return coordinates


def _extreme(images: ObjectArray, basis: ObjectArray, which: int) -> ObjectArray:
    """Coefficients c, float64 read as rationals, where |images c| / |basis c| is least (0) or largest (-1)."""
    triangle = np.linalg.cholesky(nearest(basis.T @ basis)).T
    scaled = nearest(images) @ np.linalg.inv(triangle)
    vectors = np.linalg.eigh(scaled.T @ scaled)[1]
    return exact((np.linalg.inv(triangle) @ vectors[:, which])[:, None])


def _at_the_ends(layers: Layers, i: int, first: ObjectArray, last: ObjectArray) -> Layers:
    """V with V_1, V_N such that P_i moves by ``first`` and Q_i by ``last``, all other layers fixed."""
    direction = [matrix * fmpq(0) for matrix in layers]
    direction[0] = _solved(layers[1:i], first)
    direction[-1] = _solved([matrix.T for matrix in reversed(layers[i:-1])], last.T).T
    return tuple(direction)


def _solved(after: Sequence[ObjectArray], wanted: ObjectArray) -> ObjectArray:
    """X with B X = ``wanted`` for B = the product of ``after``, of full row rank: B^T (B B^T)^{-1} wanted."""
    if not len(after):
        return wanted
    product = end_to_end(tuple(after))
    result: ObjectArray = product.T @ _inverse(product @ product.T) @ wanted
    return result


def _down_the_gradient(layers: Layers, target: ObjectArray, step: fmpq) -> Layers:
    """In one layer l falls by s |D|^2 - s^2/2 ||Q D P||^2, at least s |D|^2 / 2 for s <= |D|^2 / ||Q D P||^2."""
    gradients = layer_gradients(layers, target)
    j = max(range(len(layers)), key=lambda i: frobenius_squared(gradients[i]))
    square = frobenius_squared(gradients[j])
    bent = frobenius_squared(end_to_end((*layers[:j], gradients[j], *layers[j + 1 :])))
    return _moved(layers, {j: -gradients[j] * min(step / _size(gradients[j]), square / (1 + bent))})


def _down_a_line(layers: Layers, target: ObjectArray, direction: Layers, step: fmpq) -> Layers:
    """Halve the step along a direction of negative curvature until the loss is lower."""
    t = step / (1 + sum((frobenius_squared(v) for v in direction), start=fmpq(0)))
    while True:
        moved = _moved(layers, {j: v * t for j, v in enumerate(direction)})
        if loss(moved, target) < loss(layers, target):
            return moved
        t /= 2


def _moved(layers: Layers, moves: dict[int, ObjectArray]) -> Layers:
    return tuple(matrix + moves[j] if j in moves else matrix for j, matrix in enumerate(layers))


def _before(layers: Layers, i: int) -> ObjectArray:
    """P_i = W_{1:i}, I for i = 0."""
    product: ObjectArray = end_to_end(layers[:i]) if i else exact(np.eye(layers[0].shape[1]))
    return product


def _after(layers: Layers, i: int) -> ObjectArray:
    """Q_i = W_{i+1:N}, I for i = N."""
    product: ObjectArray = end_to_end(layers[i:]) if i < len(layers) else exact(np.eye(len(layers[-1])))
    return product


def _seen(matrix: ObjectArray) -> ObjectArray:
    """A unit vector e, as a column, with A e != 0: that of A's largest column."""
    sizes = (matrix * matrix).sum(axis=0)
    return _unit(matrix.shape[1], max(range(matrix.shape[1]), key=lambda j: sizes[j]))


def _unit(size: int, place: int) -> ObjectArray:
    return exact(np.eye(size))[:, place : place + 1]


def _square(vector: ObjectArray) -> fmpq:
    square: fmpq = frobenius_squared(vector)
    return square


def _size(matrix: ObjectArray) -> fmpq:
    """1 + ||A||_F^2, at least ||A||_F and rational."""
    return 1 + _square(matrix)


def _is_zero(matrix: ObjectArray) -> bool:
    return bool((matrix == 0 * matrix).all())


def _share(within: fmpq, depth: int) -> fmpq:
    """A part of ``within`` for each of the at most depth + 1 moves, as many as there can be lifts."""
    distance = rational(within)
    if distance <= 0:
        raise ValueError(f"within is {distance}; expected a number > 0")
    return distance / (depth + 1)


def _exact_layers(weights: Sequence[Matrix], target: Matrix) -> Layers:
    check_chain(weights)
    check_target(weights, target)
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        check_single_matrix(matrix, name)
        if matrix.dtype != np.dtype(object) or not all(isinstance(entry, fmpq) for entry in matrix.flat):
            raise TypeError(f"{name} is not a matrix of rationals; expected fmpq entries (solvers.arithmetic.exact)")
    return tuple(weights)


def _critical(weights: Sequence[Matrix], target: Matrix) -> Layers:
    layers = _exact_layers(weights, target)
    for j, gradient in enumerate(layer_gradients(layers, target)):
        if not _is_zero(gradient):
            raise ValueError(
                f"weights is not a critical point: the gradient of layer {j + 1} is not zero; expected all 0"
            )
    return layers


def _flint(matrix: ObjectArray) -> fmpq_mat:
    rows, columns = matrix.shape
    return fmpq_mat(rows, columns, [rational(entry) for entry in matrix.ravel()])


def _inverse(matrix: ObjectArray) -> ObjectArray:
    return np.array(_flint(matrix).inv().tolist(), dtype=object).reshape(matrix.shape)
