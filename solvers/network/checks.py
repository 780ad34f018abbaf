"""What a network, a target and a learning rate must be; each error names the argument and what would be right."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np

from solvers.arithmetic import Enclosure

FLOAT, OBJECT = np.dtype(np.float64), np.dtype(object)

MOST_STEPS = 10**12
"""Steps that one run may have: days on the fastest path."""
MOST_RECORDS = 10**7
"""Steps that one run may be asked to record."""
MOST_LAYERS = 10**6
"""A depth that is a number is summed over."""


def check_chain(weights: Sequence[Any]) -> None:
    """Layers exist and fit one another; in any arithmetic, SymPy's symbolic sizes included."""
    if isinstance(weights, np.ndarray) or not isinstance(weights, Sequence):
        raise TypeError(f"weights is a {type(weights).__name__}; expected a tuple of matrices, input side first")
    if len(weights) == 0:
        raise ValueError("weights is empty; expected at least one matrix, since depth starts at 1")
    for j, matrix in enumerate(weights):
        _check_matrix(matrix, f"weights[{j}]")
    for j, (before, after) in enumerate(pairwise(weights)):
        if after.shape[-1] != before.shape[-2]:
            raise ValueError(
                f"weights[{j + 1}] has shape {after.shape} but weights[{j}] of shape {before.shape} gives "
                f"{before.shape[-2]} values; expected {before.shape[-2]} columns"
            )
    if max([len(matrix.shape) for matrix in weights]) > 2:
        _leading_axes(weights)


def check_target(weights: Sequence[Any], target: Any, *, name: str = "target") -> None:
    """``target`` has the shape of the end-to-end matrix of ``weights``."""
    _check_matrix(target, name)
    outputs, inputs = weights[-1].shape[-2], weights[0].shape[-1]
    if target.shape[-2:] != (outputs, inputs):
        raise ValueError(
            f"{name} has shape {target.shape} but the network maps R^{inputs} to R^{outputs}; "
            f"expected ({outputs}, {inputs})"
        )
    if len(target.shape) > 2:
        _check_leading_axes(weights, target, name)


def _check_leading_axes(weights: Sequence[Any], target: Any, name: str) -> None:
    """A batch of targets is one of networks: what the weights have no axes for would broadcast into them."""
    have, leading = _leading_axes(weights), target.shape[:-2]
    if len(leading) > len(have):
        known = {0: "two axes, (rows, columns)", 1: "three axes, (networks, rows, columns)"}
        expected = known.get(len(have), f"at most {len(have) + 2} axes, as weights has")
        raise ValueError(f"{name} has shape {target.shape}; expected {expected}")
    if any(mine not in (1, its) for mine, its in zip(leading[::-1], have[::-1], strict=False)):
        raise _other_networks(name, leading, have)


def _leading_axes(weights: Sequence[Any]) -> tuple[int, ...]:
    """Those of the product: ``@`` broadcasts the layers' own."""
    have: tuple[int, ...] = ()
    for j, matrix in enumerate(weights):
        try:
            have = np.broadcast_shapes(have, matrix.shape[:-2])
        except ValueError:
            raise _other_networks(f"weights[{j}]", matrix.shape[:-2], have) from None
    return have


def _other_networks(name: str, leading: tuple[int, ...], have: tuple[int, ...]) -> ValueError:
    if len(leading) == len(have) == 1:
        return ValueError(f"{name} holds {leading[0]} networks but weights[0] holds {have[0]}; expected {have[0]}")
    return ValueError(f"{name} has leading axes {leading}; expected ones that broadcast to {have}, those of weights")


def check_plain(array: Any, name: str) -> None:
    """Not an array that means something else by ``*`` and ``@``, or that says of entries that they do not count."""
    kind = type(array)
    if kind is np.ndarray or kind is np.memmap:
        return
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; expected one without a mask (give every entry a value: .filled)")
    if isinstance(array, np.ndarray):
        raise TypeError(f"{name} is a {kind.__name__}; expected a plain array (convert with np.asarray)")
    if hasattr(kind, "todense"):
        raise TypeError(f"{name} is a {kind.__name__}; expected a dense array (convert with .toarray())")


def _check_matrix(matrix: Any, name: str) -> None:
    if type(matrix) is np.ndarray and matrix.ndim >= 2 and matrix.size and matrix.dtype in (FLOAT, OBJECT):
        return  # nearly always, and so at once
    check_plain(matrix, name)
    shape = getattr(matrix, "shape", None)
    if shape is None:
        raise TypeError(f"{name} is a {type(matrix).__name__}; expected a matrix")
    if len(shape) < 2:
        raise ValueError(f"{name} has shape {shape}; expected two axes, (rows, columns)")
    if 0 in shape[-2:]:
        raise ValueError(f"{name} has shape {shape}; expected at least one row and one column")
    dtype = getattr(matrix, "dtype", None)
    if dtype is not None and dtype not in (FLOAT, OBJECT):
        raise TypeError(
            f"{name} has dtype {dtype}; expected float64, or object for exact entries "
            f"(convert with .astype(np.float64))"
        )


