"""Pieces over workers: all are answered once, whatever dies; Ctrl-C leaves nothing behind; what --jobs and --scheduler
take."""

import argparse
import contextlib
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import CancelledError, Future
from pathlib import Path

import distributed
import errands
import pytest

from claims.campaigns import cluster as cluster_module
from claims.campaigns import executors
from claims.campaigns.cluster import Cluster
from claims.campaigns.executors import Outcome, PieceError, add_executor_arguments, executor, spread
from claims.campaigns.processes import Processes
from claims.campaigns.workers import Workers
from claims.command_line.errors import UsageError

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def two():
    """Two processes; what dies in one test is replaced for the next."""
    with executor(2) as workers:
        yield workers


def results(outcomes):
    return {outcome.item: outcome.value() for outcome in outcomes}


def runs(path):
    return len(path.read_text(encoding="utf-8").splitlines())


# This machine.


def test_every_item_has_its_outcome(two):
    assert results(spread(errands.square, range(20), two)) == {number: number**2 for number in range(20)}


def test_no_items_are_no_outcomes(two):
    assert list(spread(errands.square, [], two)) == []


def test_nothing_is_a_result_too(two):
    (outcome,) = spread(errands.nothing, ["item"], two)
    assert outcome.done
    assert outcome.value() is None


def test_items_are_drawn_as_there_is_room(two):
    """Two at a time, of infinitely many; the next is asked for after what has come was taken."""
    drawn, taken = [], []

    def items():
        for number in itertools.count():
            assert len(drawn) - len(taken) < 2
            drawn.append(number)
            yield number

    for outcome in spread(errands.square, items(), two):
        taken.append(outcome.item)
        if len(taken) == 30:
            break
    assert len(drawn) <= 32
    assert len(set(taken)) == 30


def test_workers_are_processes_of_their_own_that_import_nothing_heavy():
    """Each heads a session, which Ctrl-C in the terminal does not reach, and ignores one that is sent to it."""
    with executor(2) as workers:
        found = results(spread(errands.where, range(8), workers)).values()
    assert {pid for pid, *_ in found}.isdisjoint({os.getpid()})
    assert len({pid for pid, *_ in found}) == 2
    assert all(pid == session and ignores and not heavy for pid, session, ignores, heavy in found), found


def test_libraries_take_one_thread_where_the_user_does_not_say_otherwise(monkeypatch):
    for said, expected in [(None, "1"), ("3", "3")]:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
        if said:
            monkeypatch.setenv("OPENBLAS_NUM_THREADS", said)
        with executor(1) as workers:
            assert results(spread(errands.threads, [0], workers)) == {0: expected}


def test_a_piece_whose_worker_was_killed_is_run_again(two, tmp_path):
    path = tmp_path / "runs"
    assert results(spread(errands.killed_once, [str(path)], two)) == {str(path): "alive"}
    assert runs(path) == 2


def test_one_that_kills_its_worker_each_time_is_lost_alone(two):
    found = {outcome.item: outcome for outcome in spread(errands.killed, range(12), two)}
    assert sorted(found) == list(range(12))
    assert found[5].lost.startswith("3 workers have died as they ran it")
    assert all(outcome.value() == number for number, outcome in found.items() if number != 5)


def test_a_worker_that_dies_between_two_pieces_is_replaced(two):
    pids = {pid for pid, *_ in results(spread(errands.where, range(6), two)).values()}
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
    after = results(spread(errands.where, range(6), two)).values()
    assert {pid for pid, *_ in after}.isdisjoint(pids)


def test_what_the_function_raises_is_an_outcome_and_not_tried_again(two, tmp_path):
    """In words with a traceback: the exception itself could not be made again on this side."""
    path = tmp_path / "runs"
    (outcome,) = spread(errands.bad, [str(path)], two)
    assert outcome.error.startswith("TwoWordsError: this and that\nTraceback")
    assert "in bad" in outcome.error
    assert (outcome.lost, outcome.result, runs(path)) == ("", None, 1)
    with pytest.raises(PieceError, match="TwoWordsError: this and that"):
        outcome.value()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (errands.leaves, "SystemExit: 3"),
        (errands.unsendable, "TypeError: cannot pickle"),
        (errands.unreadable, "its result cannot be made again here: TypeError"),
    ],
)
def test_one_that_leaves_or_cannot_be_sent_is_an_error(two, function, said):
    (outcome,) = spread(function, [0], two)
    assert said in outcome.error
    assert results(spread(errands.square, [3], two)) == {3: 9}


