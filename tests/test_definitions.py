"""Claims that are not well formed are refused at collection, in a sentence: not green, and no INTERNALERROR."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import claims
from claims.suite import Claim, Fate, Status, ablates
from claims.suite.claim import DefinitionError
from claims.suite.sources import DLC

ROOT = Path(claims.__file__).parent
OPENING = "claims/convergence/whitening.py"

BROKEN = {
    "a status in words": (
        ("status=Status.THEOREM", 'status="theorem"'),
        "status of DL-001 is 'theorem'; expected one of Status.THEOREM, Status.REFUTED, Status.OPEN",
    ),
    "a fate in words": (
        ("Fate.REFUTED", '"refuted"'),
        "fate is 'refuted'; expected one of Fate.REFUTED, Fate.RATE, Fate.TRUE",
    ),
    "a hypothesis that there is not": (
        ('"DL-001", "full rank"', '"DL-001", "ful rank"'),
        "ablates the hypothesis 'ful rank' of DL-001; expected one of 'white inputs', 'full rank'",
    ),
    "a theorem that there is not": (
        ('"DL-001", "full rank"', '"DL-999", "full rank"'),
        "ablates DL-999; expected the uid of a claim that there is",
    ),
    "a uid that another has": (('uid="DL-001"', 'uid="DL-002"'), "DL-002 is the uid of "),
    "no control": (("\n@control\n", "\n@exact\n"), "has no control; expected a check of a variant that is false"),
    "no kind": (("\n@control\n", "\n"), "is marked with no kind of evidence; expected exactly one of formal, symbolic"),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A copy of the claims, to be broken."""
    directory = tmp_path_factory.mktemp("book")
    shutil.copytree(ROOT, directory / "claims", ignore=shutil.ignore_patterns("__pycache__"))
    return directory


def run(book, *arguments):
    """``python`` with the copy in place of the claims."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    variables |= {"PYTHONPATH": os.pathsep.join([str(book), *sys.path[1:]]), "NO_COLOR": "1"}
    command = [sys.executable, "-P", "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=book, env=variables, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def broken(book, request):
    """The copy with one claim changed, and what is to be said of it."""
    (old, new), sentence = BROKEN[request.param]
    text = (ROOT.parent / OPENING).read_text("utf-8")
    assert old in text
    (book / OPENING).write_text(text.replace(old, new), "utf-8")
    yield book, sentence
    (book / OPENING).write_text(text, "utf-8")


@pytest.mark.parametrize("broken", BROKEN, indirect=True)
@pytest.mark.parametrize("processes", [(), ("-n2",)], ids=["one process", "two"])
def test_it_is_refused_in_a_sentence(broken, processes):
    """Whether or not pytest-xdist collects."""
    book, sentence = broken
    result = run(book, "pytest", "-q", "-p", "no:cacheprovider", "--co" if not processes else "-q", *processes, OPENING)
    said = result.stdout + result.stderr
    assert result.returncode in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERRUPTED, pytest.ExitCode.TESTS_FAILED)
    assert sentence in said
    assert "INTERNALERROR" not in said
    assert "Traceback" not in said
    assert "passed" not in said


@pytest.mark.parametrize("broken", ["a uid that another has"], indirect=True)
def test_two_claims_of_one_uid_break_no_command_with_a_traceback(broken):
    """``list`` says which two."""
    book, sentence = broken
    result = run(book, "claims", "list")
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("broken", ["a status in words"], indirect=True)
def test_check_takes_a_claim_that_cannot_be_collected_for_one_that_is_not_verified(broken):
    """Exit code 1, not that of Ctrl-C."""
    book, sentence = broken
    result = run(book, "claims", "check", "DL-001")
    assert result.returncode == 1, result.stderr
    assert sentence in result.stdout


GOOD = {"uid": "DL-001", "title": "t", "statement": "s", "sources": (DLC,), "items": ("1",), "status": Status.OPEN}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": "open"}, "status of DL-001 is 'open'; expected one of Status"),
        ({"hypotheses": "margin"}, "hypotheses of DL-001 is 'margin'; expected a tuple of str"),
        ({"sources": ("DLC",)}, "sources of DL-001 is .*; expected a tuple of Source"),
        ({"items": ["1"]}, "items of DL-001 is .*; expected a tuple of str"),
        ({"uses": "DL-002"}, "uses of DL-001"),
    ],
)
def test_fields_of_another_type_are_refused(changes, sentence):
    """A text where a tuple belongs is a tuple of letters to whoever reads it."""
    Claim(**GOOD)
    with pytest.raises(DefinitionError, match=sentence):
        Claim(**(GOOD | changes))


def test_a_fate_is_a_fate():
    """Not its word."""
    ablates("DL-001", "margin", "dropped", Fate.OPEN)
    with pytest.raises(ValueError, match=r"fate is 'open'; expected one of Fate\.REFUTED, Fate\.RATE, Fate\."):
        ablates("DL-001", "margin", "dropped", "open")
