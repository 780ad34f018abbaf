"""The experiment on implicit acceleration: its files, its numbers against a plain loop, and what it refuses."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from claims.end_to_end.experiments import acceleration
from claims.end_to_end.experiments.acceleration import (
    CASES,
    REDUCED,
    Cell,
    Setting,
    main,
    natural_rate,
    run,
    run_one,
    task,
)
from solvers import Problem, balanced_factors, gradient_descent

SMALL = replace(REDUCED, cases=("two samples", "real outputs"), rates=(-2.0, 0.0, 2.0, 12.0), steps=20)


def test_the_command_writes_its_files(tmp_path, monkeypatch, capsys):
    """JSON, PNG and SVG, the same bytes on a second run; what was not reached or given up is in the JSON."""
    monkeypatch.setattr(acceleration, "REDUCED", SMALL)
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert main(["--out", str(directory), "--reduced"]) == 0
    names = ["acceleration.json", "acceleration.png", "acceleration.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for name in names:
        assert (directories[0] / name).read_bytes() == (directories[1] / name).read_bytes()
    content = json.loads((directories[0] / "acceleration.json").read_text(encoding="utf-8"))
    assert content["setting"]["fractions"] == list(SMALL.fractions)
    assert len(content["cells"]) == 2 * 2 * 3
    for cell in content["cells"]:
        assert cell["given_up"][-1] is True
        assert cell["iterations"][-1] == [None] * 3
        assert np.shape(cell["iterations"]) == (4, 3)
    assert capsys.readouterr().out.count("iterations for the last fractions") == 2 * 12


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C in the second cell: status 130, and the files hold the first."""

    def interrupted(setting, case, power, depth, progress):
        if depth == 2:
            raise KeyboardInterrupt
        return run_one(setting, case, power, depth, progress)

    monkeypatch.setattr(acceleration, "REDUCED", SMALL)
    monkeypatch.setattr(acceleration, "run_one", interrupted)
    assert main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / "acceleration.json").read_text(encoding="utf-8"))
    assert [(cell["case"], cell["depth"]) for cell in content["cells"]] == [("two samples", 1)]
    assert "1 of 12 parts" in capsys.readouterr().err


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_least_squares_needs_what_the_solver_needs(depth):
    """p = 2 on whitened inputs is 1/2 ||W - Phi||^2 and a constant: the steps of solvers.gradient_descent."""
    found = task("ill-scaled target", 2)
    cell = run_one(replace(SMALL, fractions=(1e-2, 1e-5), rates=(-2.0, 0.5), steps=200), "ill-scaled target", 2, depth)
    start = balanced_factors(found.start, (10, *(1,) * depth))
    first = ((found.start - found.solution) ** 2).sum() / 2
    for rate, counts in zip(cell.rates, cell.iterations, strict=True):
        for fraction, count in zip((1e-2, 1e-5), counts, strict=True):
            problem = Problem(start, found.solution, float(rate))
            assert gradient_descent(problem, steps=200, stop_at_loss=fraction * first).steps == min(count, 200)
    assert np.isfinite(cell.iterations[0]).all()


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_two_samples_by_a_loop_of_numbers(depth):
    """L = 1/2 sum (w_i - y_i)^4 for p = 4, one rate, numbers only."""
    cell = run_one(replace(SMALL, fractions=(1e-2, 1e-5), rates=(-0.5,), steps=2000), "two samples", 4, depth)
    (rate,) = cell.rates.tolist()
    size = 0.01 * math.hypot(10, 1)
    root = size ** (1 / depth)
    u, v, a, counts = root / math.sqrt(2), root / math.sqrt(2), root, []
    for step in range(2001):
        w = (u * a ** (depth - 1), v * a ** (depth - 1))
        loss = ((w[0] - 10) ** 4 + (w[1] - 1) ** 4) / 2
        if step == 0:
            first = loss
        while len(counts) < 2 and loss <= (1e-2, 1e-5)[len(counts)] * first:
            counts.append(step)
        g, h = 2 * (w[0] - 10) ** 3, 2 * (w[1] - 1) ** 3
        other = (g * u + h * v) * a ** (depth - 2) if depth > 1 else 0.0
        u, v, a = u - rate * g * a ** (depth - 1), v - rate * h * a ** (depth - 1), a - rate * other
    assert len(counts) == 2
    assert cell.iterations.tolist() == [counts]


