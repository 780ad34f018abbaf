"""The facts of a hunted file, decided again by the standard library alone."""

from fractions import Fraction

import pytest
from flint import ctx, fmpq
from hunting import ONE, SMALL, hunted, inside
from hypothesis import given

from claims.counterexamples import check, facts
from claims.counterexamples.catalogue import load, write
from claims.counterexamples.verify import verify
from claims.suite import fewer
from claims.suite import hunt as command
from claims.suite.hunting.trajectory import Orbit, Trajectory
from strategies import dimensions, problems


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The hunt's process of its own has its tests in ``test_hunt_process.py``."""
    monkeypatch.setattr(command, "bounded", inside)


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
            _contains(run.named(name, []), getattr(trajectory, name), _size(run.target))
        for name in ("loss", "imbalance", "sigma_min", "gradient_norm"):
            for t in range(3):
                size = _size(facts.product(*reversed(run.states[t]))) if name == "sigma_min" else 0
                _contains(run.named(name, [t]), getattr(trajectory, name)[t], size)
        for j, width in enumerate(trajectory.widths):
            _contains(run.named("width", [j]), width)
        _contains(run.named("weights", [2, 0, 0, 0]), trajectory.weights[2][0][0, 0])
        _contains(run.named("end_to_end", [2, 0, 0]), trajectory.end_to_end[2][0, 0])
        _contains(run.named("target", [0, 0]), trajectory.target[0, 0])


def _size(matrix):
    """Of the entries' absolute values the sum: the least singular value is known to a part of the largest."""
    return fmpq(*sum(abs(entry) for row in matrix for entry in row).as_integer_ratio())


def _contains(interval, number, size=0):
    low, high = (fmpq(end.numerator, end.denominator) for end in interval)
    if isinstance(number.value, fmpq):
        assert low == high == number.value
    else:
        assert not number.value < low
        assert not number.value > high
        assert high - low < fmpq(1, 2**50) * (1 + size + abs(high))


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
    assert report["verified"]
    write(report["counterexample"] | {"learning_rate": "1/100"}, path)
    with pytest.raises(check.NotVerified, match="not at this step"):
        check.check(path)


def test_facts_of_the_start_are_of_step_0(capsys, tmp_path):
    """By the checker, by the solvers and in the file; what is said of every step needs one."""
    path = tmp_path / "found.json"
    _, report = hunted(capsys, "gradient_norm[0] == 0", "--seed=1", "--depth=1", *ONE, f"--out={path}")
    assert report["verified"] == "DLX-000 verified: gradient_norm[0] != 0 at step 0; refutes a conjecture"
    entry = load(path)
    assert entry.certificate["steps"] == 0
    assert "at step 0" in verify(entry)
    rises = entry.certificate | {"violates": "loss rises"}
    write(report["counterexample"] | {"certificate": rises}, path)
    with pytest.raises(check.NotVerified, match="expected steps"):
        check.check(path)
    with pytest.raises(ValueError, match="steps >= 1"):
        verify(load(path))


def test_that_a_run_reaches_its_target_is_a_fact(capsys):
    """``not converges`` is refuted by a loss of 0, and certified."""
    code, report = hunted(capsys, "not converges or depth == 9", "--given=loss[0] > 0", "--seed=1", "--depth=1", *ONE)
    assert code == 1
    assert report["not_verified"] is None
    assert "loss[1] == 0" in report["verified"]


@pytest.mark.parametrize("false", ["False", "any(loss[t] < 0 for t in range(0))", "not True"])
def test_a_refutation_without_comparisons_says_why_it_is_not_certified(false, capsys, tmp_path):
    """And writes no file, since none could be verified."""
    path = tmp_path / "found.json"
    arguments = [false, "--seed=1", "--depth=1", *ONE, f"--out={path}"]
    assert command.main(arguments) == 1
    told = capsys.readouterr().out
    assert "  W_1 = [[0]]\n" in told
    assert "not certified: the conjecture was found false without comparing any numbers of the run" in told
    assert "check.py" not in told
    assert not path.exists()
