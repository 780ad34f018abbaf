"""The experiment on best constants: its files, its numbers against closed forms, and what it refuses."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from claims.convergence.experiments import best_constants as best

SMALL = best.Setting(depths=(1, 2), margins=(0.5,), products=20, rates=200)


def test_the_command_writes_its_files(tmp_path, monkeypatch, capsys):
    """JSON, PNG and SVG, the same bytes on a second run; and the table."""
    monkeypatch.setattr(best, "REDUCED", SMALL)
    directories = [tmp_path / "first", tmp_path / "second"]
    for directory in directories:
        assert best.main(["--out", str(directory), "--reduced"]) == 0
    names = [f"best_constants.{kind}" for kind in ("json", "png", "svg")]
    assert sorted(path.name for path in directories[0].iterdir()) == names
    for each in names:
        assert (directories[0] / each).read_bytes() == (directories[1] / each).read_bytes()
    content = json.loads((directories[0] / names[0]).read_text(encoding="utf-8"))
    assert content["schema"] == best.SCHEMA
    assert [(each["depth"], each["least_failing_imbalance"] is None) for each in content["cells"]] == [
        (1, True),
        (2, False),
    ]
    shown = capsys.readouterr().out
    assert shown.splitlines()[0].split("  ")[0] == "Phi_F/c"
    assert shown.count("wrote") == 2


def test_an_interrupted_run_keeps_what_was_finished(tmp_path, monkeypatch, capsys):
    """Ctrl-C after the first cell: status 130, and the files hold it."""
    whole = best.run

    def interrupted(setting, progress, *workers):
        yield next(iter(whole(setting, progress)))
        raise KeyboardInterrupt

    monkeypatch.setattr(best, "REDUCED", SMALL)
    monkeypatch.setattr(best, "run", interrupted)
    assert best.main(["--out", str(tmp_path), "--reduced"]) == 130
    content = json.loads((tmp_path / "best_constants.json").read_text(encoding="utf-8"))
    assert len(content["cells"]) == 1
    assert "1 of 2 parts finished" in capsys.readouterr().err


def test_depth_one_is_where_the_square_meets_the_exponential():
    """(1 - eta)^2 = exp(-eta) has the root 1.4777, whatever c is."""
    for margin in (0.9, 0.01):
        rate, _ = best.least_rate(SMALL, 1, margin)
        assert (1 - rate) ** 2 == pytest.approx(np.exp(-rate), rel=1e-9)
        assert rate == pytest.approx(1.4777, abs=1e-4)


def test_depth_two_has_the_imbalance_of_a_quadratic():
    """r - D = c/2 and r (r - D) = x (2 - x): D = 2 (2 - x) - x/2."""
    for margin in (0.9, 0.5, 0.01):
        assert best.least_imbalance(2, margin) == pytest.approx(2 * (2 - margin) - margin / 2)


def test_squares_at_the_edge_have_the_product_that_is_said():
    """All of them |W|^2 = x (2 - x), and all but the last layer's c^{2-2/N} / 2."""
    for depth in (2, 3, 9):
        found = best.squares(depth, 0.25, best.least_imbalance(depth, 0.25))
        assert np.prod(found) == pytest.approx(0.25 * 1.75)
        assert np.prod(found[1:]) == pytest.approx(0.25 ** (2 - 2 / depth) / 2)
        assert (found > 0).all()


def test_no_finer_grid_finds_less():
    """Ten times as many W and eta: the least failing eta is lower by less than a hundredth."""
    coarse = best.least_rate(SMALL, 3, 0.25)[0]
    fine = best.least_rate(best.Setting(products=200, rates=2000), 3, 0.25)[0]
    assert 0.99 * coarse < fine <= coarse


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"depths": (0,)}, "depths is (0,); expected whole numbers >= 1"),
        ({"depths": ()}, "depths is (); expected whole numbers >= 1"),
        ({"margins": (1.0,)}, "margins is (1.0,); expected numbers between 0 and 1"),
        ({"rates": 1}, "products and rates are 400 and 1; expected 2 or more of each"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(changes, sentence):
    """Before anything has run."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        best.Setting(**changes)
