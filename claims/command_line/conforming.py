"""``conform``: whether trainers of the user's are gradient descent, step by step."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from claims.campaigns.executors import add_executor_arguments, each
from claims.command_line.errors import UsageError
from claims.command_line.numbers import whole_number

EXAMPLES = """\
examples:
  %(prog)s mypkg.training:train
  %(prog)s mypkg.training:train --dtype float32 --loss mean
  %(prog)s mypkg.training:train --up-to-scale --json report.json
  %(prog)s mypkg.training:train mypkg.fast:train --jobs 2

Write the function around your own training loop:

  def train(weights, inputs, outputs, learning_rate, steps):
      # weights[j] (d_{j+1}, d_j), inputs (d_0, m), outputs (d_N, m), in NumPy
      ...
      return weights

claims.conformance makes one of a PyTorch or optax optimizer. With pytest:
pytest --pyargs claims.conformance --claims-trainer=mypkg.training:train
holds it to the claims' laws too.

exit code: 0 it conforms, 1 it (or one of several) does not, 2 not understood
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Train a dozen small networks for one, two and three steps, and hold every step\n"
        "against the exact one from the trainer's own weights before it. It may differ by\n"
        "what rounding in the trainer's format explains; no tolerance is chosen by hand.\n"
        "The diagnosis is a hint, and no part of the verdict."
    )
    parser.epilog = EXAMPLES
    parser.add_argument(
        "trainers", nargs="+", metavar="MODULE:FUNCTION", help="what to check, as in mypkg.training:train"
    )
    parser.add_argument(
        "--dtype", default="float64", metavar="DTYPE", help="what it computes in: float64 (default), float32, ..."
    )
    parser.add_argument(
        "--loss", default="half-sum", metavar="LOSS", help="what its loss is divided by: half-sum (default), mean, ..."
    )
    parser.add_argument(
        "--steps", type=whole_number(1, MOST_STEPS), default=3, metavar="K", help="steps a probe (default: %(default)s)"
    )
    parser.add_argument("--transposed", action="store_true", help="its matrices are transposed: weights (in, out)")
    parser.add_argument(
        "--up-to-scale",
        action="store_true",
        help="it conforms too where every step is right with another factor of the learning rate, 2/(m d_N) say",
    )
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=SECONDS,
        metavar="S",
        help="how long a call of it, or its import, may take before it is ended (default: %(default)g)",
    )
    add_executor_arguments(parser, what="trainers", default="1")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the report to PATH, for a program to read")


MOST_STEPS = 100
"""For each the probes' exact steps are computed."""
SECONDS, MOST_SECONDS = 120.0, 86400
"""For one call; the first may wait for a compiler."""


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r}; expected seconds, more than 0 and at most {MOST_SECONDS}")
    return seconds


def run(arguments: argparse.Namespace) -> int:
    from claims.command_line.trainer_process import Asked, Refused, checked
    from claims.suite.evidence import write_atomically
    from claims.suite.hunting.writing import unwritable

    path = arguments.json
    if path is not None and (reason := "it is a directory" if path.is_dir() else unwritable(path)):
        raise UsageError(f"--json: {path} cannot be written: {reason}")
    if path is not None and len(arguments.trainers) > 1:
        raise UsageError(f"--json: {path} is for the report on one trainer; expected one, or no --json")
    asked = [
        Asked(
            trainer,
            arguments.dtype,
            arguments.loss,
            arguments.steps,
            arguments.transposed,
            arguments.up_to_scale,
            arguments.seconds,
        )
        for trainer in arguments.trainers
    ]
    conform = True
    for outcome in each(checked, asked, arguments.jobs or 1, arguments.scheduler):
        answer = outcome.value()
        if isinstance(answer, Refused):
            raise UsageError(answer.sentence)
        print(answer.text, flush=True)
        if path is not None:
            write_atomically(path.absolute(), answer.report)
            print(f"written as JSON to {path}", file=sys.stderr)
        conform = conform and answer.conforms
    return 0 if conform else 1
