"""The experiment on learning in stages: its files, its numbers, and what it refuses."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from claims.modes.experiments import stages
from claims.modes.experiments.stages import REDUCED, Setting, initial_weights, main, predicted, run, run_one
from solvers import end_to_end
from strategies import regression


def test_the_command_writes_its_files(tmp_path, capsys):
    """JSON, PNG and SVG, the same bytes on a second run, and a line a run."""
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert main(["--out", str(directory), "--reduced"]) == 0
    names = ["stages.json", "stages.png", "stages.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for name in names:
        assert (directories[0] / name).read_bytes() == (directories[1] / name).read_bytes()
    content = json.loads((directories[0] / "stages.json").read_text(encoding="utf-8"))
    assert content["setting"]["starts"] == list(REDUCED.starts)
    for found in content["runs"]:
        late = np.array(found["half_time_measured"]) - np.array(found["half_time_predicted"])
        assert (late > 0).all()
        assert (late < 4 * REDUCED.learning_rate).all()
        assert len(found["times"]) == len(found["strengths"])
    assert capsys.readouterr().out.count("half-times predicted / measured") == 2 * 2


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C in the second run: status 130, and the files hold the first."""

    def interrupted(setting, depth, start, progress):
        if start == REDUCED.starts[1]:
            raise KeyboardInterrupt
        return run_one(setting, depth, start, progress)

    monkeypatch.setattr(stages, "run_one", interrupted)
    assert main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / "stages.json").read_text(encoding="utf-8"))
    assert [found["start"] for found in content["runs"]] == [REDUCED.starts[0]]
    assert "1 of 2 parts" in capsys.readouterr().err


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_every_mode_starts_at_the_same_strength(depth):
    """l_i^T W(0) r_i = u_0, and W(0) has nothing else."""
    left, _, right = np.linalg.svd(regression("linnerud").target)
    weights = initial_weights(REDUCED, depth, 1e-3)
    assert [matrix.shape for matrix in weights] == [(4, 3), *[(4, 4)] * (depth - 2), (3, 4)]
    assert (abs(left.T @ end_to_end(weights) @ right.T - 1e-3 * np.eye(3)) < 1e-17).all()


def test_the_first_step_at_half_is_the_first(monkeypatch):
    """One step less is below half; here all steps are kept."""
    monkeypatch.setattr(stages, "POINTS", 10**4)
    found = run_one(REDUCED, 2, 1e-2)
    assert found.steps.tolist() == list(range(len(found.steps)))
    assert (abs(found.strengths[0] - 1e-2) < 1e-16).all()
    for i, (k, s) in enumerate(zip(found.half_steps, REDUCED.targets, strict=True)):
        assert found.strengths[k, i] >= s / 2
        assert found.strengths[k - 1, i] < s / 2
    assert (found.strengths[-1] > REDUCED.targets / 2).all()


def test_progress_is_told_up_to_the_end():
    """Fractions that rise to 1."""
    told = []
    assert len(list(run(REDUCED, told.append))) == 2
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts": ()}, "starts or depths is empty; expected at least one of each"),
        ({"starts": (0.0,)}, "starts is (0.0,); expected numbers in (0, 0.0298)"),
        ({"starts": (0.05,)}, "half the least singular value"),
        ({"depths": (1,)}, "expected depths >= 2 and hidden >= 3, the number of modes"),
        ({"hidden": 2}, "expected depths >= 2 and hidden >= 3, the number of modes"),
        ({"learning_rate": 1.0}, "learning_rate is 1.0; expected less than 1 / 2 over the largest singular value"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(changes, sentence):
    """Before anything has run."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Setting(**({"starts": (1e-3,), "depths": (2,)} | changes))


def test_predicted_times_are_in_order():
    """The largest singular value first, for every start of the full experiment."""
    setting = Setting()
    for depth in setting.depths:
        for start in setting.starts:
            assert (np.diff(predicted(setting, depth, start)) > 0).all()
