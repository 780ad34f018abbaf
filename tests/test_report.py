"""What a run prints at its end: the result last, failures at their claims, and of the rest a line each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.suite import DLC, Claim, Status
from claims.suite.evidence import Evidence
from claims.suite.report import summary, tables
from claims.suite.telling import LINES, lines_of, told

COUNTEREXAMPLE = {
    "title": "t",
    "claim": "DL-001",
    "hypothesis": "margin",
    "change": "x 2",
    "kind": "cycle",
    "sha256": "0",
}
CELL = {"theorem": "DL-001", "hypothesis": "margin", "change": "dropped", "fate": "refuted"}
KINDS = ("symbolic", "exact", "sampled", "control", "witness")


def claim(uid, status=Status.THEOREM, uses=()):
    """In JSON's types."""
    stated = Claim(uid, f"Title of {uid}", f"First line of {uid}.\n\nMore.", (DLC,), ("1",), status, uses=uses)
    return stated.as_json() | {"module": "claims.convergence.example"}


def evidence(*, failed=False):
    """Two claims, the second of which is open and uses the first; one check failed or none."""
    found = Evidence()
    failure = {
        "said": "a < b: 3 < 2 fails",
        "instance": "Falsifying example: t(\n    n=1,\n)",
        "again": "go",
        "blob": "",
    }
    for kind in KINDS:
        found.add(claim("DL-001"), kind, failed=False, examples=10, seconds=1, ablations=[CELL])
    found.add(claim("DL-001"), "exact", failed=failed, examples=1, seconds=1, failure=failure if failed else None)
    entries = [{"quantity": "q", "observed": 1.0, "guaranteed": 1.0, "how": "h"}]
    found.add(
        claim("DL-002", Status.OPEN, ("DL-001",)), "exact", failed=False, examples=5, seconds=1, tightness=entries
    )
    found.add_counterexample(COUNTEREXAMPLE | {"uid": "DLX-001"}, verified=True, seconds=1)
    found.add_counterexample(COUNTEREXAMPLE | {"uid": "DLX-002"}, verified=not failed, seconds=1)
    return found


def test_where_all_is_well_the_last_lines_are_the_result():
    """A line for each table, then how many claims on how many instances, counterexamples, and what is open."""
    assert summary(evidence(), "summary", "out.json", None) == [
        "ablation: 1 theorem with a hypothesis changed: 7 refuted",
        "tightness: 1 constant searched, 1 attained",
        "in full: --claims-report=all, or one of ablation, counterexamples, tightness",
        "written as JSON to out.json",
        "verified: 2 claims of 2, by 7 checks that decided 56 generated instances",
        "in part, without every kind of evidence: DL-002",
        "counterexamples: 2 of 2 verified",
        "open: DL-002 Title of DL-002",
    ]


NO_PROVER = "not checked here: no prover"


def test_what_could_not_be_checked_neither_passes_nor_fails():
    """It is no check that was made, fills no cell of a matrix, fails no claim, and a claim of nothing else is not
    verified; the line says what there was to check, and why not."""
    found = Evidence()
    for uid in ("DL-001", "DL-003"):
        for name in ("a", "b"):
            found.add(
                claim(uid),
                "formal",
                check=name,
                failed=False,
                not_checked=NO_PROVER,
                examples=0,
                seconds=0,
                ablations=[CELL],
            )
    found.add(claim("DL-001"), "exact", failed=False, examples=5, seconds=1)
    assert summary(found, "summary", None, None) == [
        "verified: 1 claim of 2, by 1 check that decided 5 generated instances",
        "in part, without every kind of evidence: DL-001",
        "neither passed nor failed: 4 formal proofs of DL-001, DL-003, not checked here: no prover",
    ]
    assert [row.evidence["formal"].cell() for row in found.rows] == ["not here", "not here"]
    assert not found.failures
    assert not found.ablations


def test_a_check_that_failed_once_failed_though_it_could_not_be_made_later():
    """Of one that ran several times."""
    found = Evidence()
    for failed in (True, False):
        reason = "" if failed else NO_PROVER
        found.add(claim("DL-001"), "formal", check="a", failed=failed, not_checked=reason, examples=0, seconds=0)
    assert found.rows[0].evidence["formal"].cell() == "1 (1 FAILED)"
    assert not found.not_checked


