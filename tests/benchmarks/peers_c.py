"""The yardstick "compiled per shape": C written for one shape, every bound a constant, compiled by gcc.

A stack runs 4 networks side by side, one to a lane of an AVX2 register, all steps of one block before the next. (GCC
12 turns vectors of 8 doubles into code several times slower where there is no AVX-512.) A single network runs the
same text on scalars. What depends on d_0 is cheaper the smaller d_0 is, so a network that narrows is run transposed:
(W_N ... W_1)^T = W_1^T ... W_N^T. The learning rate scales the residual once instead of every gradient.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from instances import FloatMatrix, Instance

LANES = 4
TILE = (4, 3)  # 12 sums, a factor and a load fill the 16 registers
FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC")
BARRIER = 'asm volatile("" ::: "memory");'  # keeps GCC from holding all arrays in registers that it does not have

SOURCE = """\
#include <string.h>
typedef double lane {attribute};
void descend(double *weights, const double *targets, long blocks, long steps, double rate) {{
  for (long block = 0; block < blocks; block++) {{
    lane {arrays};
    memcpy(w, weights + block * (sizeof w / 8), sizeof w);
    memcpy(target, targets + block * (sizeof target / 8), sizeof target);
    {escape}
    for (long step = 0; step < steps; step++) {{
{body}
    }}
    memcpy(weights + block * (sizeof w / 8), w, sizeof w);
  }}
}}
"""


def source(dimensions: tuple[int, ...], lanes: int) -> str:
    """The C of ``descend`` for one shape.

    ``w`` holds the layers one after another, ``p<j>`` is W_j ... W_1, ``b<j>`` is rate (W_N ... W_{j+1})^T (W - Phi).
    """
    depth, inputs, outputs = len(dimensions) - 1, dimensions[0], dimensions[-1]
    sizes = [after * before for before, after in pairwise(dimensions)]
    starts = [0, *np.cumsum(sizes).tolist()]
    prefix = ["", "w", *(f"p{j}" for j in range(2, depth + 1))]
    body = []
    for j in range(2, depth + 1):
        before, after, layer = dimensions[j - 1], dimensions[j], f"w[{starts[j - 1]} + "
        body += _multiply(
            (after, before, inputs),
            f"p{j}[{{i}} * {inputs} + {{k}}] = {{sum}};",
            f"{layer}{{i}} * {before} + j]",
            f"{prefix[j - 1]}[j * {inputs} + {{k}}]",
        )
    body.append(f"for (int i = 0; i < {outputs * inputs}; i++) b{depth}[i] = rate * ({prefix[-1]}[i] - target[i]);")
    for j in range(depth, 1, -1):
        before, after, layer = dimensions[j - 1], dimensions[j], f"w[{starts[j - 1]} + "
        body += _multiply(
            (before, after, inputs),
            f"b{j - 1}[{{i}} * {inputs} + {{k}}] = {{sum}};",
            f"{layer}j * {before} + {{i}}]",
            f"b{j}[j * {inputs} + {{k}}]",
        )
        body += _multiply(
            (after, inputs, before),
            f"{layer}{{i}} * {before} + {{k}}] -= {{sum}};",
            f"b{j}[{{i}} * {inputs} + j]",
            f"{prefix[j - 1]}[{{k}} * {inputs} + j]",
        )
    body.append(f"for (int i = 0; i < {sizes[0]}; i++) w[i] -= b1[i];")
    fits = starts[-1] <= 16  # the registers, where GCC should then hold all arrays
    if fits:
        body = [line for line in body if line != BARRIER]
    arrays = [f"w[{starts[-1]}]", f"target[{outputs * inputs}]"]
    arrays += [f"p{j}[{dimensions[j] * inputs}]" for j in range(2, depth + 1)]
    arrays += [f"b{j}[{dimensions[j] * inputs}]" for j in range(1, depth + 1)]
    escape = " ".join(f'asm volatile("" :: "r"({name.split("[")[0]}) : "memory");' for name in arrays if not fits)
    attribute = f"__attribute__((vector_size({8 * lanes})))" if lanes > 1 else ""
    return SOURCE.format(attribute=attribute, arrays=", ".join(arrays), escape=escape, body="\n".join(body))


def _multiply(sizes: tuple[int, int, int], store: str, left: str, right: str) -> list[str]:
    """C for ``store(i, k) <- sum_j left(i, j) right(j, k)``, a tile of entries at once.

    ``store`` is a statement in {i}, {k} and {sum}; ``left`` is a term in {i} and j, ``right`` one in j and {k}.
    """
    rows, inner, columns = sizes
    lines = [BARRIER]
    for top, start in product(range(0, rows, TILE[0]), range(0, columns, TILE[1])):
        tile = list(product(range(top, min(top + TILE[0], rows)), range(start, min(start + TILE[1], columns))))
        sums = ", ".join(f"s{i}_{k} = {{0}}" for i, k in tile)
        steps = " ".join(f"s{i}_{k} += {left.format(i=i)} * {right.format(k=k)};" for i, k in tile)
        stores = " ".join(store.format(i=i, k=k, sum=f"s{i}_{k}") for i, k in tile)
        lines.append(
            f"{{ lane {sums};\n#pragma GCC unroll 8\nfor (int j = 0; j < {inner}; j++) {{ {steps} }} {stores} }}"
        )
    return lines


def compiled_per_shape(
    dimensions: tuple[int, ...], *, single: bool
) -> Callable[[Instance, int], tuple[FloatMatrix, ...]]:
    """Compile for one shape; what is returned converts from NumPy, runs, and converts back."""
    if shutil.which("gcc") is None:
        raise FileNotFoundError("the benchmarks compare with C compiled per shape: put gcc on the PATH")
    narrows = dimensions[-1] < dimensions[0]
    lanes = 1 if single else LANES
    with tempfile.TemporaryDirectory() as folder:
        text, library = Path(folder, "descend.c"), Path(folder, "descend.so")
        text.write_text(source(dimensions[::-1] if narrows else dimensions, lanes))
        subprocess.run(["gcc", *FLAGS, "-o", library, text], check=True)
        descend = ctypes.CDLL(str(library)).descend
    pointer = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")
    descend.argtypes = [pointer, pointer, ctypes.c_long, ctypes.c_long, ctypes.c_double]
    descend.restype = None

    def pack(matrices: list[FloatMatrix], networks: int) -> FloatMatrix:
        """(networks, entries) -> (blocks, entries, lanes)."""
        flat = np.concatenate([matrix.reshape(networks, -1) for matrix in matrices], axis=1)
        return np.ascontiguousarray(flat.reshape(networks // lanes, lanes, -1).swapaxes(1, 2))

    def run(instance: Instance, steps: int) -> tuple[FloatMatrix, ...]:
        networks = instance.networks
        if networks % lanes:
            raise ValueError(f"a stack of {networks} networks; expected a multiple of {lanes}")
        layers = [matrix.mT for matrix in instance.weights[::-1]] if narrows else list(instance.weights)
        packed = pack(layers, networks)
        target = instance.target.mT if narrows else instance.target
        descend(packed, pack([target], networks), networks // lanes, steps, instance.rate)
        flat = packed.swapaxes(1, 2).reshape(networks, -1)
        pieces = np.split(flat, np.cumsum([layer.shape[-1] * layer.shape[-2] for layer in layers])[:-1], axis=1)
        after = [piece.reshape(layer.shape) for piece, layer in zip(pieces, layers, strict=True)]
        return tuple(matrix.mT for matrix in after[::-1]) if narrows else tuple(after)

    return run
