"""The experiment on the landscape in the plane: its files, its numbers, and what it refuses."""

from __future__ import annotations

import json
import re
from collections import Counter

import numpy as np
import pytest

from claims.shallow_landscapes.experiments import phase_plane
from claims.shallow_landscapes.experiments.phase_plane import LOOKS, REDUCED, Setting, draw, main, run


def test_the_command_writes_its_files(tmp_path, capsys):
    """JSON, PNG and SVG, the same bytes on a second run, and a line a panel; the critical points are the claim's."""
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert main(["--out", str(directory), "--reduced"]) == 0
    names = ["phase_plane.json", "phase_plane.png", "phase_plane.svg"]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for name in names:
        assert (directories[0] / name).read_bytes() == (directories[1] / name).read_bytes()
    content = json.loads((directories[0] / "phase_plane.json").read_text(encoding="utf-8"))
    mean, three = content["panels"]
    kinds = [Counter(point["kind"] for point in panel["critical_points"]) for panel in (mean, three)]
    assert kinds[0] == {"global minimum": 2, "saddle": 2, "maximum": 1}
    assert kinds[1] == {"global minimum": 2, "poor minimum": 2, "saddle": 4, "maximum": 1}
    assert (mean["value_at_zero"], three["value_at_zero"]) == (3, 12)
    poor = [point for point in three["critical_points"] if point["kind"] == "poor minimum"]
    assert sorted(point["point"] for point in poor) == [[-1, 1], [1, -1]]
    assert all(point["value"] == pytest.approx(4, abs=1e-12) for point in poor)
    assert all(0 < point["radius"] < 1e-9 for panel in (mean, three) for point in panel["critical_points"])
    assert "2 poor minimum, 4 saddle, 1 maximum" in capsys.readouterr().out


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C in the second panel: status 130, and the files hold the first."""

    def interrupted(setting, progress, jobs, scheduler):
        yield next(iter(run(setting)))
        raise KeyboardInterrupt

    monkeypatch.setattr(phase_plane, "run", interrupted)
    assert main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / "phase_plane.json").read_text(encoding="utf-8"))
    assert [panel["title"] for panel in content["panels"]] == ["mean over Gaussian vectors"]
    assert "1 of 2 parts" in capsys.readouterr().err


def test_heights_are_the_objective_s_on_the_grid():
    """f / f(0) at (z_1, z_2), rows along z_2: by the closed form of the mean, and 1 in the middle."""
    panel = next(iter(run(REDUCED)))
    line = np.linspace(-REDUCED.reach, REDUCED.reach, REDUCED.grid)
    first, second = np.meshgrid(line, line)
    square = first**2 + second**2
    closed = (3 * square**2 - 4 * square - 4 * (first + second) ** 2 + 12) / 4
    np.testing.assert_allclose(panel.heights * 3, closed, atol=1e-12)
    assert panel.heights[REDUCED.grid // 2, REDUCED.grid // 2] == 1


def test_every_kind_has_its_own_marker_and_is_in_the_legend():
    """Markers differ, so that grey suffices; the legend has the kinds drawn."""
    assert len({marker for marker, _, _ in LOOKS.values()}) == len(LOOKS)
    panels = list(run(REDUCED))
    figure = draw(REDUCED, panels)
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == [LOOKS[kind][2] for kind in LOOKS]
    for axes, panel in zip(figure.axes, panels, strict=True):
        drawn = Counter(line.get_marker() for line in axes.lines)
        assert drawn == Counter(LOOKS[point.kind][0] for point in panel.points)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"instances": ()}, "instances is empty; expected at least one"),
        ({"truth": (0.0, 0.0)}, "truth is (0.0, 0.0); expected x other than 0"),
        ({"reach": 1.0}, "reach is 1.0; expected more than the entries of truth, (1.0, 1.0)"),
        ({"grid": 1}, "grid is 1; expected at least 2 points a side"),
    ],
)
def test_settings_that_cannot_be_drawn_are_refused(changes, sentence):
    """Before anything has run."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Setting(**changes)
