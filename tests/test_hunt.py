"""The hunter: known counterexamples are found again from a predicate alone, and nothing that is true is refuted."""

import json
import math
import os
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hunting import ONE, SMALL, hunted, inside

from claims.counterexamples import check
from claims.counterexamples.catalogue import catalogue, load
from claims.suite import hunt as command
from claims.suite.hunting import search
from claims.suite.hunting.conjecture import Fate, conjecture
from claims.suite.hunting.reading import ConjectureError
from claims.suite.hunting.spaces import SPACES
from solvers import Problem, loss

CHECK = Path(check.__file__)
SIZES = "abs(w[0, 0]) for w in weights[0]"
KNOWN = {
    "a large step raises the loss": ("DLX-026", "finite", ["loss[1] <= loss[0]", "--depth=1-2", *ONE]),
    "a step loses exact balance": (
        "DLX-027",
        "finite",
        ["imbalance[1] == 0", "--strategy=balanced", "--depth=2", "--max-width=2", "--examples=200"],
    ),
    "zero weights never move": ("DLX-006", "stationary", ["converges", "--strategy=zero", *ONE]),
    "margin alone": (
        "DLX-013",
        "finite",
        ["loss[1] <= loss[0]", "--given=learning_rate <= 1/64", "--strategy=margin", "--depth=2", *ONE],
    ),
    "a cycle": (
        "DLX-015",
        "cycle",
        [
            "converges",
            "--given=all(slope > 0 for slope in gradient_norm)",
            "--strategy=balanced-margin",
            "--depth=2",
            *ONE,
        ],
    ),
    "onto the saddle": (
        "DLX-019",
        "stationary",
        [
            "converges",
            "--given=gradient_norm[1] == 0 < gradient_norm[0]",
            "--strategy=balanced-margin",
            "--depth=2",
            *ONE,
        ],
    ),
    "a negative target from the identity": (
        "DLX-001",
        "cycle",
        ["converges", "--given=determinant(target) < 0", "--strategy=identity", "--depth=2", *ONE],
    ),
    "a bound that is false for odd depth": (
        "DLX-029",
        "finite",
        [
            f"max(abs(w[0, 0]) for w in weights[1]) <= learning_rate * max({SIZES}) ** (2 * depth - 1)",
            f"--given=min({SIZES}) >= 2",
            f"--given=learning_rate * min({SIZES}) ** (2 * depth - 1) >= 20 * max({SIZES})",
            "--given=target[0, 0] == 1",
            "--strategy=scalar",
            "--depth=3",
            *ONE,
        ],
    ),
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The hunt's process of its own has its tests in ``test_hunt_process.py``."""
    monkeypatch.setattr(command, "bounded", inside)


def numbers(widths):
    """How many numbers a network of these widths and its target have."""
    return sum(a * b for a, b in pairwise(widths)) + widths[0] * widths[-1]


@pytest.mark.parametrize("name", KNOWN)
def test_known_counterexamples_are_found_from_the_predicate_alone(name, capsys, tmp_path):
    """No larger than the one in the catalogue, decided exactly, and verified by the checker in a process of its own."""
    uid, kind, arguments = KNOWN[name]
    path = tmp_path / "found.json"
    code, report = hunted(capsys, *arguments, "--seed=1", f"--out={path}")
    assert (code, report["refuted"], report["not_verified"]) == (1, True, None)
    found = load(path)
    assert (found.uid, found.kind) == ("DLX-000", kind)
    assert numbers(found.widths) <= numbers(catalogue()[uid].widths)
    alone = [sys.executable, "-I", "-S", str(CHECK), str(path)]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:17]) == (0, "DLX-000 verified:")
    assert report["refuting"] >= 1
    assert report["until_found"] <= report["examples"]


def test_what_is_found_really_refutes(capsys, tmp_path):
    """The file's problem, small, run by the exact solvers without the hunter: the loss is higher after two steps."""
    path = tmp_path / "found.json"
    code, report = hunted(capsys, "loss[2] <= loss[0]", "--depth=1-2", "--seed=3", *ONE, f"--out={path}")
    assert (code, report["not_verified"], report["counterexample"]["certificate"]["steps"]) == (1, None, 2)
    problem = load(path).problem()
    after = problem.step().step()
    assert loss(after.weights, after.target) > loss(problem.weights, problem.target)
    assert search.size(problem) <= (3, 12, 1)


