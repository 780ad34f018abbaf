"""The hunter: known counterexamples are found again from a predicate alone, and nothing that is true is refuted."""

import contextlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given

from claims.counterexamples import check, facts
from claims.counterexamples.catalogue import catalogue, load
from claims.suite import fewer
from claims.suite import hunt as command
from claims.suite.hunting import search
from claims.suite.hunting.conjecture import ConjectureError, Fate, conjecture
from claims.suite.hunting.numbers import Number, Undecided, recorded
from claims.suite.hunting.spaces import SPACES
from claims.suite.hunting.trajectory import NAMES, Orbit, Trajectory, determinant
from solvers import Problem, deficiency_margin, end_to_end, imbalances, layer_gradients, loss, sigma_min
from solvers.arithmetic import exact, square_root
from solvers.network.network import frobenius_squared
from strategies import dimensions, problems

CHECK = Path(check.__file__)
SIZES = "abs(w[0, 0]) for w in weights[0]"
ONE = ("--max-width=1",)
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


def hunted(capsys, *arguments):
    """Exit code and JSON report; time never ends it."""
    code = command.main([*arguments, "--json", "--seconds=3600"])
    return code, json.loads(capsys.readouterr().out)


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


SMALL = Problem((np.array([[1.0]]), np.array([[2.0]])), np.array([[3.0]]), 0.5)


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


def test_ctrl_c_keeps_what_was_found(capsys, tmp_path, monkeypatch):
    """Interrupted while it shrinks: exit code 130, and the file is there, verified."""

    def interrupts(found):
        if found.smallest is not None:
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "_tell", lambda show, examples: interrupts)
    path = tmp_path / "found.json"
    assert command.main(["loss[1] <= loss[0]", "--seed=1", f"--out={path}"]) == 130
    told = capsys.readouterr().out
    assert "interrupted" in told
    assert "1 refuted it" in told
    assert check.check(path)[0] == "DLX-000"


GO = "import claims.suite.hunt as h, sys; print('go', flush=True); sys.exit(h.main())"


