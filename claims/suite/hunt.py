"""``python -m claims hunt EXPRESSION``: look for a counterexample to a conjecture of your own, and certify it."""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from claims.command_line.terminal import progress
from claims.suite.hunting.conjecture import FUNCTIONS, Conjecture, ConjectureError, Fate, conjecture
from claims.suite.hunting.finding import entry, verified
from claims.suite.hunting.search import Hunt, described, hunt
from claims.suite.hunting.spaces import SPACES
from claims.suite.hunting.trajectory import NAMES

NOT_REFUTED, REFUTED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130

DESCRIPTION = """\
Look for a network that refutes a conjecture about gradient descent, shrink it,
and certify it. The conjecture is a Python expression that should be true of
every problem, as in

  %(prog)s 'learning_rate >= 1 / depth or loss[1] <= loss[0]'

or module:function, a function of (problem, trajectory) that returns True or
False; the trajectory has the names below as attributes, the problem is its
start. It is your own Python, and runs with your rights. Every problem is
decided in exact rationals, and in balls of growing precision where there are
roots or the rationals get long. What is not decided refutes nothing, and nor
does what only float64 sees; both are told."""


def _epilog() -> str:
    names = "\n".join(f"  {name:<17} {meaning}" for name, meaning in NAMES.items())
    spaces = "\n".join(f"  {name:<17} {space.__doc__}" for name, space in SPACES.items())
    return f"""\
names in an expression, t from 0 to --steps:
{names}
functions: {", ".join(FUNCTIONS)}, and Python's own. Numbers are exact as written: 0.1 is
a tenth, 1 / 3 a third. Whole-time statements: use `converges`.

--strategy, where to look:
{spaces}

exit code: {REFUTED} refuted (a file is written with --out), {NOT_REFUTED} not refuted, {BAD_USAGE} the conjecture or an
option was not understood or the predicate failed, {INTERRUPTED} Ctrl-C (what was found is kept)"""


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
        "--max-width", type=_whole(1, 16), default=3, metavar="D", help="largest width (default: %(default)s)"
    )
    parser.add_argument(
        "--steps", type=_whole(0, 1000), default=3, metavar="T", help="steps of descent (default: %(default)s)"
    )
    parser.add_argument(
        "--examples", type=_whole(1, 10**9), default=1000, metavar="N", help="problems to try (default: %(default)s)"
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=60.0, metavar="S", help="time, shrinking included (default: %(default)s)"
    )
    parser.add_argument("--seed", type=_whole(0, 2**64), metavar="K", help="repeats a hunt (default: drawn, and told)")
    parser.add_argument("--out", type=Path, metavar="PATH", help="write the counterexample there, as JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,20}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from {least} to {most}")
        return int(text)

    return parse


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
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        return _refused(f"--out is {out}; expected a file in a directory that exists")
    seed = random.SystemRandom().getrandbits(32) if arguments.seed is None else arguments.seed
    try:
        posed = conjecture(arguments.conjecture, arguments.given, arguments.steps)
        with progress() as show:
            found = hunt(
                posed,
                SPACES[arguments.strategy],
                depths=arguments.depth,
                max_width=arguments.max_width,
                examples=arguments.examples,
                seconds=arguments.seconds,
                seed=seed,
                tell=_tell(show, arguments.examples),
            )
    except ConjectureError as error:
        return _refused(str(error))
    among = f"{SPACES[arguments.strategy].__doc__}"
    report = _report(posed, found, seed, out, among)
    print(json.dumps(report, indent=2) if arguments.json else "\n".join(_told(posed, found, report)))
    if found.interrupted:
        return INTERRUPTED
    return NOT_REFUTED if found.smallest is None else REFUTED


def _refused(sentence: str) -> int:
    print(f"hunt: error: {sentence}", file=sys.stderr)
    return BAD_USAGE


def _tell(show: Callable[[float, str], None], examples: int) -> Callable[[Hunt], None]:
    """What the bar says of a hunt."""

    def tell(found: Hunt) -> None:
        if found.smallest is None:
            show(found.examples / examples, f"{found.examples} examples, {found.met} met the hypotheses")
        else:
            show(1.0, f"refuted; shrinking, {found.examples} examples, widths {found.smallest.dimensions}")

    return tell


def _report(posed: Conjecture, found: Hunt, seed: int, out: Path | None, among: str) -> dict[str, Any]:
    """Everything there is to tell, in JSON's types; writes and verifies the file."""
    report: dict[str, Any] = {
        "conjecture": posed.statement,
        "refuted": found.smallest is not None,
        "examples": found.examples,
        "met_the_hypotheses": found.met,
        "undecided": found.fates[Fate.UNDECIDED],
        "refuting": found.fates[Fate.FAILS],
        "only_in_floats": found.only_in_floats,
        "missed_by_floats": found.missed_by_floats,
        "until_found": found.until_found,
        "seed": seed,
        "seconds": round(found.seconds, 2),
        "interrupted": found.interrupted,
        "out_of_time": found.out_of_time,
    }
    if found.smallest is None:
        return report
    refutation = posed.refutation(found.smallest)
    report["because"] = [fact._asdict() for fact in refutation.facts]
    report["counterexample"] = content = entry(posed, found.smallest, refutation, among=among, seed=seed)
    report["file"] = report["verified"] = report["not_verified"] = None
    with ExitStack() as stack:
        path = out if out is not None else Path(stack.enter_context(TemporaryDirectory())) / "DLX-000.json"
        try:
            report["verified"] = verified(content, path)
        except ValueError as error:
            report["not_verified"] = str(error)
        report["file"] = str(out) if out is not None and out.exists() else None
    return report


def _told(posed: Conjecture, found: Hunt, report: dict[str, Any]) -> list[str]:
    """The report for people."""
    counts = (
        f"{report['examples']} examples, {report['met_the_hypotheses']} met the hypotheses, "
        f"{report['undecided']} undecided (seed {report['seed']}, {report['seconds']} s"
        f"{', interrupted' if found.interrupted else ', out of time' if found.out_of_time else ''})"
    )
    lines: list[str] = []
    if found.smallest is None:
        lines += [f"not refuted: {posed.statement}", f"  {counts}"]
        if found.met == 0:
            lines.append("  nothing was tested: no example met the hypotheses and was decided")
    else:
        lines += [f"refuted: {posed.statement}", described(found.smallest), *_reasons(report)]
        lines += [f"  decided in {found.arithmetic}", f"  {counts}, {report['refuting']} refuted it"]
        where = f"written to {report['file']}; " if report["file"] else ""
        said = report["verified"] or f"NOT VERIFIED: {report['not_verified']}"
        lines.append(f"  {where}check.py: {said if len(said) < 200 else said[:150] + ' ... ' + said[-40:]}")
    if found.artefact is not None:
        lines.append(f"  float64 alone refutes it {found.only_in_floats} times where it holds exactly: rounding, as in")
        lines.append("  " + described(found.artefact).replace("\n", "\n  "))
    if found.missed_by_floats:
        lines.append(f"  float64 alone misses {found.missed_by_floats} of the refutations")
    return lines


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