@pytest.mark.parametrize(
    ("predicate", "strategy"),
    [
        ("loss[0] >= 0 and sigma_min[0] ** 2 < norm(end_to_end[0]) ** 2 + 1", "problems"),
        ("loss[t + 1] <= loss[t]".join(("all(", " for t in range(steps))")), "theorem"),
        ("margin > 0 and loss[1] <= loss[0]", "theorem"),
        ("imbalance[0] == 0 and margin > 0", "balanced-margin"),
        ("margin > 0", "margin"),
        ("all(loss[t] == loss[0] for t in range(steps + 1)) or depth == 1", "zero"),
        ("loss[1] == (1 - learning_rate) ** 2 * loss[0] or depth > 1", "problems"),
        ("imbalance[1] == imbalance[0] or max(widths) > 1 or norm(end_to_end[0]) > 0", "identity"),
    ],
)
def test_what_is_true_is_not_refuted(predicate, strategy, capsys):
    """Theorems and identities on every space: exit code 0 and how many examples were tried, none of them undecided."""
    small = ["--examples=20", "--seed=2", "--max-width=2", "--steps=2"]
    code, report = hunted(capsys, predicate, f"--strategy={strategy}", *small)
    assert (code, report["refuted"], report["undecided"], report["refuting"]) == (0, False, 0, 0)
    assert report["examples"] >= 20


def test_a_false_alarm_of_floats_is_told_and_refutes_nothing(capsys):
    """x + 10^30 - 10^30 == x is true, and false in float64."""
    assert command.main(["loss[0] + 1e30 - 1e30 == loss[0]", "--examples=20", "--seed=0", *ONE]) == 0
    told = capsys.readouterr().out
    assert "not refuted" in told
    assert "float64 alone refutes it" in told
    assert "rounding" in told


def test_what_floats_miss_is_found(capsys):
    """loss[0] + 2^-60 > loss[0] + 2^-61 is what a float64 cannot tell; its negation is refuted all the same."""
    false = "loss[0] + 2 ** -60 <= loss[0] + 2 ** -61 or loss[0] == 0"
    code, report = hunted(capsys, false, "--examples=20", "--seed=0", *ONE)
    assert code == 1
    assert report["missed_by_floats"] == report["refuting"] > 0


def test_undecided_is_never_a_refutation(capsys):
    """sqrt(2) + sqrt(3) and sqrt(5 + 2 sqrt(6)) are equal, which no ball decides."""
    equal = "sqrt(2) + sqrt(3) == sqrt(5 + 2 * sqrt(6))"
    for predicate in (equal, f"not {equal}", "converges"):
        small = ["--strategy=identity", "--examples=3", "--seed=0", "--steps=0", "--given=target[0, 0] == 1/8", *ONE]
        code, report = hunted(capsys, predicate, *small)
        assert (code, report["refuting"]) == (0, 0)
    assert conjecture(equal, [], 0).decide(SMALL).fate is Fate.UNDECIDED


def test_hypotheses_and_earlier_alternatives_tell_what_is_vacuous(capsys):
    """``--given`` and what ``or`` excludes both count; where nothing met them it is said that nothing was tested."""
    for text, hypotheses in (
        ("learning_rate >= 4 or loss[0] >= 0", []),
        ("loss[0] >= 0", ["--given=learning_rate < 4"]),
    ):
        _, report = hunted(capsys, text, *hypotheses, "--examples=40", "--seed=5", *ONE)
        assert 0 < report["met_the_hypotheses"] < report["examples"]
    assert command.main(["loss[0] >= 0", "--given=depth == 7", "--examples=10", "--seed=0", *ONE]) == 0
    assert "nothing was tested" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_hunt(capsys):
    """Everything but the time."""
    reports = [hunted(capsys, "loss[1] <= loss[0]", "--seed=7", *ONE)[1] for _ in range(2)]
    for report in reports:
        del report["seconds"]
    assert reports[0] == reports[1]
    drawn = {hunted(capsys, "loss[0] >= 0", "--examples=1", *ONE)[1]["seed"] for _ in range(2)}
    assert len(drawn) == 2