def test_ctrl_c_is_heard_where_python_would_lose_it():
    """Inside a finaliser Python swallows the KeyboardInterrupt; the hunt ends at the next problem all the same."""

    class Swallows:
        def __del__(self):
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)

    def tell(found):
        if found.examples == 5:
            Swallows()

    posed = conjecture("loss[0] >= 0", [], 0)
    before = signal.getsignal(signal.SIGINT)
    found = search.hunt(
        posed, SPACES["problems"], depths=(1, 1), max_width=1, examples=500, seconds=600, seed=0, tell=tell
    )
    assert found.interrupted
    assert 5 <= found.examples <= 6
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_from_the_keyboard():
    """A real signal to the process: exit code 130, with the report, and no traceback."""
    endless = ["loss[0] >= 0", "--examples=100000000", "--seconds=600", "--seed=0"]
    command_line = [sys.executable, "-c", GO, *endless]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "go\n"
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        try:
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "not refuted" in out
    assert "interrupted" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["loss[1"], "does not parse at column 5"),
        (["loss[1] <= loss[0]; 1"], "does not parse"),
        ([""], "does not parse"),
        (["x = 1"], "does not parse"),
        (["los[1] <= loss[0]"], "uses los, which is not known; expected depth, widths"),
        (["any(loss > 0 for loss in loss)"], "gives loss another meaning"),
        (["loss[1]"], "returned 0, of type Number; expected True or False"),
        (["None"], "returned None"),
        (["end_to_end[1] == end_to_end[0]"], "returned an array"),
        (["loss[9] < 1"], "loss[9] is beyond the run's steps, 0 to 3; raise --steps"),
        (["loss[1] / loss[0] <= 1"], "raised ZeroDivisionError"),
        (["loss[0] < float('nan')"], "nan meets an exact number"),
        (["loss[0] < float('inf')"], "inf meets an exact number"),
        (["float(loss[0]) >= 0"], "does not turn into a float"),
        (["loss[0] and True"], "neither true nor false"),
        (["loss[0] < 1j"], "complex number"),
        (["sqrt(0 - 1 - loss[0]) >= 0"], "a root of a negative number"),
        (["loss[loss[0] + 1/2] >= 0"], "not a whole number"),
        (["determinant(weights[0][0]) > 0 or True", "--given=1 / 0 > 1"], "ZeroDivisionError"),
        (["missing_module:f"], "importing missing_module raised ModuleNotFoundError"),
        (["math:nothing"], "math has no function nothing"),
        (["math:pi"], "math has no function pi"),
        (["math:sqrt"], "raised TypeError"),
        (["True", "--out=/no/such/directory/x.json"], "expected a file in a directory that exists"),
        (["True", "--out=/"], "expected a file in a directory that exists"),
    ],
)
def test_bad_conjectures_are_refused_with_a_sentence(arguments, told, capsys):
    """Exit code 2, one sentence, no traceback, nothing on standard output."""
    assert command.main([*arguments, "--seed=0", "--examples=20"]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


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


EXACT = (
    *("0.1 + 0.2 == 0.3", "1 / 3 * 3 == 1", "1e-3 == 1 / 1000", "0x10 == 16", "0b11 == 3", "1_000.5 == 2001 / 2"),
    *("sqrt(9 / 4) == 1.5", "4 ** (1 / 2) == 2", "8 ** (2 / 3) == 4", "2 ** -2 == 0.25", "-abs(-3) == -3"),
    *("determinant(identity(3) * 2) == 8", "norm(identity(4)) == 2", "3 - loss[0] == 3 - loss[0]"),
    "all(t / (t + 1) * (t + 1) == t for t in range(5))",
)


def test_numbers_are_exact_as_written():
    """0.1 is a tenth, 1 / 3 a third, and so in ranges; powers and roots stay rational where they are."""
    for text in EXACT:
        assert conjecture(text, [], 1).decide(SMALL).fate is Fate.HOLDS, text


@given(problems(dimensions=dimensions(max_depth=4, max_width=3)))
def test_quantities_against_the_solvers(problem):
    """Each documented quantity is the solvers', at steps 0 to 2."""
    posed = problem.exact()
    trajectory = Trajectory(Orbit(posed), 2, 256)
    with ctx.workprec(256):
        assert _same(trajectory.margin, deficiency_margin(posed.weights, posed.target))
        assert _same(trajectory.target_sigma_min, sigma_min(posed.target))
        assert _same(trajectory.target_norm, square_root(frobenius_squared(posed.target)))
        for t in range(3):
            whole = end_to_end(posed.weights)
            squares = [frobenius_squared(b) for b in imbalances(posed.weights)]
            gradients = layer_gradients(posed.weights, posed.target)
            assert _same(trajectory.loss[t], loss(posed.weights, posed.target))
            assert _same(trajectory.imbalance[t], square_root(max(squares, default=fmpq(0))))
            assert _same(trajectory.sigma_min[t], sigma_min(whole))
            assert _same(trajectory.gradient_norm[t], square_root(sum(map(frobenius_squared, gradients))))
            assert (trajectory.end_to_end[t] == whole).all()
            assert all((a == b).all() for a, b in zip(trajectory.weights[t], posed.weights, strict=True))
            posed = posed.step()


def _same(number, value):
    return number.value == value if isinstance(value, fmpq) else number.value.overlaps(arb(value))


class _Posed:
    """What facts need of a problem."""

    def __init__(self, problem):
        def rows(matrix):
            return [[Fraction(int(x.p), int(x.q)) for x in row] for row in matrix]

        self.weights, self.target = [rows(w) for w in problem.weights], rows(problem.target)
        self.rate = Fraction(int(problem.learning_rate.p), int(problem.learning_rate.q))


@fewer(5)
@given(problems(dimensions=dimensions(max_depth=4, max_width=3)))
def test_the_standard_library_agrees_on_every_quantity(problem):
    """``facts`` against the hunter's numbers: its two rationals contain each, and are the same where it is rational."""
    posed = problem.exact()
    run, trajectory = facts.Run(*vars(_Posed(posed)).values(), 2), Trajectory(Orbit(posed), 2, 512)
    with ctx.workprec(512):
        for name in ("depth", "learning_rate", "margin", "target_norm", "target_sigma_min"):
            _contains(run.named(name, []), getattr(trajectory, name))
        for name in ("loss", "imbalance", "sigma_min", "gradient_norm"):
            for t in range(3):
                _contains(run.named(name, [t]), getattr(trajectory, name)[t])
        for j, width in enumerate(trajectory.widths):
            _contains(run.named("width", [j]), width)
        _contains(run.named("weights", [2, 0, 0, 0]), trajectory.weights[2][0][0, 0])
        _contains(run.named("end_to_end", [2, 0, 0]), trajectory.end_to_end[2][0, 0])
        _contains(run.named("target", [0, 0]), trajectory.target[0, 0])


def _contains(interval, number):
    low, high = (fmpq(end.numerator, end.denominator) for end in interval)
    if isinstance(number.value, fmpq):
        assert low == high == number.value
    else:
        assert not number.value < low
        assert not number.value > high
        assert high - low < fmpq(1, 2**50) * (1 + abs(high))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("loss[0] == 1 / 2", True),
        ("loss[0] < 1 / 2", False),
        ("loss[0] <= 1 / 2", True),
        ("loss[0] >= 1 / 2", True),
        ("loss[0] > 1 / 2", False),
        ("loss[0] != 1 / 2", False),
        ("loss[0] != 1 / 3", True),
        ("2 * loss[0] - depth ** 2 + 3 == 0", True),
        ("depth ** (-1) == 1 / 2", True),
        ("abs(-(depth)) == 2", True),
        ("weights[1][0][0][0] == 2", True),
        ("width[2] == 1", True),
        ("sqrt(depth) * sqrt(depth) == 2", False),
        ("sqrt(depth) * sqrt(depth) < 2 + 1 / 10 ** 30", True),
        ("sqrt(depth) * sqrt(depth) > 2 - 1 / 10 ** 30", True),
        ("sqrt(depth) * sqrt(depth) <= 2", False),
        ("sqrt(depth) * sqrt(depth) >= 2", False),
        ("sqrt(depth) * sqrt(depth) != 2", False),
        ("imbalance[0] == 3", True),
        ("(-2) ** 2 == 4", True),
        ("(sqrt(2) - sqrt(2)) ** 2 >= 0", True),
    ],
)
def test_facts_are_decided_certainly(text, holds):
    """W = 2 against 3 from layers 1 and 2, learning rate 1/2: one step to 2 and 5/2."""
    assert facts.all_hold(text, _Posed(SMALL.exact()), 1) is holds


