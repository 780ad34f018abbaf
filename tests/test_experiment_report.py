"""What the experiments share: options, the bar, Ctrl-C, files, the look; without matplotlib until a figure is drawn."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from claims.suite.evidence import replacing
from claims.suite.experiments import report
from claims.suite.experiments.report import (
    COLOURS,
    LINES,
    MARKERS,
    Options,
    finite_or_none,
    keep_finished,
    progress_bar,
    read_options,
    scientific,
    style,
    tools,
    write,
)
from solvers import InterruptedRun, Problem, gradient_descent


def names(directory):
    """Files in it."""
    return sorted(path.name for path in directory.iterdir())


def options(*arguments):
    """Of an experiment of no great use."""
    return read_options("idle", "Does nothing.", reduced="even less", arguments=list(map(str, arguments)))


def refusal(capsys, *arguments):
    """What the command says when it refuses to start."""
    with pytest.raises(SystemExit) as stopped:
        options(*arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_options_make_the_directory_and_leave_nothing_in_it(tmp_path):
    """With its parents; twice is no error."""
    out = tmp_path / "new" / "directory"
    assert options("--out", out) == Options(out, False)
    assert options("--reduced", "--out", out) == Options(out, True)
    assert names(out) == []


def test_wrong_options_are_refused(tmp_path, capsys):
    """By what was wrong and what would be right."""
    assert "the following arguments are required: --out" in refusal(capsys)
    assert "unrecognized arguments: --seeds 3" in refusal(capsys, "--out", tmp_path, "--seeds", "3")
    assert "unrecognized arguments: --red" in refusal(capsys, "--out", tmp_path, "--red")
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        said = refusal(capsys, "--out", out)
        assert f"--out is {out}, which cannot be made (" in said
        assert "expected a directory" in said
    assert names(tmp_path) == ["file"]


def test_a_directory_that_cannot_be_written_to_is_refused(tmp_path, monkeypatch, capsys):
    """As found by writing, which a super-user's permission bits would not tell."""

    def full(**keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    said = refusal(capsys, "--out", tmp_path)
    assert "which cannot be written to (No space left on device); expected a directory that can" in said


def test_without_matplotlib_nothing_is_run(tmp_path, monkeypatch, capsys):
    """The sentence says how to get it, and no directory is made."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = refusal(capsys, "--out", tmp_path / "new")
    assert "the figure needs matplotlib, which is not installed; expected: pip install '.[plot]'" in said
    assert names(tmp_path) == []


def test_help_has_an_example(capsys):
    """One line to paste, and what --reduced leaves."""
    with pytest.raises(SystemExit) as stopped:
        options("--help")
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert "example: python -m claims.experiments.idle --out figures" in shown
    assert "even less" in shown


def test_an_experiment_is_a_command_that_brings_no_matplotlib_before_it_draws():
    """The claims import the experiments, and run without the extra."""
    code = (
        "import atexit, runpy, sys; atexit.register(lambda: print('matplotlib' in sys.modules)); "
        "sys.argv[1:] = ['--help']; runpy.run_module('claims.initialization.experiments.trade_off', "
        "run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "example: python -m claims.initialization.experiments.trade_off --out" in result.stdout
    assert result.stdout.splitlines()[-1] == "False"


class Stream:
    """A stream that is a terminal or not, and keeps what it is told."""

    def __init__(self, tty):
        self.tty, self.text = tty, ""

    def isatty(self):
        return self.tty

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_the_bar_is_for_terminals(monkeypatch):
    """It fills, tells the time that is left, ends its line; elsewhere nothing is written."""
    clock = iter(range(0, 100, 10))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    terminal, file = Stream(True), Stream(False)
    show, mute = progress_bar(terminal), progress_bar(file)  # at 0 s and 10 s
    for fraction in (0.0, 0.5, 1.0):  # at 20 s, 30 s, 40 s
        show(fraction)
        mute(fraction)
    assert file.text == ""
    start, half, end = terminal.text.split("\r")[1:]
    assert start.split() == [f"[{'.' * 30}]", "0%"]
    assert half.split() == [f"[{'#' * 15}{'.' * 15}]", "50%", "30", "s", "left"]
    assert end == f"[{'#' * 30}] 100%     0 s left \n"


def test_the_bar_is_drawn_ten_times_a_second_at_most(monkeypatch):
    """But the end always is."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    terminal = Stream(True)
    show = progress_bar(terminal)
    for k in range(1000):
        now[0] = k / 1024
        show(k / 1000)
    assert 9 <= terminal.text.count("\r") <= 10
    show(1.0)
    assert terminal.text.count("100%") == 1


def items(number, error):
    """0, 1, ..., and then the error."""
    yield from range(number)
    raise error


def test_what_was_finished_is_kept(capsys):
    """All of it, or what came before Ctrl-C."""
    assert keep_finished(range(3), 3) == ([0, 1, 2], False)
    assert capsys.readouterr().err == ""
    assert keep_finished(items(2, KeyboardInterrupt()), 5) == ([0, 1], True)
    assert capsys.readouterr().err == "\ninterrupted: 2 of 5 parts finished and kept\n"
    assert keep_finished(items(0, KeyboardInterrupt())) == ([], True)
    assert capsys.readouterr().err == "\ninterrupted: 0 parts finished and kept\n"


def test_a_solver_that_was_interrupted_is_ctrl_c(capsys):
    """InterruptedRun ends the experiment as Ctrl-C between two parts does."""
    problem = Problem((np.eye(2),), np.eye(2), 0.5)
    error = InterruptedRun(gradient_descent(problem, steps=1))
    assert keep_finished(items(1, error)) == ([0], True)
    assert "interrupted" in capsys.readouterr().err


def test_other_errors_are_not_hidden():
    """They are the experiment's failure, not its end."""
    with pytest.raises(ArithmeticError, match="overflow"):
        keep_finished(items(2, ArithmeticError("overflow")))


@pytest.mark.parametrize(
    ("number", "label"),
    [
        (1e-5, "$10^{-5}$"),
        (10**6, "$10^{6}$"),
        (2.5e-7, "$2.5 \\cdot 10^{-7}$"),
        (1000, "$10^{3}$"),
        (3000, "$3 \\cdot 10^{3}$"),
        (0.5, "0.5"),
        (200, "200"),
        (1, "1"),
    ],
)
def test_numbers_in_labels(number, label):
    """As they are written in mathematics."""
    assert scientific(number) == label


def test_what_json_has_no_word_for_is_none():
    """In numbers and in nested lists."""
    assert finite_or_none([[1.5, np.inf], [-np.inf, np.nan]]) == [[1.5, None], [None, None]]
    assert finite_or_none(np.float64(2)) == 2
    assert finite_or_none(np.inf) is None
    assert finite_or_none([]) == []


def test_the_tools_are_named():
    """Those that compute the numbers, each with a version."""
    assert set(tools()) == {"python", "deep-linear-claims", "numpy", "scikit-learn", "kernel"}
    assert tools()["numpy"] == np.__version__
    assert all(isinstance(version, str) and version for version in tools().values())


def figure():
    """A small one, in the common style."""
    with style():
        result = Figure(figsize=(2, 2))
        axes = result.subplots()
        for colour, line, marker in zip(COLOURS, LINES, MARKERS, strict=False):
            axes.plot([1, 2], [1, 3], color=colour, linestyle=line, marker=marker)
        axes.set_xlabel("x")
    return result


def test_the_same_content_gives_the_same_bytes_whatever_the_users_style(tmp_path):
    """JSON, PNG and SVG; settings of the user's neither reach a figure nor are lost."""
    first, second = tmp_path / "1", tmp_path / "2"
    for out in (first, second):
        out.mkdir()
    paths = write(first, "idle", {"a": None}, figure())
    assert [path.name for path in paths] == ["idle.json", "idle.png", "idle.svg"]
    with mpl.rc_context(
        {"font.size": 30, "axes.facecolor": "yellow", "axes.grid": False, "savefig.dpi": 20, "svg.hashsalt": "other"}
    ):
        write(second, "idle", {"a": None}, figure())
        assert mpl.rcParams["font.size"] == 30
    for path in paths:
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name
    assert b"dc:date" not in paths[2].read_bytes()


def test_without_a_figure_there_is_only_json(tmp_path):
    """And what JSON cannot hold is refused."""
    assert write(tmp_path, "idle", {"a": [1, None]}, None) == [tmp_path / "idle.json"]
    assert json.loads((tmp_path / "idle.json").read_text("utf-8")) == {"a": [1, None]}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(tmp_path, "idle", {"a": np.inf}, None)
    assert names(tmp_path) == ["idle.json"]
    assert json.loads((tmp_path / "idle.json").read_text("utf-8")) == {"a": [1, None]}


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_write_that_fails_leaves_the_old_figure(tmp_path, monkeypatch, error):
    """And no temporary file."""
    (tmp_path / "idle.png").write_text("old")

    def broken(self, file, **keywords):
        file.write(b"half")
        raise error

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", broken)
    with pytest.raises(error):
        write(tmp_path, "idle", {}, figure())
    assert (tmp_path / "idle.png").read_text() == "old"
    assert names(tmp_path) == ["idle.json", "idle.png"]


def test_a_file_is_replaced_when_all_of_it_is_there(tmp_path):
    """Until then readers see what it was."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new, ")
        file.flush()
        assert path.read_bytes() == b"old"
        file.write(b"all of it")
    assert path.read_bytes() == b"new, all of it"
    assert names(tmp_path) == ["file"]


EXPERIMENTS = [
    path.stem for path in sorted(Path(report.__file__).parent.glob("*.py")) if "def main(" in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_reads_the_same_options(name, capsys):
    """Its help names it."""
    with pytest.raises(SystemExit):
        importlib.import_module(f"claims.experiments.{name}").main(["--help"])
    assert f"example: python -m claims.experiments.{name} --out" in capsys.readouterr().out


def test_the_experiments_are_found():
    """So that the test above is not empty."""
    assert "trade_off" in EXPERIMENTS