def check_single_matrix(matrix: Any, name: str) -> None:
    """One matrix, in any arithmetic: no batch axes."""
    _check_matrix(matrix, name)
    _check_single(matrix, name)


def _check_single(matrix: Any, name: str) -> None:
    if len(matrix.shape) != 2:
        raise ValueError(f"{name} has shape {matrix.shape}; expected two axes, (rows, columns)")


def check_float_matrix(matrix: Any, name: str) -> None:
    """A single finite float64 matrix."""
    check_single_matrix(matrix, name)
    _check_float(matrix, name)
    _check_finite(matrix, name)


def check_float_problem(weights: Sequence[Any], target: Any) -> None:
    """A single network in finite float64 matrices, and its target."""
    check_chain(weights)
    check_target(weights, target)
    check_float_network(weights, target, 0)


def check_float_network(weights: Sequence[Any], target: Any, learning_rate: Any) -> None:
    """The same, and a learning rate, for parts that are known to fit, as those of a Problem."""
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        _check_float(matrix, name)
        _check_single(matrix, name)
        _check_finite(matrix, name)
    check_learning_rate(learning_rate)


def check_float_stack(weights: Sequence[Any], target: Any, learning_rate: Any) -> None:
    """Networks of one shape, B >= 0 of them: finite float64 arrays, ``weights[j]`` of shape (B, d_{j+1}, d_j),
    ``target`` (d_N, d_0) or (B, d_N, d_0), ``learning_rate`` a number or an array (B,)."""
    check_chain(weights)
    check_target(weights, target)
    count = len(weights[0])
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        _check_float(matrix, name)
        if matrix.ndim != 3 and (name, matrix.ndim) != ("target", 2):
            raise ValueError(f"{name} has shape {matrix.shape}; expected three axes, (networks, rows, columns)")
        if matrix.ndim == 3 and len(matrix) != count:
            raise ValueError(f"{name} holds {len(matrix)} networks but weights[0] holds {count}; expected {count}")
        _check_finite(matrix, name)
    if isinstance(learning_rate, np.ndarray):
        check_learning_rates(learning_rate, count)
    else:
        check_learning_rate(learning_rate)


def check_learning_rates(learning_rate: Any, count: int) -> None:
    """Finite float64 numbers >= 0, one for each of ``count`` networks."""
    check_plain(learning_rate, "learning_rate")
    if learning_rate.shape != (count,) or learning_rate.dtype != FLOAT:
        raise ValueError(
            f"learning_rate has shape {learning_rate.shape} and dtype {learning_rate.dtype}; expected a number, or "
            f"float64 of shape ({count},), one for each network"
        )
    if not (np.isfinite(learning_rate) & (learning_rate >= 0)).all():
        worst = learning_rate[~(np.isfinite(learning_rate) & (learning_rate >= 0))][0]
        raise ValueError(f"learning_rate has the entry {worst}; expected finite numbers >= 0")


def _check_float(matrix: Any, name: str) -> None:
    if getattr(matrix, "dtype", None) != FLOAT:
        raise TypeError(f"{name} is not a float64 array; expected dtype float64")


def _check_finite(matrix: Any, name: str) -> None:
    if not np.isfinite(matrix).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(matrix))[0])
        raise ValueError(f"{name} has the entry {matrix[place]} at {place}; expected finite entries")


def check_parts(weights: Sequence[Any], target: Any, learning_rate: Any) -> None:
    """What a Problem holds, once its shapes fit: NumPy arrays, enclosures or symbols, finite where they are float64,
    and a learning rate of their kind."""
    for j, matrix in enumerate(weights):
        check_held(matrix, "weights[{}]", j)
    check_held(target, "target")
    if isinstance(learning_rate, np.ndarray) and len(weights[0].shape) > 2:
        check_learning_rates(learning_rate, weights[0].shape[0])
    else:
        check_scalar_rate(learning_rate)


def check_held(matrix: Any, name: str, *place: int) -> None:
    """The sum of squares is finite only where every entry is, and costs a third of looking at each."""
    if isinstance(matrix, np.ndarray):
        if matrix.dtype == FLOAT and not math.isfinite(np.vdot(matrix, matrix)):
            _check_finite(matrix, name.format(*place))
    elif not isinstance(matrix, Enclosure) and not hasattr(matrix, "free_symbols"):
        raise TypeError(
            f"{name.format(*place)} is a {type(matrix).__name__}; expected a NumPy array (convert with np.asarray)"
        )