def test_a_processs_executor_takes_no_more_than_it_has_workers():
    with executor(1) as workers:
        workers.submit(time.sleep, 60)
        with pytest.raises(RuntimeError, match="1 pieces are running"):
            workers.submit(time.sleep, 60)


def test_all_cores_is_the_default(monkeypatch):
    monkeypatch.setattr("claims.campaigns.processes.cores", lambda: 3)
    with executor() as workers:
        assert isinstance(workers, Processes)
        assert workers.ahead() == 3


# Ctrl-C.

GO = """
import sys
import errands
from claims.campaigns.executors import executor, spread
if __name__ == "__main__":
    try:
        with executor(2) as workers:
            for outcome in spread(errands.sleeps, ["0", *sys.argv[1:]], workers):
                print(outcome.item, flush=True)
    except KeyboardInterrupt:
        print("stopped")
        sys.exit(130)
"""


@contextlib.contextmanager
def at_work(tmp_path):
    """A process that has two workers, each with a program of its own; the pids of these four."""
    script, paths = tmp_path / "go.py", [tmp_path / "one", tmp_path / "two"]
    script.write_text(GO, encoding="utf-8")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    variables = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    with subprocess.Popen([sys.executable, script, *map(str, paths)], env=variables, **pipes) as process:
        try:
            assert process.stdout.readline() == "0\n"
            wait_for(lambda: all(path.exists() for path in paths))
            yield process, [int(pid) for path in paths for pid in path.read_text(encoding="utf-8").split()]
        finally:
            process.kill()


