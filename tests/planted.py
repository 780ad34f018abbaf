"""A copy of the three packages in which checks of DL-002 are planted that fail, die, or run out of instances."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from claims.campaigns.places import ROOT
from claims.command_line.pieces import ROOMS

MODULE = "claims/balance/balancedness/planted.py"

CHECKS = '''
"""Planted."""

import os
import signal
import time

import pytest
from flint import fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.profiles import fewer
from solvers.arithmetic import Comparison, compare


@exact
@given(st.integers(0, 10**6))
def test_false(number: int) -> None:
    """By a few in a thousand."""
    assert number < 950_000, "it is not"


@exact
@given(st.integers(1, 1000))
def test_true(number: int) -> None:
    assert compare(Comparison(fmpq(number), "<=", fmpq(1000), f"x_{number} at step {number}, for {number}, 7")).holds
    assert compare(Comparison(fmpq(number), ">=", fmpq(1), "the other side")).holds
    assert compare(Comparison(fmpq(number), "==", fmpq(number), "itself")).holds


@control
@given(st.integers(1, 1000))
def test_control(number: int) -> None:
    assert compare(Comparison(fmpq(number), "<=", fmpq(1000), "what is false")).holds


@sampled
@fewer(5)
@given(st.integers(0, 10**6))
def test_fewer(number: int) -> None:
    assert number >= 0


@exact
@given(st.booleans())
def test_two_instances(which: bool) -> None:
    assert which in (True, False)


@exact
@given(st.integers(0, 10**6))
def test_assumes(number: int) -> None:
    assume(number % 2)
    assert number % 2


@exact
@given(st.integers(0, 10**6))
def test_leaves(number: int) -> None:
    if number > 1000:
        os._exit(3)


@exact
@given(st.integers(0, 10**6))
def test_is_killed(number: int) -> None:
    if number > 1000:
        os.kill(os.getpid(), signal.SIGKILL)


@exact
@given(st.integers(0, 10**6))
def test_never_ends(number: int) -> None:
    time.sleep(1000)


@exact
@given(st.integers(0, 10**6))
def test_takes_all_memory(number: int) -> None:
    raise MemoryError


@exact
@given(st.nothing())
def test_has_no_instance(number: int) -> None:
    raise AssertionError


@exact
@example(10**6 + 1)
@given(st.integers(0, 10**6))
def test_explicit(number: int) -> None:
    assert number <= 10**6 + 1


@exact
@given(st.integers(0, 10**6))
def test_is_skipped(number: int) -> None:
    pytest.skip("not here")


@exact
@given(st.booleans())
def test_starts_programs(which: bool) -> None:
    import subprocess
    import sys

    program = "import time; end = time.process_time() + 0.5\\nwhile time.process_time() < end: pass"
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


@exact
@given(st.integers(0, 10**6))
def test_modules(number: int) -> None:
    import sys

    names = (name for name in sys.modules if name.partition(".")[0] in ("claims", "solvers", "strategies"))
    raise AssertionError(" ".join(sorted(names)))


@witness
def test_draws_nothing() -> None:
    pass
'''

NAMES = [*re.findall(r"^def (test_\w+)", CHECKS, re.MULTILINE), "test_unknown"]

RUN = """\
import json, sys
from dataclasses import asdict
from claims.campaigns.places import here
from claims.campaigns.records import Piece
from claims.campaigns.running import run
for name, seed, examples, limit in json.loads(sys.argv[1]):
    piece = Piece("DL-002", f"claims/balance/balancedness/planted.py::{name}", seed, examples)
    record = run(piece, here().files, limit)
    print(json.dumps(asdict(record) | {"fate": record.fate.value}))
"""


def plant(directory: Path, names: Collection[str] = ()) -> Path:
    """The directory above the copied packages; with ``names`` these checks alone are planted."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, directory / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", directory)
    head, *checks = re.split(r"\n\n\n(?=@)", CHECKS)
    planted = [check for check in checks if not names or re.search(r"def (\w+)", check)[1] in names]
    (directory / MODULE).write_text("\n\n\n".join([head, *planted]), encoding="utf-8")
    return directory


def python(directory: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Python with the planted packages."""
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=cwd or directory,
        env=os.environ | {"PYTHONPATH": str(directory), "NO_COLOR": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def ran(directory: Path, *pieces: tuple[str, int, int] | tuple[str, int, int, float]) -> list[dict]:
    """The records of pieces, each a planted check, a seed, a number of examples and perhaps a limit of time, run one
    after another by one server."""
    asked = [[*piece, 1800.0][:4] for piece in pieces]
    found = python(directory, "-c", RUN, json.dumps(asked))
    assert found.returncode == 0, found.stderr
    return [json.loads(line) for line in found.stdout.splitlines()]