def test_budgets(capsys):
    """Examples are counted, a stage's share rounded up; seconds end a hunt that would go on."""
    _, report = hunted(capsys, "loss[0] >= 0", "--examples=12", "--seed=0", "--max-width=3")
    assert 12 <= report["examples"] <= 15
    assert not report["out_of_time"]
    started = time.monotonic()
    assert command.main(["loss[0] >= 0", "--examples=1000000", "--seconds=0.5", "--seed=0", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["out_of_time"]
    assert 0 < report["examples"] < 10**5
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--depth=0"], ["--depth=3-2"], ["--depth=9"], ["--max-width=0"], ["--steps=-1"], ["--examples=0"]),
        *(["--seconds=0"], ["--seconds=nan"], ["--seed=-1"], ["--seed=x"], ["--strategy=nowhere"]),
    ],
)
def test_bad_options_are_refused(arguments, capsys):
    """By argparse, with exit code 2."""
    with pytest.raises(SystemExit) as left:
        command.main(["True", *arguments])
    assert left.value.code == 2
    assert arguments[0].split("=")[0] in capsys.readouterr().err


def test_a_function_of_a_module(capsys, tmp_path, monkeypatch):
    """(problem, trajectory), found in the working directory; solvers' functions run on the problem it is given."""
    (tmp_path / "my_conjectures.py").write_text(
        "from solvers import loss\n"
        "def no_rise(problem, trajectory):\n"
        "    after = problem.step()\n"
        "    assert (trajectory.loss[1] == loss(after.weights, after.target))\n"
        "    return loss(after.weights, after.target) <= loss(problem.weights, problem.target)\n"
        "def swallows(problem, trajectory):\n"
        "    try:\n"
        "        return trajectory.converges\n"
        "    except Exception:\n"
        "        return False\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    code, report = hunted(capsys, "my_conjectures:no_rise", "--seed=1", *ONE, "--depth=1")
    assert code == 1
    assert report["not_verified"] is None
    small = ["--seed=1", "--steps=0", "--strategy=margin", "--examples=20", *ONE]
    code, report = hunted(capsys, "my_conjectures:swallows", *small)
    assert (code, report["refuting"]) == (0, 0)
    assert report["undecided"] > 0


def test_nothing_is_drawn_where_no_terminal_is(capsys):
    """The bar is for a terminal only."""
    command.main(["loss[0] >= 0", "--examples=3", "--seed=0", *ONE])
    assert capsys.readouterr().err == ""


def test_the_bar_on_a_terminal(capsys, monkeypatch):
    """Written over, and taken away; brackets in what is shown are no markup."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    told = []
    show = command._tell(lambda fraction, words: told.append((fraction, words)), 30)
    monkeypatch.setattr(command, "_tell", lambda drawn, examples: lambda found: (show(found), drawn(*told[-1])))
    command.main(["loss[1] <= loss[0]", "--examples=30", "--seed=1", *ONE, "--depth=1"])
    drawn = capsys.readouterr().err
    assert "━" in drawn
    assert all(0 <= fraction <= 1 for fraction, _ in told)
    assert any("met the hypotheses" in words for _, words in told)
    assert any("shrinking" in words for _, words in told)
    assert drawn.endswith("\x1b[1A\x1b[2K")
    lines = re.split(r"\r\x1b\[2K|\n", re.sub(r"\x1b\[[0-9;?]*[ml]", "", drawn))
    assert max(map(len, lines)) <= 80


def test_an_error_of_the_predicate_ends_the_hunt_with_the_problem():
    """The sentence names it, so that it can be guarded against."""
    posed = conjecture("1 / (depth - 1) > 0", [], 0)
    with pytest.raises(ConjectureError, match="depth 1, widths"):
        search.hunt(posed, SPACES["problems"], depths=(1, 2), max_width=1, examples=20, seconds=600, seed=0)


def test_size_orders_by_entries_first():
    """Few entries, then short ones, then few negative ones."""

    def posed(*values):
        return Problem(tuple(np.array([[v]]) for v in values), np.array([[0.0]]), 1.0)

    assert search.size(posed(100.0)) < search.size(posed(0.0, 0.0))
    assert search.size(posed(1.0)) < search.size(posed(0.125))
    assert search.size(posed(1.0)) < search.size(posed(-1.0))
    assert math.prod(search.size(posed(1.0))[:1]) == 3
    assert os.path.exists(CHECK)
