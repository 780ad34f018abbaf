"""The plugin, on the real claims, in a process of its own; and what every claim module must have."""

import importlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator

import claims
from claims.book import CHAPTERS, claim_paths, evidence_paths, module_name
from claims.command_line.claim_files import checks, claim_files
from claims.counterexamples.catalogue import catalogue
from claims.suite import Claim, running
from claims.suite.claim import EXPECTED, KINDS
from claims.suite.evidence import Evidence
from claims.suite.profiles import EXAMPLES

ROOT = Path(claims.__file__).parent
WHITENING, BOTTLENECK = ROOT / "convergence" / "whitening.py", ROOT / "necessity" / "bottleneck" / "__init__.py"
SCHEMA = json.loads((ROOT / "suite" / "evidence.schema.json").read_text("utf-8"))
ONE = "test_excess_is_a_trace_that_vanishes_on_white_inputs_of_any_size"
ANOTHER = "test_losses_differ_by_the_constant"
TITLE = "evidence: checks that ran"

INJECTED = '''
"""Replaces one check of claims.convergence.whitening by a failing one; the environment is not involved."""
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.name == "{name}":
            def failing():
                raise AssertionError("injected")
            item.obj = failing
            items.remove(item)
            items.insert(1, item)
            break
'''


def run(directory, *arguments):
    """``python -m pytest <the claims>/whitening.py`` from ``directory``, without colours or a cache."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"PYTHONPATH": os.pathsep.join([str(directory), *sys.path[1:]]), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def outcomes(result):
    """{outcome: number} from the last line of a quiet run."""
    words = result.stdout.strip().splitlines()[-1].split(" in ")[0].strip("= ").split(", ")
    return {outcome: int(number) for number, outcome in (word.split() for word in words)}


def tallies(path):
    """{kind: (checks, failed, examples)} of the one claim in a JSON file that meets the schema."""
    content = json.loads(path.read_text("utf-8"))
    Draft202012Validator(SCHEMA).validate(content)
    (found,) = content["claims"]
    assert found["uid"] == "DL-001"
    assert found["module"] == "claims.convergence.whitening"
    return {kind: (t["checks"], t["failed"], t["examples"]) for kind, t in found["evidence"].items()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One run of all of claims.convergence.whitening, but for the prover: what it printed and what it wrote."""
    directory = tmp_path_factory.mktemp("whole")
    options = ("-q", "-m", "not formal", "--hypothesis-profile=claims-ci", "--claims-json", "out.json")
    result = run(directory, *options, WHITENING)
    assert result.returncode == 0, result.stdout + result.stderr
    return result, directory / "out.json"


def test_counts_in_the_json_are_those_of_what_ran(whole):
    """As many checks as passed tests, and every kind among them."""
    result, path = whole
    counted = tallies(path)
    assert sum(checks for checks, _, _ in counted.values()) == outcomes(result)["passed"]
    assert all(counted[kind][0] > 0 for kind in EXPECTED)
    assert all(failed == 0 for _, failed, _ in counted.values())
    assert json.loads(path.read_text("utf-8"))["exit_status"] == 0


def test_the_table_shows_the_counts_of_the_json(whole):
    """One line, cell by cell, and where the JSON is."""
    result, path = whole
    lines = result.stdout.splitlines()
    (at,) = [k for k, line in enumerate(lines) if TITLE in line]
    assert lines[at + 1].split()[:2] == ["uid", "claim"]
    counted = tallies(path).values()
    cells = [f"{checks}/{examples}" if examples else str(checks or "-") for checks, _, examples in counted]
    assert lines[at + 2].startswith("DL-001  Whitening  ")
    assert lines[at + 2].split()[-len(cells) - 2 : -2] == cells
    assert "written as JSON to out.json" in lines[at + 3 :]


def test_a_selection_counts_only_what_it_selects_on_two_processes_too(tmp_path):
    """Two checks with -k are two checks in the JSON, and the 25 examples of the one that draws any; under xdist."""
    options = ("-q", "-n2", "-k", f"{ONE} or {ANOTHER}", "--hypothesis-profile=claims-ci", "--claims-json=out.json")
    result = run(tmp_path, *options, WHITENING)
    assert outcomes(result)["passed"] == 2
    expected = dict.fromkeys(KINDS, (0, 0, 0)) | {"symbolic": (1, 0, 0), "exact": (1, 0, EXAMPLES)}
    assert tallies(tmp_path / "out.json") == expected
    assert result.stdout.count(TITLE) == 1


