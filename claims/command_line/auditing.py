"""``audit``: which theorem applies to a network in a file, and what it promises."""

from __future__ import annotations

import argparse
import importlib.util
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.command_line.errors import UsageError
from claims.command_line.numbers import whole_number
from claims.command_line.terminal import bold, columns, fill, print_json

if TYPE_CHECKING:
    from claims.auditing import AuditReport
    from claims.auditing.networks import Network

EXAMPLES = """\
examples:
  %(prog)s net.npz
  %(prog)s model.pt --target phi.npy --learning-rate 0.01
  %(prog)s model.safetensors --data data.npz --layout in-out
  %(prog)s mypackage.models:network --loss 1e-6 --json
  %(prog)s model.pt --target phi.npy --rebalance balanced.pt

exit code: 0 a guarantee holds (from the start, or from a step on), 1 none does,
2 not understood, 3 --rebalance or --plot could not be written
"""
COULD_NOT_WRITE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Which theorem applies to gradient descent on 1/2 ||W_N ... W_1 - Phi||_F^2 from\n"
        "this network, and what does it promise? FILE is an .npz, .safetensors, or\n"
        "PyTorch state dict (.pt, .pth, .bin, .ckpt), or module:function, which is your\n"
        "own code and runs with your rights. Phi is the array named target in it, or is\n"
        "in a file of its own; data X and Y may stand in its place. Each line of the\n"
        "answer is exact, certified or an estimate."
    )
    parser.epilog = EXAMPLES
    option = parser.add_argument
    option("source", metavar="FILE", help="or module:function")
    option("--target", metavar="FILE", help="Phi, of shape (d_N, d_0): .npy, or another format with one")
    option("--data", metavar="FILE", help="X and Y in place of Phi, arrays of these names, for 1/(2m) ||W X - Y||_F^2")
    option("--samples", choices=("columns", "rows"), help="of X and Y: a column a sample, or a row")
    option("--learning-rate", type=_positive, metavar="ETA", help="default: the largest that is certified")
    option("--loss", type=_positive, metavar="L", help="the wanted loss (default: a thousandth of that now)")
    option(
        "--steps",
        type=whole_number(0, 10**9),
        default=1_000_000,
        metavar="T",
        help="most of a run (default: a million)",
    )
    option("--layers", type=_names, default=(), metavar="A,B", help="names, input side first; others are left out")
    option("--layout", choices=("out-in", "in-out"), help="of a layer: PyTorch's, or that of Flax and Keras")
    option("--rebalance", type=Path, metavar="OUT", help="write balanced layers of the same product there")
    option("--plot", type=Path, metavar="PNG", help="draw loss and bounds there (.png, .svg or .pdf)")
    option("--json", action="store_true", help="for a program to read")


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a number > 0")
    return number


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def run(arguments: argparse.Namespace) -> int:
    _check_outputs(arguments)
    from claims.auditing import audit
    from claims.auditing.networks import read_network

    network = read_network(
        arguments.source,
        layers=arguments.layers,
        layout=arguments.layout,
        aims=[file for file in (arguments.target, arguments.data) if file is not None],
        samples=arguments.samples,
    )
    if network.aim.ends is None:
        raise UsageError(
            f"{arguments.source} has no array named target, nor X and Y; expected one, or --target FILE or --data FILE"
        )
    rate = network.learning_rate if arguments.learning_rate is None else arguments.learning_rate
    try:
        report = audit(
            network.weights,
            learning_rate=rate,
            to_loss=arguments.loss,
            most_steps=arguments.steps,
            **network.aim.arrays,
        )
    except (TypeError, ValueError) as error:
        raise UsageError(f"{arguments.source}: {error}") from None
    code = 0 if report.certified else 1
    written = _written(arguments, network, report)
    if arguments.json:
        from claims.auditing.json_form import as_json

        print_json(as_json(report, network, written.get("rebalance")))
    else:
        _print(report, network, written)
    return COULD_NOT_WRITE if None in written.values() else code


def _check_outputs(arguments: argparse.Namespace) -> None:
    """Before anything is computed."""
    if arguments.rebalance is not None:
        from claims.auditing.formats import check_writable

        check_writable(arguments.rebalance)
    if arguments.plot is not None:
        if arguments.plot.suffix not in (".png", ".svg", ".pdf"):
            raise UsageError(f"--plot is {arguments.plot}; expected a name that ends in .png, .svg or .pdf")
        if importlib.util.find_spec("matplotlib") is None:
            raise UsageError("--plot needs matplotlib, which is not installed; expected `pip install '.[plot]'`")
    for path in filter(None, (arguments.rebalance, arguments.plot)):
        if not path.absolute().parent.is_dir():
            raise UsageError(f"{path} is in no directory that there is; expected one")


def _written(arguments: argparse.Namespace, network: Network, report: AuditReport) -> dict[str, Any]:
    """What was asked for, with what became of it: None where it could not be written."""
    written: dict[str, Any] = {}
    if arguments.rebalance is not None:
        written["rebalance"] = _guarded(arguments.rebalance, lambda: _rebalance(arguments, network, report))
    if arguments.plot is not None:
        from claims.auditing.figure import draw

        written["plot"] = _guarded(arguments.plot, lambda: draw(report, arguments.plot))
    return written


def _guarded(path: Path, write: Any) -> Any:
    try:
        return write()
    except OSError as error:
        print(f"{path} was not written: {error.strerror or error}", file=sys.stderr)
        return None


def _rebalance(arguments: argparse.Namespace, network: Network, report: AuditReport) -> AuditReport:
    """The audit of what is written, in the type that it is written in."""
    from claims.auditing import audit, rebalanced_weights
    from claims.auditing.formats import rounded, write_arrays

    try:
        balanced = rebalanced_weights(network.weights)
    except ValueError as error:
        raise UsageError(f"--rebalance: {error}") from None
    kinds = [network.stored[name].dtype for name in network.names]
    layers = [rounded(matrix, kind) for matrix, kind in zip(balanced, kinds, strict=True)]
    write_arrays(arguments.rebalance, network.with_weights(layers))
    return audit(
        layers,
        learning_rate=report.learning_rate,
        to_loss=report.to_loss,
        most_steps=arguments.steps,
        **network.aim.arrays,
    )


def _print(report: AuditReport, network: Network, written: dict[str, Any]) -> None:
    width = columns()
    for line in network.description:
        print(fill(line, width, hanging="    "))
    print()
    for number, line in enumerate(str(report).splitlines()):
        indent = line[: len(line) - len(line.lstrip())]
        print(bold(line) if number == 0 else fill(line.strip(), width, indent, indent + " " * 4) if line else "")
    if written.get("rebalance") is not None:
        from claims.auditing.text import rewritten

        print()
        for line in rewritten(written["rebalance"]):
            print(fill(line, width, hanging="    "))
