"""From the command line to a command and an exit code, as a Unix tool does it.

0 is for success, 1 for something that was not verified, 2 for a question that could not be understood, 3 for a finding
that could not be written, 130 for Ctrl-C, and 141 where whoever read the output has gone.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claims.command_line.errors import UsageError

COMMANDS = {
    "list": ("claims.command_line.listing", "every claim and every counterexample, one a line"),
    "show": ("claims.command_line.showing", "one of them: statement, hypotheses, evidence; exact weights"),
    "check": ("claims.command_line.checking", "verify some of them, or all, here and now"),
    "cite": ("claims.command_line.citing", "cite one: BibTeX, LaTeX, plain text"),
    "export": ("claims.command_line.exporting", "take one with you: JSON, LaTeX, NumPy, Python"),
    "formal": ("claims.command_line.proofs", "the theorems that Coq's kernel checks, and on which axioms"),
    "campaign": ("claims.command_line.campaigning", "verify more and more of them, on many cores; evidence adds up"),
    "ledger": ("claims.command_line.ledgers", "what campaigns have decided: totals, the union of several, JSON"),
    "tightness": ("claims.command_line.tightening", "look further for how far each constant is from what was seen"),
    "hunt": ("claims.suite.hunt", "look for a counterexample to a conjecture of your own"),
    "audit": ("claims.command_line.auditing", "which theorem applies to your network, and what it promises"),
    "conform": ("claims.command_line.conforming", "whether a trainer of your own is gradient descent"),
    "landscape": ("claims.command_line.landscape", "every critical point of a polynomial of your own, with proof"),
    "experiment": ("claims.command_line.experimenting", "repeat what a paper shows in a figure"),
    "atlas": (
        "claims.command_line.mapping",
        "what the theory has, what no claim covers yet, which claim uses which",
    ),
    "site": ("claims.command_line.publishing", "the atlas on the web: a page for each, in a directory"),
}
"""From a command's name to the module that has its ``add_arguments`` and ``run``, and its line in the help."""

DESCRIPTION = """\
The theory of gradient descent on deep linear networks, verified claim by claim.
A claim (DL-004) is a statement with its evidence; a counterexample (DLX-001) is
exact, and refutes a statement for all time. `list` shows both."""

EXAMPLES = """\
examples:
  %(prog)s list
  %(prog)s show DL-004
  %(prog)s check DL-004 DLX-001
  %(prog)s campaign DL-002 --examples 10000
  %(prog)s cite DLX-001 --format bibtex
  %(prog)s export DLX-001 --format numpy > start.py
  %(prog)s conform mypkg.training:train
  %(prog)s landscape 'x^4 + y^4 - 3*x^2*y^2'
  %(prog)s experiment stages --out figures
  %(prog)s COMMAND --help

exit code: 0 all is well, 1 not verified (hunt: refuted), 2 not understood,
3 not written (--out of hunt and of campaign)
"""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line ``arguments`` (those of the process by default); the exit code. KeyboardInterrupt passes."""
    try:
        code = _answer(sys.argv[1:] if arguments is None else list(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        return 141
    except OSError as error:
        print(f"{_program()}: error: {error}", file=sys.stderr)
        return 1
    return code


def _answer(arguments: list[str]) -> int:
    parser = _parser(arguments[:1])
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    arguments, passed_on = _split(arguments)
    try:
        parsed = parser.parse_args(arguments, argparse.Namespace(passed_on=passed_on))
        return int(_module(parsed.command).run(parsed))
    except SystemExit as left:  # argparse leaves after --help and after an error
        return left.code if isinstance(left.code, int) else 2
    except UsageError as error:
        print(f"{_program()} {arguments[0]}: error: {error}", file=sys.stderr)
        return 2


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The program's own arguments, and those that it passes on: to pytest after ``--``, to an experiment after its
    name."""
    match arguments:
        case ["check", *_] if "--" in arguments:
            cut = arguments.index("--")
            return arguments[:cut], arguments[cut + 1 :]
        case ["experiment", name, *rest] if not name.startswith("-"):
            return arguments[:2], rest
    return arguments, []


def _parser(chosen: list[str]) -> argparse.ArgumentParser:
    """All commands, with the arguments of the ``chosen`` one: its module alone is imported."""
    parser = argparse.ArgumentParser(
        prog=_program(),
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for name, (_, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter)
        if chosen == [name]:
            _module(name).add_arguments(command)
    return parser


class _Version(argparse.Action):
    """``--version``, which asks for the version only when it is wanted."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from claims.command_line.records import PROJECT, version

        print(f"{PROJECT} {version()}")
        parser.exit()


def _module(command: str) -> Any:
    return importlib.import_module(COMMANDS[command][0])


def _program() -> str:
    """How this was called: ``python -m claims``, or the name of the console script."""
    name = Path(sys.argv[0]).name
    return "python -m claims" if name in ("__main__.py", "-m", "", "-c") else name.removesuffix(".exe")
