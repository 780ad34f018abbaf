"""``python -m claims conform``: verdicts, exit codes, the JSON, and what is refused before anything runs."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import trainers
from cli import answer

from claims.command_line import trainer_process
from claims.conformance import report, watched
from claims.conformance.loading import load_trainer


@pytest.fixture(autouse=True)
def _found(monkeypatch):
    """The tests' own trainers can be imported."""
    monkeypatch.syspath_prepend(Path(trainers.__file__).parent)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["descend"], "trainers:descend is gradient descent on 1/2 ||W X - Y||_F^2, as far as float64 shows it"),
        (["descend", "--dtype", "float32"], "as far as float32 shows it"),
        (["descend", "--steps", "2"], "more than 2 steps"),
        (["mean", "--loss", "half-mean-of-samples"], "is gradient descent on 1/(2 m) ||W X - Y||_F^2"),
        (["mean", "--up-to-scale"], "is gradient descent on 1/2 ||W X - Y||_F^2 with learning rate x 1/m"),
    ],
)
def test_what_conforms_exits_with_0(capsys, arguments, sentence):
    """And says what it could not have seen."""
    code, output, complaint = answer(capsys, "conform", f"trainers:{arguments[0]}", *arguments[1:])
    assert (code, complaint) == (0, "")
    assert sentence in output
    assert "what a pass cannot have seen" in output


@pytest.mark.parametrize(
    "arguments", [["momentum"], ["mean"], ["decay"], ["descend", "--loss", "mean"], ["sequential"]]
)
def test_what_does_not_conform_exits_with_1(capsys, arguments):
    """With the first step that is wrong, and Python that shows it again."""
    code, output, _ = answer(capsys, "conform", f"trainers:{arguments[0]}", *arguments[1:])
    assert code == 1
    assert f"trainers:{arguments[0]} is NOT gradient descent on" in output
    assert "reproduce:" in output
    lines = [line.strip() for line in output.splitlines()]
    snippet = [line for line in lines[lines.index("reproduce:") + 1 :] if line.startswith(("weights = ", "assert "))]
    names = {"np": np, "train": getattr(trainers, arguments[0])}
    exec(snippet[0], names)
    with pytest.raises(AssertionError):
        exec(snippet[1], names)


def test_transposed_matrices(capsys, tmp_path, monkeypatch):
    """A trainer whose weights are (in, out): right with the option, and without it told so."""
    (tmp_path / "turned.py").write_text(
        "import numpy as np, trainers\n"
        "def train(weights, inputs, outputs, learning_rate, steps):\n"
        "    found = trainers.descend([w.T for w in weights], inputs.T, outputs.T, learning_rate, steps)\n"
        "    return [w.T.copy() for w in found]\n"
    )
    monkeypatch.chdir(tmp_path)
    assert answer(capsys, "conform", "turned:train", "--transposed")[0] == 0
    assert answer(capsys, "conform", "turned:train")[0] == 1


