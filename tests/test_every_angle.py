"""The experiment on convergence from every angle: its files, its numbers, and what it refuses."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from claims.shallow_trajectories.experiments import every_angle
from claims.shallow_trajectories.experiments.every_angle import REDUCED, Setting, bounds, draw, main, measured, run
from solvers.shallow import population_gradient


def test_the_command_writes_its_files(tmp_path, capsys):
    """JSON, PNG and SVG, the same bytes on a second run; never more steps than promised."""
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert main(["--out", str(directory), "--reduced"]) == 0
    names = ["every_angle.json", "every_angle.png", "every_angle.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for name in names:
        assert (directories[0] / name).read_bytes() == (directories[1] / name).read_bytes()
    parts = json.loads((directories[0] / "every_angle.json").read_text(encoding="utf-8"))["parts"]
    assert [(part["model"], part["parameter"]) for part in parts] == [
        ("filter", 1), ("filter", 2), ("filter", 5), ("unit", 0.5), ("unit", 1), ("unit", 2),
    ]  # fmt: skip
    for part in parts:
        assert len(part["steps_taken"]) == REDUCED.angles
        assert all(
            taken <= promised for taken, promised in zip(part["steps_taken"], part["steps_promised"], strict=True)
        )
    assert "filter, k = 5: " in capsys.readouterr().out


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C in the second part: status 130, and the files hold the first."""

    def interrupted(setting, progress, *workers):
        yield next(iter(run(setting)))
        raise KeyboardInterrupt

    monkeypatch.setattr(every_angle, "run", interrupted)
    assert main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / "every_angle.json").read_text(encoding="utf-8"))
    assert [part["model"] for part in content["parts"]] == ["filter"]
    assert "1 of 6 parts" in capsys.readouterr().err


def test_what_is_measured_by_plain_descent():
    """One unit, eta = 1, th_0 = pi - 1/2: |w_t - w*| by the gradient of 1/2 E (.)^2."""
    phi, truth = 0.5, np.array([[1.0, 0.0]])
    point = np.array([[-math.cos(phi), math.sin(phi)]])
    seen = measured("unit", 1.0, np.array([phi]), 5)
    assert bounds("unit", 1.0, np.array([phi]))[0][0] == pytest.approx(seen[0, 0], rel=1e-14)
    for t in range(6):
        assert seen[0, t] == pytest.approx(np.linalg.norm(point - truth), rel=1e-13)
        point = point - population_gradient(point, truth)


def test_the_curves_are_told_apart_without_colour():
    """In each panel markers differ from curve to curve; filled for descent, white for what is promised."""
    figure = draw(REDUCED, list(run(REDUCED)))
    assert len(figure.axes) == 4
    for axes in figure.axes:
        solid = [line for line in axes.lines if line.get_linestyle() == "-"]
        dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
        assert len({line.get_marker() for line in solid}) == len(solid) == len(dashed)
        assert all(line.get_markerfacecolor() == "white" for line in dashed)


BAD = {
    "patches": ({"patches": ()}, "patches, rates or shown is empty"),
    "shown": ({"shown": (4.0,)}, r"an angle pi - th_0 is 4.0; expected one between 0 and pi"),
    "nearest": ({"nearest": 0.0}, r"an angle pi - th_0 is 0.0; expected one between 0 and pi"),
    "angles": ({"angles": 1}, "angles is 1; expected at least 2"),
    "goal": ({"goal": 1.0}, "goal is 1.0; expected a number between 0 and 1"),
}


@pytest.mark.parametrize("bad", BAD)
def test_settings_that_could_not_be_drawn_are_refused(bad):
    """With what would be right."""
    arguments, sentence = BAD[bad]
    with pytest.raises(ValueError, match=sentence):
        Setting(**arguments)