def wait_for(condition, seconds=60.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def gone(pid):
    """Whether a process has ended, be it that nobody has asked for its exit code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_ctrl_c_ends_what_runs_and_leaves_no_process(tmp_path):
    """The terminal sends it to the whole group; nobody complains."""
    with at_work(tmp_path) as (process, pids):
        started = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60) == ("stopped\n", "")
        assert process.returncode == 130
        assert time.monotonic() - started < 60, "they would take ten minutes"
        wait_for(lambda: all(map(gone, pids)))


def test_workers_do_not_outlive_a_parent_that_was_killed(tmp_path):
    with at_work(tmp_path) as (process, pids):
        process.kill()
        wait_for(lambda: all(map(gone, pids)))


class Stub(Workers):
    """An executor of this thread: ``script`` has for each submission an exception, None where it never comes, or
    anything else where it is run."""

    def __init__(self, script, *, exact=True, ahead=4):
        self.script, self.given, self.times = script, [], Counter()
        self.exact, self._ahead = exact, ahead

    def ahead(self):
        return self._ahead

    def deaths(self, error):
        return error.args[0] if isinstance(error, DiedError) else 0 if isinstance(error, CancelledError) else None

    def submit(self, function, *arguments):
        item = arguments[-1]
        self.given.append(item)
        self.times[item] += 1
        future, answer = Future(), self.script(item, self.times[item])
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is not None:
            future.set_result(function(*arguments))
        return future


class DiedError(Exception):
    """So many workers did."""


def test_ctrl_c_gives_out_nothing_more_and_keeps_what_has_come():
    """One item has come when it is pressed, one never comes."""
    workers = Stub(lambda item, times: None if item == 1 else True, ahead=3)
    found = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - from within the loop
        for outcome in spread(errands.same, itertools.count(), workers):
            found.append(outcome.item)
            if outcome.item == 3:
                os.kill(os.getpid(), signal.SIGINT)
    assert found == [0, 2, 3, 4]
    assert workers.given == [0, 1, 2, 3, 4]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_items_are_drawn_gives_out_no_other():
    """There is room for a hundred."""

    def items():
        for number in itertools.count():
            if number == 2:
                os.kill(os.getpid(), signal.SIGINT)
            yield number

    workers, found = Stub(lambda item, times: True, ahead=100), []
    with pytest.raises(KeyboardInterrupt):
        found.extend(outcome.item for outcome in spread(errands.same, items(), workers))
    assert workers.given == [0, 1, 2]


def test_ctrl_c_waits_for_what_comes_to_an_end_by_itself():
    """As long as the executor says, which is asked to stop."""

    class Stopping(Stub):
        def submit(self, function, *arguments):
            self.future = super().submit(function, *arguments)
            return self.future

        def stop(self):
            threading.Timer(0.3, lambda: self.future.set_result(executors._called(errands.same, "stopped"))).start()
            return 10.0

    found = []
    press = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - from within the loop
        press.start()
        for outcome in spread(errands.same, ["endless"], Stopping(lambda item, times: None)):
            found.append(outcome.value())
    assert found == ["stopped"]


def test_a_signal_as_a_wait_ends_does_not_prolong_it(monkeypatch):
    """The signals move through the waits, each of which is about as long as the time between two of them."""
    monkeypatch.setattr(executors, "LOOK", 0.002)
    late, looks = time.monotonic() + 60, itertools.count(1)

    class Watched(Stub):
        def submit(self, function, *arguments):
            self.future = super().submit(function, *arguments)
            return self.future

        def look(self):
            if next(looks) == 700:
                self.future.set_result(executors._called(errands.same, "at last"))

    def rung(number, frame):
        if time.monotonic() > late:
            raise TimeoutError("a wait of 2 ms has not ended")

    before = signal.signal(signal.SIGALRM, rung)
    signal.setitimer(signal.ITIMER_REAL, 0.002, 0.00201)
    try:
        found = [outcome.value() for outcome in spread(errands.same, [0], Watched(lambda item, times: None))]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert found == ["at last"]


def test_pressed_twice_it_ends_at_once():
    workers = Stub(lambda item, times: True)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - from the second line on
        for _ in spread(errands.same, itertools.count(), workers):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            pytest.fail("the second is heard at once")


# Executors that cannot tell whose worker died, and connections that are lost.


def test_suspects_are_run_once_more_alone():
    """Two were in flight at each death. One was to blame."""
    workers = Stub(lambda item, times: DiedError(3) if item == 1 or (item == 2 and times == 1) else True, exact=False)
    found = {outcome.item: outcome for outcome in spread(errands.same, range(5), workers)}
    assert found[2].value() == 2
    assert found[1].lost.startswith("3 workers have died as they ran it")
    assert sorted(workers.given) == [0, 1, 1, 2, 2, 3, 4]
    assert sorted(workers.given[-2:]) == [1, 2]


def test_one_suspect_is_to_blame():
    """Another with which it shared the deaths would be suspected too."""
    workers = Stub(lambda item, times: DiedError(3) if item == 1 else True, exact=False)
    found = {outcome.item: outcome for outcome in spread(errands.same, range(5), workers)}
    assert [item for item, outcome in found.items() if outcome.lost] == [1]
    assert sorted(workers.given) == [0, 1, 2, 3, 4]


def test_deaths_add_up_to_three():
    workers = Stub(lambda item, times: DiedError(1))
    (outcome,) = spread(errands.same, [7], workers)
    assert outcome.lost
    assert workers.given == [7] * executors.DEATHS


def test_what_was_out_when_the_connection_was_lost_is_given_out_again_ten_times_at_most():
    workers = Stub(lambda item, times: CancelledError() if item == 1 or times < 4 else True)
    found = {outcome.item: outcome for outcome in spread(errands.same, range(3), workers)}
    assert (found[0].value(), found[2].value()) == (0, 2)
    assert found[1].lost == "it was given out 10 times and has not come back"
    assert workers.given.count(1) == executors.TIMES


def test_a_hundred_thousand_pieces_stream():
    """Nothing piles up, and a piece costs spread little."""
    workers, started = Stub(lambda item, times: True, ahead=2000), time.process_time()
    assert sum(outcome.value() for outcome in spread(errands.same, range(100_000), workers)) == 100_000 * 99_999 // 2
    assert time.process_time() - started < 20


# Dask.


@pytest.fixture(scope="module")
def cluster():
    """Two workers of one thread each, with nannies that start them again."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


def test_the_workers_of_a_scheduler_answer_as_processes_do(cluster, tmp_path):
    path = tmp_path / "runs"
    with executor(scheduler=cluster.scheduler_address) as workers:
        assert workers.ahead() == 4
        assert results(spread(errands.square, range(20), workers)) == {number: number**2 for number in range(20)}
        (outcome,) = spread(errands.bad, [str(path)], workers)
        assert outcome.error.startswith("TwoWordsError: this and that\nTraceback")
        assert runs(path) == 1
        (outcome,) = spread(errands.unsendable, [0], workers)
        assert "TypeError" in outcome.error


def test_a_scheduler_file_names_it(cluster, tmp_path):
    path = tmp_path / "scheduler.json"
    path.write_text(json.dumps({"address": cluster.scheduler_address}), encoding="utf-8")
    with executor(scheduler=str(path)) as workers:
        assert results(spread(errands.square, [6], workers)) == {6: 36}


def test_a_dask_worker_that_is_killed_loses_no_piece(cluster, tmp_path):
    with executor(scheduler=cluster.scheduler_address) as workers:
        path = tmp_path / "runs"
        assert results(spread(errands.killed_once, [str(path)], workers)) == {str(path): "alive"}
        found = {outcome.item: outcome for outcome in spread(errands.killed, range(10), workers)}
    assert sorted(found) == list(range(10))
    assert found[5].lost
    assert all(outcome.value() == number for number, outcome in found.items() if number != 5)


def closed_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_no_scheduler_that_answers_is_a_sentence(monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWERS", 1.0)
    address = f"tcp://127.0.0.1:{closed_port()}"
    said = f"--scheduler is {address}, where no Dask scheduler answers within 1 s"
    with pytest.raises(UsageError, match=re.escape(said)):
        Cluster(address)


def test_an_address_of_no_known_protocol_is_a_sentence():
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        Cluster("gopher://127.0.0.1:70")


def test_without_dask_a_sentence_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match=r"needs Dask, .*deep-linear-claims\[cluster\]"),
        executor(scheduler="tcp://x:1"),
    ):
        pass


