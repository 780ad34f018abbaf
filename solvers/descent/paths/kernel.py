"""The compiled kernel, ``solvers/descent/_kernel.c``, where the package was installed with a compiler; NumPy's paths
elsewhere.

It is plain C without Python's headers, loaded by ``ctypes``, which lets go of the interpreter's lock while it runs.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy as np

from solvers.descent.paths.stack import (
    FloatArray,
    IndexArray,
    Looks,
    Stack,
    chosen_by_stack,
    contiguous,
    layer_ends,
    layer_shapes,
    not_finite,
    pieces,
)

LANES = 8
WIDTH = 4
"""Networks side by side, and entries that a padded row is a multiple of: as in ``_kernel.c``."""

NOT_WANTED: list[int | None] = [None, None]

VERSION = 2
"""Of the signatures in ``_kernel.c``: a library that was built from an older one is not used."""

FORMS = {"white": 0, "covariance": 1, "mask": 3}
"""``form`` as in ``_kernel.c``: a covariance is on the right, and with one more on the left of a transposed network."""


def kernel() -> str | None:
    """Which compiled kernel is in use, as in ``"compiled, AVX2"``; None where there is none, or one built
    from an older source, and NumPy does the work."""
    library = _library()
    return None if library is None else f"compiled, {library.instructions().decode()}"


@cache
def _library() -> ctypes.CDLL | None:
    beside = (Path(__file__).parents[1] / f"_kernel{suffix}" for suffix in EXTENSION_SUFFIXES)
    found = next((path for path in beside if path.is_file()), None)
    if found is None:
        return None
    library = ctypes.CDLL(str(found))
    if not hasattr(library, "kernel_version") or library.kernel_version() != VERSION:
        return None
    whole, array = ctypes.c_int64, ctypes.c_void_p
    library.instructions.restype = ctypes.c_char_p
    library.descend_lanes.argtypes = [array, whole, whole, whole, *[array] * 7, ctypes.c_int]
    library.descend_lanes.restype = None
    library.descend_one.argtypes = [array, whole, whole, array, array, ctypes.c_double, *[array] * 4, ctypes.c_int]
    library.descend_one.restype = None
    return library


def _required() -> ctypes.CDLL:
    library = _library()
    if library is None:
        raise ValueError('path is "kernel", but the package was installed without a compiler; expected another path')
    return library


class KernelLanes:
    """A stack of small networks, eight side by side; the state is (groups of eight, entries, 8)."""

    closes_ranks = True

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        self._library = _required()
        stack, self._flipped = stack.from_the_cheaper_end()
        self._shapes, self._count = layer_shapes(stack.dimensions), len(stack)
        self._dimensions = np.array(stack.dimensions, dtype=np.int64)
        self.state = _in_lanes(np.concatenate([matrix.reshape(len(stack), -1) for matrix in stack.weights], axis=1))
        self._target = _in_lanes(stack.target.reshape(len(stack), -1))
        self._rates = _in_lanes(stack.rates[:, None])
        seen, self._form = _seen(stack, self._flipped)
        self._seen = None if seen is None else _in_lanes(seen.reshape(len(stack), -1))
        inputs = stack.dimensions[0]
        self._work = _aligned((2 * max(stack.dimensions) * inputs + sum(stack.dimensions) * inputs, LANES))

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        groups = len(self.state)
        seen = [] if looks is None else [_aligned((steps, groups * LANES)) for _ in looks]
        self._library.descend_lanes(
            self._dimensions.ctypes.data,
            len(self._shapes),
            groups,
            steps,
            *(array.ctypes.data for array in (self.state, self._target, self._rates, self._work)),
            *([array.ctypes.data for array in seen] or NOT_WANTED),
            None if self._seen is None else self._seen.ctypes.data,
            self._form,
        )
        for look, array in zip(looks or (), seen, strict=True):
            look[...] = array[:, : self._count]

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        flat = states.swapaxes(-1, -2).reshape(len(states), -1, states.shape[-2])[:, : self._count]
        layers = pieces(flat, layer_ends(self._shapes))
        shaped = [layer.reshape(*flat.shape[:2], *shape) for layer, shape in zip(layers, self._shapes, strict=True)]
        return [contiguous(shaped, self._flipped)]

    def clear(self, networks: IndexArray) -> None:
        group, lane = np.divmod(networks, LANES)
        self.state[group, :, lane] = 0.0
        self._rates[group, 0, lane] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)


class KernelOne:
    """Networks of any shapes, one after another. The state holds their layers, rows padded to whole vectors."""

    closes_ranks = True

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self._library = _required()
        cheap = [stack.from_the_cheaper_end() for stack in stacks]
        self._flipped = [flipped for _, flipped in cheap]
        self._shapes = [layer_shapes(stack.dimensions) for stack, _ in cheap]
        self._dimensions = [np.array(stack.dimensions, dtype=np.int64) for stack, _ in cheap]
        rows = [_padded(stack.weights) for stack, _ in cheap]
        self._blocks = [block.shape for block in rows]
        self._ends = [int(end) for end in np.cumsum([block.size for block in rows])]
        self.state = _aligned((self._ends[-1],))
        np.concatenate([block.reshape(-1) for block in rows], out=self.state)
        self._targets = [_padded((stack.target,)) for stack, _ in cheap]
        self._rates = np.concatenate([stack.rates for stack, _ in cheap])
        longest = -(-max(max(stack.dimensions) for stack, _ in cheap) // WIDTH) * WIDTH
        deepest = max(map(len, self._shapes))
        self._work = _aligned(((deepest + 2) * 2 * longest, longest))
        seen = [_seen(stack, flipped) for stack, flipped in cheap]
        self._seen = [(None if array is None else _padded((array,)), form) for array, form in seen]
        self._networks = [
            (dimensions.ctypes.data, len(shapes), weights, target, data, form)
            for dimensions, shapes, block, targets, (array, form) in zip(
                self._dimensions, self._shapes, self._pieces(self.state), self._targets, self._seen, strict=True
            )
            for weights, target, data in zip(
                _row_addresses(block),
                _row_addresses(targets),
                [None] * len(block) if array is None else _row_addresses(array),
                strict=True,
            )
        ]

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        work, rates = self._work.ctypes.data, self._rates.tolist()
        seen = [] if looks is None else [np.empty(steps) for _ in looks]
        addresses = [array.ctypes.data for array in seen] or NOT_WANTED
        for network, (each, rate) in enumerate(zip(self._networks, rates, strict=True)):
            dimensions, depth, weights, target, data, form = each
            self._library.descend_one(dimensions, depth, steps, weights, target, rate, work, *addresses, data, form)
            for look, array in zip(looks or (), seen, strict=True):
                look[:, network] = array

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        found = []
        for block, shapes, flipped in zip(self._pieces(states), self._shapes, self._flipped, strict=True):
            padded = [(rows, -(-columns // WIDTH) * WIDTH) for rows, columns in shapes]
            layers = pieces(block, layer_ends(padded))
            shaped = [
                layer.reshape(*block.shape[:-1], *shape)[..., :columns]
                for layer, shape, (_, columns) in zip(layers, padded, shapes, strict=True)
            ]
            found.append(contiguous(shaped, flipped))
        return found

    def clear(self, networks: IndexArray) -> None:
        counts = [count for count, _ in self._blocks]
        for block, chosen in zip(self._pieces(self.state), chosen_by_stack(networks, counts), strict=True):
            block[chosen] = 0.0
        self._rates[networks] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)

    def _pieces(self, states: FloatArray) -> list[FloatArray]:
        """The state, or S states, stack by stack: (..., B, entries)."""
        blocks = pieces(states, self._ends)
        return [block.reshape(*states.shape[:-1], *shape) for block, shape in zip(blocks, self._blocks, strict=True)]


def _seen(stack: Stack, flipped: bool) -> tuple[FloatArray | None, int]:
    """The covariances or masks of a stack from its cheaper end, and their form."""
    form = FORMS[stack.form] + (flipped if stack.form == "covariance" else 0)
    return stack.covariance if stack.mask is None else stack.mask.astype(np.float64), form


def _aligned(shape: tuple[int, ...]) -> FloatArray:
    """Zeros whose address is a multiple of 64 bytes."""
    size = math.prod(shape)
    buffer = np.zeros(size + LANES)
    start = -(buffer.ctypes.data // buffer.itemsize) % LANES
    return buffer[start : start + size].reshape(shape)


def _in_lanes(flat: FloatArray) -> FloatArray:
    """(B, entries) as (groups of eight, entries, 8), the last group filled up with zeros."""
    count, entries = flat.shape
    lanes = _aligned((-(-count // LANES), entries, LANES))
    whole = count // LANES
    lanes[:whole] = flat[: whole * LANES].reshape(whole, LANES, entries).swapaxes(1, 2)
    if rest := count % LANES:
        lanes[whole, :, :rest] = flat[whole * LANES :].T
    return lanes


def _padded(weights: Sequence[FloatArray]) -> FloatArray:
    """All entries of each network, (B, entries), every matrix row filled up with zeros."""
    widths = [-(-matrix.shape[-1] // WIDTH) * WIDTH for matrix in weights]
    sizes = [matrix.shape[-2] * width for matrix, width in zip(weights, widths, strict=True)]
    flat = _aligned((len(weights[0]), sum(sizes)))
    end = 0
    for matrix, width, size in zip(weights, widths, sizes, strict=True):
        layer = flat[:, end : end + size].reshape(len(matrix), matrix.shape[-2], width)
        layer[..., : matrix.shape[-1]] = matrix
        end += size
    return flat


def _row_addresses(rows: FloatArray) -> list[int]:
    return [rows.ctypes.data + network * rows.strides[0] for network in range(len(rows))]
