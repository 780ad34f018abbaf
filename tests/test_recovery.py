"""The experiment on recovery: its files, its draws, its error bars, and what it refuses."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from flint import fmpq

from claims.shallow_landscapes.experiments import recovery
from claims.shallow_landscapes.experiments.recovery import draw, main
from claims.shallow_landscapes.experiments.recovery_runs import (
    PROBLEMS,
    Setting,
    posed,
    real_factor,
    run,
    run_cell,
    truths,
)
from claims.suite.experiments.intervals import clopper_pearson
from claims.suite.recovery import recovered, recovered_up_to_phase
from claims.suite.statistics import binomial_tail
from strategies import real_gram

TINY = Setting(ranks=(1, 2), phase=(3, 8), completion=(0.2, 1.0), sensing=(1, 4), draws=6, steps=300)


def test_the_command_writes_its_files(tmp_path, monkeypatch, capsys):
    """JSON, PNG and SVG, the same bytes on a second run, and a line a cell."""
    monkeypatch.setattr(recovery, "REDUCED", TINY)
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert main(["--out", str(directory), "--reduced"]) == 0
    names = ["recovery.json", "recovery.png", "recovery.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for name in names:
        assert (directories[0] / name).read_bytes() == (directories[1] / name).read_bytes()
    cells = json.loads((directories[0] / "recovery.json").read_text(encoding="utf-8"))["cells"]
    assert len(cells) == len(TINY.cells) == 2 * 3 * 2 * 2
    for cell in cells:
        low, high = cell["interval"]
        assert 0 <= low <= cell["recovered"] / cell["draws"] <= high <= 1
        assert 0 <= cell["recovered"] <= cell["draws"] == 6
    assert capsys.readouterr().out.count("recovered, chance in") == 2 * len(cells)


def test_everything_observed_is_recovered():
    """p = 1 is factorisation, of which every draw succeeds; m = n sensing measurements of rank 2 are too few."""
    setting = Setting(ranks=(2,), draws=8, steps=600)
    full = run_cell(setting, "random", "completion", 2, 1.0)
    few = run_cell(setting, "linnerud", "sensing", 2, 1.0)
    assert (full.recovered, full.fitted, full.diverged) == (8, 8, 0)
    assert few.recovered == 0


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C in the third cell: status 130, files with two, and a figure of them."""

    def interrupted(setting, progress, *workers):
        cells = iter(run(setting))
        yield next(cells)
        yield next(cells)
        raise KeyboardInterrupt

    monkeypatch.setattr(recovery, "REDUCED", TINY)
    monkeypatch.setattr(recovery, "run", interrupted)
    assert main(["--out", str(tmp_path), "--reduced"]) == 130
    assert len(json.loads((tmp_path / "recovery.json").read_text(encoding="utf-8"))["cells"]) == 2
    assert "2 of 24 parts" in capsys.readouterr().err


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_truth_has_no_error_and_draws_differ(problem):
    """f(Z) = 0 up to rounding, f elsewhere is not, and no two draws have the same objective."""
    random = np.random.default_rng(0)
    truth = truths(Setting(draws=5), "random", 3, random)
    stack, rate = posed(problem, truth, 0.5 if problem == "completion" else 2.0, random)
    assert rate > 0
    assert (abs(stack.value(truth)) < 1e-25).all()
    other = stack.value(np.tile(truth[:1] + 0.1, (5, 1, 1)))
    assert len(set(other)) == 5
    assert (other > 1e-4).all()


def test_the_real_matrix_is_linnerud_s():
    """Rank 6 is all of it, k fewer are its largest eigenpairs, each of norm 1."""
    gram = real_gram("linnerud").matrix
    np.testing.assert_allclose(real_factor(6) @ real_factor(6).T, gram, atol=1e-13)
    assert np.linalg.matrix_rank(real_factor(3) @ real_factor(3).T) == 3
    values = np.linalg.eigvalsh(gram)[::-1]
    np.testing.assert_allclose(np.linalg.eigvalsh(real_factor(3) @ real_factor(3).T)[::-1][:3], values[:3], rtol=1e-12)


