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

MEANINGS = {
    "target": "target",
    "Phi": "target",
    "phi": "target",
    "learning_rate": "learning_rate",
}
"""Names that are no layer's."""
NOT_LINEAR = {
    r"(weight_g|weight_v|parametrizations\..*original\d)$": "weight_norm, by which a layer's matrix is another one; "
    "remove it before saving (torch.nn.utils.parametrize.remove_parametrizations)",
    r"(running_mean|running_var|num_batches_tracked)$": "batch normalisation, which is no linear layer",
}


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
    target: FloatArray | None
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
        if self.left_out:
            lines.append(f"left out: {', '.join(self.left_out)}")
        return lines

    def with_weights(self, weights: Sequence[FloatArray]) -> Arrays:
        """All that was stored, with other layers in the place of these; their types as they were."""
        turned = [matrix.T if self.layout == "in-out" else matrix for matrix in weights]
        layers = zip(self.names, turned, strict=True)
        return self.stored | {name: Stored(matrix, self.stored[name].dtype) for name, matrix in layers}


def read_network(
    source: str, *, layers: Sequence[str] = (), layout: Layout | None = None, target: str | None = None
) -> Network:
    """The network in a file or of ``module:function``, and its target, from there or from a file of its own.

    ``layers`` names its layers in order, input side first, and leaves out the rest; ``layout`` says which way round
    they stand. Raises UsageError with a sentence for what cannot be read, or is not told.
    """
    stored = read_arrays(source)
    known = {name: MEANINGS[name] for name in stored if name in MEANINGS and name not in layers}
    names = _named(source, stored, layers) if layers else _found(source, stored, known)
    _check_biases(source, stored, names)
    aim = _target(source, stored, known, target)
    chosen, told = layout, True
    if chosen is None:
        torch = source.endswith(PICKLED) or (is_function(source) and _of_torch(names))
        chosen, told = ("out-in", True) if torch else (_only_layout(source, stored, names, aim), False)
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


def _target(source: str, stored: Arrays, known: dict[str, str], other: str | None) -> FloatArray | None:
    here = [name for name, meaning in known.items() if meaning == "target"]
    if other is None:
        if len(here) > 1:
            raise UsageError(f"{source} has {' and '.join(here)}; expected one target")
        return _matrix(source, here[0], stored[here[0]]) if here else None
    arrays = read_arrays(other)
    found = [name for name in arrays if MEANINGS.get(name) == "target"] or list(arrays)
    if len(found) != 1:
        raise UsageError(f"{other} has {', '.join(arrays)}; expected one array, or one that is named target")
    return _matrix(other, found[0], arrays[found[0]])


def _matrix(source: str, name: str, array: Stored) -> FloatArray:
    if len(array.shape) != 2:
        raise UsageError(f"{source} has {name} of shape {array.shape}; expected a matrix (d_N, d_0)")
    return array.array


def _rate(source: str, stored: Arrays, known: dict[str, str]) -> float | None:
    if "learning_rate" not in known:
        return None
    array = stored["learning_rate"]
    if array.array.size != 1:
        raise UsageError(f"{source} has learning_rate of shape {array.shape}; expected a number")
    return float(array.array.item())


def _only_layout(source: str, stored: Arrays, names: Sequence[str], target: FloatArray | None) -> Layout:
    fitting = [layout for layout in LAYOUTS if _fits([stored[name].shape for name in names], layout, target)]
    if len(fitting) == 1:
        return fitting[0]
    shapes = ", ".join(f"{name} {stored[name].shape}" for name in names)
    if fitting:
        raise UsageError(
            f"{source} has layers that fit together both ways round ({shapes}); expected --layout out-in (PyTorch: "
            f"d_(j+1) x d_j) or --layout in-out (Flax, Keras)"
        )
    aim = f" and a target of shape {target.shape}" if target is not None else ""
    raise UsageError(
        f"{source} has layers that do not fit together in this order ({shapes}){aim}; expected --layers A,B"
    )


def _fits(shapes: Sequence[tuple[int, ...]], layout: Layout, target: FloatArray | None) -> bool:
    turned = [shape[::-1] if layout == "in-out" else shape for shape in shapes]
    chain = all(after[1] == before[0] for before, after in pairwise(turned))
    return chain and (target is None or target.shape == (turned[-1][0], turned[0][1]))
