"""``python -m claims conform``: verdicts, exit codes, the JSON, and what is refused before anything runs."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import trainers
from cli import answer

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
        (["trainers:descend", "--json", "no/such/place.json"], "--json: no/such/place.json cannot be written: No such"),
        (["trainers:descend", "--json", "."], "--json: . cannot be written: it is a directory"),
        ([], "the following arguments are required: MODULE:FUNCTION"),
    ],
)
def test_what_is_not_understood_exits_with_2_before_anything_runs(capsys, arguments, sentence):
    """With a sentence that names the argument."""
    code, output, complaint = answer(capsys, "conform", *arguments)
    assert (code, output) == (2, "")
    assert sentence in complaint


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
