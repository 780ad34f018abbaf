"""``check``: claims by pytest, counterexamples by the independent checker and by the full check, here and now."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.book import CLAIMS
from claims.campaigns.executors import add_executor_arguments
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.counterexample_files import counterexample_files
from claims.command_line.errors import UsageError
from claims.command_line.pieces import PROFILES, check_in_pieces
from claims.command_line.records import find, own_file, shown, version
from claims.command_line.terminal import print_json, warning

if TYPE_CHECKING:
    from claims.formal.coq import Coq

EXAMPLES = """\
examples:
  %(prog)s DL-004                one claim
  %(prog)s DLX-001 found.json    counterexamples
  %(prog)s                       everything (minutes)
  %(prog)s DLX-015 --kernel      as a theorem too, by Coq's kernel
  %(prog)s --kernel              every counterexample, so
  %(prog)s DL-004 -- -n 2        what follows -- is for pytest
  %(prog)s --profile thorough    a hundred times as much (hours)
  %(prog)s --profile ci --jobs 2 two claims at a time
"""
INTERRUPTED, NOTHING_RAN = 2, 5
"""pytest's exit codes after Ctrl-C, and where no test was collected."""
STDERR = 2


@dataclass(frozen=True)
class Finding:
    """What one of the checkers says of a counterexample's file; ``verified`` is None where it cannot tell."""

    path: str
    checker: str
    verified: bool | None
    reason: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = (
        "%(prog)s [-h] [--json] [--kernel]\n           [--profile NAME [--state FILE] [--jobs N | --scheduler S]]\n"
        "           [UID ...] [-- PYTEST-OPTION ...]"
    )
    parser.description = (
        "Verify claims by running their evidence, and counterexamples twice: by check.py,\n"
        "which needs nothing but Python, and by verify.py, which uses the solvers and\n"
        "SymPy. Without a UID everything is verified. Exit code 1 if anything is not."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("names", metavar="UID", nargs="*", help="DL-0xx, DLX-0xx, or a counterexample's file (.json)")
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        help="how much is drawn, claim by claim: what is done is kept, and a run that was stopped goes on",
    )
    parser.add_argument("--state", metavar="FILE", type=Path, help="where it is kept (default: .claims/PROFILE.json)")
    add_executor_arguments(parser, what="with --profile, claims", default="1")
    parser.add_argument(
        "--kernel",
        action="store_true",
        help="counterexamples as theorems too, by Coq's kernel; without a UID all of them, and no claims",
    )
    parser.add_argument("--json", action="store_true", help="for a program to read; pytest's own output is on stderr")


def run(arguments: argparse.Namespace) -> int:
    if arguments.state is not None and arguments.profile is None:
        raise UsageError("--state says where the pieces of a run are kept; expected --profile with it")
    if (arguments.jobs or arguments.scheduler) and arguments.profile is None:
        raise UsageError(
            "--jobs and --scheduler are for the pieces of a run with --profile; expected that with them, or -- -n N"
        )
    paths = [_path(name) for name in arguments.names]
    if not paths:
        paths = [entry.path for entry in counterexample_files().values()]
        paths += [] if arguments.kernel else [claim.path for claim in claim_files().values()]
    files = [path for path in paths if path.suffix == ".json"]
    coq = _prover() if arguments.kernel and files else None
    findings: list[Finding] = []
    found_by_two = (found for path in files for found in check_counterexample(path))
    for finding in itertools.chain(found_by_two, kernel_checks(files, coq, bool(arguments.names)) if coq else ()):
        findings.append(finding)
        if not arguments.json:
            _print(finding)
    code, evidence = 0, None
    pieces: dict[str, Any] = {}
    if arguments.profile is not None:
        of_path = {claim.path: claim for claim in claim_files().values()}
        claims: list[ClaimFile] = [of_path[path] for path in dict.fromkeys(paths) if path in of_path]
        passed_on, state = arguments.passed_on, arguments.state
        pieces = check_in_pieces(
            *(claims, arguments.profile, passed_on, state),
            silent=arguments.json,
            jobs=arguments.jobs or 1,
            scheduler=arguments.scheduler,
        )
    elif modules := [path for path in paths if path.suffix == ".py"]:
        if arguments.json:
            code, evidence = pytest_as_json(modules, arguments.passed_on)
        else:
            code = run_pytest(modules, arguments.passed_on)
    verified = code == 0 and all(finding.verified is not False for finding in findings)
    verified = verified and all(piece["verified"] for piece in pieces.values())
    if arguments.json:
        found = [asdict(finding) for finding in findings]
        answer = {"version": version(), "verified": verified, "counterexamples": found, "evidence": evidence}
        print_json(answer | ({"pieces": pieces} if arguments.profile else {}))
    return 0 if verified else 1


