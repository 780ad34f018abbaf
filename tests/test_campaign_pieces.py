"""Pieces of campaigns: one decides the same each time, whatever becomes of it is a record, a failure comes again."""

import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace

import numpy as np
import planted
import pytest
from flint import arb, fmpq
from hypothesis.errors import StopTest, UnsatisfiedAssumption

from claims.campaigns.observing import Observer, quantity, ratio_of
from claims.campaigns.places import here
from claims.campaigns.records import Fate, Piece, Ratio
from claims.campaigns.running import collect, end_servers, run
from claims.campaigns.states import LENGTH, state_of
from claims.command_line.claim_files import claim_files
from claims.command_line.pieces import files_hash
from claims.command_line.records import place
from solvers.arithmetic import Comparison, compare, decide, settle, verdict
from solvers.network import Problem, frobenius_squared

DRIFT = "claims/balance/balancedness/laws.py::test_drift_is_bounded_by_the_squared_gradients"


@pytest.fixture(scope="module", autouse=True)
def _no_servers_left():
    yield
    end_servers()


def piece(seed, examples=50):
    return Piece("DL-002", DRIFT, seed, examples)


def seen(record):
    """All that depends on the examples."""
    return record.fate, record.decided, record.verdicts, record.ratios


def test_the_same_piece_decides_the_same_and_another_seed_does_not():
    """After other pieces of the same server, and by another server."""
    files = here().files
    first, other, again = (run(piece(seed), files) for seed in (1, 2, 1))
    end_servers()
    assert first.fate is Fate.PASSED, first.reason
    assert first.decided == sum(first.verdicts.values()) == 50
    assert seen(first) == seen(again) == seen(run(piece(1), files))
    assert seen(first) != seen(other)
    (ratio,) = first.ratios
    assert ratio.quantity == "squared drift of B_j after n steps"
    assert 0 < ratio.observed <= ratio.guaranteed


def test_pieces_run_in_threads_at_the_same_time():
    """As those of a Dask worker do."""
    files = here().files
    alone = [run(piece(seed), files) for seed in (4, 5)]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(lambda seed: run(piece(seed), files), (4, 5, 4, 5)))
    assert list(map(seen, together)) == [*map(seen, alone)] * 2


def test_a_record_says_where_it_is_from():
    record = run(piece(3, 5), here().files)
    assert record.place == here()
    assert record.place.files == files_hash()
    assert {"numpy", "hypothesis", "python-flint"} <= set(record.place.tools)
    assert record.seconds > 0


def test_other_files_are_refused_and_count_nothing():
    record = run(piece(1, 5), "0" * 64)
    assert (record.fate, record.decided) == (Fate.BROKEN, 0)
    assert "expected 000000000000" in record.reason
    assert record.place.files == here().files


def test_the_checks_that_draw_are_collected():
    """With how many times fewer examples they draw, and none that draws nothing."""
    found = {each["name"]: each for each in collect([place(claim_files()[uid]) for uid in ("DL-002", "DL-020")])}
    assert found[DRIFT] == {"uid": "DL-002", "name": DRIFT, "fewer": 1}
    assert {each["uid"] for each in found.values()} == {"DL-002", "DL-020"}
    assert not [name for name in found if "symbolic" in name or "kernel_checked" in name]
    descent = collect([place(claim_files()["DL-071"])])
    assert {each["fewer"] for each in descent} == {1, 5, 8}


