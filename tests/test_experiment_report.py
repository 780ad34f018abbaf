"""What the experiments share: options, the bar, Ctrl-C, files, the look; without matplotlib until a figure is drawn."""

import contextlib
import importlib
import io
import json
import re
import subprocess
import sys
import time

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from claims.book import CHAPTERS, CLAIMS
from claims.command_line import main
from claims.command_line.experimenting import experiments
from claims.suite.evidence import replacing
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

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
"""The cursor."""


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
    assert "example: python -m claims experiment idle --out figures" in shown
    assert "even less" in shown


def test_an_experiment_is_a_command_that_brings_no_matplotlib_before_it_draws(tmp_path):
    """The claims import the experiments, and run without the extra."""
    code = (
        "import sys; from claims.command_line import main; "
        "print(main(['experiment', 'trade_off', '--help']), 'matplotlib' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "example: python -m claims experiment trade_off --out" in result.stdout
    assert result.stdout.splitlines()[-1] == "0 False"


class Stream(io.StringIO):
    """A stream that is a terminal or not, and keeps what it is told."""

    def __init__(self, tty):
        super().__init__()
        self.tty = tty

    def isatty(self):
        return self.tty


def drawn(monkeypatch, *fractions, tty=True, error=None):
    """What the bar writes to standard error where that is a terminal or not, and ends well or by an error."""
    stream = Stream(tty)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with contextlib.suppress(KeyboardInterrupt), progress_bar() as show:
        for fraction in fractions:
            show(fraction)
        if error is not None:
            raise error
    return stream.getvalue()


def test_the_bar_is_for_terminals(monkeypatch):
    """It fills and ends its line; the cursor is there again, also after Ctrl-C; elsewhere nothing is written."""
    assert drawn(monkeypatch, 0.0, 0.5, 1.0, tty=False) == ""
    whole = drawn(monkeypatch, 0.0, 0.5, 1.0)
    assert "  0%" in whole
    assert "100%" in whole
    cut = drawn(monkeypatch, 0.25, error=KeyboardInterrupt())
    assert " 25%" in cut
    for text in (whole, cut):
        assert text.index(HIDE) < text.index(SHOW)
        assert "\n" in text[text.rindex("%") :]


def test_the_bar_is_drawn_ten_times_a_second_at_most(monkeypatch):
    """However often it is told; but the end always is."""
    began = time.monotonic()
    text = drawn(monkeypatch, *(k / 5000 for k in range(5001)))
    assert text.count("%") <= 3 + 11 * (time.monotonic() - began)
    assert "100%" in text


def test_what_is_printed_meanwhile_stands_above_the_bar(monkeypatch):
    """The sentence on Ctrl-C, for one, is not written into the bar."""
    stream = Stream(True)
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar() as show:
        show(0.5)
        assert keep_finished(items(2, KeyboardInterrupt()), 5) == ([0, 1], True)
    text = stream.getvalue()
    assert re.search(r"(^|\n|\x1b\[2K)interrupted: 2 of 5 parts finished and kept\n", text)
    assert "50%" in text[text.index("interrupted") :]


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


@pytest.mark.parametrize("experiment", experiments(), ids=lambda each: each.name)
def test_every_experiment_reads_the_same_options(experiment, capsys):
    """Its help names it, and has these options and nothing else."""
    assert main(["experiment", experiment.name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"example: python -m claims experiment {experiment.name} --out" in shown
    usage = " ".join(shown.partition("\n\n")[0].split())  # a long name puts it on two lines
    options = "[-h] --out DIR [--reduced] [--jobs N | --scheduler ADDRESS|FILE]"
    assert usage == f"usage: python -m claims experiment {experiment.name} {options}"
    assert experiment.summary.endswith(".")
    assert f"``python -m claims experiment {experiment.name} --out DIR``" in importlib.import_module(
        experiment.module
    ).__doc__.replace("\n", " ")


def test_the_experiments_are_found_where_they_stand():
    """In the order of the chapters; modules that only draw are none."""
    found = {experiment.name: experiment.chapter for experiment in experiments()}
    assert found.items() >= {("trade_off", "initialization"), ("acceleration", "end_to_end"), ("stages", "modes")}
    assert "trade_off_figure" not in found
    modules = {path for chapter in CHAPTERS for path in (CLAIMS / chapter / "experiments").glob("*.py")}
    assert found.keys() == {path.stem for path in modules if "def main(" in path.read_text("utf-8")}
    assert [CHAPTERS.index(chapter) for chapter in found.values()] == sorted(map(CHAPTERS.index, found.values()))


def test_two_experiments_of_one_name_are_an_error(tmp_path):
    """With both chapters in the sentence."""
    for chapter in ("modes", "saddles"):
        (tmp_path / chapter / "experiments").mkdir(parents=True)
        (tmp_path / chapter / "experiments" / "same.py").write_text("def main(): ...\n")
    with pytest.raises(ValueError, match="same is an experiment of saddles and of modes"):
        experiments(tmp_path)


def test_without_a_name_the_experiments_are_listed(capsys):
    """A line each, and as JSON."""
    assert main(["experiment"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["experiment", "chapter", "what", "it", "shows"]
    known = experiments()
    assert [re.split(r"  +", line) for line in lines] == [[each.name, each.chapter, each.summary] for each in known]
    assert main(["experiment", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [vars(each) for each in known]


def test_an_experiment_runs_by_its_name(tmp_path, capsys, monkeypatch):
    """What follows the name is its own, and so is the exit code."""
    seen = []
    monkeypatch.setattr("claims.modes.experiments.stages.main", lambda arguments: seen.append(arguments) or 130)
    assert main(["experiment", "stages", "--out", str(tmp_path), "--reduced"]) == 130
    assert seen == [["--out", str(tmp_path), "--reduced"]]
    assert capsys.readouterr() == ("", "")


def test_an_unknown_experiment_is_not_understood(capsys):
    """The nearest name, or all of them."""
    for name, says in (("stagse", "did you mean stages?"), ("zzz", "did you mean one of best_constants, trade_off, ")):
        assert main(["experiment", name]) == 2
        assert f"there is no experiment {name!r}; {says}" in capsys.readouterr().err
    assert main(["experiment", "stages"]) == 2
    assert "the following arguments are required: --out" in capsys.readouterr().err
