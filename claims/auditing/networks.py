"""From named arrays to a network: which are its layers, in which order, and which way round each of them stands.

What does not say what it is, is refused and not guessed at: names that are no layer's, biases that are not 0, an order
that numbers in the names do not give, layers that fit together both ways round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Literal

from claims.auditing.formats import PICKLED, Arrays, Stored, is_function, read_arrays
from claims.auditing.report import FloatArray
from claims.command_line.errors import UsageError

Layout = Literal["out-in", "in-out"]
LAYOUTS: tuple[Layout, ...] = ("out-in", "in-out")
Samples = Literal["columns", "rows"]

MEANINGS = {
    "target": "target",
    "Phi": "target",
    "phi": "target",
    "covariance": "covariance",
    "S": "covariance",
    "inputs": "inputs",
    "X": "inputs",
    "outputs": "outputs",
    "Y": "outputs",
    "learning_rate": "learning_rate",
}
"""Names that are no layer's."""
NOT_LINEAR = {
    r"(weight_g|weight_v|parametrizations\..*original\d)$": "weight_norm, by which a layer's matrix is another one; "
    "remove it before saving (torch.nn.utils.parametrize.remove_parametrizations)",
    r"(running_mean|running_var|num_batches_tracked)$": "batch normalisation, which is no linear layer",
}


@dataclass(frozen=True)
class Aim:
    """What is learned, by the names that ``audit`` has for it: target, with or without a covariance, or inputs and
    outputs, a column a sample; ``samples`` are what samples were where they were read."""

    arrays: dict[str, FloatArray]
    samples: Samples = "columns"

    @property
    def ends(self) -> tuple[int, int] | None:
        """(d_N, d_0); None where nothing tells."""
        if "target" in self.arrays:
            outputs, inputs = self.arrays["target"].shape
            return outputs, inputs
        if "inputs" in self.arrays and "outputs" in self.arrays:
            return len(self.arrays["outputs"]), len(self.arrays["inputs"])
        return None


@dataclass(frozen=True)
class Network:
    """Layers as (d_{j+1}, d_j), input side first, with the names and the type that they had; ``others`` is what else
    was there, ``left_out`` those of it that were neither biases of 0 nor of known meaning."""

    source: str
    weights: tuple[FloatArray, ...]
    names: tuple[str, ...]
    layout: Layout
    told: bool
    stored: Arrays
    left_out: tuple[str, ...]
    aim: Aim
    learning_rate: float | None

    @property
    def description(self) -> list[str]:
        """What was read, and what was taken for granted."""
        kinds = ", ".join(sorted({self.stored[name].dtype for name in self.names}))
        way = "(outputs, inputs)" if self.layout == "out-in" else "(inputs, outputs)"
        shapes = (f"{name} {' x '.join(map(str, self.stored[name].shape))}" for name in self.names)
        only = "" if self.told else ", the only way they fit"
        lines = [
            f"{self.source}: {', '.join(shapes)}; {kinds}, read as {way}{only}",
            "assumed linear: a file does not tell of activations or dropout between its layers",
        ]
        if "inputs" in self.aim.arrays:
            lines.append(f"data: {self.aim.arrays['inputs'].shape[1]:,} samples, read as {self.aim.samples}")
        if self.left_out:
            lines.append(f"left out: {', '.join(self.left_out)}")
        return lines

    def with_weights(self, weights: Sequence[FloatArray]) -> Arrays:
        """All that was stored, with other layers in the place of these; their types as they were."""
        turned = [matrix.T if self.layout == "in-out" else matrix for matrix in weights]
        layers = zip(self.names, turned, strict=True)
        return self.stored | {name: Stored(matrix, self.stored[name].dtype) for name, matrix in layers}


