"""The hunt's process: bounds of time and memory, Ctrl-C, and what is left where it ends; and the file."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from hunting import ONE, hunted, inside

from claims.counterexamples import check
from claims.suite import hunt as command
from claims.suite.hunting import bounded, search, worker, writing
from claims.suite.hunting.conjecture import conjecture
from claims.suite.hunting.spaces import SPACES


def test_ctrl_c_keeps_what_was_found(capsys, tmp_path, monkeypatch):
    """Interrupted while it shrinks: exit code 130, and the file is there, verified."""

    def interrupts(found):
        if found["refuted"]:
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "_tell", lambda show, examples: interrupts)
    path = tmp_path / "found.json"
    assert command.main(["loss[1] <= loss[0]", "--seed=1", f"--out={path}"]) == 130
    told = capsys.readouterr().out
    assert "interrupted" in told
    assert re.search("[1-9][0-9]* refuted it", told)
    assert check.check(path)[0] == "DLX-000"


GO = "import claims.suite.hunt as h, sys; sys.exit(h.main())"


@contextlib.contextmanager
def asking(directory, predicate):
    """A hunt with a function of a module whose predicate has just been asked for the first time."""
    (directory / "asked.py").write_text(
        "import sys\n"
        "def holds(problem, trajectory):\n"
        "    print('asked', file=sys.stderr, flush=True)\n"
        f"    {predicate}\n"
        "    return True\n",
        encoding="utf-8",
    )
    command_line = [sys.executable, "-c", GO, "asked:holds", "--examples=100000000", "--seconds=600", "--seed=0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command_line, cwd=directory, **pipes) as process:
        try:
            assert process.stderr.readline() == "asked\n"
            yield process
        finally:
            process.kill()


def test_ctrl_c_is_heard_where_python_would_lose_it():
    """Inside a finaliser Python swallows the KeyboardInterrupt; the hunt ends at the next problem all the same."""

    class Swallows:
        def __del__(self):
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)

    def tell(found):
        if found.examples == 5:
            Swallows()

    posed = conjecture("loss[0] >= 0", [], 0)
    before = signal.getsignal(signal.SIGINT)
    found = search.hunt(
        posed, SPACES["problems"], depths=(1, 1), max_width=1, examples=500, seconds=600, seed=0, tell=tell
    )
    assert found.interrupted
    assert 5 <= found.examples <= 6
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_from_the_keyboard(tmp_path):
    """A real signal to the process: the hunt ends at the next problem, with exit code 130, the report, no traceback."""
    with asking(tmp_path, "pass") as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "not refuted" in out
    assert "interrupted" in out
    assert "had not returned" not in out
    assert set(err.split()) <= {"asked"}


ENDLESS = "sum(1 for a in range(10 ** 6) for b in range(10 ** 6)) > 0"


def test_a_process_of_its_own_finds_the_same(capsys, monkeypatch):
    """Everything but the time, the text of the file included."""
    arguments = ["learning_rate >= 1 / depth or loss[1] <= loss[0]", "--strategy=scalar", "--seed=1"]
    reports = [hunted(capsys, *arguments)]
    monkeypatch.setattr(command, "bounded", inside)
    reports.append(hunted(capsys, *arguments))
    for _, report in reports:
        del report["seconds"]
    assert reports[0] == reports[1]
    assert reports[0][1]["examples"] == 189


def test_a_predicate_without_end_is_ended(capsys):
    """Its problem is told; the time is kept to within what a single problem is granted, and the start."""
    started = time.monotonic()
    assert command.main([ENDLESS, "--seconds=1", "--seed=1", *ONE]) == 0
    told = capsys.readouterr().out
    assert "0 examples" in told
    assert "out of time" in told
    assert "nothing was tested" in told
    assert "the predicate had not returned 2 s after that, on\n    depth 1, widths (1, 1), learning rate 1\n" in told
    assert time.monotonic() - started < 60


def test_what_was_found_before_the_end_stays(capsys, tmp_path):
    """Refuted once, then a loop without end: the counterexample is written and verified."""
    path = tmp_path / "found.json"
    (tmp_path / "endless.py").write_text(
        "calls = []\n"
        "def holds(problem, trajectory):\n"
        "    print('asked')\n"
        "    calls.append(problem)\n"
        "    while len(calls) > 3:  # the first problem: decided, asked in floats, and for its reasons\n"
        "        pass\n"
        "    return bool(trajectory.loss[0] < 0)\n",
        encoding="utf-8",
    )
    arguments = [
        "endless:holds",
        "--seconds=2",
        "--seed=1",
        "--depth=1",
        "--strategy=scalar",
        "--json",
    ]
    done = _done([*arguments, f"--out={path}"], cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["refuted"], report["out_of_time"]) == (1, True, True)
    assert report["ended"].startswith("the predicate had not returned 2 s after that, on\n")
    assert report["verified"] == "DLX-000 verified: loss[0] >= 0 at step 0; refutes a conjecture"
    assert check.check(path)[0] == "DLX-000"
    assert "asked\n" in done.stderr  # a predicate's own printing is no part of the report


def _done(arguments, **options):
    command_line = [sys.executable, "-c", "import claims.suite.hunt as h, sys; sys.exit(h.main())", *arguments]
    return subprocess.run(command_line, capture_output=True, text=True, check=False, timeout=120, **options)


TROUBLES = {
    "memory": ("[0] * (1 << 40)", 2, "needs more than 1 GiB of memory"),
    "FLINT's memory": ("__import__('flint').fmpz(2) ** (1 << 36)", 2, "needs more than 1 GiB of memory"),
    "leaving": ("__import__('os')._exit(5)", 2, "ended the hunt's process, with exit code 5"),
    "a signal": (
        "__import__('os').kill(__import__('os').getpid(), 11)",
        2,
        "ended the hunt's process, with the signal SIGSEGV",
    ),
    "its own exit": ("exit(3)", 2, "raised SystemExit: 3"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_troubles_of_the_process_are_told(name, tmp_path):
    """A function of a module may do anything to it: a sentence with the problem, and no traceback of ours."""
    does, code, told = TROUBLES[name]
    (tmp_path / "trouble.py").write_text(f"def makes(problem, trajectory):\n    {does}\n    return True\n", "utf-8")
    done = _done(["trouble:makes", "--seed=1", "--seconds=30"], cwd=tmp_path)
    assert done.returncode == code
    assert told in done.stderr
    assert "depth 1, widths" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_failure_after_a_refutation_keeps_the_refutation(capsys, monkeypatch, tmp_path):
    """The predicate fails on the next problem: both are told, with the exit code of the refutation."""
    calls = []

    def fails(problem, trajectory):
        calls.append(problem)
        if len(calls) > 3:  # the first problem: decided, asked in floats, and for its reasons
            raise ValueError("enough")
        return bool(trajectory.loss[0] < 0)

    monkeypatch.setattr(command, "bounded", inside)
    monkeypatch.setitem(sys.modules, "failing", SimpleNamespace(fails=fails))
    assert command.main(["failing:fails", "--seed=1", "--depth=1", f"--out={tmp_path / 'found.json'}"]) == 1
    captured = capsys.readouterr()
    assert "refuted: failing:fails\n" in captured.out
    assert "check.py: DLX-000 verified: loss[0] >= 0 at step 0" in captured.out
    assert "'failing:fails' raised ValueError: enough\n    depth 1, widths" in captured.out
    assert captured.err == ""


def test_ctrl_c_while_a_predicate_does_not_return(tmp_path):
    """Within the two seconds that a single problem is granted, with the report and nothing else."""
    with asking(tmp_path, "while True: pass") as process:
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in out
    assert "the predicate had not returned 2 s after that, on\n" in out
    assert err == ""
    assert time.monotonic() - pressed < 20


def test_the_process_does_not_outlive_who_started_it(tmp_path):
    """Killed outright: its end of the pipe closes, and the process leaves."""
    with asking(tmp_path, "while True: pass") as process:
        children = [int(child) for child in _children(process.pid)]
        process.kill()
    assert len(children) == 1
    until = time.monotonic() + 20
    while _alive(children[0]) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _alive(children[0])


def _children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_memory_is_watched_where_it_cannot_be_limited(monkeypatch):
    """A thread leaves once it is too much, and not before."""
    held, left = iter([1, 2, 3]), []
    monkeypatch.setattr(worker.time, "sleep", lambda seconds: None)
    worker._watch(lambda: next(held), 2, left.append)
    assert left == [bounded.OUT_OF_MEMORY]
    assert next(held, None) is None


def test_nothing_is_written_where_nothing_can_be(capsys, monkeypatch, tmp_path):
    """Exit code 3 before anything is tried; what is there already stays."""
    called = []
    monkeypatch.setattr(command, "bounded", lambda *_: called.append(1))
    assert command.main(["loss[0] < 0", "--out=/proc/found.json"]) == 3
    assert "/proc/found.json cannot be written" in capsys.readouterr().err
    (tmp_path / "old.json").write_text("old", encoding="utf-8")
    monkeypatch.setattr(writing.os, "access", lambda path, mode: False)
    assert command.main(["loss[0] < 0", f"--out={tmp_path / 'old.json'}"]) == 3
    assert "read-only" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(command, "bounded", lambda *_: called.append(1))
    assert command.main(["loss[0] < 0", "--out=/dev/null"]) == 2
    assert "expected a file" in capsys.readouterr().err
    assert not called
    assert (tmp_path / "old.json").read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["old.json"]


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_place_that_is_lost_during_the_hunt(as_json, capsys, monkeypatch, tmp_path):
    """Exit code 3, and all that the file would hold is printed, verified."""
    monkeypatch.setattr(command, "bounded", inside)
    directory = tmp_path / "lost"
    directory.mkdir()
    monkeypatch.setattr(command, "_tell", lambda show, examples: lambda _: directory.exists() and directory.rmdir())
    arguments = ["loss[1] <= loss[0]", "--seed=1", *ONE, "--depth=1", f"--out={directory / 'found.json'}", *as_json]
    assert command.main(arguments) == 3
    captured = capsys.readouterr()
    assert "could not be written: No such file or directory" in captured.err
    assert "DLX-000 verified" in captured.out
    if as_json:
        report = json.loads(captured.out)
        assert report["file"] is None
        found = report["counterexample"]
    else:
        assert "written to" not in captured.out
        found = json.loads(captured.out[captured.out.index("{\n") :])
    assert found["uid"] == "DLX-000"


def test_help_and_refusals_need_no_solver():
    """What cannot be understood is refused before anything heavy is imported."""
    for arguments, code in ((["--help"], 0), (["loss <= loss[0]"], 2), (["__import__('os')"], 2)):
        program = (
            "import sys, claims.suite.hunt as hunt\n"
            "try:\n"
            "    code = hunt.main()\n"
            "except SystemExit as left:\n"
            "    code = left.code\n"
            "print(*{'flint', 'scipy', 'solvers', 'sklearn', 'sympy'} & set(sys.modules))\n"
            "sys.exit(code)"
        )
        done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert done.stdout.splitlines()[-1] == ""
