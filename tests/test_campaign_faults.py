"""What befalls campaigns: after each fault the ledger has every piece once, and the sum is what it would have been."""

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import distributed
import errands
import pytest

from claims.campaigns import course as campaign
from claims.campaigns import planning
from claims.campaigns.course import CampaignEndedError, NotKeptError, course
from claims.campaigns.executors import executor
from claims.campaigns.ledger import Ledger
from claims.campaigns.places import ROOT, here
from claims.campaigns.planning import Check, Plan, seed_of
from claims.campaigns.records import Fate

TESTS = Path(__file__).parent
DRIFT = "claims/balance/balancedness/laws.py::test_drift_is_bounded_by_the_squared_gradients"
PIECES, SIZE, SEED = 12, 25, 5


@pytest.fixture
def runs(monkeypatch, tmp_path):
    """The directory with a file for each run of a piece; pieces are those of :func:`errands.passed`, of one size."""
    directory = tmp_path / "runs"
    directory.mkdir()
    monkeypatch.setenv(errands.RUNS, str(directory))
    monkeypatch.setattr(planning, "SECONDS", 0.25)
    monkeypatch.setattr(campaign, "run", errands.passed)
    return directory


def plan(ledger):
    return Plan([Check("DL-002", DRIFT, 1)], PIECES * SIZE, SEED, ledger.records())


def pieces():
    return sorted((seed_of(SEED, DRIFT, number), SIZE) for number in range(PIECES))


def check_whole(path):
    """Every piece is there once, and counts."""
    with Ledger(path, read_only=True) as ledger:
        found = list(ledger.records())
        assert sorted((record.piece.seed, record.piece.examples) for record in found) == pieces()
        assert {record.fate for record in found} == {Fate.PASSED}
        assert ledger.totals(here().files)["DL-002"].decided == PIECES * SIZE


def times(runs):
    return [len(list(runs.glob(f"{seed}-*"))) for seed, _ in pieces()]


# Workers and schedulers.


def test_a_worker_killed_in_mid_piece(runs, tmp_path, monkeypatch):
    """On this machine: its piece is run again."""
    monkeypatch.setattr(campaign, "run", errands.kills_once)
    with Ledger(tmp_path / "ledger") as ledger, executor(2) as workers:
        assert len(list(course(plan(ledger), ledger, workers))) == PIECES
    assert (runs / "killed").exists()
    check_whole(tmp_path / "ledger")


def test_a_dask_worker_killed_in_mid_piece(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(campaign, "run", errands.kills_once)
    quietly = {"dashboard_address": None, "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **quietly) as cluster,
        Ledger(tmp_path / "ledger") as ledger,
        executor(scheduler=cluster.scheduler_address) as workers,
    ):
        assert len(list(course(plan(ledger), ledger, workers))) == PIECES
    assert (runs / "killed").exists()
    check_whole(tmp_path / "ledger")


@contextlib.contextmanager
def dask(port, *rooms):
    """A scheduler and a worker of their own, that has its packages from ``rooms``; both are killed in the end."""
    variables = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, [*rooms, TESTS])),
        "DASK_LOGGING__DISTRIBUTED": "50",
    }
    address = f"tcp://127.0.0.1:{port}"
    commands = [
        ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
        ["distributed.cli.dask_worker", address, "--nthreads", "2", "--no-nanny", "--no-dashboard"],
    ]
    with contextlib.ExitStack() as stack:
        for command in commands:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            process = subprocess.Popen([sys.executable, "-P", "-m", *command], env=variables, **quiet)
            stack.callback(process.wait)
            stack.callback(process.kill)
        answers(port)
        yield address


def answers(port, seconds=60.0):
    """Wait until somebody listens: on a busy machine a scheduler takes longer to start than a campaign waits for it."""
    until = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=seconds).close()
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.fixture
def port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_scheduler_restarted(runs, tmp_path, port, capsys):
    """It forgets all that was out, which is given out again: a piece may be run twice, and counts once."""
    address = f"tcp://127.0.0.1:{port}"
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask(port, ROOT))
        with Ledger(tmp_path / "ledger") as ledger, executor(scheduler=address) as workers:
            for number, _ in enumerate(course(plan(ledger), ledger, workers)):
                if number == 3:
                    stack.pop_all().close()
                    stack.enter_context(dask(port, ROOT))
            assert number + 1 == PIECES
    assert f"the scheduler {address} is gone; waiting 300 s for it to come back" in capsys.readouterr().err
    assert min(times(runs)) == 1
    check_whole(tmp_path / "ledger")