# Arguments.


def parsed(*arguments):
    parser = argparse.ArgumentParser()
    add_executor_arguments(parser)
    return parser.parse_args(arguments)


def test_what_the_arguments_take(tmp_path):
    path = tmp_path / "scheduler.json"
    path.write_text('{"address": "tcp://host:8786"}', encoding="utf-8")
    assert (parsed().jobs, parsed().scheduler) == (None, None)
    assert parsed("--jobs", "3").jobs == 3
    assert parsed("--scheduler", "tls://host:8786").scheduler == "tls://host:8786"
    assert parsed("--scheduler", str(path)).scheduler == str(path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--jobs", "0"], "'0'; expected a whole number from 1 to 1024"),
        (["--jobs", "1025"], "expected a whole number from 1 to 1024"),
        (["--jobs", "two"], "'two'; expected a whole number"),
        (["--jobs", "-1"], "'-1'; expected a whole number"),
        (["--scheduler", "host:8786"], "neither an address nor a scheduler file"),
        (["--scheduler", "{empty}"], "neither an address nor a scheduler file (JSONDecodeError"),
        (["--scheduler", "{other}"], "neither an address nor a scheduler file (KeyError"),
        (["--scheduler", "{number}"], "a scheduler file without an address"),
        (["--jobs", "2", "--scheduler", "tcp://host:8786"], "not allowed with argument --jobs"),
    ],
)
def test_bad_arguments_are_told(arguments, said, tmp_path, capsys):
    for name, content in [("empty", ""), ("other", '{"id": 1}'), ("number", '{"address": 8786}')]:
        (tmp_path / name).write_text(content, encoding="utf-8")
    filled = [each.format(**{name: tmp_path / name for name in ("empty", "other", "number")}) for each in arguments]
    with pytest.raises(SystemExit) as left:
        parsed(*filled)
    assert left.value.code == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_an_outcome_is_one_of_three():
    assert Outcome("item", 1).done
    assert not Outcome("item", error="raised").done
    assert not Outcome("item", lost="died").done
