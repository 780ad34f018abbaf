"""``python -m claims audit``: what it prints, writes and draws, and how it ends."""

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from cli import answer, printed
from sklearn.datasets import load_diabetes

from claims.auditing import audit
from claims.auditing.json_form import schema
from claims.auditing.networks import read_network
from solvers import balanced_factors, end_to_end, imbalances, whitened_regression

TARGET = np.diag([1.0, 0.75])


@pytest.fixture
def net(tmp_path):
    """A network of three layers whose product has a margin, unbalanced, in float32; and its target, in one file."""
    path = tmp_path / "net.npz"
    layers = [np.diag([3.0, 1.0]), np.diag([0.3, 0.7]), np.eye(2)]
    named = {f"W_{j}": layer.astype(np.float32) for j, layer in enumerate(layers, start=1)}
    np.savez(path, **named, target=TARGET)
    return path


def test_a_network_that_nothing_certifies(capsys, net):
    """Exit code 1; each line that says something of the network begins with its rigour."""
    code, output, complaint = answer(capsys, "audit", str(net), "--learning-rate", "0.01", "--layout", "out-in")
    assert (code, complaint) == (1, "")
    lines = output.splitlines()
    assert lines[0] == f"{net}: W_1 2 x 2, W_2 2 x 2, W_3 2 x 2; float32, read as (outputs, inputs)"
    assert lines[1].startswith("assumed linear")
    assert lines[3] == "3 layers, 2 -> 2 -> 2 -> 2"
    findings = lines[4 : lines.index("", 4)]
    assert all(line.split()[0] in ("exact", "certified", "estimate") for line in findings)
    assert "  DL-013 Theorem 1, sharper constants does not apply" in output
    assert "||B_1||_F against delta" in output
    assert "rebalanced" in output
    assert "a run at learning rate 0.01 (given) has a loss of" in output


def test_a_network_that_is_certified(capsys, tmp_path):
    """Exit code 0, without a learning rate and with one; from the start, and from a step on."""
    first, second = balanced_factors(TARGET * 0.9, (2, 2, 2))
    np.savez(tmp_path / "a.npz", W_1=first, W_2=second, target=TARGET, learning_rate=0.01)
    assert "DL-013 Theorem 1, sharper constants holds" in printed(
        capsys, "audit", str(tmp_path / "a.npz"), "--layout", "out-in"
    )
    np.savez(tmp_path / "b.npz", W_1=0.1 * np.eye(2), W_2=0.1 * np.eye(2), target=TARGET)
    output = printed(capsys, "audit", str(tmp_path / "b.npz"), "--layout", "out-in")
    assert "does not apply" in output
    assert "certified  from step" in output


def test_json_has_its_schema(capsys, net):
    """The report that ``audit`` makes of what was read."""
    code, output, _ = answer(
        capsys, "audit", str(net), "--layout", "out-in", "--json", "--loss", "1e-4", "--steps", "99"
    )
    found = json.loads(output)
    jsonschema.validate(found, schema())
    assert code == (0 if found["report"]["certified"] else 1)
    network = read_network(str(net), layout="out-in")
    report = audit(network.weights, **network.aim.arrays, to_loss=1e-4, most_steps=99)
    assert found["report"] == json.loads(json.dumps(report.as_json()))
    assert found["read"]["types"] == ["float32"] * 3
    assert found["written"] is None