# Planted checks.


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return planted.plant(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def records(directory):
    """By name; one server ran them all, each after those that died."""
    asked = [(name, 1, 40) for name in planted.NAMES if name != "test_never_ends"]
    found = planted.ran(directory, ("test_never_ends", 1, 40, 3.0), ("test_false", 1, 500), *asked)
    return {record["piece"]["check"].partition("::")[2]: record for record in reversed(found)}


def test_a_check_that_passes(records):
    record = records["test_true"]
    assert (record["fate"], record["decided"]) == ("passed", 40)
    assert record["verdicts"] == {"exact rationals and balls": 120}
    ratios = {each["quantity"]: each for each in record["ratios"]}
    assert set(ratios) == {"x_j at step n, for n", "the other side"}
    for each in ratios.values():  # the worst is told with what was drawn
        number = json.loads(each["state"])["number"]
        assert each["observed"] / each["guaranteed"] in (number / 1000, 1 / number)


def test_a_control_has_verdicts_and_no_ratios(records):
    assert records["test_control"]["verdicts"] == {"exact rationals and balls": 40}
    assert records["test_control"]["ratios"] == []


@pytest.mark.parametrize(
    ("name", "decided"),
    [("test_fewer", 8), ("test_two_instances", 2), ("test_assumes", 40), ("test_explicit", 40)],
)
def test_what_is_decided_is_what_was_drawn_and_passed(records, name, decided):
    """A fifth of the examples; no more than there are; none that does not meet an assumption; none that is explicit."""
    assert (records[name]["fate"], records[name]["decided"]) == ("passed", decided)


def test_the_time_of_programs_that_a_check_starts_is_counted(records):
    """Half a second each; a prover's is."""
    record = records["test_starts_programs"]
    assert (record["fate"], record["decided"]) == ("passed", 2)
    assert record["seconds"] >= 1.0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("test_leaves", "exit code 3"),
        ("test_is_killed", "the signal SIGKILL"),
        ("test_never_ends", "longer than 3 s"),
        ("test_takes_all_memory", "MemoryError"),
        ("test_has_no_instance", "Unsatisfiable"),
        ("test_is_skipped", "not here"),
        ("test_unknown", "ran no check of this name"),
    ],
)
def test_what_cannot_be_run_is_broken_with_its_reason(records, name, reason):
    record = records[name]
    assert (record["fate"], record["decided"], record["failures"]) == ("broken", 0, [])
    assert reason in record["reason"]


def test_a_failure_is_shrunk_and_its_line_shows_it_again(directory, records, tmp_path):
    """In a pytest of its own, started anywhere."""
    record = records["test_false"]
    assert record["fate"] == "failed"
    (failure,) = record["failures"]
    assert failure["told"]["said"] == "it is not"
    assert "number=950000" in failure["told"]["instance"]
    assert 0 < record["decided"] < 500
    python, *line = shlex.split(failure["reproduce"])
    assert python == "python"
    again = planted.python(directory, *line, cwd=tmp_path)
    assert again.returncode == 1, again.stderr
    assert "number=950000" in again.stdout
    passed = planted.python(directory, *line[:-1], "--hypothesis-seed=3", "-q", cwd=tmp_path)
    assert ("number=950000" in passed.stdout) == (passed.returncode == 1)


def test_pytest_draws_what_a_piece_draws(directory, records, tmp_path):
    """The modules from which Hypothesis takes constants are the same in both."""
    (failure,) = records["test_modules"]["failures"]
    again = planted.python(directory, *shlex.split(failure["reproduce"])[1:], cwd=tmp_path)
    assert len(failure["told"]["said"].split()) > 50
    assert f"AssertionError: {failure['told']['said']}\n" in again.stdout


# What is observed.