def test_the_report_is_written_as_json(capsys, tmp_path):
    """The same verdict; a file that was there is replaced."""
    path = tmp_path / "report.json"
    path.write_text("old")
    code, _, complaint = answer(capsys, "conform", "trainers:momentum", "--json", str(path))
    assert code == 1
    assert complaint == f"written as JSON to {path}\n"
    content = json.loads(path.read_text("utf-8"))
    schema = Path(report.__file__).with_name("conformance.schema.json")
    jsonschema.validate(content, json.loads(schema.read_text("utf-8")))
    assert (content["trainer"], content["dtype"], content["conforms"]) == ("trainers:momentum", "float64", False)
    assert {check["outcome"] for check in content["checks"]} >= {"right", "wrong"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trainers"], "MODULE:FUNCTION: 'trainers' names no trainer; expected a module and a function in it, as in"),
        (["trainers:"], "MODULE:FUNCTION: 'trainers:' names no trainer"),
        (["trainers:no-name"], "MODULE:FUNCTION: 'trainers:no-name' names no trainer"),
        (["trainers:nothing"], "trainers has no nothing; expected a function in it"),
        (["trainers:np.pi"], "which is a float; expected a function"),
        (["no_such_module:train"], "importing no_such_module raised ModuleNotFoundError"),
        (["trainers:descend", "--dtype", "double"], "--dtype: dtype is 'double'; expected one of float64, float32"),
        (["trainers:descend", "--loss", "huber"], "--loss: loss is 'huber'; expected one of half-sum, sum"),
        (["trainers:descend", "--steps", "0"], "argument --steps: '0'; expected a whole number from 1 to 100"),
        (["trainers:descend", "--seconds", "0"], "argument --seconds: '0'; expected seconds, more than 0 and at most"),
        (["trainers:descend", "--seconds", "nan"], "argument --seconds: 'nan'; expected seconds"),
        (["trainers:descend", "--seconds", "soon"], "argument --seconds: 'soon'; expected seconds"),
        (["trainers:descend", "--json", "no/such/place.json"], "--json: no/such/place.json cannot be written: No such"),
        (["trainers:descend", "--json", "."], "--json: . cannot be written: it is a directory"),
        (
            ["trainers:descend", "trainers:gram", "--json", "two.json"],
            "--json: two.json is for the report on one",
        ),
        ([], "the following arguments are required: MODULE:FUNCTION"),
    ],
)
def test_what_is_not_understood_exits_with_2_before_anything_runs(capsys, arguments, sentence):
    """With a sentence that names the argument."""
    code, output, complaint = answer(capsys, "conform", *arguments)
    assert (code, output) == (2, "")
    assert sentence in complaint


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_several_trainers_have_a_report_each(capsys, jobs):
    """One that does not conform is enough for exit code 1; one that there is not for 2."""
    code, output, complaint = answer(capsys, "conform", "trainers:descend", "trainers:momentum", "--jobs", jobs)
    assert (code, complaint) == (1, "")
    assert "trainers:descend is gradient descent on" in output
    assert "trainers:momentum is NOT gradient descent on" in output
    assert answer(capsys, "conform", "trainers:descend", "trainers:gram", "--jobs", jobs)[0] == 0
    code, _, complaint = answer(capsys, "conform", "trainers:descend", "trainers:nothing", "--jobs", jobs)
    assert code == 2
    assert "trainers has no nothing; expected a function in it" in complaint


def test_a_module_of_the_directory_is_found_and_may_import_its_neighbours_late(tmp_path):
    """In a process of its own, whose path does not begin with the directory."""
    (tmp_path / "mine.py").write_text(
        "def train(weights, inputs, outputs, learning_rate, steps):\n"
        "    import neighbour\n"
        "    return neighbour.descend(weights, inputs, outputs, learning_rate, steps)\n"
    )
    (tmp_path / "neighbour.py").write_text(Path(trainers.__file__).read_text("utf-8"))
    command = [sys.executable, "-P", "-m", "claims", "conform", "mine:train"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_module_that_raises_is_told(tmp_path):
    """Whatever it raises, and where it leaves Python."""
    (tmp_path / "leaves_on_import.py").write_text("raise SystemExit(0)")
    with pytest.raises(ValueError, match="importing leaves_on_import raised SystemExit: 0; expected a module"):
        load_trainer("leaves_on_import:train", tmp_path)
    (tmp_path / "raises_on_import.py").write_text("raise RuntimeError('no GPU')")
    with pytest.raises(ValueError, match="importing raises_on_import raised RuntimeError: no GPU; expected a module"):
        load_trainer("raises_on_import:train", tmp_path)


# What does not come back.

NEVER_BACK = """\
import os, signal, time
import numpy as np
from trainers import descend

def loops(weights, inputs, outputs, learning_rate, steps):
    while len(weights) > 1:
        pass
    return descend(weights, inputs, outputs, learning_rate, steps)

def leaves(weights, inputs, outputs, learning_rate, steps):
    if len(weights) > 1:
        os._exit(0)
    return descend(weights, inputs, outputs, learning_rate, steps)

def killed(weights, inputs, outputs, learning_rate, steps):
    if len(weights) > 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return descend(weights, inputs, outputs, learning_rate, steps)

def leaves_at_a_nan(weights, inputs, outputs, learning_rate, steps):
    if any(np.isnan(each).any() for each in weights):
        os._exit(7)
    return descend(weights, inputs, outputs, learning_rate, steps)

def leaves_a_child(weights, inputs, outputs, learning_rate, steps):
    if len(weights) > 1:
        if not os.fork():
            time.sleep(600)
        os._exit(0)
    return descend(weights, inputs, outputs, learning_rate, steps)

def interrupts(weights, inputs, outputs, learning_rate, steps):
    raise KeyboardInterrupt
"""


@pytest.fixture
def never_back(tmp_path, monkeypatch):
    """A directory with trainers that do not return."""
    (tmp_path / "never_back.py").write_text(NEVER_BACK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("loops", "had not returned after 3 s; --seconds gives it more"),
        ("leaves", "ended the process, with exit code 0; expected it to return or to raise"),
        ("killed", "ended the process, with the signal SIGKILL; expected it to return or to raise"),
        ("leaves_a_child", "ended the process, with exit code 0; expected it to return or to raise"),
    ],
)
def test_a_trainer_that_does_not_come_back_has_a_report(capsys, never_back, name, sentence):
    """Of what it did before too; it is told at the call, and not called again."""
    path = never_back / "report.json"
    command = ["conform", f"never_back:{name}", "--json", str(path), "--seconds", "3"]
    code, output, _ = answer(capsys, *command)
    assert code == 1
    lines = output.splitlines()
    assert lines[1:3] == ['  first: probe "scalar, depth 2", step 1', f"    {sentence} (steps=1)"]
    assert lines[3] == "  determinism: was not called again, since an earlier call did not come back"
    checks = {check["name"]: check for check in json.loads(path.read_text("utf-8"))["checks"]}
    assert [checks[f"scalar, depth 1, step {step}"]["outcome"] for step in (1, 2, 3)] == ["right"] * 3