def test_the_least_loss_of_the_real_outputs_is_least():
    """p = 4: nothing near is lower by more than rounding, p = 2: least squares."""
    found = task("real outputs", 4)
    rng = np.random.default_rng(0)
    near = found.solution + rng.normal(size=(1000, *found.solution.shape)) * 10.0 ** rng.uniform(-8, 0, (1000, 1, 1))
    assert found.objective.value(near).min() >= found.least * (1 - 2.0**-40)
    square = task("real outputs", 2)
    assert square.least == pytest.approx(float(square.objective.value(square.solution)), rel=2.0**-40)
    assert task("two samples", 4).least == 0


@pytest.mark.parametrize("case", ["real outputs", "ill-scaled target"])
def test_fractions_are_of_what_is_above_the_least_loss(case):
    """p = 2, depth 1, eta = 1: one step to the minimum, whatever the least loss is."""
    cell = run_one(replace(SMALL, rates=(0.0,), steps=3), case, 2, 1)
    assert cell.iterations.tolist() == [[1, 1, 1]]


def test_newtons_method_says_so_where_it_fails(monkeypatch):
    """A curvature taken far too large moves too little: the gradient at the end is refused."""
    solve = np.linalg.solve
    monkeypatch.setattr(np.linalg, "solve", lambda a, b: solve(a, b) / 100)
    task.cache_clear()
    with pytest.raises(ArithmeticError, match="did not find the least loss"):
        task("real outputs", 4)
    task.cache_clear()


@pytest.mark.parametrize("case", CASES)
def test_starts_are_as_stated(case):
    """Equal entries, ``start`` times the norm of the least-squares W; the inputs are whitened: one step at p = 2."""
    found = task(case, 2)
    assert len(set(found.start.ravel().tolist())) == 1
    assert np.linalg.norm(found.start) == pytest.approx(CASES[case][1] * np.linalg.norm(found.solution))
    after = found.start - found.objective.gradient(found.start)
    assert np.linalg.norm(after - found.solution) < 1e-12 * np.linalg.norm(found.solution)
    assert natural_rate(found, 2, 1) == 1


def test_the_best_rate_is_the_one_with_the_fewest_iterations():
    """And it is told when that is at an end of the grid."""
    counts = np.array([[5.0, np.inf], [3.0, 9.0], [3.0, np.inf]])
    cell = Cell("two samples", 4, 2, np.array([1.0, 2.0, 4.0]), counts, np.zeros(3, dtype=bool))
    assert cell.best.tolist() == [3, 9]
    assert cell.best_rates.tolist() == [2, 2]
    assert not cell.at_the_edge
    assert replace(cell, iterations=counts - np.array([[0], [0], [1]])).at_the_edge
    assert not replace(cell, iterations=np.full((3, 2), np.inf)).at_the_edge


def test_progress_is_told_up_to_the_end():
    """Fractions that rise to 1."""
    told = []
    assert len(list(run(SMALL, told.append))) == 12
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cases": ()}, "cases is empty; expected at least one"),
        ({"rates": ()}, "rates is empty; expected at least one"),
        ({"cases": ("three samples",)}, "cases has 'three samples'; expected some of two samples, ill-scaled target"),
        ({"powers": (3,)}, "expected powers among 2, 4 and 6, depths >= 1 and steps >= 1"),
        ({"depths": (0,)}, "expected powers among 2, 4 and 6, depths >= 1 and steps >= 1"),
        ({"steps": 0}, "expected powers among 2, 4 and 6, depths >= 1 and steps >= 1"),
        ({"fractions": (0.1, 1.0)}, "expected decreasing numbers in (0, 1)"),
        ({"fractions": (0.1, 0.2)}, "expected decreasing numbers in (0, 1)"),
        ({"rates": (1.0, 0.0)}, "rates is (1.0, 0.0); expected increasing exponents"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(changes, sentence):
    """Before anything has run."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        replace(Setting(), **changes)
