"""Python that shows a failed step again, to paste."""

from __future__ import annotations

from typing import Any

from claims.conformance.probes import Probe
from claims.conformance.report import Check
from claims.conformance.running import Given


def snippet(check: Check, trainer: str, given: Given, probe: Probe) -> str:
    """The call, and where there is a deviation an assertion that fails as the check does."""
    arguments = [
        f"[{', '.join(_array(matrix, given) for matrix in probe.weights)}]",
        _array(probe.inputs, given),
        _array(probe.outputs, given),
        repr(probe.learning_rate),
        repr(check.step),
    ]
    lines = ["import numpy as np", *_import(trainer), f"weights = train({', '.join(arguments)})"]
    found = check.deviation
    if found is None:
        return "\n".join([*lines, f"print(weights)  # {check.sentence}"])
    row, column = (found.column, found.row) if given.transposed else (found.row, found.column)
    entry = f"float(weights[{found.layer - 1}][{row}, {column}])"
    return "\n".join([*lines, f"assert {found.low!r} <= {entry} <= {found.high!r}, weights  # {found.yours!r} here"])


def _import(trainer: str) -> list[str]:
    module, _, name = trainer.partition(":")
    if name.isidentifier() and module != "__main__":
        return [f"from {module} import {name} as train"]
    return [f"# train: {trainer}"]


def _array(matrix: Any, given: Given) -> str:
    array = given.array(matrix)
    return f"np.array({array.tolist()!r}, np.{array.dtype.name})"
