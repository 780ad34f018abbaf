"""Which mutations of the formulas does no test notice?

    python -P tests/mutation.py claims --sample 25 --jobs 2
    python -P tests/mutation.py solvers --only solvers/guarantees

A room is mutated: claims (what states them), solvers or strategies. Every mutant changes one constant, exponent, sign,
factor or comparison (:mod:`mutation_sites`). A claim's mutants meet the claim's own checks, those by Coq's kernel
excepted, which do not read the Python formulas; the other rooms' meet the few modules of tests and the few claims that
import most of a module (:mod:`mutation_rooms`): of both, the tests that reach the function (:mod:`mutation_runs`). A
mutant is killed where a test fails or runs for too long. Hypothesis draws the same examples in every run, and shrinks
nothing.

``--sample K`` takes K mutants of each claim, or of each module of another room, by the seed. The log in ``--log`` has a
line of JSON a mutant; what it has is not run again, but ``--again`` runs the survivors again. Survivors that are
equivalent, or true as well, are explained in tests/mutation_explained.toml: a mutation of a line, all of a line, or all
of a function. An entry that is of no mutant any more is an error.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from mutation_rooms import chosen, groups, relative, sessions  # noqa: E402
from mutation_sites import Mutant, mutants  # noqa: E402

EXPLAINED = ROOT / "tests" / "mutation_explained.toml"
OUTCOMES = ("killed", "timeout", "explained", "survived", "unreached", "broken")


Reasons = dict[tuple[str, str, str], str]


def explained() -> Reasons:
    """The reasons of survivors by module, line and mutation; those of all of a line's, and of a function's ("f()"), by
    module, line or function, and "". ValueError for an entry that is of no mutant any more."""
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivor"] if EXPLAINED.exists() else []
    known: dict[str, set[tuple[str, str]]] = {}
    reasons: Reasons = {}
    for entry in entries:
        path, where = entry["module"], entry["line"] if "line" in entry else f"{entry['function']}()"
        if path not in known:
            there = mutants(path) if (ROOT / path).is_file() else []
            known[path] = {
                pair
                for each in there
                for pair in ((each.text, each.mutation), (each.text, ""), (f"{each.owner}()", ""))
            }
        for mutation in entry.get("mutations", [""]):
            if (where, mutation) not in known[path]:
                raise ValueError(
                    f"{relative(EXPLAINED)}: no mutant {mutation!r} of {where!r} in {path} any more; expected an entry "
                    "that stands for one, so take it out or write it as it is now"
                )
            reasons[path, where, mutation] = entry["reason"]
    return reasons


def wheres(mutant: Mutant) -> list[tuple[str, str]]:
    """What an explanation may name to be of a mutant: it alone, its line, its function."""
    return [(mutant.text, mutant.mutation), (mutant.text, ""), (f"{mutant.owner}()", "")]


def reason(mutant: Mutant, reasons: Reasons) -> str:
    """Why a mutant survives, "" where nothing explains it."""
    return next((reasons[mutant.path, *each] for each in wheres(mutant) if (mutant.path, *each) in reasons), "")


def run(arguments: argparse.Namespace, waiting: list[Mutant]) -> None:
    """One session after another, each in a process of its own, which has what all need imported from the start."""
    import pytest
    from hypothesis import Phase, settings
    from mutation_runs import Mutations

    import strategies  # noqa: F401
    from claims.suite import profiles

    profiles.register()
    quick = (Phase.explicit, Phase.generate)
    settings.register_profile("mutation", settings.get_profile("claims-ci"), phases=quick)
    os.chdir(ROOT)
    # SciPy asks for its filter of np.matrix where it is imported, which is here, before pytest's own filters.
    options = [
        "-qs",
        "-Wignore::PendingDeprecationWarning",
        "--hypothesis-profile=mutation",
        "-pno:cacheprovider",
        "-pno:asyncio",
    ]
    for tests, part in sessions(arguments.room, waiting):
        known = arguments.log.with_name("tests.jsonl")
        plugin = Mutations(part, [*options, *tests], arguments.log, known, arguments.jobs, arguments.patience, tell)
        process = os.fork()
        if not process:
            if not arguments.verbose:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os._exit(int(pytest.main([*options, *tests], plugins=[plugin])))
        if status := os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]):
            raise SystemExit(f"the session of {', '.join(tests)} ended with {status}; --verbose shows what it says")


def tell(entry: dict[str, Any]) -> None:
    """Survivors as they come."""
    if entry["outcome"] not in ("killed", "timeout"):
        print(
            f"{entry['path']}:{entry['line']}: {entry['mutation']}  ({entry['outcome']})", file=sys.stderr, flush=True
        )


def report(room: str, mutants_: Iterable[Mutant], outcomes: dict[tuple[Any, ...], dict[str, Any]]) -> str:
    """The survivors that nothing explains, and the score of each group and of the room."""
    reasons, lines = explained(), list[str]()
    group_of = {path: group for group, paths in groups(room).items() for path in paths}
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    seconds = 0.0
    for mutant in mutants_:
        if mutant.key not in outcomes:
            continue
        entry = outcomes[mutant.key]
        outcome = entry["outcome"]
        if outcome not in ("killed", "timeout") and reason(mutant, reasons):
            outcome = "explained"
        scores[group_of[mutant.path]][outcome] += 1
        seconds += entry["seconds"]
        if outcome in ("survived", "unreached", "broken"):
            lines.append(f"{mutant.path}:{mutant.line}: {mutant.mutation}  ({outcome})")
    lines.append("")
    total: Counter[str] = sum(scores.values(), Counter())
    for name, score in [*scores.items(), (room, total)]:
        lines.append(f"{name}: " + ", ".join(f"{score[each]} {each}" for each in OUTCOMES if score[each]))
    fair = sum(total.values()) - total["explained"]
    share = (total["killed"] + total["timeout"]) / fair if fair else 1.0
    lines.append(f"{share:.1%} of {fair} mutants that nothing explains are killed, in {seconds / 60:.1f} minutes")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", choices=("claims", "solvers", "strategies"))
    parser.add_argument(
        "--sample", type=int, default=0, metavar="K", help="so many of each claim or module (default: all)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="mutants at once")
    parser.add_argument("--only", default="", metavar="PATH", help="modules whose paths begin so")
    parser.add_argument("--patience", type=float, default=30, help="seconds of tests that a mutant meets, at most")
    parser.add_argument("--log", type=Path, default=None, help="default: build/mutation/ROOM.jsonl")
    parser.add_argument("--again", action="store_true", help="run survivors that nothing explains again")
    parser.add_argument("--verbose", action="store_true", help="show what pytest says")
    parser.add_argument("--report", action="store_true", help="run nothing: say what the log has")
    arguments = parser.parse_args()
    if arguments.jobs < 1 or arguments.sample < 0:
        parser.error("--jobs is at least 1, and --sample at least 0")
    arguments.log = (arguments.log or ROOT / "build" / "mutation" / f"{arguments.room}.jsonl").absolute()
    arguments.log.parent.mkdir(parents=True, exist_ok=True)
    every = chosen(arguments.room, arguments.sample, arguments.seed, arguments.only)
    if not every:
        parser.error(
            f"no formula in a module whose path begins with {arguments.only!r}; expected one of {arguments.room}"
        )
    if not arguments.report:
        reasons, known = explained(), logged(arguments.log)
        if waiting := [each for each in every if is_waiting(known.get(each.key), each, reasons, arguments.again)]:
            run(arguments, waiting)
    print(report(arguments.room, every, logged(arguments.log)))


def is_waiting(known: dict[str, Any] | None, mutant: Mutant, reasons: Reasons, again: bool) -> bool:
    """Whether a mutant is still to be run."""
    return known is None or (again and known["outcome"] not in ("killed", "timeout") and not reason(mutant, reasons))


def logged(log: Path) -> dict[tuple[Any, ...], dict[str, Any]]:
    """What is known of each mutant: the last that was written."""
    from mutation_runs import read_lines

    return {
        (each["path"], each["owner"], each["text"], each["mutation"], each["nth"]): each for each in read_lines(log)
    }


if __name__ == "__main__":
    main()
