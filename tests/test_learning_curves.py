"""The experiment on learning curves: its files, its numbers, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.integrate import quad

from claims.shallow_trajectories.experiments import learning_curves
from claims.shallow_trajectories.experiments.learning_curves import REDUCED, Setting, density, draw, main, part, run
from solvers.shallow import regression_flow
from solvers.shallow.wishart import edges


def test_the_command_writes_its_files(tmp_path, capsys):
    """JSON, PNG and SVG, the same bytes on a second run; every mean risk between the least and the largest."""
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert main(["--out", str(directory), "--reduced"]) == 0
    names = ["learning_curves.json", "learning_curves.png", "learning_curves.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for name in names:
        assert (directories[0] / name).read_bytes() == (directories[1] / name).read_bytes()
    parts = json.loads((directories[0] / "learning_curves.json").read_text(encoding="utf-8"))["parts"]
    assert [(each["ratio"], each["samples"]) for each in parts] == [(0.25, 80), (1, 20), (4, 5)]
    for each in parts:
        assert len(each["mean"]) == len(each["limit"]) == REDUCED.times
        rows = zip(each["least"], each["mean"], each["largest"], strict=True)
        assert all(low <= mean <= high for low, mean, high in rows)
    assert "p/n = 1: the mean risk is least, " in capsys.readouterr().out


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C in the second part: status 130, and the files hold the first."""

    def interrupted(setting, progress, *workers):
        yield next(iter(run(setting)))
        raise KeyboardInterrupt

    monkeypatch.setattr(learning_curves, "run", interrupted)
    assert main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / "learning_curves.json").read_text(encoding="utf-8"))
    assert [each["ratio"] for each in content["parts"]] == [0.25]
    assert "1 of 3 parts" in capsys.readouterr().err


@pytest.mark.parametrize("ratio", [0.25, 1.0, 4.0])
def test_the_density_has_its_mass(ratio):
    """1, or 1/c beside the mass at 0, by SciPy's quadrature; the histogram too, but for what is beyond the cuts."""
    low, high = (float(end) for end in edges(ratio))
    mass = quad(lambda x: float(density(np.array([x]), ratio)[0]), low, high, epsabs=1e-9, limit=200)[0]
    assert mass == pytest.approx(min(1, 1 / ratio), abs=1e-6)
    drawn = part(REDUCED, ratio)
    assert (drawn.heights * np.diff(drawn.cuts)).sum() == pytest.approx(min(1, 1 / ratio), rel=0.03)


def test_the_risk_is_that_of_the_flow():
    """At one time, from labels: the mean over noise and w* of |w(t) - w*|^2, 4000 draws, X given, within 5 standard
    errors; a risk that is off by a tenth is noticed with probability 0.99 (7.4 of them)."""
    random, n, p, noise, time = np.random.default_rng(0), 6, 3, 0.5, 1.3
    x = random.standard_normal((n, p))
    truth = random.standard_normal((4000, p))
    truth /= np.linalg.norm(truth, axis=1, keepdims=True)
    labels = truth @ x.T + noise**0.5 * random.standard_normal((4000, n))
    ends = regression_flow(np.broadcast_to(x, (4000, n, p)), labels, np.array([time]), np.zeros((4000, p)))[:, 0]
    squares = ((ends - truth) ** 2).sum(axis=1)
    given = learning_curves.risk(np.linalg.eigvalsh(x.T @ x / n), n, time, noise)
    error = squares.std() / 4000**0.5
    assert 7.4 * error < 0.1 * given
    assert abs(squares.mean() - given) < 5 * error


def test_the_curves_are_told_apart_without_colour():
    """In each panel a marker of its own for each ratio, and dashes for the limits."""
    figure = draw(REDUCED, list(run(REDUCED)))
    assert len(figure.axes) == 2
    for axes in figure.axes:
        marked = [line for line in axes.lines if line.get_marker() not in ("None", "")]
        dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
        assert len({line.get_marker() for line in marked}) == len(marked) == len(dashed) == 3


BAD = {
    "ratios": ({"ratios": ()}, "ratios is empty"),
    "ratio": ({"ratios": (0.7,)}, "a ratio p/n is 0.7; expected a positive number with n = 60/c whole"),
    "negative": ({"ratios": (-1.0,)}, "a ratio p/n is -1.0"),
    "draws": ({"draws": 0}, "draws is 0 and bins 30; expected at least 1 of each"),
    "times": ({"first": 2.0, "last": 1.0}, "expected 0 < first < last and at least 2 times"),
    "noise": ({"noise": -1.0}, "noise is -1.0; expected a variance, at least 0"),
}


@pytest.mark.parametrize("bad", BAD)
def test_settings_that_could_not_be_drawn_are_refused(bad):
    """With what would be right."""
    arguments, sentence = BAD[bad]
    with pytest.raises(ValueError, match=sentence):
        Setting(**arguments)