NO_RATE = (bool, str, bytes, complex, list, tuple, np.ndarray)
"""What has products and is no scalar."""


def check_scalar_rate(learning_rate: Any) -> None:
    """A number of any arithmetic, finite where it is an ordinary one; that it is >= 0 is for those to ask who need it,
    since theorems name it among their hypotheses."""
    if isinstance(learning_rate, float) and math.isfinite(learning_rate):
        return
    if isinstance(learning_rate, Real) and not isinstance(learning_rate, bool):
        if not math.isfinite(as_float(learning_rate, "learning_rate", "a finite number >= 0")):
            check_learning_rate(learning_rate)
    elif isinstance(learning_rate, NO_RATE) or not hasattr(learning_rate, "__rmul__"):
        check_learning_rate(learning_rate)  # of another arithmetic, a rate has products


def check_step_rate(learning_rate: Any, weights: Sequence[Any]) -> None:
    """What one step in any arithmetic multiplies gradients by: a scalar, or an array that ends in axes (1, 1)."""
    if isinstance(learning_rate, float) and math.isfinite(learning_rate):
        return
    if isinstance(learning_rate, float | str | bytes | complex | list | tuple | bool | None):
        raise (ValueError if isinstance(learning_rate, float) else TypeError)(
            f"learning_rate is {learning_rate!r}; expected a finite number"
        )
    if isinstance(learning_rate, int) and getattr(weights[0], "dtype", None) == FLOAT:
        as_float(learning_rate, "learning_rate", "a finite number")
    shape = getattr(learning_rate, "shape", ())
    if isinstance(learning_rate, np.ndarray) and shape != () and shape[-2:] != (1, 1):
        raise ValueError(f"learning_rate has shape {shape}; expected a number, or one for each network: (B, 1, 1)")


def check_learning_rate(learning_rate: Any) -> float:
    """A finite real number >= 0, as a float."""
    return check_number(learning_rate, "learning_rate")


def check_stop_at_loss(stop_at_loss: Any, name: str = "stop_at_loss") -> float:
    """A real number, or None for one that no loss reaches."""
    if stop_at_loss is None:
        return -math.inf
    if isinstance(stop_at_loss, bool) or not isinstance(stop_at_loss, Real):
        raise TypeError(f"{name} is {stop_at_loss!r}; expected a number, or None")
    number = as_float(stop_at_loss, name, "a number, or None")
    if math.isnan(number):
        raise ValueError(f"{name} is nan; expected a number, or None")
    return number


def check_steps(steps: Any, name: str = "steps", *, most: int = MOST_STEPS) -> int:
    """A whole number >= 0, and not beyond what can be waited for."""
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer):
        raise TypeError(f"{name} is {steps!r}; expected a whole number >= 0")
    if steps < 0:
        raise ValueError(f"{name} is {shown(steps)}; expected a whole number >= 0")
    if steps > most:
        raise ValueError(f"{name} is {shown(steps)}; expected at most {most}")
    return int(steps)


def check_depth(depth: Any) -> int:
    """A number of layers, at least one."""
    count = check_steps(depth, "depth", most=MOST_LAYERS)
    if count == 0:
        raise ValueError("depth is 0; expected a whole number >= 1")
    return count


def check_record(record: Any, last: int) -> list[int]:
    """The steps to record, none beyond ``last``: step 0 and those named in ``record``, sorted, without the last."""
    if not isinstance(record, Iterable):
        raise TypeError(f"record is {record!r}; expected the steps to record, for example range(0, steps, 100)")
    wanted = {0}
    for count, step in enumerate(record):
        if count == MOST_RECORDS:
            raise ValueError(f"record names more than {MOST_RECORDS} steps; expected fewer, as of geometric_steps")
        wanted.add(check_steps(step, "record entry", most=sys.maxsize))
        if step > last:
            raise ValueError(f"record asks for step {step}; expected none beyond steps = {last}")
    return sorted(wanted - {last})


def as_float(value: Any, name: str, expected: str) -> float:
    """A real number as a float; ValueError for one that is too large to be one."""
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} is {shown(value)}, beyond the range of float64; expected {expected}") from None


def shown(value: Any) -> str:
    """A number in a sentence: a whole one of hundreds of digits, which Python may even refuse to write, by its size."""
    if not isinstance(value, int) or abs(value) < 10**40:
        return repr(value) if not isinstance(value, np.generic) else str(value)
    return f"{'-' if value < 0 else ''}10^{math.floor(math.log10(abs(value)))} or more"


def check_number(value: Any, name: str) -> float:
    """A finite real number >= 0, as a float."""
    expected = "expected a finite number >= 0"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}; {expected}")
    number = as_float(value, name, "a finite number >= 0")
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{name} is {number!r}; {expected}")
    return number