@pytest.mark.parametrize(
    "text",
    [
        *("", "loss", "loss[0]", "loss[2] > 0", "loss[-1] > 0", "loss[0] > 0 > -1", "1 < 2 and 2 < 3", "x := 1"),
        *("__import__('os') == 0", "loss.x > 0", "lambda: 0", "loss[0] > 0.5", "loss[0] > True", "loss['a'] > 0"),
        *("weights[0] > 0", "weights[0][0][0][9] > 0", "unknown > 0", "sqrt(-1) > 0", "sqrt(1, 2) > 0", "1 / 0 > 0"),
        *("2 ** 1000 > 0", "2 ** (1 / 2) > 0", "loss[0][0] > 0", "loss[1:2] > 0", "\0 > 0", "depth // 1 > 0"),
        *("(" * 500 + "1" + ")" * 500 + " > 0", "-" * 50000 + "1 < 0"),
    ],
)
def test_what_is_no_fact_is_refused(text):
    """ValueError, whatever it is; nothing is executed."""
    with pytest.raises(ValueError, match=r".+"):
        facts.all_hold(text, _Posed(SMALL.exact()), 1)


def test_facts_have_a_budget():
    """A hundred steps of exact numbers are too long, and are given up at once."""
    with pytest.raises(ValueError, match="budget"):
        facts.all_hold("loss[100] > 0", _Posed(SMALL.exact()), 100)