def test_a_failure_is_counted_and_written_with_what_ran_before_it(tmp_path):
    """-x after an injected failure: the exit status, one failure, and the one check before it."""
    (tmp_path / "injected.py").write_text(INJECTED.format(name=ONE))
    (tmp_path / "out.json").write_text("old")
    options = ("-x", "-q", "-p", "injected", "--claims-json=out.json")
    result = run(tmp_path, *options, WHITENING)
    assert result.returncode == 1
    assert outcomes(result) == {"failed": 1, "passed": 1}
    counted = tallies(tmp_path / "out.json")
    assert sum(checks for checks, _, _ in counted.values()) == 2
    assert counted["symbolic"][:2] == (counted["symbolic"][0], 1)
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["exit_status"] == 1
    assert "(1 FAILED)" in result.stdout


UNTRUE = """
import claims.counterexamples.verify as full

def verify(entry):
    raise ValueError("injected")

full.verify = verify
"""


def counterexamples(path):
    """{uid: verified} from a JSON file that meets the schema."""
    content = json.loads(path.read_text("utf-8"))
    Draft202012Validator(SCHEMA).validate(content)
    return {found["uid"]: found["verified"] for found in content["counterexamples"]}


def test_counterexamples_run_under_the_claim_they_bear_on(tmp_path):
    """Every one of DL-002 and DL-020, on two processes: in the table and in the JSON, and counted as no evidence."""
    files = [ROOT / "balance" / "balancedness" / "__init__.py", BOTTLENECK, WHITENING]
    result = run(tmp_path, "-q", "-n2", "-k", "DLX", "--claims-report=all", "--claims-json=out.json", *files)
    assert result.returncode == 0, result.stdout + result.stderr
    expected = {uid: True for uid, entry in catalogue().items() if entry.refutes["claim"] in ("DL-002", "DL-020")}
    assert counterexamples(tmp_path / "out.json") == expected
    assert outcomes(result)["passed"] == len(expected) >= 3
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["claims"] == []
    lines = [line for line in result.stdout.splitlines() if line.startswith("DLX-")]
    assert [line.split()[0] for line in lines] == list(expected)
    assert all(line.endswith("yes") for line in lines)
    assert TITLE not in result.stdout


def test_one_counterexample_is_selected_by_its_name(tmp_path):
    """By its node, and with the exact checks."""
    result = run(tmp_path, "-q", "-m", "exact", "--claims-json=out.json", f"{BOTTLENECK}::DLX-023")
    assert outcomes(result)["passed"] == 1
    assert counterexamples(tmp_path / "out.json") == {"DLX-023": True}


def test_a_counterexample_that_is_not_verified_fails_the_run_in_a_sentence(tmp_path):
    """Without a traceback, and with a NO in the table."""
    (tmp_path / "untrue.py").write_text(UNTRUE)
    report = "--claims-report=counterexamples"
    result = run(tmp_path, "-q", "-p", "untrue", "-k", "DLX", report, "--claims-json=out.json", BOTTLENECK)
    assert result.returncode == 1
    assert "DLX-023.json is not verified: injected" in result.stdout
    assert "Traceback" not in result.stdout
    assert counterexamples(tmp_path / "out.json") == {"DLX-023": False}
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("DLX-023  ")]
    assert line.endswith("NO")
    assert "counterexamples: 0 of 1 verified" in result.stdout
    assert "NOT VERIFIED: DLX-023" in result.stdout


def test_a_damaged_catalogue_is_an_error_of_collection(tmp_path):
    """Not a catalogue with an entry less."""
    (tmp_path / "DLX-001.json").write_text("{}")
    (tmp_path / "damaged.py").write_text(
        "import pathlib, claims.counterexamples.catalogue as c\nc.SHIPPED = pathlib.Path(__file__).parent\n"
    )
    result = run(tmp_path, "-q", "-p", "damaged", WHITENING)
    assert result.returncode == pytest.ExitCode.INTERRUPTED
    assert "DLX-001.json: sha256 is not that of the content" in result.stdout


def test_every_counterexample_bears_on_a_claim_that_there_is():
    """So that each of them runs."""
    uids = {module.CLAIM.uid for module in modules()}
    assert {entry.refutes["claim"] for entry in catalogue().values()} <= uids


def test_collecting_only_prints_no_table_and_writes_nothing(tmp_path):
    """Nothing has run, so there is no evidence."""
    result = run(tmp_path, "--co", "-q", "--claims-json=out.json", WHITENING)
    assert result.returncode == 0
    assert ONE in result.stdout
    assert TITLE not in result.stdout
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("path", ["missing/out.json", "."])
def test_a_json_path_that_cannot_be_written_is_a_usage_error_before_anything_runs(tmp_path, path):
    """Exit code 4 and a sentence, not a lost run."""
    result = run(tmp_path, "--claims-json", path, WHITENING)
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"--claims-json is {path}; expected a file in a directory that exists" in result.stderr
    assert "passed" not in result.stdout