def test_the_schema_refuses_what_is_none():
    jsonschema.Draft202012Validator.check_schema(schema())
    report = audit([np.eye(2)], TARGET, most_steps=5).as_json()
    whole = {"version": "0", "read": None, "report": report, "written": None}
    jsonschema.validate(json.loads(json.dumps(whole)), schema())
    for broken in (
        whole | {"more": 1},
        {key: value for key, value in whole.items() if key != "read"},
        whole | {"report": report | {"certified": "yes"}},
        whole | {"report": report | {"guarantees": [{}]}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(json.dumps(broken)), schema())


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_rebalanced_layers_are_written(capsys, net, tmp_path, suffix):
    """In the types of the file, with what else was in it; and what is written is audited."""
    out = tmp_path / f"balanced{suffix}"
    command = ["audit", str(net), "--layout", "out-in", "--learning-rate", "0.01", "--rebalance", str(out)]
    _, output, _ = answer(capsys, *command)
    assert "written, in the type of the file" in output
    before, after = read_network(str(net), layout="out-in"), read_network(str(out), layout="out-in")
    assert [after.stored[name].dtype for name in after.names] == ["float32"] * 3
    assert (after.aim.arrays["target"] == before.aim.arrays["target"]).all()
    assert abs(end_to_end(after.weights) - end_to_end(before.weights)).max() < 1e-6
    assert abs(imbalances(after.weights)[0]).max() < 1e-6
    assert "holds" in printed(capsys, "audit", str(out), "--layout", "out-in", "--learning-rate", "0.01")
    _, output, _ = answer(capsys, *command, "--json")
    written = json.loads(output)["written"]
    assert written["certified"]
    assert written == json.loads(json.dumps(audit(after.weights, TARGET, 0.01, to_loss=written["to_loss"]).as_json()))


def test_what_cannot_be_rebalanced_or_written(capsys, net, tmp_path):
    np.savez(tmp_path / "narrow.npz", W_1=np.ones((1, 3)), W_2=np.ones((2, 1)), target=np.ones((2, 3)))
    out = str(tmp_path / "out.npz")
    code, _, complaint = answer(capsys, "audit", str(tmp_path / "narrow.npz"), "--rebalance", out)
    assert code == 2
    assert "bottleneck" in complaint
    net_read = ("audit", str(net), "--layout", "out-in")
    for name, sentence in (("out.txt", "no format that is known"), ("no/out.npz", "is in no directory that there is")):
        code, output, complaint = answer(capsys, *net_read, "--rebalance", str(tmp_path / name))
        assert (code, output) == (2, "")
        assert sentence in complaint
    (tmp_path / "there.npz").mkdir()
    code, output, complaint = answer(capsys, *net_read, "--rebalance", str(tmp_path / "there.npz"))
    assert code == 3
    assert "was not written" in complaint
    assert "3 layers" in output


def test_the_figure(capsys, net, tmp_path):
    """Losses, bounds, modes and the wanted loss; drawn as PNG, SVG and PDF, whole or not at all."""
    pytest.importorskip("matplotlib")
    from claims.auditing.figure import figure_of

    for suffix in (".png", ".svg", ".pdf"):
        out = tmp_path / f"figure{suffix}"
        answer(capsys, "audit", str(net), "--layout", "out-in", "--learning-rate", "0.01", "--plot", str(out))
        assert out.stat().st_size > 1000
    report = audit([np.diag([0.1, 0.1])] * 2, TARGET, 0.01)
    figure = figure_of(report)
    axes = figure.axes[0]
    labels = axes.get_legend_handles_labels()[1]
    assert labels[0].startswith("this network")
    assert any(label.startswith("DL-013, from step") for label in labels)
    assert [text.get_text() for text in axes.texts] == [" mode 1", " mode 2", "wanted loss"]
    run, bound = axes.lines[:2]
    later = run.get_xdata() >= bound.get_xdata()[0]
    bounded = np.exp(np.interp(run.get_xdata(), bound.get_xdata(), np.log(bound.get_ydata())))
    assert later.sum() >= 5
    assert (run.get_ydata()[later] <= bounded[later] * (1 + 1e-9)).all()
    code, _, complaint = answer(capsys, "audit", str(net), "--layout", "out-in", "--plot", str(tmp_path / "a.gif"))
    assert code == 2
    assert "expected a name that ends in .png, .svg or .pdf" in complaint


def test_the_figure_needs_matplotlib(capsys, net, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, _, complaint = answer(capsys, "audit", str(net), "--layout", "out-in", "--plot", str(tmp_path / "a.png"))
    assert code == 2
    assert "--plot needs matplotlib, which is not installed" in complaint


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--learning-rate", "0"], "'0'; expected a number > 0"),
        (["--learning-rate", "x"], "'x'; expected a number > 0"),
        (["--loss", "-1"], "expected"),
        (["--loss", "inf"], "'inf'; expected a number > 0"),
        (["--steps", "1.5"], "'1.5'; expected a whole number from 0 to 10^9, as in 10000, 10^6 or 1e6"),
        (["--layout", "columns"], "invalid choice"),
        ([], "fit together both ways round"),
        (["--layers", "W_1,W_4"], "has no 'W_4'"),
        (["--layout", "out-in", "--target", "missing.npy"], "missing.npy cannot be read"),
    ],
)
def test_what_is_not_understood(capsys, net, options, sentence):
    """Exit code 2 and a sentence, and nothing is printed."""
    code, output, complaint = answer(capsys, "audit", str(net), *options)
    assert (code, output) == (2, "")
    assert sentence in complaint


def test_a_network_without_a_target(capsys, tmp_path):
    np.savez(tmp_path / "a.npz", W_1=np.ones((2, 3)), W_2=np.ones((4, 2)))
    code, output, complaint = answer(capsys, "audit", str(tmp_path / "a.npz"))
    assert (code, output) == (2, "")
    assert "has no array named target, nor X and Y; expected one, or --target FILE or --data FILE" in complaint
    np.save(tmp_path / "phi.npy", np.ones((3, 3)))
    code, _, complaint = answer(
        capsys, "audit", str(tmp_path / "a.npz"), "--target", str(tmp_path / "phi.npy"), "--layout", "out-in"
    )
    assert code == 2
    assert "target has shape (3, 3) but the network maps R^3 to R^4; expected (4, 3)" in complaint
    np.savez(tmp_path / "b.npz", W_1=np.array([[np.nan, 1.0]]), target=np.ones((1, 2)))
    code, _, complaint = answer(capsys, "audit", str(tmp_path / "b.npz"))
    assert code == 2
    assert "weights[0] has the entry nan" in complaint


def test_what_the_readme_shows_is_printed(capsys, tmp_path, monkeypatch):
    """Each line of its console, in its order, by the network of its session."""
    torch = pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    inputs, outputs = load_diabetes(return_X_y=True)
    outputs = (outputs - outputs.mean()) / outputs.std()
    np.save("phi.npy", whitened_regression(inputs.T.copy(), outputs[None].copy()).target)
    torch.manual_seed(0)
    layers = [torch.nn.Linear(a, b, bias=False) for a, b in [(10, 16), (16, 16), (16, 1)]]
    torch.save(torch.nn.Sequential(*layers).state_dict(), "model.pt")
    text = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    ((command, shown),) = re.findall(r"^\$ python -m claims (audit .* --plot .*)\n((?:.*\n)*?)```", text, re.MULTILINE)
    _, output, complaint = answer(capsys, *command.split())
    assert complaint == ""
    lines = iter(output.splitlines())
    for line in shown.splitlines():
        assert line == "..." or line in lines, line
    assert (tmp_path / "balanced.pt").stat().st_size > 0


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_lines_fit_the_terminal(capsys, net, monkeypatch, columns):
    from claims.command_line import terminal

    monkeypatch.setattr(terminal, "_is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    _, output, _ = answer(capsys, "audit", str(net), "--layout", "out-in", "--learning-rate", "0.01")
    for line in output.splitlines():
        assert len(line) <= columns or str(net) in line, line
