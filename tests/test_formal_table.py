"""``formal``: the table of what Coq's kernel checks."""

import json
import re

import pytest

from claims.command_line import main, proofs
from claims.command_line.program import run
from claims.formal import building
from claims.formal.coq import Coq, MissingProverError
from claims.formal.sources import shipped
from claims.formal.statements import stated

NOWHERE = Coq("/nonexistent", "8.16.1", "0")


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A cache in which each file took two seconds, of a prover that does nothing."""
    monkeypatch.setenv("DLC_FORMAL_CACHE", str(tmp_path))
    monkeypatch.setattr(proofs, "prover", lambda: NOWHERE)
    for file in shipped():
        place = building.place_of(file, building.digests(file, shipped(), "0")[file])
        place.mkdir()
        (place / building.TOOK).write_text("2.0")


def lines(capsys, *arguments):
    assert run(["formal", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_every_statement_is_a_row(built, capsys):
    """With its claim, file and axioms; the last line counts."""
    shown = lines(capsys)
    assert shown[0].split() == ["uid", "theorem", "axioms", "file", "built", "in"]
    rows = [line.split() for line in shown[1 : 1 + len(stated())]]
    assert sorted((row[1], row[-3]) for row in rows) == sorted((each.question.theorem, each.file) for each in stated())
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert {" ".join([*row[2:-3], *row[-2:]]) for row in rows} == {"none 2.0 s", "3 classical 2.0 s"}
    counted = re.match(
        r"(\d+) theorems of (\d+) claims, in (\d+) files with \d+ lines, built in (\d+) s; the", shown[-1]
    )
    theorems = {(each.file, each.question.theorem) for each in stated()}
    claims = {each.claim for each in stated()}
    assert [int(number) for number in counted.groups()] == [len(theorems), len(claims), FILES, 2 * FILES]


FILES = len({name for each in stated() for name in building.digests(each.file, shipped(), "")})
"""Those that some statement rests on."""


def test_some_claims_are_chosen(built, capsys):
    """By uid; one without a proof has none, and a counterexample is no claim."""
    shown = lines(capsys, "dl-4", "DL-021")
    assert {line.split()[0] for line in shown[1:-2]} == {"DL-004", "DL-021"}
    assert lines(capsys, "DL-017") == ["no formal proofs"]
    assert run(["formal", "DLX-001"]) == 2
    assert "DLX-001 is a counterexample; expected the uid of a claim" in capsys.readouterr().err
    assert run(["formal", "DL-999"]) == 2


def test_for_a_program(built, capsys):
    """Statements whole, each at the line of its theorem."""
    found = json.loads("\n".join(lines(capsys, "DL-004", "--json")))["theorems"]
    first = next(each for each in found if each["theorem"] == "theorem_one")
    text = shipped()[first["file"].rpartition("/")[2]].splitlines()
    assert text[first["line"] - 1].startswith("Theorem theorem_one ")
    assert first["statement"].startswith("forall (R : rcfType)")
    assert (first["axioms"], first["seconds"], first["claim"]) == ([], 2.0, "DL-004")
    assert first["check"].endswith("linear_rate/kernel_checked.py::test_theorem_one")


def test_without_a_prover_it_says_so(capsys, monkeypatch):
    """And lists them all the same."""

    def none():
        raise MissingProverError("Coq is not installed")

    monkeypatch.setattr(proofs, "prover", none)
    shown = lines(capsys, "DL-002")
    assert shown[-1].startswith("not checked here: Coq is not installed; to install it: ")
    assert all(line.endswith(" -") for line in shown[1:4])


@pytest.mark.parametrize("width", [70, 80, 120])
def test_it_fits_a_terminal(built, capsys, monkeypatch, width):
    """Where it is narrow, without times and files; every row has a line."""
    monkeypatch.setattr(proofs, "columns", lambda: width)
    shown = lines(capsys)
    assert max(map(len, shown)) <= width
    assert sum(line.startswith("DL-") for line in shown) == len(stated())


def test_it_is_a_command(capsys):
    """Of the program, whose help names it."""
    assert main(["formal", "--help"]) == 0
    assert "DL-004 DL-021" in capsys.readouterr().out
