"""The experiment ``claims.initialization.experiments.trade_off``: what it draws, runs, keeps after Ctrl-C, writes and
shows."""

import json
import pty
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from os import close, read
from time import monotonic

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from claims.initialization.experiments import trade_off, trade_off_runs
from claims.initialization.experiments.trade_off import as_json, main, table
from claims.initialization.experiments.trade_off_figure import draw
from claims.initialization.experiments.trade_off_runs import (
    BALANCED,
    EQUAL_SIZE,
    INITIALIZATIONS,
    LAYER_WISE,
    Cell,
    Curve,
    Setting,
    curves,
    initial_weights,
    run,
    run_cell,
    size_of_end_to_end,
    target,
)
from solvers import Problem, end_to_end, gradient_descent, imbalances

SMALL = Setting(deviations=(1e-3, 0.2, 30.0), rates=(0.01, 0.1), seeds=(0, 1), depths=(2, 4), width=3, steps=200)


def content(setting, cells):
    """What would be read from the file."""
    return json.loads(json.dumps(as_json(setting, cells), allow_nan=False))


def cell(iterations, seed=0, diverged=False):
    """A made-up cell of depth 3 with one learning rate."""
    shape = (len(iterations), 1)
    budget = np.full(len(iterations), 10)
    return Cell(3, LAYER_WISE, seed, np.reshape(iterations, shape), np.full(shape, diverged), budget)


def curve(*median):
    """A made-up curve over the deviations 1, 10, 100, ..."""
    count = np.zeros(len(median), dtype=np.int64)
    return Curve(3, LAYER_WISE, 1, 10.0 ** np.arange(len(median)), np.array(median), count, count)


def test_phi_is_the_real_map_at_norm_one():
    """Up to the rounding of a norm of ten numbers, and shared, so not to be written to."""
    assert target().shape == (1, 10)
    assert abs(np.linalg.norm(target()) - 1) < 20 * np.finfo(float).eps
    with pytest.raises(ValueError, match="read-only"):
        target()[0, 0] = 0


def test_layers_are_one_draw_scaled():
    """The same normal numbers for every s; other ones for another seed."""
    one, two = (initial_weights(LAYER_WISE, 3, 5, s, 7) for s in (1.0, 2.0))
    assert [w.shape for w in one] == [(5, 10), (5, 5), (1, 5)]
    assert all((2 * a == b).all() for a, b in zip(one, two, strict=True))
    assert not (one[0] == initial_weights(LAYER_WISE, 3, 5, 1.0, 8)[0]).any()


def test_layer_wise_entries_have_the_deviation():
    """Of 10^4 entries: within five deviations of the sample variance, 2 s^4 / n."""
    entries = np.concatenate([w.ravel() for w in initial_weights(LAYER_WISE, 3, 100, 0.5, 0)])
    assert abs(entries.var() - 0.25) < 5 * 0.25 * np.sqrt(2 / entries.size)


@pytest.mark.parametrize("initialization", [BALANCED, EQUAL_SIZE])
def test_balanced_weights_are_balanced_and_of_the_stated_size(initialization):
    """Products are one draw scaled by s, or by s^N h^{(N-1)/2}."""
    unit = end_to_end(initial_weights(BALANCED, 4, 6, 1.0, 3))
    weights = initial_weights(initialization, 4, 6, 0.3, 3)
    scale = 0.3 if initialization == BALANCED else 0.3**4 * 6**1.5
    np.testing.assert_allclose(end_to_end(weights), scale * unit, rtol=1e-12)
    assert max(np.abs(b).max() for b in imbalances(weights)) < 1e-14
    assert size_of_end_to_end(4, 6, 0.3) == pytest.approx(0.3**4 * 6**1.5, rel=1e-14)


@pytest.mark.parametrize("initialization", INITIALIZATIONS)
@pytest.mark.parametrize("depth", SMALL.depths)
def test_iterations_are_those_of_single_runs(initialization, depth):
    """At every learning rate of the budget that decided, one network at a time."""
    found = run_cell(SMALL, depth, initialization, 1)
    for k, s in enumerate(SMALL.deviations[:2]):
        for i, rate in enumerate(SMALL.rates):
            problem = Problem(initial_weights(initialization, depth, SMALL.width, s, 1), target(), rate)
            alone = gradient_descent(problem, steps=int(found.budget[k]), stop_at_loss=SMALL.accuracy)
            reached = alone.loss[-1] <= SMALL.accuracy
            assert found.iterations[k, i] == (alone.steps if reached else np.inf)
    if depth == 2:  # where one learning rate gets there and the other does not
        assert np.isfinite(found.iterations[:2]).any(axis=0).tolist() == [False, True]


