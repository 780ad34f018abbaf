"""``coqchk``, Coq's second and smaller checker, on all that is compiled of ``claims/formal``.

    python -m claims.formal.checking               # ours; Coq's and MathComp's libraries as they are installed
    python -m claims.formal.checking --libraries   # them too, as far as ours rest on them: four minutes more

It reads compiled files alone, and no source: what a proof's file says of itself does not reach it. It then lists each
axiom that is in memory, used or not; the axioms that a theorem rests on are asked with its statement (``asking``).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.formal.asking import CLASSICAL
from claims.formal.building import UnprovedError, built
from claims.formal.coq import Coq, MissingProverError, TimeLimitError, prover
from claims.formal.sources import Sources, in_order, shipped

SECONDS = 1800
"""The most that it may take."""

PRIMITIVE = ("Coq.Floats.", "Coq.Numbers.Cyclic.Int63.", "Coq.Array.")
"""Where Coq declares its machine numbers and arrays, and what holds of them."""

STANDARD = (
    "Coq.Logic.Classical_Prop.classic",
    "Coq.Logic.FunctionalExtensionality.functional_extensionality_dep",
    "Coq.Reals.ClassicalDedekindReals.sig_forall_dec",
    "Coq.Reals.ClassicalDedekindReals.sig_not_dec",
)
"""Axioms of Coq's own library, which MathComp's tactics load with its real numbers. No theorem of ours rests on one."""


@dataclass(frozen=True)
class Report:
    """What coqchk says: the axioms in memory by their full names, and what else it says was assumed."""

    axioms: tuple[str, ...]
    assumed: tuple[str, ...]

    def unexpected(self, *, libraries: bool) -> list[str]:
        """What must not be there: an axiom of ours, and where the libraries were checked any but the known ones.

        Where they were not, all that a library's module hides is listed as an axiom too, and only ours are told apart.
        """
        known = (*PRIMITIVE, *STANDARD, *CLASSICAL)
        ours = [each for each in self.axioms if each.startswith("DLC.")]
        theirs = [each for each in self.axioms if libraries and not each.startswith(("DLC.", *known))]
        return [*self.assumed, *ours, *theirs]


def report(printed: str) -> Report:
    """Read what coqchk prints. ValueError where there is no summary, or a part of it is missing."""
    parts = dict(re.findall(r"^\* ([^:\n]+):((?:.|\n(?!\* ))*)", printed, re.MULTILINE))
    expected = (
        "Theory",
        "Axioms",
        "Constants/Inductives relying on type-in-type",
        "Constants/Inductives relying on unsafe (co)fixpoints",
        "Inductives whose positivity is assumed",
    )
    if set(parts) != set(expected):
        raise ValueError(f"coqchk has printed {printed.strip() or 'nothing'!r}; expected {', '.join(expected)}")
    found = {name: [line.strip() for line in text.split("\n")] for name, text in parts.items()}
    found = {name: [each for each in lines if each not in ("", "<none>")] for name, lines in found.items()}
    assumed = [f"{name}: {each}" for name in expected[2:] for each in found[name]]
    if parts["Theory"].strip() != "Set is predicative":
        assumed.append(f"Theory: {parts['Theory'].strip()}")
    return Report(tuple(sorted(found["Axioms"])), tuple(assumed))


def checked(files: Sequence[str], sources: Sources, coq: Coq, *, libraries: bool = False) -> Report:
    """Run coqchk on these files and all of ours that they rest on.

    UnprovedError where it does not accept one, or one does not compile; TimeLimitError where it takes too long.
    """
    names = list(dict.fromkeys(name for file in files for name in in_order(file, sources)))
    with tempfile.TemporaryDirectory(prefix="checking-") as scratch:
        for name in names:
            compiled = Path(name).with_suffix(".vo").name
            shutil.copy(built(name, sources, coq)[-1] / compiled, Path(scratch) / compiled)
        modules = [part for name in names for part in (*([] if libraries else ["-norec"]), f"DLC.{Path(name).stem}")]
        command = [str(Path(coq.compiler).with_name("coqchk")), "-silent", "-o", "-Q", scratch, "DLC", *modules]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise TimeLimitError(f"coqchk was stopped after {SECONDS} s") from None
    if run.returncode:
        raise UnprovedError(f"coqchk does not accept them:\n{(run.stdout + run.stderr).strip()}")
    return report(run.stdout + run.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check all files, and say what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m claims.formal.checking", description="Coq's second checker on all compiled proofs."
    )
    parser.add_argument("--libraries", action="store_true", help="check Coq's and MathComp's libraries too (minutes)")
    libraries = parser.parse_args(arguments).libraries
    started = time.monotonic()
    try:
        found = checked(list(shipped()), shipped(), prover(), libraries=libraries)
    except (MissingProverError, UnprovedError, TimeLimitError) as error:
        print(error, file=sys.stderr)
        return 1
    wrong = found.unexpected(libraries=libraries)
    for each in wrong:
        print(f"coqchk finds what must not be there: {each}", file=sys.stderr)
    if not wrong:
        classical = [each.rpartition(".")[2] for each in CLASSICAL if each in found.axioms]
        beside = "and the libraries below them" if libraries else "with the libraries taken as installed"
        print(f"coqchk accepts {len(shipped())} files, {beside}: no axiom of ours ({time.monotonic() - started:.0f} s)")
        print(f"in memory, of MathComp-Analysis: {', '.join(classical) or 'none'}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