def read_network(
    source: str,
    *,
    layers: Sequence[str] = (),
    layout: Layout | None = None,
    aims: Sequence[str] = (),
    samples: Samples | None = None,
) -> Network:
    """The network in a file or of ``module:function``, and what it is to learn, from there or from ``aims``, files of
    their own: a target, or data.

    ``layers`` names its layers in order, input side first, and leaves out the rest; ``layout`` says which way round
    they stand, ``samples`` whether samples are columns or rows. Raises UsageError with a sentence for what cannot be
    read, or is not told.
    """
    stored = read_arrays(source)
    known = {name: MEANINGS[name] for name in stored if name in MEANINGS and name not in layers}
    names = _named(source, stored, layers) if layers else _found(source, stored, known)
    _check_biases(source, stored, names)
    shapes = [stored[name].shape for name in names]
    aim = _aim(source, stored, known, aims, samples, shapes)
    chosen, told = layout, True
    if chosen is None:
        torch = source.endswith(PICKLED) or (is_function(source) and _of_torch(names))
        chosen, told = ("out-in", True) if torch else (_only_layout(source, names, shapes, aim.ends), False)
    weights = tuple(stored[name].array.T if chosen == "in-out" else stored[name].array for name in names)
    used = {*names, *known, *(name for name in stored if is_bias(name, stored[name]) and not stored[name].array.any())}
    left_out = tuple(name for name in stored if name not in used)
    return Network(source, weights, names, chosen, told, stored, left_out, aim, _rate(source, stored, known))


def natural(name: str) -> list[tuple[bool, int, str]]:
    """A key by which 2 comes before 10."""
    return [(piece.isdigit(), int(piece) if piece.isdigit() else 0, piece) for piece in re.split(r"(\d+)", name)]


def is_bias(name: str, array: Stored) -> bool:
    """By its one axis and its name."""
    return len(array.shape) == 1 and re.search(r"(^|[._/])(bias|b_?\d*)$", name) is not None


def _of_torch(names: Sequence[str]) -> bool:
    return all(name.endswith("weight") for name in names)


def _named(source: str, stored: Arrays, layers: Sequence[str]) -> tuple[str, ...]:
    for name in layers:
        if name not in stored:
            near = " or ".join(get_close_matches(name, stored)) or f"some of {', '.join(stored)}"
            raise UsageError(f"--layers: {source} has no {name!r}; did you mean {near}?")
        if len(stored[name].shape) != 2:
            raise UsageError(f"--layers: {name} has shape {stored[name].shape}; expected a matrix")
    if len(set(layers)) < len(layers):
        raise UsageError(f"--layers names a layer twice: {', '.join(layers)}")
    return tuple(layers)


def _found(source: str, stored: Arrays, known: dict[str, str]) -> tuple[str, ...]:
    names = []
    for name, array in stored.items():
        if name in known:
            continue
        for pattern, meaning in NOT_LINEAR.items():
            if re.search(pattern, name):
                raise UsageError(f"{source} has {name}: {meaning}; expected linear layers alone")
        if len(array.shape) == 2:
            names.append(name)
        elif not is_bias(name, array):
            raise UsageError(
                f"{source} has {name} of shape {array.shape}, which is no layer, bias or target; expected matrices "
                f"(name the layers that count: --layers A,B)"
            )
    if not names:
        raise UsageError(f"{source} has no matrix; expected the layers of a network")
    ordered = sorted(names, key=natural)
    forms = sorted({re.sub(r"\d+", "#", name) for name in ordered})
    if len(forms) > 1:
        raise UsageError(
            f"{source} has {', '.join(ordered)}, whose order their names do not tell; expected --layers A,B,C, input "
            "side first"
        )
    return tuple(ordered)


def _check_biases(source: str, stored: Arrays, names: Sequence[str]) -> None:
    """Those of other layers count where no layers were named: all are then those of these."""
    stems = {re.sub(r"(weight|kernel)$", "", name) for name in names}
    alone = len(names) == sum(len(array.shape) == 2 for name, array in stored.items() if name not in MEANINGS)
    for name, array in stored.items():
        if is_bias(name, array) and array.array.any() and (alone or re.sub(r"bias$", "", name) in stems):
            raise UsageError(
                f"{source} has {name} that is not 0; expected bias=False, since claims are about layers without biases"
            )


