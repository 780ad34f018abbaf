"""The prover: which Coq and MathComp are here, and how ``coqc`` is run.

Supported are Coq 8.16 with MathComp 1 (made with 1.15), its algebra-tactics and its analysis. MathComp 2 renames
lemmas, so a proof made for 1 does not pass there, true as its statement is.

``python -m claims.formal.coq`` tells whether one is here, and ends with 1 where none is; it needs Python alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.formal.store import folder

SUPPORTED = "8.16"
SECONDS = 300
"""The most that one run of coqc may take."""

PARTS = {
    "mathcomp/algebra/all_algebra.vo": "libcoq-mathcomp-algebra",
    "mathcomp/algebra_tactics/ring.vo": "libcoq-mathcomp-algebra-tactics",
    "mathcomp/analysis/trigo.vo": "libcoq-mathcomp-analysis",
}
"""What must be installed, by a file of each, and the packages of Debian 12 that bring them."""

INSTALL = f"apt-get install --no-install-recommends coq {' '.join(PARTS.values())}"
"""On Debian 12."""

ELSEWHERE = (
    "opam install coq.8.16.1 coq-mathcomp-algebra.1.15.0 coq-mathcomp-algebra-tactics.1.0.0 coq-mathcomp-analysis.0.6.0"
)
"""With opam, which has the repository https://coq.inria.fr/opam/released."""

HOW = f"to install it: {INSTALL} (Debian 12), or {ELSEWHERE} (opam)"

MATHCOMP_ONE = "From mathcomp Require Import all_ssreflect all_algebra.\nCheck GRing.ComRing.class_of.\n"
"""MathComp 2 has no such record."""


DEMAND = "DLC_FORMAL"
"""The environment variable that says whether there must be a prover: it is ``required``, or ``elsewhere``. Without it
there must be one where CI is set, so that no proof is left out where nobody reads the report."""


class MissingProverError(Exception):
    """No prover that could check the proofs, and ``why``; says which one would."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}; {HOW}")
        self.why = why


class TimeLimitError(Exception):
    """coqc took longer than it may."""


@dataclass(frozen=True)
class Coq:
    """A prover: the path of its compiler, its version, and a digest of the version and of the libraries."""

    compiler: str
    version: str
    digest: str

    def run(self, file: Path, folders: Sequence[Path], seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
        """Compile a file where it stands, with folders that hold what is built of DLC. TimeLimitError after seconds."""
        mapped = [part for each in [*folders, file.parent] for part in ("-Q", str(each), "DLC")]
        command = [self.compiler, "-q", "-noglob", "-w", "-all", *mapped, file.name]
        try:
            return subprocess.run(
                command, cwd=file.parent, capture_output=True, text=True, encoding="utf-8", timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise TimeLimitError(f"coqc was stopped after {seconds:g} s on {file.name}") from None


def demanded() -> bool:
    """Whether a missing prover is a failure; it is none where the proofs are checked elsewhere."""
    return os.environ.get(DEMAND, "required" if os.environ.get("CI") else "elsewhere") != "elsewhere"


@cache
def prover() -> Coq:
    """The one on the PATH. MissingProverError where there is none, or none of a supported version."""
    compiler = shutil.which("coqc")
    if compiler is None:
        raise MissingProverError("Coq is not installed")
    version = _said(compiler, "--print-version").split()[0]
    if version != SUPPORTED and not version.startswith(f"{SUPPORTED}."):
        raise MissingProverError(f"Coq is version {version}; expected {SUPPORTED} with MathComp 1.15")
    libraries = Path(_said(compiler, "-where").strip()) / "user-contrib"
    if absent := [part for part in PARTS if not (libraries / part).is_file()]:
        raise MissingProverError(f"Coq {version} has no {', '.join(absent)} in {libraries}")
    digest = hashlib.sha256(version.encode())
    for part in PARTS:  # a compiled library holds the digests of all that it rests on
        digest.update((libraries / part).read_bytes())
    coq = Coq(compiler, version, digest.hexdigest())
    _require_mathcomp_one(coq)
    return coq


def _said(compiler: str, option: str) -> str:
    """Something, or MissingProverError."""
    try:
        run = subprocess.run([compiler, option], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingProverError(f"Coq does not answer: {error}") from None
    if not run.stdout.strip():
        raise MissingProverError(f"Coq does not answer: {compiler} {option} prints nothing")
    return run.stdout


def _require_mathcomp_one(coq: Coq) -> None:
    """Asked once for each set of libraries."""
    known = folder() / f"mathcomp-{coq.digest[:32]}"
    if known.exists():
        return
    scratch = folder() / f"mathcomp-{os.getpid()}"
    scratch.mkdir(exist_ok=True)
    try:
        (scratch / "version.v").write_text(MATHCOMP_ONE, encoding="utf-8")
        if coq.run(scratch / "version.v", []).returncode:
            raise MissingProverError(f"MathComp beside Coq {coq.version} is not version 1; expected 1.15")
    finally:
        shutil.rmtree(scratch)
    known.touch()


def main() -> int:
    """Say what is here."""
    try:
        coq = prover()
    except MissingProverError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Coq {coq.version} with MathComp 1, in {coq.compiler}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
