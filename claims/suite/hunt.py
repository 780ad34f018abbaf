"""``python -m claims hunt EXPRESSION``: look for a counterexample to a conjecture of your own, and certify it."""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from claims.campaigns.executors import add_executor_arguments
from claims.command_line.numbers import whole_number
from claims.command_line.terminal import progress
from claims.suite.hunting.bounded import GRACE, Report, bounded
from claims.suite.hunting.explained import MEMORY
from claims.suite.hunting.names import FUNCTIONS, NAMES, OF_MATRICES, SPACES
from claims.suite.hunting.reading import ConjectureError, is_function, read, stated
from claims.suite.hunting.writing import certified, unwritable

NOT_REFUTED, REFUTED, BAD_USAGE, COULD_NOT_WRITE, INTERRUPTED = 0, 1, 2, 3, 130
NOTHING: Report = {
    "refuted": False,
    "examples": 0,
    "met_the_hypotheses": 0,
    "undecided": 0,
    "refuting": 0,
    "only_in_floats": 0,
    "missed_by_floats": 0,
    "until_found": None,
    "seconds": 0.0,
    "interrupted": False,
    "out_of_time": False,
    "ended": None,
}
"""The report of a hunt that tried nothing."""

DESCRIPTION = """\
Look for a network that refutes a conjecture about gradient descent, shrink it,
and certify it. The conjecture is a Python expression that should be true of
every problem, as in

  %(prog)s 'learning_rate >= 1 / depth or loss[1] <= loss[0]'

or module:function, a function of (problem, trajectory) that returns True or
False; the trajectory has the names below as attributes, the problem is its
start. That is your own Python, and runs with your rights; an expression holds
the names and functions below, and nothing else. Every problem is decided in
exact rationals, and in balls of growing precision where there are roots or the
rationals get long. What is not decided refutes nothing, and nor does what only
float64 sees; both are told."""


def _epilog() -> str:
    names, spaces = _table(NAMES), _table(SPACES)
    functions = textwrap.fill(f"functions: {', '.join(FUNCTIONS)}", 80)
    return f"""\
names in an expression, t from 0 to --steps:
{names}
{functions}
of matrices: @, {", ".join(f".{name}" for name in OF_MATRICES)}
Matrices are compared entry by entry: (a == b).all(). Numbers are exact as
written: 0.1 is a tenth, 1 / 3 a third. For every step:
all(loss[t + 1] <= loss[t] for t in range(steps)). For all time: converges.

--strategy, where to look:
{spaces}

On islands a hunt draws in rounds, as many problems on each. Every island ends
its round, and after a refutation there is no other: the smallest wins. The same
--seed and --islands find the same, whatever --jobs is.

A hunt, on each island, is a process of its own. It may take {MEMORY >> 30} GiB of memory
where the system can limit it, and is ended {GRACE:.0f} s after --seconds or Ctrl-C where
a predicate has not returned by then; what was found before is told.

exit code: {NOT_REFUTED} not refuted, {REFUTED} refuted (a file is written with --out), {BAD_USAGE} the
conjecture or an option was not understood, or the predicate failed before it
refuted anything, {COULD_NOT_WRITE} --out could not be written (what was found is printed),
{INTERRUPTED} Ctrl-C (what was found is kept)"""


def _table(meanings: Mapping[str, str]) -> str:
    hanging = " " * 20
    return "\n".join(
        textwrap.fill(meaning, 80, initial_indent=f"  {name:<17} ", subsequent_indent=hanging)
        for name, meaning in meanings.items()
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description, parser.epilog = DESCRIPTION, _epilog().replace("%", "%%")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("conjecture", metavar="EXPRESSION|module:function")
    parser.add_argument(
        "--given", metavar="EXPRESSION", action="append", default=[], help="a hypothesis; may be repeated"
    )
    parser.add_argument("--strategy", choices=SPACES, default="problems", help="where to look (default: %(default)s)")
    parser.add_argument("--depth", type=_depths, default=(1, 4), metavar="N|A-B", help="depths, 1 to 8 (default: 1-4)")
    parser.add_argument(
        "--max-width", type=whole_number(1, 16), default=3, metavar="D", help="largest width (default: %(default)s)"
    )
    parser.add_argument(
        "--steps", type=whole_number(0, 1000), default=3, metavar="T", help="steps of descent (default: %(default)s)"
    )
    parser.add_argument(
        "--examples",
        type=whole_number(1, 10**9),
        default=1000,
        metavar="N",
        help="problems to try (default: %(default)s)",
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=60.0, metavar="S", help="time, shrinking included (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 10**18), metavar="K", help="repeats a hunt (default: drawn, and told)"
    )
    add_executor_arguments(parser, what="islands", default="1")
    parser.add_argument(
        "--islands",
        type=whole_number(1, 1024),
        metavar="K",
        help="searches apart, with seeds of their own (default: --jobs)",
    )
    parser.add_argument("--out", type=Path, metavar="PATH", help="write the counterexample there, as JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _depths(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-8])(?:-([1-8]))?", text)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if low > high:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a depth from 1 to 8, or two as in 2-4")
    return low, high


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 10**9:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a number of seconds > 0")
    return seconds


def run(arguments: argparse.Namespace) -> int:
    """Hunt and tell; the exit code."""
    out = arguments.out
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir() or (out.exists() and not out.is_file())):
        return _refused(f"--out is {out}; expected a file in a directory that exists")
    if out is not None and (reason := unwritable(out)):
        return _refused(f"--out: {out} cannot be written: {reason}", COULD_NOT_WRITE)
    try:
        for text in (arguments.conjecture, *arguments.given):
            if not is_function(text):
                read(text)
    except ConjectureError as error:
        return _refused(str(error))
    request = {
        "conjecture": arguments.conjecture,
        "given": arguments.given,
        "steps": arguments.steps,
        "strategy": arguments.strategy,
        "depths": arguments.depth,
        "max_width": arguments.max_width,
        "examples": arguments.examples,
        "seconds": arguments.seconds,
        "seed": random.SystemRandom().getrandbits(32) if arguments.seed is None else arguments.seed,
    }
    if arguments.scheduler and arguments.islands is None:
        return _refused("--scheduler has as many workers as it happens to have; expected --islands K with it")
    islands = arguments.islands or arguments.jobs or 1
    with progress() as show:
        if islands == 1 and not arguments.scheduler:
            found = NOTHING | bounded(request, _tell(show, arguments.examples))
        else:
            from claims.suite.hunting.islands import hunt_on_islands

            chosen = {"jobs": arguments.jobs or 1, "scheduler": arguments.scheduler}
            found = NOTHING | hunt_on_islands(request, islands, show, **chosen)
    sentence = found.get("refused") or (found["ended"] if found.get("died") and not found["refuted"] else None)
    if sentence:
        return _refused(sentence)
    return _finished(found, stated(arguments.conjecture, arguments.given), request["seed"], out, arguments.json)