def test_more_iterations_are_for_those_that_need_them(monkeypatch):
    """Three budgets: a deviation is run again only where nothing converged, and never where everything overflowed."""
    monkeypatch.setattr(trade_off_runs, "BUDGETS", (20, 60))
    setting = replace(SMALL, deviations=(0.02, 0.5, 30.0), steps=400, rates=(0.1,))
    assert setting.budgets == (20, 60, 400)
    found = run_cell(setting, 2, LAYER_WISE, 0)
    whole = run_cell(replace(setting, steps=20), 2, LAYER_WISE, 0)
    assert np.isinf(whole.fastest[0])
    assert found.fastest[0] <= found.budget[0]
    assert found.budget[0] > 20
    assert found.diverged[2].all()
    assert found.budget[2] == 20


def test_a_band_is_the_longest_run_of_neighbours():
    """Its width is in decades; one deviation has width 0, and so has none."""
    bumpy = curve(5, np.inf, 5, 8, 12, np.inf)
    assert bumpy.band(10) == (100, 1000)
    assert bumpy.decades(10) == 1
    assert bumpy.decades(12) == 2
    assert curve(np.inf, 3, np.inf).band(10) == (10, 10)
    assert curve(np.inf, 3, np.inf).decades(10) == 0
    assert curve(np.inf).band(10) is None
    assert curve(np.inf).decades(10) == 0


def test_a_curve_is_the_median_over_seeds():
    """A seed that never converges counts as infinite, so that the median is of all that were run."""
    setting = Setting(deviations=(1.0, 2.0), rates=(1.0,), seeds=(0, 1, 2), depths=(3,))
    cells = [cell([5.0, 7.0]), cell([9.0, np.inf], seed=1), cell([np.inf, np.inf], seed=2, diverged=True)]
    (found,) = curves(setting, cells)
    assert found.median.tolist() == [9, np.inf]
    assert (found.converged.tolist(), found.diverged.tolist(), found.seeds) == ([2, 1], [1, 1], 3)


def test_two_runs_give_the_same_numbers():
    """The whole JSON, to the last bit."""
    assert content(SMALL, list(run(SMALL))) == content(SMALL, list(run(SMALL)))


def test_the_json_tells_what_was_run():
    """Grid, seeds, budget, threshold, failures; nothing is missing; infinity is null."""
    cells = list(run(SMALL))
    found = content(SMALL, cells)
    assert found["schema"] == "deep-linear-claims/trade-off/1"
    assert found["setting"]["rates"] == [0.01, 0.1]
    assert found["setting"]["seeds"] == [0, 1]
    assert (found["setting"]["steps"], found["setting"]["accuracy"]) == (200, 1e-5)
    assert found["missing"] == []
    assert len(found["cells"]) == len(SMALL.cells) == 2 * 3 * 2
    assert {entry["initialization"] for entry in found["curves"]} == set(INITIALIZATIONS)
    large = next(c for c in found["cells"] if (c["depth"], c["initialization"]) == (4, LAYER_WISE))
    assert large["iterations"][2] == [None, None]
    assert large["diverged"][2] == [True, True]
    assert [band["budget"] for band in found["curves"][0]["bands"]] == [200]
    assert set(found["tools"]) == {"python", "deep-linear-claims", "numpy", "scikit-learn", "kernel"}


def test_progress_rises_to_one():
    """Fractions of the whole, from cell to cell."""
    told = []
    list(run(SMALL, told.append))
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) >= len(SMALL.cells)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"deviations": ()}, "deviations is empty"),
        ({"deviations": (1.0, 1.0)}, "deviations is .* expected each once"),
        ({"deviations": (2.0, 1.0)}, "expected increasing numbers > 0"),
        ({"initializations": ("balanced", "balanced")}, "initializations is .* expected each once"),
        ({"deviations": (-1.0, 1.0)}, "expected increasing numbers > 0"),
        ({"rates": (0.0,)}, "expected numbers > 0"),
        ({"accuracy": 0.0}, "expected numbers > 0"),
        ({"seeds": (-1,)}, "seeds >= 0"),
        ({"depths": (0,)}, "depths, width and steps >= 1"),
        ({"steps": 0}, "depths, width and steps >= 1"),
        ({"initializations": ("Xavier",)}, "has 'Xavier'; expected some of layer-wise, balanced"),
    ],
)
def test_a_setting_that_cannot_be_run(changes, sentence):
    """Before anything runs."""
    with pytest.raises(ValueError, match=sentence):
        replace(SMALL, **changes)


@pytest.fixture
def small(monkeypatch):
    """The command line runs SMALL in place of the reduced setting."""
    monkeypatch.setattr(trade_off, "REDUCED", SMALL)