MARKERS = """
def pytest_collection_finish(session):
    print(*session.config.getini("markers"), sep="\\n")
"""


def test_the_plugin_makes_its_markers_known(tmp_path):
    """The six kinds, with what each means, though pyproject.toml names none; where there is a claim."""
    (tmp_path / "markers.py").write_text(MARKERS)
    (tmp_path / "test_other.py").write_text("def test_other(): pass")
    known = run(tmp_path, "-q", "--co", "-p", "markers", WHITENING).stdout.splitlines()
    assert all(f"{kind}: {meaning}" in known for kind, meaning in KINDS.items())
    known = run(tmp_path, "-q", "--co", "-p", "markers", "test_other.py").stdout.splitlines()
    assert not any(line.partition(":")[0].partition("(")[0] in {*KINDS, "ablates"} for line in known)


def item(*markers):
    """What the plugin asks a collected test for."""
    return SimpleNamespace(nodeid="claims/x.py::test_x", get_closest_marker=lambda kind: kind in markers or None)


@pytest.mark.parametrize("kind", KINDS)
def test_one_marker_is_the_kind_of_evidence(kind):
    """Other markers do not matter."""
    assert running._kind(item(kind, "parametrize")) == kind


@pytest.mark.parametrize(
    ("markers", "words"), [((), "marked with no kind of evidence"), (("control", "exact"), "marked exact, control")]
)
def test_no_marker_or_two_are_a_usage_error(markers, words):
    """A check is one kind of evidence."""
    with pytest.raises(pytest.UsageError, match=f"test_x is {words}; expected exactly one of formal, symbolic, exact"):
        running._kind(item(*markers))


def test_a_module_without_a_claim_is_a_usage_error(monkeypatch):
    """In words that say what to write."""
    monkeypatch.setitem(running.CLAIM_OF, ROOT / "book.py", ROOT / "book.py")
    with pytest.raises(pytest.UsageError, match=r"claims/book\.py has no CLAIM; expected CLAIM = Claim"):
        running.claim_of(SimpleNamespace(path=ROOT / "book.py"))


def modules():
    """What opens each claim there is, imported."""
    return [importlib.import_module(module_name(path)) for path in claim_paths()]


def test_every_claim_has_a_uid_of_its_own():
    """And a title."""
    found = modules()
    assert all(isinstance(module.CLAIM, Claim) for module in found)
    assert len({module.CLAIM.uid for module in found}) == len(found) > 0
    assert len({module.CLAIM.title for module in found}) == len(found)


def test_every_file_of_a_chapter_is_a_claim_or_holds_evidence():
    """No module is left out: beside the chapters' pages and experiments all are in the plugin's mapping."""
    inside = {path for chapter in CHAPTERS for path in (ROOT / chapter).rglob("*.py")}
    experiments = {path for path in inside if "experiments" in path.relative_to(ROOT).parts}
    pages = {ROOT / chapter / "__init__.py" for chapter in CHAPTERS}
    assert inside - experiments - pages == running.CLAIM_OF.keys() | running.OPENINGS
    assert set(claim_paths()) == running.OPENINGS
    assert len(running.CLAIM_OF) > len(running.OPENINGS)


@pytest.mark.parametrize("opening", list(claim_paths()), ids=module_name)
def test_every_claim_is_stated_and_has_every_kind_of_evidence(opening):
    """A docstring with a statement and a source; each marker but formal at least once; no test skipped."""
    claim = importlib.import_module(module_name(opening))
    marked = [
        {mark.name for mark in getattr(check, "pytestmark", [])}
        for path in evidence_paths(opening)
        for key, check in vars(importlib.import_module(module_name(path))).items()
        if key.startswith("test_")
    ]
    assert claim.CLAIM.statement == claim.__doc__
    assert "Statement" in claim.__doc__
    assert set(EXPECTED) <= set().union(*marked)
    assert not {"skip", "skipif", "xfail"} & set().union(*marked)


def collected(directory, *arguments):
    """The tests that a run would choose, as {path in the claims: number}."""
    found = run(directory, "--co", "-q", *arguments).stdout.splitlines()
    return Counter(line.partition("::")[0].rpartition("claims/")[2] for line in found if "::" in line)


