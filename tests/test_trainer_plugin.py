"""--claims-trainer from a second repository, with a package of its own: what is run, told, written, and refused."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import trainers
from jsonschema import Draft202012Validator

import claims
from claims.conformance import parametrize_with_trainers
from claims.conformance.laws import LAWS

ROOT = Path(claims.__file__).parent
README = (ROOT.parent / "README.md").read_text("utf-8")
SCHEMA = json.loads((ROOT / "suite" / "evidence.schema.json").read_text("utf-8"))
WHITENING = ROOT / "convergence" / "whitening.py"
PROBES = 17
"""With the four questions beside them."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with a package of its own, under git, with honest trainers and others."""
    place = tmp_path_factory.mktemp("repository")
    package = place / "src" / "mypkg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "training.py").write_text(Path(trainers.__file__).read_text("utf-8") + "\n\ntrain = descend\n")
    (place / "pyproject.toml").write_text('[project]\nname = "mypkg"\nversion = "1"\n')
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=place, check=True)
    return place


def run(repository, *arguments, **variables):
    """``python -m pytest`` there, as if its package were installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI", "CLAIMS"))}
    path = os.pathsep.join([str(repository / "src"), *sys.path[1:]])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *map(str, arguments)],
        cwd=repository,
        env=kept | {"PYTHONPATH": path, "NO_COLOR": "1"} | variables,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_workflow_in_the_readme_passes_an_honest_trainer(repository, tmp_path):
    """Its own last line, as it stands there."""
    (workflow,) = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(workflow.splitlines()) <= 10
    command = re.findall(r"- run: python -m pytest (.*)", workflow)[-1].split()
    result = run(repository, *command, f"--claims-json={tmp_path / 'out.json'}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{PROBES + len(LAWS)} passed" in result.stdout
    assert "trainer: laws at the steps of mypkg.training:train (float64, half-sum)" in result.stdout
    assert f"{len(LAWS)} of {len(LAWS)} laws hold" in result.stdout
    assert f"{PROBES} of {PROBES} probes right" in result.stdout
    assert "no other check used the trainer" in result.stdout
    content = json.loads((tmp_path / "out.json").read_text("utf-8"))
    Draft202012Validator(SCHEMA).validate(content)
    found = content["trainer"]
    assert (found["name"], found["dtype"], found["loss"]) == ("mypkg.training:train", "float64", "half-sum")
    assert found["used_by_other_checks"] is False
    laws = {check["check"]: check for check in found["checks"] if check["kind"] == "law"}
    assert list(laws) == [law.name for law in LAWS]
    assert all(check["outcome"] == "holds" and check["held"] > 0 for check in laws.values())
    assert content["claims"] == []


SENTENCES = {
    "momentum": "imbalance_moves_by_the_square_of_eta",
    "mean": "loss_falls_from_anywhere",
    "decay": "one_layer_contracts",
    "sequential": "imbalance_moves_by_the_square_of_eta",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_another_algorithm_fails_there_with_a_sentence(repository, tmp_path, name):
    """Without a traceback: which law, at which step, both numbers, and what it means; in the JSON too."""
    law = SENTENCES[name]
    options = (
        "--claims-trainer-dtype=float32",
        f"--claims-json={tmp_path / 'out.json'}",
        "-k",
        f"{law} or depth or samples",
    )
    result = run(repository, "--pyargs", "claims.conformance", f"--claims-trainer=mypkg.training:{name}", *options)
    assert result.returncode == 1
    assert "Traceback" not in result.stdout
    assert "Error" not in result.stdout
    assert re.search(rf"mypkg.training:{name} breaks DL-\d\d\d \(\S+\) at step [123]", result.stdout), result.stdout
    for word in ("law", "where", "found", "so", "again"):
        assert re.search(rf"^  {word} ", result.stdout, re.MULTILINE)
    assert f"mypkg.training:{name} is NOT gradient descent on" in result.stdout
    assert f"BROKEN by mypkg.training:{name}: {law} (DL-" in result.stdout
    content = json.loads((tmp_path / "out.json").read_text("utf-8"))
    Draft202012Validator(SCHEMA).validate(content)
    (found,) = [check for check in content["trainer"]["checks"] if check["check"] == law]
    assert found["outcome"] == "broken"
    assert found["said"].startswith(f"mypkg.training:{name} breaks")
    assert "rests on" not in result.stdout


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        ((), {"CLAIMS_TRAINER": "mypkg.training:train"}),
        (("-o", "claims_trainer=mypkg.training:train"), {}),
        (("--claims-trainer=mypkg.training:train",), {"CLAIMS_TRAINER": "mypkg.training:momentum"}),
        (("-o", "claims_trainer=mypkg.training:momentum"), {"CLAIMS_TRAINER": "mypkg.training:train"}),
    ],
    ids=["environment", "configuration", "option first", "then environment"],
)
def test_a_trainer_is_named_in_three_places(repository, options, variables):
    """The command line first, then the environment, then the configuration."""
    chosen = ("--pyargs", "claims.conformance", "-k", "one_layer_contracts")
    result = run(repository, *chosen, *options, **variables)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "mypkg.training:train (float64, half-sum): 1 of 1 laws hold" in result.stdout


def test_its_loss_is_said_too(repository):
    """Half the mean over the samples: right where it is declared, and not otherwise."""
    chosen = ("--pyargs", "claims.conformance", "-k", "one_layer_contracts", "--claims-trainer=mypkg.training:mean")
    assert run(repository, *chosen, "--claims-trainer-loss=half-mean-of-samples").returncode == 0
    assert run(repository, *chosen, CLAIMS_TRAINER_LOSS="half-mean-of-samples").returncode == 0
    assert run(repository, *chosen).returncode == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--claims-trainer=mypkg.training"], "--claims-trainer: 'mypkg.training' names no trainer; expected a module"),
        (["--claims-trainer=mypkg.training:nothing"], "mypkg.training has no nothing; expected a function in it"),
        (["--claims-trainer=nowhere:train"], "importing nowhere raised ModuleNotFoundError"),
        (
            ["--claims-trainer=mypkg.training:train", "--claims-trainer-dtype=double"],
            "dtype is 'double'; expected one of float64",
        ),
        (
            ["--claims-trainer=mypkg.training:train", "--claims-trainer-loss=huber"],
            "loss is 'huber'; expected one of half-sum",
        ),
    ],
)
def test_what_names_no_trainer_is_told_and_runs_nothing(repository, options, sentence):
    """As an error of collection, on a worker of xdist too."""
    result = run(repository, "--pyargs", "claims.conformance", *options)
    assert result.returncode in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR)
    assert sentence in result.stdout + result.stderr
    assert "passed" not in result.stdout


def test_on_two_processes(repository, tmp_path):
    """The same checks, counted once."""
    pytest.importorskip("xdist")
    options = ("-n2", "-k", "layer or modes or depth", f"--claims-json={tmp_path / 'out.json'}")
    result = run(repository, "--pyargs", "claims.conformance", "--claims-trainer=mypkg.training:train", *options)
    assert result.returncode == 0, result.stdout + result.stderr
    names = {check["check"] for check in json.loads((tmp_path / "out.json").read_text())["trainer"]["checks"]}
    assert {"one_layer_contracts", "modes_move_apart", "scalar, depth 1"} <= names
    assert f"{len(names)} passed" in result.stdout


def test_claims_themselves_run_as_ever_beside_it(repository, tmp_path):
    """A claim's evidence is the same with a trainer; where no check used it the run says so."""
    result = run(repository, WHITENING, "--claims-trainer=mypkg.training:train", f"--claims-json={tmp_path / 'o.json'}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "--claims-trainer is mypkg.training:train, and no check used it" in result.stdout
    content = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert content["trainer"] is None
    chosen = (WHITENING, ROOT / "conformance", "-k", "whitening or zero")
    both = run(repository, *chosen, "--claims-trainer=mypkg.training:decay")
    assert both.returncode == 0, both.stdout + both.stderr
    assert "verified: 1 claim of 1" in both.stdout
    assert "trainer mypkg.training:decay (float64, half-sum): 1 of 1 laws hold" in both.stdout


def test_without_a_trainer_nothing_of_it_is_collected_or_imported(repository):
    """``pytest claims`` is as before."""
    assert "no tests" in run(repository, "--co", "--pyargs", "claims.conformance").stdout
    program = "import sys, pytest; pytest.main(['-q', '--co', '-p', 'no:cacheprovider', {!r}]); print(*sys.modules)"
    command = [sys.executable, "-c", program.format(str(WHITENING))]
    modules = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout.split()
    assert "claims.suite.running" in modules
    assert not [name for name in modules if name.startswith(("claims.conformance", "claims.suite.trained."))]
    assert "claims.suite.trained" not in modules


def test_a_project_that_names_a_trainer_pays_for_it_only_where_it_is_used(repository):
    """Its own tests run as if we were not there."""
    (repository / "test_own.py").write_text(
        "import sys\n\n\ndef test_own():\n"
        "    assert not {'claims.suite.trained', 'claims.conformance', 'sympy'} & {*sys.modules}\n"
    )
    result = run(repository, "test_own.py", "-o", "claims_trainer=mypkg.training:train", "-p", "no:hypothesispytest")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "claims" not in result.stdout


OWN = """
from claims.conformance import parametrize_with_trainers
from mypkg.training import momentum, train

@parametrize_with_trainers([train, "mypkg.training:gram"], dtype="float32")
def test_descends(check):
    check()

@parametrize_with_trainers([momentum], expected_failures={"scalar, depth 1": "we use momentum"})
def test_momentum(check):
    check()
"""


def test_parametrize_with_trainers_in_a_test_file_of_ones_own(repository):
    """A test for each probe and law of each trainer; a failure that is expected is told as such."""
    (repository / "test_training.py").write_text(OWN)
    result = run(repository, "test_training.py", "-k", "one_layer or zero_is or (scalar and 1)")
    assert re.search(r"1 failed, 7 passed, \d+ deselected, 1 xfailed", result.stdout), result.stdout
    assert result.stdout.count("breaks DL-004 (4.8) at step 2") == 1
    assert "parametrizing.py" not in result.stdout
    listed = run(repository, "--co", "test_training.py").stdout
    assert "test_descends[mypkg.training:descend-modes_move_apart]" in listed
    assert "test_descends[mypkg.training:gram-determinism]" in listed


@pytest.mark.parametrize(
    ("trainers_given", "options", "error", "sentence"),
    [
        ("mypkg.training:train", {}, TypeError, "trainers is 'mypkg.training:train'; expected a list of functions"),
        ([], {}, ValueError, "trainers is empty; expected at least one"),
        ([3], {}, TypeError, "trainers holds 3; expected a function, or a name as in pkg.module:train"),
        (["trainers"], {}, ValueError, "'trainers' names no trainer"),
        ([trainers.descend], {"dtype": "double"}, ValueError, "dtype is 'double'"),
        ([trainers.descend], {"loss": "huber"}, ValueError, "loss is 'huber'"),
        (
            [trainers.descend],
            {"expected_failures": {"x": "y"}},
            ValueError,
            "expected_failures names 'x'; expected one",
        ),
    ],
)
def test_bad_arguments_of_parametrize_with_trainers(trainers_given, options, error, sentence):
    """Each names what is wrong."""
    with pytest.raises(error, match=re.escape(sentence)):
        parametrize_with_trainers(trainers_given, **options)