def _refused(sentence: str, code: int = BAD_USAGE) -> int:
    print(f"hunt: error: {sentence}", file=sys.stderr)
    return code


def _tell(show: Callable[[float, str], None], examples: int) -> Callable[[Report], None]:
    """What the bar says of a hunt."""

    def tell(found: Report) -> None:
        if not found["refuted"]:
            show(
                found["examples"] / examples,
                f"{found['examples']} examples, {found['met_the_hypotheses']} met the hypotheses",
            )
        else:
            show(1.0, f"refuted; shrinking, {found['examples']} examples, widths {tuple(found.get('widths', ()))}")

    return tell


def _finished(found: Report, statement: str, seed: int, out: Path | None, as_json: bool) -> int:
    """Write and verify the file, tell everything, and say it with an exit code."""
    report = {"conjecture": statement, **{key: found[key] for key in NOTHING}, "seed": seed}
    report |= {key: found[key] for key in ("islands",) if key in found}
    unwritten = None
    if found["refuted"]:
        filed = certified(found["text"], found["not_verified"], out)
        unwritten = filed.pop("unwritten")
        report |= {"because": found["because"], "counterexample": found["counterexample"], **filed}
    print(json.dumps(report, indent=2) if as_json else "\n".join(_told(found, report)))
    if unwritten:
        if not as_json:
            print(found["text"], end="")
        return _refused(f"--out: {out} could not be written: {unwritten}", COULD_NOT_WRITE)
    if found["interrupted"]:
        return INTERRUPTED
    return REFUTED if found["refuted"] else NOT_REFUTED


def _told(found: Report, report: Report) -> list[str]:
    """The report for people."""
    ended = ", interrupted" if found["interrupted"] else ", out of time" if found["out_of_time"] else ""
    islands = f", {report['islands']['number']} islands" if "islands" in report else ""
    counts = (
        f"{report['examples']} examples, {report['met_the_hypotheses']} met the hypotheses, "
        f"{report['undecided']} undecided (seed {report['seed']}{islands}, {report['seconds']} s{ended})"
    )
    lines: list[str] = []
    if not found["refuted"]:
        lines += [f"not refuted: {report['conjecture']}", f"  {counts}"]
        if report["met_the_hypotheses"] == 0:
            lines.append("  nothing was tested: no example met the hypotheses and was decided")
    else:
        lines += [f"refuted: {report['conjecture']}", found["smallest"], *_reasons(report)]
        lines += [f"  decided in {found['arithmetic']}", f"  {counts}, {report['refuting']} refuted it"]
        lines += [f"  {_winner(report['islands'])}"] if islands else []
        where = f"written to {report['file']}; " if report["file"] else ""
        said = f"check.py: {report['verified']}" if report["verified"] else report["not_verified"]
        lines.append(f"  {where}{said if len(said) < 200 else said[:150] + ' ... ' + said[-40:]}")
    if found["ended"]:
        lines += ["  " + found["ended"].replace("\n", "\n  ")]
    if found["only_in_floats"]:
        lines.append(
            f"  float64 alone refutes it {found['only_in_floats']} times where it holds exactly: rounding, as in"
        )
        lines.append("  " + found["artefact"].replace("\n", "\n  "))
    if found["missed_by_floats"]:
        lines.append(f"  float64 alone misses {found['missed_by_floats']} of the refutations")
    return lines


def _winner(islands: dict[str, Any]) -> str:
    found = [each["island"] for each in islands["found"]]
    who = f"the smallest of {len(found)}, of islands {', '.join(map(str, found))}: " if len(found) > 1 else ""
    return f"{who}found on island {islands['found_by']} in round {islands['rounds']}"


def _reasons(report: dict[str, Any]) -> list[str]:
    certificate = report["counterexample"]["certificate"]
    reasons = [f"  because {fact['text']}  ({fact['left']:.6g}, {fact['right']:.6g})" for fact in report["because"]]
    if certificate["kind"] == "stationary":
        reasons.append(f"  because step {certificate['steps']} is a critical point of loss {certificate['loss']}")
    if certificate["kind"] == "cycle":
        reasons.append(
            f"  because from step {certificate['steps']} on it is a cycle of period {certificate['period']}, "
            f"of loss >= {certificate['loss']}"
        )
    return reasons


def main(arguments: Sequence[str] | None = None) -> int:
    """The command alone: ``python -m claims.suite.hunt``."""
    parser = argparse.ArgumentParser(prog="python -m claims hunt")
    add_arguments(parser)
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