def test_a_formal_proof_is_not_missed():
    """A claim with the other five kinds is not verified in part."""
    found = Evidence()
    for kind in KINDS:
        found.add(claim("DL-001"), kind, failed=False, examples=10, seconds=1)
    assert summary(found, "all", None, None) == [
        "verified: 1 claim of 1, by 5 checks that decided 50 generated instances"
    ]


def test_a_failure_is_told_at_its_claim_and_what_rests_on_it():
    """Statement, numbers, smallest instance, the line that runs it again; nothing that rests on it is verified."""
    lines = summary(evidence(failed=True), "all", None, None)
    assert lines == [
        "FAILED DL-001 Title of DL-001 (exact): First line of DL-001.",
        "  a < b: 3 < 2 fails",
        "    Falsifying example: t(",
        "        n=1,",
        "    )",
        "  again: go",
        "verified: 0 claims of 2, by 0 checks that decided 0 generated instances",
        "FAILED: DL-001 Title of DL-001, 1 check; on it rest DL-002",
        "counterexamples: 1 of 2 verified",
        "NOT VERIFIED: DLX-002",
        "open: DL-002 Title of DL-002",
    ]


@pytest.mark.parametrize(
    ("report", "titles"),
    [
        ("summary", ["evidence"]),
        ("ablation", ["evidence", "ablation"]),
        ("counterexamples", ["evidence", "counterexamples"]),
        ("tightness", ["evidence", "tightness"]),
        ("all", ["evidence", "counterexamples", "ablation", "tightness"]),
    ],
)
def test_a_table_is_printed_where_it_is_asked_for_and_else_a_line(report, titles):
    """Never both."""
    assert [title.partition(":")[0] for title, _ in tables(evidence(), report, None)] == titles
    short = {line.partition(":")[0] for line in summary(evidence(), report, None, None)}
    assert not {"ablation", "tightness"} & short & set(titles)
    assert ("in full" in short) is (report != "all")
    if report == "summary":
        assert {"ablation", "tightness"} <= short


def test_the_last_lines_fit_a_terminal():
    """Those that are prose."""
    assert max(map(len, summary(evidence(), "summary", "a" * 30, 60))) <= 60


def failure(check):
    """What a check raises."""
    with pytest.raises(AssertionError) as raised:
        check()
    return raised.value


def test_what_is_told_is_the_comparison_and_the_smallest_instance():
    """Hypothesis's own words for the instance, and its line for another machine where the profile prints it."""

    @settings(database=None, print_blob=True, derandomize=True)
    @given(st.integers())
    def check(number):
        assert number < 7, f"a number: {number} < 7 fails"

    found = told(failure(check), "x.py::check")
    assert found["said"] == "a number: 7 < 7 fails"
    assert found["instance"].splitlines()[0].endswith(": check(")
    assert "number=7" in found["instance"]
    assert found["again"] == "python -m pytest x.py::check"
    assert found["blob"].startswith("@reproduce_failure(")
    assert found["blob"].endswith(")")
    assert list(lines_of(found))[-1] == f"  or on another machine with {found['blob']}"


def test_of_several_failures_the_first_is_told_and_of_a_long_instance_the_beginning():
    """A group has no words of its own."""
    inner = AssertionError("first\nmore")
    inner.add_note("Falsifying example: f(\n" + "x\n" * 100)
    found = told(ExceptionGroup("two", [ExceptionGroup("one", [inner]), ValueError("second")]), "x")
    assert found["said"] == "first"
    assert len(found["instance"].splitlines()) == LINES + 1
    assert found["instance"].endswith("...")
    assert told(AssertionError(), "x")["said"] == "AssertionError"


def test_a_check_that_ran_several_times_counts_once():
    """Failed if it ever did; the most examples; what it says counts if it never failed."""
    found = Evidence()
    for failed, examples in ((False, 5), (True, 2), (False, 7)):
        found.add(claim("DL-001"), "exact", check="a", failed=failed, examples=examples, seconds=1, ablations=[CELL])
    found.add(claim("DL-001"), "exact", check="b", failed=False, examples=1, seconds=1, ablations=[CELL])
    found.add(claim("DL-001"), "exact", check="b", failed=False, examples=1, seconds=1, ablations=[CELL])
    (row,) = found.rows
    tally = row.evidence["exact"]
    assert (tally.checks, tally.failed, tally.examples, tally.seconds) == (2, 1, 8, 5)
    assert len(found.ablations) == 1