def test_a_file_whose_facts_are_false_is_not_verified(capsys, tmp_path):
    """The checker decides them again: another learning rate under the same facts."""
    path = tmp_path / "found.json"
    _, report = hunted(capsys, "loss[1] <= loss[0]", "--depth=1", "--seed=1", *ONE)
    content = report["counterexample"] | {"learning_rate": "1/100"}
    with pytest.raises(ValueError, match="not at this step"):
        command.verified(content, path)
    with pytest.raises(check.NotVerified):
        check.check(path)


def test_long_runs_go_on_in_balls():
    """Rationals grow fivefold a step at depth 3: 40 steps are decided all the same, where floats stand still."""
    problem = Problem((np.array([[1.0]]),) * 3, np.array([[2.0]]), 0.125)
    posed = conjecture("all(loss[t + 1] < loss[t] for t in range(steps)) and loss[steps] < 1e-6", [], 40)
    decision = posed.decide(problem)
    assert (decision.fate, decision.in_floats) == (Fate.HOLDS, Fate.FAILS)  # the float's loss is 0 from some step on
    orbit = Orbit(problem.exact())
    assert isinstance(orbit.state(40, 256).weights[0][0, 0], arb)
    assert isinstance(orbit.state(2, 256).weights[0][0, 0], fmpq)
    assert orbit.rational(2)
    assert not orbit.rational(40)


def test_a_run_that_leaves_the_range_of_floats_says_nothing_in_floats():
    """W' = -7 W: beyond 2^1024 after 400 steps, where the exact run goes on."""
    problem = Problem((np.array([[1.0]]),), np.array([[0.0]]), 8.0)
    decision = conjecture("loss[steps] > 10 ** 300 and loss[steps] < 10 ** 800 or margin > 0", [], 450).decide(problem)
    assert decision.in_floats is None
    assert conjecture("loss[steps] < 10 ** 800", [], 450).decide(problem).fate is Fate.HOLDS


def test_comparisons_are_certain_or_undecided():
    """Balls that overlap decide nothing, whatever the predicate would make of it."""
    two = Number(arb(2, 1e-3), "x")
    assert two > 1
    assert two != 3
    for undecided in (lambda: two <= 2, lambda: two == 2, lambda: two != 2, lambda: max(two, Number.of(2))):
        with pytest.raises(Undecided):
            undecided()
    with pytest.raises(Undecided):
        Number(arb(0, 1), "x").sqrt()
    with pytest.raises(Undecided):
        assert Number(float("nan"), "x") > 0
    assert not issubclass(Undecided, Exception)


def test_facts_are_recorded_as_they_hold():
    """Each comparison once, the false ones turned round."""
    x = Number(fmpq(3), "x")
    with recorded() as found:
        assert x > 1
        assert not x <= 2 * x - 4 + 0
        assert x != 5
        assert not x < 3
        assert x > 1
    assert list(found) == ["x > 1", "x > ((2 * x) - 4) + 0", "x != 5", "x >= 3"]
    assert [(fact.left, fact.right) for fact in found.values()] == [(3, 1), (3, 2), (3, 5), (3, 3)]


@pytest.mark.parametrize("space", SPACES)
def test_spaces_have_the_widths_and_depths_that_are_asked_for(space):
    """And what their names say, exactly; a draw is small where nothing keeps it from it."""
    wanted = {
        "zero": lambda p: all(not w.any() for w in p.nearest().weights),
        "identity": lambda p: all((w == exact(np.eye(len(w)))).all() for w in p.weights),
        "scalar": lambda p: set(p.dimensions) == {1},
        "balanced": lambda p: all(frobenius_squared(b) == 0 for b in imbalances(p.weights)),
        "margin": lambda p: deficiency_margin(p.weights, p.target) > 0,
        "balanced-margin": lambda p: (
            deficiency_margin(p.weights, p.target) > 0 and all(frobenius_squared(b) == 0 for b in imbalances(p.weights))
        ),
        "theorem": lambda p: deficiency_margin(p.weights, p.target) > 0,
    }.get(space, lambda p: True)

    @given(SPACES[space](2, 3, 2))
    def check_each(problem):
        posed = problem.exact()
        assert 2 <= posed.depth <= 3
        assert max(posed.dimensions) <= 2
        assert posed.learning_rate > 0
        assert wanted(posed)

    check_each()


