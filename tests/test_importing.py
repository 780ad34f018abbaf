"""Where workers of xdist begin to import: all files, each once, and only where all are asked for."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from claims.book import CLAIMS, claim_paths, evidence_paths, module_name
from claims.suite.importing import from_place, import_all

FILES = [path for claim in claim_paths() for path in evidence_paths(claim)]


class Config:
    """What of pytest's configuration is looked at."""

    def __init__(self, *args, worker="gw1", workers=2, keyword="", markexpr=""):
        self.args = [str(argument) for argument in args]
        self.invocation_params = SimpleNamespace(dir=CLAIMS.parent)
        self.option = SimpleNamespace(keyword=keyword, markexpr=markexpr)
        if worker:
            self.workerinput = {"workerid": worker, "workercount": workers}


@pytest.fixture
def imported(monkeypatch):
    """The names of the modules that are imported, which are not."""
    names = []

    def note(name):
        names.append(name)
        if len(names) == 2:
            raise ValueError("in its own time")

    monkeypatch.setattr(importlib, "import_module", note)
    return names


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_each_worker_goes_round_from_a_place_of_its_own(count):
    files = [Path(letter) for letter in "abcdefg"]
    rounds = [from_place(files, number, count) for number in range(count)]
    assert rounds[0] == files
    assert all(sorted(found) == files for found in rounds)
    assert len({found[0] for found in rounds}) == count


def test_two_workers_begin_half_the_way_apart():
    assert [path.name for path in from_place([Path(letter) for letter in "abcd"], 1, 2)] == ["c", "d", "a", "b"]


@pytest.mark.parametrize("arguments", [("claims",), (CLAIMS,), ("tests", "claims/")])
def test_a_worker_imports_every_file_once_and_what_raises_is_no_end(imported, arguments):
    config = Config(*arguments)
    import_all(config)
    import_all(config)
    assert imported == [module_name(path) for path in from_place(FILES, 1, 2)]


@pytest.mark.parametrize(
    "config",
    [
        Config("claims", worker=""),
        Config("claims", worker="named"),
        Config("claims/balance"),
        Config("elsewhere"),
        Config("claims", keyword="whitening"),
        Config("claims", markexpr="formal"),
    ],
    ids=["no worker", "a worker without a number", "a chapter", "no claims", "-k", "-m"],
)
def test_no_other_run_imports_more_than_it_collects(imported, config):
    import_all(config)
    assert imported == []