def test_every_curve_has_its_own_line_and_marker():
    """One axes for each matrix and problem; curves differ in line and marker, so that grey suffices."""
    figure = draw(TINY, list(run(TINY)))
    assert len(figure.axes) == 6
    for axes in figure.axes:
        looks = [(bars[0].get_linestyle(), bars[0].get_marker()) for bars in axes.containers]
        assert len(looks) == len(set(looks)) == 2
    assert len(figure.legends[0].get_texts()) == 3


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (3, 10), (57, 60)])
def test_error_bars_are_exact(successes, trials):
    """Each end is where a tail is 1/40, from both sides within 2^-23; ends of 0 and of all are 0 and 1."""
    low, high = clopper_pearson(successes, trials)
    tail, near = fmpq(1, 40), 2.0**-23
    if successes:
        assert binomial_tail(successes, trials, fmpq(*low.as_integer_ratio()), ">=") <= tail
        assert binomial_tail(successes, trials, fmpq(*(low + near).as_integer_ratio()), ">=") > tail
    else:
        assert low == 0
        assert high == pytest.approx(1 - (1 / 40) ** (1 / trials), abs=2e-7)
    if successes < trials:
        assert binomial_tail(successes, trials, fmpq(*high.as_integer_ratio()), "<=") <= tail
        assert binomial_tail(successes, trials, fmpq(*(high - near).as_integer_ratio()), "<=") > tail
    else:
        assert high == 1


def test_intervals_hold_the_truth_as_often_as_they_say():
    """For p = 3/10 and 20 trials the counts whose interval misses p have a probability of at most 1/20, added up."""
    p = fmpq(3, 10)
    missed = 0.0
    for k in range(21):
        low, high = clopper_pearson(k, 20)
        if not low <= 0.3 <= high:
            missed += float(binomial_tail(k, 20, p, "<=")) - (float(binomial_tail(k - 1, 20, p, "<=")) if k else 0.0)
    assert 0.01 < missed <= 0.05


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((1, 0), "trials is 0; expected at least 1"),
        ((3, 2), "successes is 3 of 2 trials"),
        ((1, 2, fmpq(1)), "level is 1; expected one in (0, 1)"),
    ],
)
def test_bad_counts_are_refused(arguments, sentence):
    """The error names the argument."""
    with pytest.raises(ValueError, match=re.escape(sentence) if "successes" not in sentence else "successes is"):
        clopper_pearson(*arguments)


def test_recovery_is_decided_at_its_threshold():
    """U U^T = (1 + t) M has the relative error t: just within and just beyond a thousandth; and up to a phase."""
    factor = np.array([[[3.0], [4.0]]])
    target = factor @ factor.mT
    for t, found in ((0.9e-3, True), (1.1e-3, False)):
        assert recovered(np.sqrt(1 + t) * factor, target).tolist() == [found]
    point = np.random.default_rng(0).standard_normal((1, 3, 2))
    turned = point @ np.array([[0.6, 0.8], [-0.8, 0.6]])
    assert recovered_up_to_phase(turned, point).tolist() == [True]
    assert recovered_up_to_phase(point * [1.0, -1.0], point).tolist() == [False]  # the conjugate
    for t, found in ((0.9e-3, True), (1.1e-3, False)):
        assert recovered_up_to_phase(np.sqrt(1 + t) * turned, point).tolist() == [found]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": 10}, "size is 10; expected 20, that of linnerud"),
        ({"ranks": ()}, "ranks is (); expected numbers from 1 to 6"),
        ({"ranks": (7,)}, "ranks is (7,); expected numbers from 1 to 6"),
        ({"matrices": ("iris",)}, "matrices is ('iris',); expected some of random, linnerud"),
        ({"completion": (0.0,)}, "completion is (0.0,); expected probabilities in (0, 1]"),
        ({"phase": (0.01,)}, "phase or sensing has a ratio below 1 / size"),
        ({"draws": 0}, "draws is 0; expected at least 1"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(changes, sentence):
    """Before anything has run."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Setting(**changes)