def test_margin_space_is_out_of_balance_and_reaches_both_ends():
    """Balance is not kept, and W = Phi comes up as well as W != Phi."""
    posed = conjecture("imbalance[0] == 0", [], 0)
    assert search.hunt(posed, SPACES["margin"], depths=(2, 2), max_width=1, examples=20, seconds=600, seed=0).smallest
    for predicate in ("loss[0] == 0", "loss[0] != 0"):
        posed = conjecture(predicate, [], 0)
        found = search.hunt(posed, SPACES["margin"], depths=(1, 1), max_width=1, examples=120, seconds=600, seed=0)
        assert found.smallest is not None, predicate


def test_determinants():
    """Against the float one; not of a rectangle."""
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 4):
        matrix = rng.integers(-4, 5, (size, size)).astype(float)
        entries = np.vectorize(lambda x: Number.of(float(x)), otypes=[object])(matrix)
        assert abs(float(determinant(entries).value) - np.linalg.det(matrix)) < 1e-9
    with pytest.raises(ValueError, match="square"):
        determinant(entries[:2])


def test_standing_still_is_seen_exactly():
    """At a critical point of positive loss, in a cycle, at loss 0; else undecided."""
    assert _trajectory(1, 1, 0, 1).converges is False  # w = 0
    cycle = _trajectory(2, 3, 2, fmpq(1, 2))
    assert cycle.converges is False
    assert cycle.standstill == (0, 2, fmpq(1, 2))  # 2 -> 1 -> 2, losses 1/2 and 2
    saddle = _trajectory(2, 3, 2, 1)
    assert saddle.converges is False
    assert saddle.standstill == (1, 0, fmpq(9, 2))
    assert _trajectory(2, 4, 2, 1).converges is True
    for undecided in (_trajectory(2, 3, 2, fmpq(1, 100)), _trajectory(2, 3, fmpq(1, 100), fmpq(1, 100))):
        with pytest.raises(Undecided):
            _ = undecided.converges


def _trajectory(depth, target, weight, rate):
    """Equal layers of width 1; at depth 1 two layers."""
    layers = tuple(exact(np.array([[weight]])) for _ in range(max(2, depth)))
    return Trajectory(Orbit(Problem(layers, exact(np.array([[target]])), fmpq(1) * rate)), 3, 64)


def test_steps_are_checked_and_counted():
    """Negative indices count from the end, slices give lists, and the last step looked at is known."""
    trajectory = _trajectory(2, 3, 2, fmpq(1, 2))
    assert trajectory.last_step == 0
    moving = _trajectory(2, 3, 2, fmpq(1, 100))
    assert moving.loss[-1] == moving.loss[3] != moving.loss[1]
    assert [value.value for value in trajectory.loss[:3]] == [fmpq(1, 2), 2, fmpq(1, 2)]
    assert trajectory.last_step == 2
    assert len(trajectory.loss) == len(list(trajectory.loss)) == 4
    for step in (4, -5):
        with pytest.raises(IndexError, match="--steps"):
            trajectory.loss[step]


def test_help_lists_every_name_and_space(capsys):
    """From the properties and functions themselves."""
    with pytest.raises(SystemExit):
        command.main(["--help"])
    told = capsys.readouterr().out
    for name in (*NAMES, *SPACES, "sqrt", "determinant", "your own Python", "exit code"):
        assert name in told
    assert all(NAMES.values())


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
