"""The two experiments on stability: their files, their numbers against closed forms, and what they refuse."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from claims.stability.experiments import edge_of_stability as edge
from claims.stability.experiments import sharpness_along_descent as along
from solvers.flow import limit_sharpness

SMALL = {
    "edge_of_stability": (edge, edge.Setting(products=5, heights=4, starts=2, steps=100, kept=16)),
    "sharpness_along_descent": (
        along,
        along.Setting(depths=(2,), scalar_steps=8, real=(along.Real(2, 1.25, 1.0),), real_steps=3),
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_the_command_writes_its_files(name, tmp_path, monkeypatch, capsys):
    """JSON, PNG and SVG, the same bytes on a second run."""
    module, small = SMALL[name]
    monkeypatch.setattr(module, "REDUCED", small)
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert module.main(["--out", str(directory), "--reduced"]) == 0
    names = [f"{name}.json", f"{name}.png", f"{name}.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for each in names:
        assert (directories[0] / each).read_bytes() == (directories[1] / each).read_bytes()
    content = json.loads((directories[0] / f"{name}.json").read_text(encoding="utf-8"))
    assert content["experiment"] == name
    assert capsys.readouterr().out.count("wrote") == 2


@pytest.mark.parametrize("name", SMALL)
def test_an_interrupted_run_keeps_what_was_finished(name, tmp_path, monkeypatch, capsys):
    """Ctrl-C after the first part: status 130, and the files hold it."""
    module, small = SMALL[name]
    whole = module.run

    def interrupted(setting, progress, *workers):
        yield next(iter(whole(setting, progress)))
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "REDUCED", small)
    monkeypatch.setattr(module, "run", interrupted)
    assert module.main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    assert len(content.get("runs", content.get("columns"))) == 1
    assert "1 of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("product", "outcome"),
    [(0.4, "converges"), (0.9, "converges"), (1.1, "period 2"), (1.26, "period 4"), (1.9, "bounded, else")],
)
def test_outcomes_are_those_of_the_exact_thresholds(product, outcome):
    """Balanced starts run away beyond sqrt(2 + mu) and are else as said, at the full experiment's number of steps."""
    setting = edge.Setting(heights=23)
    with np.errstate(over="ignore", invalid="ignore"):
        found = edge.outcomes(product, setting)
    for start, number in zip(edge.heights(setting), found, strict=True):
        expected = "runs away" if start > np.sqrt(2 + product) else outcome
        assert edge.OUTCOMES[number] == expected


def test_exponents_are_the_exact_ones():
    """ln |1 - 2 mu| and 0 at a minimum, half the logarithms of the multipliers at the first cycle, none for what runs
    away; 3000 steps leave an error of a few thousandths at most."""
    setting = edge.Setting(steps=3000)
    for product in (0.3, 0.8):
        along_it, across = edge.exponents(product, setting)
        assert along_it == pytest.approx(np.log(abs(1 - 2 * product)), abs=5e-3)
        assert across == pytest.approx(0, abs=5e-3)
    along_it, across = edge.exponents(1.2, setting)
    assert along_it == pytest.approx(np.log(abs(9 - 2 * 2.2**2)) / 2, abs=5e-3)
    assert across == pytest.approx(np.log(3 - 2.4) / 2, abs=5e-3)
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(edge.exponents(2.2, setting)).all()


def test_unbalanced_starts_end_balanced_on_the_first_cycle():
    """mu = 1.1: the sizes are those of the cycle."""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = edge.ends(1.1, edge.Setting())
    x = (np.sqrt(4.1) + np.sqrt(0.1)) / 2
    assert len(sizes) > 10
    assert np.minimum(abs(sizes - x), abs(sizes - 1 / x)).max() < 1e-9


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_scalar_starts_are_as_sharp_as_said(depth):
    """A minimum with phi = EXCESS * 2/eta, and phi does not rise along the run, which starts above 2/eta."""
    layers, rate = along.scalar_start(depth, 1.2)
    assert layers.prod() == pytest.approx(1)
    assert float(limit_sharpness(layers.tolist(), 1)) == pytest.approx(along.EXCESS * 2 / rate)
    found = along.run_scalar(along.Setting(), depth)
    assert (np.diff(found.flow) <= 1e-9).all()
    assert found.flow[0] > 2 / rate
    assert len(found.sharpness) == len(found.losses) == along.Setting().scalar_steps + 1


def test_real_starts_have_the_norms_that_are_said():
    """One output; the first layer a twentieth."""
    setting = along.Setting()
    for each in setting.real:
        layers = along.real_start(setting, each)
        norms = [float(np.linalg.norm(layer, 2)) for layer in layers]
        assert norms == pytest.approx([each.norm / 20] + [each.norm] * (each.depth - 1))
        assert layers[-1].shape[0] == 1


@pytest.mark.parametrize(
    ("setting", "changes", "sentence"),
    [
        (edge.Setting, {"least": 0.0}, "least and most are 0.0 and 2.2; expected 0 < least < most"),
        (edge.Setting, {"products": 1}, "expected at least 2 products, 2 heights and 1 start"),
        (edge.Setting, {"kept": 7}, "kept is 7 and steps is 5000; expected 8 <= kept < steps"),
        (along.Setting, {"depths": (), "real": ()}, "depths and real are empty; expected at least one network"),
        (along.Setting, {"depths": (1,)}, "expected depths >= 2"),
        (along.Setting, {"ratio": 1.0}, "ratio is 1.0; expected 2/eta above the sharpness"),
        (along.Setting, {"scalar_steps": 0}, "expected at least one step"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(setting, changes, sentence):
    """Before anything has run."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        setting(**changes)