def names(directory):
    """Files in it."""
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.usefixtures("small")
def test_the_command_writes_three_files_and_the_same_again(tmp_path, capsys):
    """In a directory that it makes; the PNG is one, the SVG is XML, nothing else is left; twice the same bytes."""
    first, second = tmp_path / "new" / "directory", tmp_path
    assert main(["--reduced", "--out", str(first)]) == 0
    assert names(first) == ["trade_off.json", "trade_off.png", "trade_off.svg"]
    assert (first / "trade_off.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert ET.parse(first / "trade_off.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert json.loads((first / "trade_off.json").read_text("utf-8"))["missing"] == []
    shown = capsys.readouterr()
    assert shown.out.count("decades") == 2 * 3
    assert shown.err == ""  # no bar where there is no terminal
    assert main(["--reduced", "--out", str(second)]) == 0
    for name in names(first):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("finished", [0, 7])
def test_ctrl_c_keeps_the_cells_that_were_finished(tmp_path, monkeypatch, capsys, finished):
    """The rest is named as missing; without a cell there is no plot."""
    calls = []

    def interrupted(*arguments, **keywords):
        calls.append(arguments)
        if len(calls) > finished:
            raise KeyboardInterrupt
        return run_cell(*arguments, **keywords)

    monkeypatch.setattr(trade_off_runs, "run_cell", interrupted)
    monkeypatch.setattr(trade_off, "draw", lambda setting, found: Figure())
    assert main(["--reduced", "--out", str(tmp_path)]) == 130
    found = json.loads((tmp_path / "trade_off.json").read_text("utf-8"))
    assert len(found["cells"]) == finished
    assert [(m["depth"], m["initialization"], m["seed"]) for m in found["missing"]] == SMALL.cells[finished:]
    assert (tmp_path / "trade_off.png").exists() == (finished > 0)
    assert f"{finished} of 12 parts finished and kept" in capsys.readouterr().err
    monkeypatch.undo()
    whole = content(SMALL, list(run(SMALL)))
    assert found["cells"] == whole["cells"][:finished]


@pytest.fixture(scope="module")
def drawn():
    """SMALL, run and drawn: its curves and the figure."""
    found = curves(SMALL, list(run(SMALL)))
    return found, draw(SMALL, found)


def test_the_figure_shows_every_curve_and_every_failure(drawn):
    """A panel for each initialisation, one curve a depth, and one marker for each deviation that failed."""
    found, figure = drawn
    for axes, name in zip(figure.axes[:3], INITIALIZATIONS, strict=True):
        shown = [c for c in found if c.initialization == name]
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
        marks = [line for line in axes.lines if line.get_linestyle() == "None"]
        lines = [line for line in axes.lines if line.get_linestyle() != "None" and line.get_marker() != "None"]
        failures = sum(np.isinf(c.median).sum() for c in shown)
        assert sum(len(line.get_xdata()) for line in marks) == failures > 0
        for line, c in zip(lines, shown, strict=True):
            np.testing.assert_array_equal(line.get_ydata(), np.where(np.isinf(c.median), np.nan, c.median))
        crossed = sum(len(line.get_xdata()) for line in marks if line.get_marker() == "x")
        assert crossed == sum((np.isinf(c.median) & (c.diverged == 2)).sum() for c in shown)


def test_the_figure_shows_every_band(drawn):
    """A bar from end to end for each depth, and its width in words."""
    found, figure = drawn
    for axes, name in zip(figure.axes[3:], INITIALIZATIONS, strict=True):
        bands = [c.band(200) for c in found if c.initialization == name and c.band(200)]
        bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
        np.testing.assert_allclose(np.array(bars).reshape(-1, 2), np.array(bands).reshape(-1, 2), rtol=1e-12)
        words = [text.get_text() for text in axes.texts]
        least = ["$\\geq$ " * bool({*band} & {SMALL.deviations[0], SMALL.deviations[-1]}) for band in bands]
        assert words == [f"{a}{np.log10(b[1] / b[0]):.1f}" for a, b in zip(least, bands, strict=True)]
    assert any(axes.patches for axes in figure.axes[3:])


def test_the_figure_names_what_it_shows(drawn):
    """Axes, units, depths, kinds of failure."""
    _, figure = drawn
    assert "10^{-5}" in figure.axes[0].get_ylabel()
    assert all(axes.get_xlabel() == "standard deviation $s$ (no unit)" for axes in figure.axes[3:])
    assert [label.get_text() for label in figure.axes[3].get_yticklabels()] == ["$T =$ 200"]
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["$N = 2$", "$N = 4$", "not within 200 iterations", "overflow at every learning rate"]


def ticks(figure, *, seen):
    """The labels of the ticks within the axes' limits, or of the others."""
    every = [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]
    views = [sorted(axis.get_view_interval()) for axis in every]
    return {
        tick.label1
        for axis, (low, high) in zip(every, views, strict=True)
        for tick in axis.get_major_ticks()
        if (low <= tick.get_loc() <= high) == seen
    }


def boxes(figure):
    """Where each text that the figure shows stands, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = set(figure.findobj(lambda each: isinstance(each, Text) and each.get_visible() and each.get_text().strip()))
    return {text: text.get_window_extent(canvas.get_renderer()) for text in texts - ticks(figure, seen=False)}


def test_no_words_of_the_figure_overlap():
    """With the whole grid and all three budgets, on made-up curves; and none leaves the figure."""
    setting = Setting()
    deviations, zeros = np.array(setting.deviations), np.zeros(len(setting.deviations), dtype=np.int64)
    made_up = [
        Curve(depth, name, 5, deviations, 20 + np.abs(np.log10(deviations / 0.3)) ** 2 * 10.0**depth, zeros, zeros)
        for depth in setting.depths
        for name in INITIALIZATIONS
    ]
    figure = draw(setting, made_up)
    found = list(boxes(figure).items())
    assert len(found) > 3 * 2 * 3  # the bars' alone
    width, height = figure.canvas.get_width_height()
    for k, (text, box) in enumerate(found):
        assert 0 <= box.x0 <= box.x1 <= width
        assert 0 <= box.y0 <= box.y1 <= height
        for other, beside in found[k + 1 :]:
            assert not box.overlaps(beside), (text.get_text(), other.get_text())


@pytest.mark.parametrize("place", [1, -2])
def test_the_words_of_a_short_bar_stay_in_the_panel(place):
    """On the side with more room, at either end of the grid."""
    setting = Setting(initializations=(BALANCED,), depths=(3,), steps=1000)
    zeros, median = np.zeros(len(setting.deviations), dtype=np.int64), np.full(len(setting.deviations), np.inf)
    median[place] = 100
    figure = draw(setting, [Curve(3, BALANCED, 1, np.array(setting.deviations), median, zeros, zeros)])
    places = boxes(figure)
    (words,) = figure.axes[1].texts
    assert words.get_text() == "0.0"
    panel, (bar,) = figure.axes[1].get_window_extent(), figure.axes[1].patches
    assert panel.x0 < places[words].x0 < places[words].x1 < panel.x1
    assert not places[words].overlaps(bar.get_window_extent())
    right_of_bar = places[words].x0 > bar.get_window_extent().x1
    assert right_of_bar == (place == 1)


def test_the_table_names_bands_and_their_absence():
    """One line for each curve and budget."""
    setting = replace(SMALL, steps=2000)
    found = Curve(3, LAYER_WISE, 1, np.array([1.0, 10.0]), np.array([1500.0, 1600.0]), np.zeros(2), np.zeros(2))
    first, second = table(setting, [found])
    assert first.split() == ["N", "=", "3,", "layer-wise", "1,000", "iterations:", "no", "s", "0.00", "decades"]
    assert "2,000 iterations: s in [1, 10]" in second
    assert second.endswith(" 1.00 decades")


PATIENT = """
import sys
from dataclasses import replace
from claims.initialization.experiments import trade_off
trade_off.REDUCED = replace(trade_off.REDUCED, deviations=(0.05,), depths=(3, 20), steps=10**9)
sys.exit(trade_off.main())
"""


def test_ctrl_c_at_a_terminal(tmp_path):
    """A real signal to a process that has done the nine cells of depth 3 and would need hours for the first of depth
    20: what it found is written, and the bar was drawn."""
    screen, behind = pty.openpty()
    command = [sys.executable, "-c", PATIENT, "--out", str(tmp_path), "--reduced"]
    with subprocess.Popen(command, stderr=behind, stdout=subprocess.PIPE, text=True) as process:
        close(behind)
        seen, deadline = "", monotonic() + 300
        while not re.search(r"━.* [5-9]\d%", seen) and monotonic() < deadline:
            seen += read(screen, 1000).decode(errors="replace")
        process.send_signal(signal.SIGINT)
        printed = process.stdout.read()
    close(screen)
    assert process.returncode == 130
    assert "wrote" in printed
    found = json.loads((tmp_path / "trade_off.json").read_text("utf-8"))
    assert [cell["depth"] for cell in found["cells"]] == [3] * 9
    assert [cell["depth"] for cell in found["missing"]] == [20] * 9
    assert names(tmp_path) == ["trade_off.json", "trade_off.png", "trade_off.svg"]