def _aim(
    source: str,
    stored: Arrays,
    known: dict[str, str],
    aims: Sequence[str],
    samples: Samples | None,
    shapes: Sequence[tuple[int, ...]],
) -> Aim:
    """Where files are named for it, what they have; else what stands beside the layers."""
    found: dict[str, FloatArray] = {}
    here = [(source, name, meaning, stored[name]) for name, meaning in known.items()]
    if aims:
        here = [(file, *each) for file in aims for each in _of_file(file)]
    for file, name, meaning, array in here:
        if meaning == "learning_rate":
            continue
        if meaning in found:
            raise UsageError(f"{file} has {name}, a second {meaning}; expected one")
        found[meaning] = _matrix(file, name, meaning, array)
    if "inputs" in found and "outputs" in found:
        found["outputs"] = _beside(found["inputs"], found["outputs"], samples)
        way = samples or _samples(found["inputs"], found["outputs"], {size for shape in shapes for size in shape})
        if way == "rows":
            found |= {meaning: found[meaning].T for meaning in ("inputs", "outputs")}
        return Aim(found, way)
    return Aim(found)


def _of_file(file: str) -> list[tuple[str, str, Stored]]:
    """The arrays of a file of its own, by what they mean; a single one is a target, whatever its name."""
    arrays = read_arrays(file)
    found = [(name, MEANINGS[name], array) for name, array in arrays.items() if name in MEANINGS]
    if not found and len(arrays) == 1:
        found = [(name, "target", array) for name, array in arrays.items()]
    if not found:
        raise UsageError(f"{file} has {', '.join(arrays)}; expected one array, or one that is named target or X and Y")
    return found


def _beside(inputs: FloatArray, outputs: FloatArray, samples: Samples | None) -> FloatArray:
    """Outputs that stand in one row, as a column where samples are rows: scikit-learn's y has one axis."""
    a_row = outputs.shape[0] == 1 and outputs.shape[1] == inputs.shape[0]
    return outputs.T if a_row and (samples == "rows" or inputs.shape[1] != outputs.shape[1]) else outputs


def _samples(inputs: FloatArray, outputs: FloatArray, sizes: set[int]) -> Samples:
    """The only way in which X and Y have as many samples, and as many features as some layer has rows or columns."""
    ways: list[Samples] = []
    for way, axis in (("columns", 1), ("rows", 0)):
        same = inputs.shape[axis] == outputs.shape[axis]
        if same and {inputs.shape[1 - axis], outputs.shape[1 - axis]} <= sizes:
            ways.append("columns" if way == "columns" else "rows")
    if len(ways) == 1:
        return ways[0]
    if ways:
        raise UsageError(
            f"inputs {inputs.shape} and outputs {outputs.shape} can be read both ways; expected --samples columns or "
            "--samples rows"
        )
    raise UsageError(
        f"inputs {inputs.shape} and outputs {outputs.shape} do not fit the layers; expected as many samples in both, "
        "and as many features as the network has inputs and outputs"
    )


def _matrix(source: str, name: str, meaning: str, array: Stored) -> FloatArray:
    if len(array.shape) == 1 and meaning == "outputs":
        return array.array[None]
    if len(array.shape) != 2:
        raise UsageError(f"{source} has {name} of shape {array.shape}; expected a matrix")
    return array.array


def _rate(source: str, stored: Arrays, known: dict[str, str]) -> float | None:
    if "learning_rate" not in known:
        return None
    array = stored["learning_rate"]
    if array.array.size != 1:
        raise UsageError(f"{source} has learning_rate of shape {array.shape}; expected a number")
    return float(array.array.item())


def _only_layout(
    source: str, names: Sequence[str], shapes: Sequence[tuple[int, ...]], ends: tuple[int, int] | None
) -> Layout:
    fitting = [layout for layout in LAYOUTS if _fits(shapes, layout, ends)]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{name} {shape}" for name, shape in zip(names, shapes, strict=True))
    if fitting:
        raise UsageError(
            f"{source} has layers that fit together both ways round ({listed}); expected --layout out-in (PyTorch: "
            f"d_(j+1) x d_j) or --layout in-out (Flax, Keras)"
        )
    aim = f" and a target of shape {ends}" if ends is not None else ""
    raise UsageError(
        f"{source} has layers that do not fit together in this order ({listed}){aim}; expected --layers A,B"
    )


def _fits(shapes: Sequence[tuple[int, ...]], layout: Layout, ends: tuple[int, int] | None) -> bool:
    turned = [shape[::-1] if layout == "in-out" else shape for shape in shapes]
    chain = all(after[1] == before[0] for before, after in pairwise(turned))
    return chain and (ends is None or ends == (turned[-1][0], turned[0][1]))