def test_a_chapter_a_claim_and_a_package_are_chosen_by_name(tmp_path):
    """``pytest claims/saddles``, ``-k whitening``, and the same of a claim that is a package."""
    chapter = [claim.path for claim in claim_files().values() if claim.chapter == "saddles"]
    with_tests = {check.path for path in chapter for check in checks(path)}
    found = {ROOT / path for path in collected(tmp_path, ROOT / "saddles")}
    assert with_tests <= found <= with_tests | {*chapter}  # where a claim opens are its counterexamples
    name = "convergence/whitening.py"
    of_module = collected(tmp_path, ROOT, "-k", "whitening")
    assert of_module[name] == collected(tmp_path, ROOT / name)[name] > 5
    assert "convergence/linear_rate/runs.py" not in of_module
    of_package = collected(tmp_path, ROOT, "-k", "proof_ledger")
    assert of_package == collected(tmp_path, ROOT / "convergence" / "proof_ledger")
    assert {path.rpartition("/")[0] for path in of_package} == {"convergence/proof_ledger"}
    assert of_package.total() > 20


NAMES = """
import json, pathlib

def pytest_collection_modifyitems(items):
    found = {}
    for item in items:
        names = found.setdefault(str(item.path), set())
        names |= {node.name for node in item.listchain()[1:]} | {mark.name for mark in item.iter_markers()}
        names |= {*item.listextrakeywords(), *vars(getattr(item, "function", None) or object)}
    pathlib.Path("names.json").write_text(json.dumps({path: sorted(names) for path, names in found.items()}))
"""


def test_no_check_is_missed_where_a_claim_is_named(tmp_path):
    """What ``-k`` would choose by a claim's name, from any file, is in a file that is read where it is given."""
    (tmp_path / "names.py").write_text(NAMES)
    run(tmp_path, "--co", "-q", "-p", "names", ROOT)
    found = json.loads((tmp_path / "names.json").read_text())
    assert {Path(path).relative_to(ROOT).parts[0] for path in found} == {*CHAPTERS}
    for path, names in found.items():
        chosen = {word for word in running.NAMES if any(word in name.lower() for name in names)}
        assert not [word for word in chosen if not running.mentions(Path(path), word)], path
    assert not running.mentions(ROOT / "convergence" / "whitening.py", "balancedness")


@pytest.mark.parametrize("kind", ["formal", "witness"])
def test_one_kind_of_evidence_is_chosen_by_its_marker(tmp_path, kind):
    """Nothing of it is left out, though files without any of it are not read."""
    expected = {check.path for claim in claim_files().values() for check in checks(claim.path) if check.kind == kind}
    expected = {path for path in expected if path.is_relative_to(ROOT / "balance")}
    assert {ROOT / path for path in collected(tmp_path, ROOT / "balance", "-m", kind)} == expected
    assert len(expected) >= 2
    assert collected(tmp_path, BOTTLENECK, "-m", "formal") == Counter()


CIRCLE = """
from dataclasses import replace
from claims.command_line import claim_files as files
from claims.suite import running

known = files.claim_files()
changed = {"DL-003": replace(known["DL-003"], uses=("DL-004",)), "DL-004": replace(known["DL-004"], uses=("USED",))}
running.claim_files = lambda: known | changed
"""


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        ("DL-003", "DL-003 uses DL-004 uses DL-003: a circle; expected no claim to rest on itself"),
        ("DL-999", "DL-004 uses DL-999; expected the uids of claims that there are"),
    ],
)
def test_a_circle_of_claims_is_a_usage_error(tmp_path, used, sentence):
    """Before anything runs, whichever claims were chosen."""
    (tmp_path / "circle.py").write_text(CIRCLE.replace("USED", used))
    result = run(tmp_path, "-q", "-p", "circle", WHITENING)
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert sentence in result.stdout + result.stderr
    assert "passed" not in result.stdout


def test_rich_is_not_imported_before_there_is_something_to_print():
    """Nor is anything of the command line that an import would make slow."""
    program = "import sys, claims.suite.plugin; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = set(result.stdout.split())
    assert "claims.suite.plugin" in modules
    assert not {"rich", "sympy", "scipy", "solvers", "strategies", "claims.convergence"} & modules


def test_a_worker_of_xdist_writes_nothing(tmp_path):
    """It has seen only its share; the controller writes."""
    path = tmp_path / "out.json"
    config = SimpleNamespace(
        getoption=lambda name: str(path), option=SimpleNamespace(collectonly=False), stash={running.FOUND: Evidence()}
    )
    running.pytest_sessionfinish(SimpleNamespace(config=config), 0)
    assert path.exists()
    path.unlink()
    config.workerinput = {}
    running.pytest_sessionfinish(SimpleNamespace(config=config), 0)
    assert not path.exists()