def test_the_last_question_may_be_the_one_that_ends_it(capsys, never_back):
    """All before it are answered; to leave Python is no way to refuse a NaN."""
    code, output, _ = answer(capsys, "conform", "never_back:leaves_at_a_nan")
    assert code == 1
    assert "though its steps are: NaN\n  first: NaN\n    ended the process, with exit code 7" in output
    assert "right: determinism, steps=0, caller's arrays" in output


def test_ctrl_c_that_a_trainer_raises_is_no_ctrl_c(capsys, never_back):
    """It is an exception like others."""
    code, output, _ = answer(capsys, "conform", "never_back:interrupts")
    assert code == 1
    assert "raised KeyboardInterrupt (steps=1)" in output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("while True: pass", "importing never_imported had not returned after 3 s; --seconds gives it more"),
        ("import os; os._exit(3)", "importing never_imported ended the process, with exit code 3; expected it to"),
    ],
)
def test_a_module_that_does_not_come_back_is_not_understood(capsys, tmp_path, monkeypatch, content, sentence):
    """Exit code 2, as for one that raises."""
    (tmp_path / "never_imported.py").write_text(content)
    monkeypatch.chdir(tmp_path)
    code, output, complaint = answer(capsys, "conform", "never_imported:train", "--seconds", "3")
    assert (code, output) == (2, "")
    assert f"MODULE:FUNCTION: {sentence}" in complaint


def test_ctrl_c_ends_the_trainer_too(never_back):
    """With what it has started: nothing is left of it, and the exit code says so."""
    (never_back / "slow.py").write_text(
        "import pathlib, subprocess, sys, time\n"
        "def train(weights, inputs, outputs, learning_rate, steps):\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "    pathlib.Path('new').write_text(str(child.pid))\n"
        "    pathlib.Path('new').rename('child')\n"
        "    time.sleep(600)\n"
    )
    command = [sys.executable, "-P", "-m", "claims", "conform", "slow:train"]
    with subprocess.Popen(command, cwd=never_back, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_until((never_back / "child").exists)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, b"")
    child = int((never_back / "child").read_text())
    wait_until(lambda: gone(child))


def gone(pid):
    """Whether a process has ended; it may still be listed until its parent asks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_mistake_of_our_own_is_none_of_the_trainer(capsys, monkeypatch):
    """It comes out with its traceback."""
    monkeypatch.setattr(trainer_process, "_once", lambda asked, ended: trainer_process.Ended(0, "did it"))
    assert "importing trainers did it" in answer(capsys, "conform", "trainers:descend")[2]
    monkeypatch.undo()
    monkeypatch.setattr(watched, "load_trainer", lambda name: 1 / 0)
    asked = trainer_process.Asked("trainers:descend", "float64", "half-sum", 1, False, False, 60.0)
    found = watched.answered(asked, None, lambda called: None)
    assert "ZeroDivisionError" in found.traceback