def test_every_verdict_is_told_once():
    """Of those that were given, not of those on the way to one."""
    told = []
    verdict.OBSERVERS.append(told.append)
    try:
        problem = Problem((np.ones((1, 1)),), np.ones((1, 1)), 0.5)
        given = [
            compare(Comparison(fmpq(1), "<=", fmpq(2), "compared")),
            settle(lambda: Comparison(arb(2).sqrt() ** 2, "<", fmpq(2) + fmpq(1, 2**100), "settled with 256 bits")),
            decide(lambda posed: Comparison(frobenius_squared(posed.weights[0]), "<", fmpq(2), "by floats"), problem),
        ]
    finally:
        verdict.OBSERVERS.remove(told.append)
    assert told == given
    assert [each.arithmetic for each in told[1:]] == [
        "rationals with balls of 256 bits",
        "float64 with a rounding bound",
    ]
    assert not verdict.OBSERVERS


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("|W_3|_2^2 at step 17", "|W_j|_2^2 at step n"),
        ("squared distance of Gram matrix and power, k = 2", "squared distance of Gram matrix and power, k = n"),
        ("E ||W||^4 at (1, 2, 2, 1)", "E ||W||^4 at (n)"),
        ("E ||W||^4 at (2, 3)", "E ||W||^4 at (n)"),
        ("the base of q = 277/100", "the base of q = n"),
        ("loss after 60 steps at .98 of the rate", "loss after n steps at n of the rate"),
        ("exp(-eta c^(2(N-1)/N) T) at T = 12", "exp(-eta c^(2(N-1)/N) T) at T = n"),
        ("2.5 (c) for 3 layers", "2.5 (c) for n layers"),
        ("s_3^2 of W against the 2N-th power of a layer's", "s_j^2 of W against the 2N-th power of a layer's"),
        ("margin -1e-5", "margin n"),
    ],
)
def test_a_quantity_is_a_sentence_without_its_numbers(sentence, told):
    assert quantity(sentence) == told


@pytest.mark.parametrize(
    ("left", "relation", "right", "ratio"),
    [
        (1, "<=", 4, (1, 4)),
        (1, "<", 4, (1, 4)),
        (4, ">=", 1, (1, 4)),
        (4, ">", 1, (1, 4)),
        (4, "==", 4, None),
        (0, "<=", 4, None),
        (-1, "<=", 4, None),
        (4, "<=", 1, None),
        (1, "<=", 2**63, None),
    ],
)
def test_a_ratio_is_what_is_below_over_what_it_is_below_of(left, relation, right, ratio):
    """Of inequalities that hold between positive numbers; nothing else has one."""
    found = ratio_of(compare(Comparison(fmpq(left), relation, fmpq(right), "a sentence")))
    assert (found and (found.observed, found.guaranteed)) == ratio


def test_a_state_is_json_of_exact_numbers():
    drawn = {
        "problem": Problem((np.array([[0.1, 2.0]]),), np.array([[fmpq(1, 3), fmpq(2)]], dtype=object), fmpq(1, 4)),
        "kind": Fate.PASSED,
        "layers": (1, None, True, "x"),
    }
    assert json.loads(state_of(drawn)) == {
        "problem": {
            "weights": [[[0.1, 2.0]]],
            "target": [["1/3", "2"]],
            "learning_rate": "1/4",
            "covariance": None,
            "mask": None,
        },
        "kind": "PASSED",
        "layers": [1, None, True, "x"],
    }


@pytest.mark.parametrize("drawn", [object(), float("nan"), float("inf"), arb(2).sqrt(), "x" * LENGTH, {"a": [print]}])
def test_what_is_no_state_is_not_told(drawn):
    assert state_of({"drawn": drawn}) == ""
    assert state_of({"drawn": 1.5}) == '{"drawn":1.5}'


@pytest.mark.parametrize("error", [AssertionError, pytest.fail.Exception, SystemExit])
def test_what_passes_while_hypothesis_shrinks_is_not_counted(error):
    """However it failed. Nor is an example that does not meet an assumption, or is too large; that does not end the
    counting."""

    def check(number):
        if number == 0:
            raise StopTest(1)
        if number == 1:
            raise UnsatisfiedAssumption
        if not compare(Comparison(fmpq(number), "<", fmpq(10), "number")).holds:
            raise error

    handle = SimpleNamespace(inner_test=check)
    observer = Observer(tight=True)
    with observer.watching(handle):
        for number in (2, 1, 0, 3, 11, 4):
            with suppress(error, UnsatisfiedAssumption, StopTest):
                handle.inner_test(number=number)
    assert handle.inner_test is check
    assert (observer.decided, sum(observer.verdicts.values())) == (2, 2)
    assert observer.ratios["number"] == Ratio("number", 3.0, 10.0, '{"number":3}')