def _path(name: str) -> Path:
    """The file to verify. One that is damaged is found to be so by the checkers."""
    return own_file(name) if name.endswith(".json") else find(name).path


def check_counterexample(path: Path) -> Iterator[Finding]:
    """What the independent checker says of a file, and what the full check does."""
    from claims.counterexamples.catalogue import load
    from claims.counterexamples.check import check
    from claims.counterexamples.verify import verify

    reasons: dict[str, Callable[[], str]] = {
        "check.py": lambda: check(path)[1],
        "verify.py": lambda: verify(load(path)),
    }
    for checker, reason in reasons.items():
        try:
            yield Finding(str(path), checker, True, reason())
        except ValueError as error:
            yield Finding(str(path), checker, False, str(error))


def _prover() -> Coq:
    """UsageError with the line that installs one, where there is none."""
    from claims.formal.coq import MissingProverError, prover

    try:
        return prover()
    except MissingProverError as error:
        raise UsageError(str(error)) from None


def kernel_checks(paths: list[Path], coq: Coq, in_full: bool) -> Iterator[Finding]:
    """What Coq's kernel says of the theorems that files become; ``in_full`` with these theorems, in Coq's terms."""
    from claims.counterexamples.catalogue import load
    from claims.counterexamples.check import read
    from claims.counterexamples.formal import KERNEL, verdicts
    from claims.formal.building import indented

    entries, damaged = {}, {}
    for path in paths:
        try:
            load(path)
            entries[str(path)] = read(path)
        except ValueError as error:
            damaged[str(path)] = str(error)
    found = verdicts(entries, coq)
    for name in map(str, paths):
        if name in damaged:
            yield Finding(name, KERNEL, False, damaged[name])
        else:
            said, theorem = found[name].said, found[name].theorem if in_full else ""
            yield Finding(name, KERNEL, found[name].proved, f"{said}\n{indented(theorem)}" if theorem else said)


def _print(finding: Finding) -> None:
    path = Path(finding.path)
    name = path.stem if path.stem in counterexample_files() else shown(path)
    says = {True: "verified", False: warning("not verified"), None: "not checked"}[finding.verified]
    print(f"{name} {says} by {finding.checker}: {finding.reason}", flush=True)


def run_pytest(modules: list[Path], options: list[str], output: int | None = None) -> int:
    """pytest's exit code, in a process of its own. KeyboardInterrupt where it was interrupted.

    It imports these claims, not others in the directory where the user happens to be, and takes the configuration of
    the checkout, or none. ``output`` is a file descriptor in place of stdout.
    """
    root = CLAIMS.parent
    checkout = (root / "pyproject.toml").is_file()
    command = [
        *(sys.executable, "-P", "-m", "pytest"),
        *("-c", str(root / "pyproject.toml") if checkout else os.devnull),
        *("--rootdir", str(root)),
        *("-p", "no:cacheprovider"),
        "--continue-on-collection-errors",  # or they would have the exit code of Ctrl-C
        *options,
        *(str(path.parent if path.stem == "__init__" else path) for path in modules),
    ]
    first = [str(root)] if checkout else []
    variables = {"PYTHONPATH": os.pathsep.join([*first, *filter(None, [os.environ.get("PYTHONPATH")])])}
    code = wait(command, os.environ | variables, output)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code == NOTHING_RAN:
        print("not verified: no check was chosen", file=sys.stderr)
    return code


def wait(command: list[str], variables: Mapping[str, str], output: int | None) -> int:
    """The exit code of a command that takes Ctrl-C as we do, and says what it has seen until then; all that it says
    goes to ``output``, where that is given."""
    errors = None if output is None else subprocess.STDOUT
    with subprocess.Popen(command, env=variables, stdout=output, stderr=errors) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.wait()
            raise


def pytest_as_json(modules: list[Path], options: list[str], output: int = STDERR) -> tuple[int, Any]:
    """pytest's exit code and the evidence, as ``--claims-json`` writes it; what pytest prints goes to ``output``."""
    with tempfile.TemporaryDirectory() as directory:
        written = Path(directory) / "evidence.json"
        code = run_pytest(modules, [*options, "--claims-json", str(written)], output)
        return code, json.loads(written.read_text(encoding="utf-8")) if written.is_file() else None
