"""``export``: a counterexample as JSON, LaTeX, NumPy arrays or Python's fractions; a claim as JSON or LaTeX."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from claims.command_line.citing import latex, latex_matrices
from claims.command_line.counterexample_files import CounterexampleFile
from claims.command_line.errors import UsageError
from claims.command_line.landscape_data import Rows
from claims.command_line.records import find, origin, version
from claims.command_line.terminal import print_json

FORMATS = ("json", "latex", "numpy", "python")
EXAMPLES = """\
examples:
  %(prog)s DLX-001 --format json > copy.json
  %(prog)s DLX-001 --format latex
  %(prog)s DLX-001 --format numpy > start.py
  %(prog)s DLX-001 --format python > start.py
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Export a counterexample for another program or a paper: as JSON, the file\n"
        "itself, which `check` takes; as LaTeX, its matrices; as NumPy code, float arrays\n"
        "and whether they are exact; as Python code, fractions, always exact. The code\n"
        "runs by itself. A claim can be exported as JSON and LaTeX."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="UID", help="DL-0xx, DLX-0xx, or a counterexample's file (.json)")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--format", choices=FORMATS, help="what to write")
    chosen.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")


def run(arguments: argparse.Namespace) -> int:
    record = find(arguments.name)
    if isinstance(record, CounterexampleFile):
        if arguments.format == "json":
            print_json(record.content)
        else:
            write = {"latex": latex_code, "numpy": numpy_code, "python": python_code}[arguments.format]
            print(write(record), end="")
        return 0
    if arguments.format not in ("json", "latex"):
        raise UsageError(f"{record.uid} is a claim, which has no arrays; expected --format json or latex, or a DLX-0xx")
    if arguments.format == "json":
        print_json(record.as_json() | {"version": version()})
    else:
        print(latex(record))
    return 0


def latex_code(entry: CounterexampleFile) -> str:
    """The exact matrices as displayed equations."""
    return "\n".join([f"% {_origin(entry)}", *latex_matrices(entry), ""])


def numpy_code(entry: CounterexampleFile) -> str:
    """A module with ``weights``, ``target`` and ``learning_rate`` in float64, and ``exact``, whether they all are; of a
    model with what it and its certificate hold, by key, numbers with pi and root as words.

    Raises UsageError where a number is beyond float64.
    """
    if entry.model:
        return _model_code(entry, "import numpy as np", lambda value: _rounded(value, entry))
    rate = entry.learning_rate
    numbers = [number for matrix in (*entry.weights, entry.target) for row in matrix for number in row]
    numbers += [rate] if isinstance(rate, Fraction) else []
    rounded = [number for number in numbers if Fraction(_float(number, entry)) != number]
    says = (
        f"{len(rounded)} of {len(numbers)} numbers are rounded to float64" if rounded else "float64 holds every number"
    )

    def array(matrix: Rows) -> str:
        return f"np.array({[[_float(number, entry) for number in row] for row in matrix]!r})"

    return _code(
        entry,
        "import numpy as np",
        f"{array(entry.target)}",
        [array(matrix) for matrix in entry.weights],
        repr(_float(rate, entry)) if isinstance(rate, Fraction) else None,
        f"exact = {not rounded}  # {says}",
    )


def python_code(entry: CounterexampleFile) -> str:
    """A module with ``weights``, ``target`` and ``learning_rate`` as lists of rows of fractions; of a model with
    what it and its certificate hold, by key, numbers with pi and root as words."""
    if entry.model:
        return _model_code(entry, "from fractions import Fraction", lambda value: (repr(value), True))
    rate = entry.learning_rate
    return _code(
        entry,
        "from fractions import Fraction",
        repr(entry.target),
        [repr(matrix) for matrix in entry.weights],
        repr(rate) if isinstance(rate, Fraction) else None,
        "exact = True",
    )


def _code(entry: CounterexampleFile, head: str, target: str, weights: list[str], rate: str | None, exact: str) -> str:
    lines = [
        f"# {_origin(entry)}",
        f"# Refuted: {' '.join(str(entry.content['refutes']['statement']).split())}",
        head,
        "",
        "weights = [  # W_1 first",
        *(f"    {matrix}," for matrix in weights),
        "]",
        f"target = {target}",
        f"learning_rate = {rate}" + ("" if rate else f"  # {entry.learning_rate}"),
        exact,
        "",
    ]
    return "\n".join(lines)


def _model_code(entry: CounterexampleFile, head: str, write: Callable[[Any], tuple[str, bool]]) -> str:
    """A line for each part of the model and the certificate; ``write`` also says if its numbers are exact."""
    written = {key: write(value) for key, value in entry.data.items()}
    lines = [
        f"# {_origin(entry)}",
        f"# Refuted: {' '.join(str(entry.content['refutes']['statement']).split())}",
        f"# {entry.objective[0]}",
        head,
        "",
        *(f"{key} = {text}" for key, (text, _) in written.items()),
        f"exact = {all(exact for _, exact in written.values())}",
        "",
    ]
    return "\n".join(lines)


def _rounded(value: Any, entry: CounterexampleFile) -> tuple[str, bool]:
    """NumPy's code for a number or nested lists of them, and whether float64 holds them; words stay as they are."""
    if isinstance(value, Fraction):
        rounded = _float(value, entry)
        return repr(rounded), Fraction(rounded) == value
    if isinstance(value, list) and _numbers(value):
        numbers, floats = _numbers(value), _nested(value, entry)
        return f"np.array({floats!r})", all(Fraction(_float(each, entry)) == each for each in numbers)
    return repr(value), True


def _numbers(value: Any) -> list[Fraction]:
    if isinstance(value, list):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, Fraction) else []


def _nested(value: Any, entry: CounterexampleFile) -> Any:
    return [_nested(part, entry) for part in value] if isinstance(value, list) else _float(value, entry)


def _origin(entry: CounterexampleFile) -> str:
    return f"{origin(entry)}, SHA-256 {entry.sha256}"


def _float(number: Fraction, entry: CounterexampleFile) -> float:
    try:
        return float(number)
    except OverflowError as error:
        raise UsageError(f"a number of {entry.uid} is beyond float64; expected --format python") from error
