"""The ablation matrix and the table of constants: every listed hypothesis is decided, and only passed checks count."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import claims
from claims.book import module_name
from claims.command_line.claim_files import checks, claim_files
from claims.command_line.counterexample_files import counterexample_files
from claims.suite import Fate, ablates, running
from claims.suite.evidence import Evidence

SCHEMA = json.loads((Path(claims.__file__).parent / "suite" / "evidence.schema.json").read_text(encoding="utf-8"))
CELL = {"theorem": "DL-004", "hypothesis": "margin", "change": "dropped", "fate": "refuted"}
ENTRY = {"quantity": "descent", "observed": 3.0, "guaranteed": 4.0, "how": "by hand"}


def claim(**changes):
    """A claim in JSON's types."""
    plain = {
        "uid": "DL-004",
        "title": "t",
        "statement": "s",
        "sources": [{"key": "K", "authors": "a", "title": "t", "venue": "v", "identifier": "i", "place": ""}],
        "items": [],
        "hypotheses": ["margin", "balance"],
        "uses": [],
        "status": "theorem",
        "module": "claims.convergence.x",
    }
    return plain | changes


def evidence(*, failed=False, cells=(CELL,), entries=(ENTRY,)):
    """One check that ran, and what it said."""
    found = Evidence()
    found.add(claim(), "control", failed=failed, examples=0, seconds=0.0, ablations=cells, tightness=entries)
    return found


def marks():
    """(theorem, hypothesis, change, fate) of every mark in all evidence there is, and the claims by uid."""
    modules = [importlib.import_module(module_name(path)) for path in running.CLAIM_OF]
    openings = [importlib.import_module(module_name(path)) for path in running.OPENINGS]
    found = [
        mark.args
        for module in modules
        for item in vars(module).values()
        for mark in getattr(item, "pytestmark", [])
        if mark.name == "ablates"
    ]
    return found, {module.CLAIM.uid: module.CLAIM for module in openings}


def test_every_listed_hypothesis_has_been_dropped():
    """No empty cell: each hypothesis that a claim lists is decided somewhere, and each mark names a listed one."""
    found, known = marks()
    listed = {(uid, hypothesis) for uid, entry in known.items() for hypothesis in entry.hypotheses}
    assert {(theorem, hypothesis) for theorem, hypothesis, change, _ in found if change == "dropped"} == listed
    assert {(theorem, hypothesis) for theorem, hypothesis, _, _ in found} == listed
    assert len(listed) >= 9


def cells():
    """(theorem, hypothesis, change) and fate of every mark, rows of parameters included, and of every counterexample
    with a hypothesis."""
    for entry in claim_files().values():
        for check in checks(entry.path):
            yield from ((cell.theorem, cell.hypothesis, cell.change, cell.fate) for cell in check.ablations)
    for entry in counterexample_files().values():
        if entry.hypothesis:
            yield (entry.claim, entry.hypothesis, entry.content["refutes"]["change"], entry.fate)


def test_a_change_has_one_fate():
    """The same change of the same hypothesis is not refuted here and true there."""
    fates = {}
    for *cell, fate in cells():
        assert fates.setdefault(tuple(cell), fate) == fate
    assert len(fates) > 200


def test_what_is_still_true_rests_on_a_proof():
    """A symbolic or a formal check decides it, for every instance; drawn ones may stand beside it."""
    proved, said = set(), set()
    for entry in claim_files().values():
        for check in checks(entry.path):
            true = {cell for cell in check.ablations if cell.fate == Fate.TRUE.value}
            said |= true
            proved |= true if check.kind in ("symbolic", "formal") else set()
    assert said == proved != set()


def test_a_step_that_misses_a_rate_does_not_refute_convergence():
    """Finite certificates look at finitely many steps: theirs are the cells whose theorem may converge still."""
    finite = {entry.uid for entry in counterexample_files().values() if entry.hypothesis and entry.kind == "finite"}
    assert finite == {"DLX-021", "DLX-022"}
    for entry in counterexample_files().values():
        assert Fate(entry.fate) is (Fate.RATE if entry.kind == "finite" else Fate.REFUTED)
    missed = {tuple(cell) for *cell, fate in cells() if fate == Fate.RATE.value}
    assert ("DL-004", "learning rate", "x 10000") in missed
    assert ("DL-004", "balance", "x 3073 at depth 2") in missed
    assert not {cell for cell in missed if cell[0] in ("DL-004", "DL-013", "DL-072") and cell[2] == "dropped"}


def test_the_matrix_names_where_a_cell_is_decided_and_shows_what_is_empty():
    """A hypothesis of a theorem that ran, of which nothing was said, has a row too."""
    header, empty, decided = evidence().ablation_matrix()
    assert header.split() == ["theorem", "hypothesis", "change", "then", "decided", "in"]
    assert empty.split() == ["DL-004", "balance", "dropped", "-", "nothing", "that", "ran"]
    assert decided.split() == ["DL-004", "margin", "dropped", "refuted", "DL-004"]


def test_a_failed_check_says_nothing():
    """Neither a cell nor a constant."""
    found = evidence(failed=True)
    assert found.ablations == found.tightness == []
    assert found.tightness_table() == []
    assert all("nothing that ran" in line for line in found.ablation_matrix()[1:])


def test_constants_are_shown_as_ratios():
    """Observed over guaranteed, and how it was searched."""
    _, line = evidence().tightness_table()
    assert line.split() == ["DL-004", "descent", "0.75", "by", "hand"]


def test_the_json_holds_both_and_meets_the_schema():
    """With the claim that each stands in."""
    written = evidence().as_json(exit_status=0)
    Draft202012Validator(SCHEMA).validate(written)
    assert written["ablations"] == [CELL | {"claim": "DL-004"}]
    assert written["tightness"] == [{"claim": "DL-004"} | ENTRY]
    for part, key in (("ablations", "fate"), ("tightness", "observed")):
        broken = json.loads(json.dumps(written))
        broken[part][0][key] = "unknown"
        assert not Draft202012Validator(SCHEMA).is_valid(broken)


@pytest.mark.parametrize(
    "arguments", [("DL-4", "margin", "dropped"), ("DL-004", "", "dropped"), ("DL-004", "margin", "")]
)
def test_bad_marks_are_refused(arguments):
    """By the argument's name."""
    with pytest.raises(ValueError, match="expected"):
        ablates(*arguments, Fate.OPEN)


TIGHT = """
import pytest
from claims.suite import control

def test_entries(tightness):
    tightness("a", 1, 2.0, "by hand")
    for observed, guaranteed in ((0.0, 1.0), (1.0, -1.0), (float("nan"), 1.0), (1.0, float("inf"))):
        with pytest.raises(ValueError, match="expected numbers > 0"):
            tightness("b", observed, guaranteed, "by hand")
"""


def test_the_fixture_takes_positive_numbers(tmp_path):
    """In a process of its own, in a directory that is no claim."""
    (tmp_path / "test_tight.py").write_text(TIGHT, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "claims.suite.running",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