def test_a_scheduler_that_does_not_come_back(runs, tmp_path, port, monkeypatch):
    """An error in a sentence, after what was finished is in the ledger; the same campaign goes on elsewhere."""
    monkeypatch.setattr("claims.campaigns.cluster.RETURNS", 0.5)
    done, cluster = 0, contextlib.ExitStack()
    address = cluster.enter_context(dask(port, ROOT))
    with cluster, Ledger(tmp_path / "ledger") as ledger:
        gone = pytest.raises(ConnectionError, match="is gone and has not come back; what was finished is kept")
        with executor(scheduler=address) as workers, gone:
            monkeypatch.setattr("claims.campaigns.cluster.ANSWERS", 2.0)
            for _ in course(plan(ledger), ledger, workers):
                done += 1
                cluster.close()
        assert 0 < done == len(ledger) < PIECES
        with executor(2) as workers:
            assert len(list(course(plan(ledger), ledger, workers))) == PIECES - done
    check_whole(tmp_path / "ledger")


def test_a_worker_with_another_version_is_refused(tmp_path, port, monkeypatch):
    """By real pieces: it has one comment more. Nothing counts, and the campaign ends with a sentence."""
    other = tmp_path / "other"
    for room in ("claims", "solvers", "strategies"):
        shutil.copytree(ROOT / room, other / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "claims" / "book.py").open("a", encoding="utf-8") as file:
        file.write("# Another version.\n")
    with dask(port, other) as address, Ledger(tmp_path / "ledger") as ledger:
        with executor(scheduler=address) as workers, pytest.raises(CampaignEndedError) as ended:
            list(course(plan(ledger), ledger, workers))
        assert "the files of claims, solvers and strategies are others here" in str(ended.value)
        assert "expected one version everywhere" in str(ended.value)
        assert len(ledger) == 0


def test_a_clock_that_is_ten_years_slow(runs, tmp_path, monkeypatch):
    """Of the workers: it is written down with their records, and nothing rests on it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import time\nright = time.time\ntime.time = lambda: right() - 10 * 365 * 86400\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with Ledger(tmp_path / "ledger") as ledger, executor(2) as workers:
        list(course(plan(ledger), ledger, workers))
        assert all(record.started < time.time() - 9 * 365 * 86400 for record in ledger.records())
    check_whole(tmp_path / "ledger")


# Ledgers.


@contextlib.contextmanager
def full_disk(size):
    """No file of this process grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk(runs, tmp_path):
    """The campaign says which piece is not kept. What was kept is, and the rest is done when there is room again."""
    path, kept = tmp_path / "ledger", 0
    with executor(2) as workers:
        with Ledger(path) as ledger, pytest.raises(NotKeptError) as full, full_disk(60_000):  # noqa: PT012
            for _ in course(plan(ledger), ledger, workers):
                kept += 1
        assert str(path) in str(full.value)
        assert full.value.record.piece.check == DRIFT
    with Ledger(path, read_only=True) as ledger:
        assert 0 < kept == len(ledger) < PIECES
        assert full.value.record not in list(ledger.records())
    with Ledger(path) as ledger, executor(2) as workers:
        assert len(list(course(plan(ledger), ledger, workers))) == PIECES - kept
    check_whole(path)


CAMPAIGN = f"""
import pathlib
import sys
import time
import errands
from claims.campaigns import course, planning
from claims.campaigns.executors import executor
from claims.campaigns.ledger import Ledger
if __name__ == "__main__":
    planning.SECONDS, course.run = 0.25, errands.passed
    with Ledger(sys.argv[1]) as ledger, executor(2) as workers:
        plan = planning.Plan([planning.Check("DL-002", "{DRIFT}", 1)], {PIECES * SIZE}, {SEED}, ledger.records())
        mine, other = map(pathlib.Path, sys.argv[2:])
        mine.touch()
        while not other.exists():
            time.sleep(0.05)
        print(len(list(course.course(plan, ledger, workers))))
"""


def test_two_campaigns_on_one_ledger(runs, tmp_path):
    """The same one twice, at one time: both do their pieces, which count once."""
    script = tmp_path / "campaign.py"
    script.write_text(CAMPAIGN, encoding="utf-8")
    variables = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS)])}
    command, ready = [sys.executable, str(script), str(tmp_path / "ledger")], [str(tmp_path / name) for name in "ab"]
    pipes = {"env": variables, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen([*command, *names], **pipes) for names in (ready, ready[::-1])]
    try:
        done = [int(process.communicate(timeout=120)[0]) for process in both]
    finally:
        for process in both:
            process.kill()
    assert all(process.returncode == 0 for process in both)
    assert sum(done) == sum(times(runs)) > PIECES
    check_whole(tmp_path / "ledger")
