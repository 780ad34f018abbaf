"""Experiments with --jobs: the same numbers in the same order, Ctrl-C, and a cell that has no result."""

import importlib
import json
import os
import signal

import errands
import pytest

from claims.campaigns.executors import PieceError
from claims.command_line.experimenting import experiments
from claims.suite.experiments import report
from claims.suite.experiments.report import cell_by_cell, keep_finished, read_options

MODULES = {experiment.name: experiment.module for experiment in experiments()}
RUNS = {"recovery": "recovery_runs", "trade_off": "trade_off_runs"}
"""Experiments whose cells are computed in a module of their own."""


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_numbers_do_not_depend_on_the_jobs(name, monkeypatch):
    """Of the first cell, computed here and in a worker, to the last bit, with the fraction that is done."""
    module = importlib.import_module(MODULES[name])

    def first(function, cells, progress, jobs=1, scheduler=None, *, lengths=None, tells=False):
        lengths = lengths and lengths[:1]
        return cell_by_cell(function, list(cells)[:1], progress, jobs, scheduler, lengths=lengths, tells=tells)

    monkeypatch.setattr(report, "cell_by_cell", first)
    if name in RUNS:
        runs = importlib.import_module(MODULES[name].replace(name, RUNS[name]))
        monkeypatch.setattr(runs, "cell_by_cell", first)
    found = []
    for jobs in (1, 2):
        fractions = []
        cells = list(module.run(module.REDUCED, fractions.append, jobs))
        assert len(cells) == 1
        assert sorted(fractions) == fractions
        assert fractions[-1] == 1.0
        found.append(json.dumps(module.as_json(module.REDUCED, cells)))
    assert found[0] == found[1]


def test_every_experiment_takes_jobs(tmp_path, capsys):
    for module in MODULES.values():
        with pytest.raises(SystemExit):
            importlib.import_module(module).main(["--help"])
        assert "--jobs N" in capsys.readouterr().out
    options = read_options("idle", "Nothing.", reduced="less", arguments=["--out", str(tmp_path), "--jobs", "3"])
    assert options.workers == (3, None)


def test_cells_come_in_their_order_however_they_are_finished():
    """The first takes longest."""
    fractions = []
    found = list(cell_by_cell(errands.waits, [(0.3, "a"), (0.0, "b"), (0.0, "c")], fractions.append, 2))
    assert found == ["a", "b", "c"]
    assert fractions == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_cells_are_as_long_as_is_said():
    for jobs in (1, 2):
        fractions = []
        list(cell_by_cell(errands.waits, [(0.0, "a"), (2.0, "b")], fractions.append, jobs, lengths=[3.0, 1.0]))
        assert fractions == [0.75, 1.0]


def test_ctrl_c_keeps_what_was_finished_in_order():
    """The second cell is not: the third is kept all the same."""

    def progress(fraction):
        if fraction == 0.5:
            os.kill(os.getpid(), signal.SIGINT)

    cells = [(0.0, "a"), (60.0, "b"), (0.0, "c"), (60.0, "d")]
    assert keep_finished(cell_by_cell(errands.waits, cells, progress, 2)) == (["a", "c"], True)


def test_a_cell_without_a_result_is_an_error():
    with pytest.raises(PieceError, match="TypeError"):
        list(cell_by_cell(errands.waits, [(0.0, "a"), ("no number", "b")], lambda fraction: None, 2))


def test_a_worker_with_other_files_refuses():
    with pytest.raises(ValueError, match="has other files than the run"):
        report._cell(errands.waits, "another", (0, (0.0, "a")))
