"""A good guest: what the plugin leaves of itself in other people's runs (nothing), and what theirs leave of ours."""

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

import claims

ROOT = Path(claims.__file__).parent
WHITENING = ROOT / "convergence" / "whitening.py"
ONE = "test_excess_is_a_trace_that_vanishes_on_white_inputs_of_any_size"
OURS = "deep-linear-claims"

STRANGER = """
import sys
from hypothesis import given, settings, strategies as st

seen = []

@given(st.integers())
def test_draws(number):
    seen.append(number)

def test_counts(request):
    print("\\nexamples", len(seen), settings.get_current_profile_name(), settings.get_profile("ci").max_examples)
    print("markers", *sorted(request.config.getini("markers")), sep="; ")
    print("files", *request.config.getini("python_files"))
    print("heavy", *sorted({name.partition(".")[0] for name in sys.modules} & {HEAVY}))
"""
HEAVY = {"numpy", "scipy", "sympy", "flint", "sklearn", "rich", "solvers", "strategies"}


def run(directory, *arguments, **variables):
    """``python -m pytest`` in a directory, as if in nobody's continuous integration unless ``variables`` say so."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI", "GITHUB"))}
    kept |= {"PYTHONPATH": os.pathsep.join([str(directory), *sys.path[1:]]), "NO_COLOR": "1"} | variables
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)],
        cwd=directory,
        env=kept,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def said(result):
    """The lines that STRANGER prints."""
    lines = result.stdout.splitlines()
    return [line for line in lines if line.startswith(("examples ", "markers; ", "files ", "heavy"))]


@pytest.fixture
def project(tmp_path):
    """Somebody's project, which has nothing to do with us."""
    (tmp_path / "test_stranger.py").write_text(STRANGER.replace("HEAVY", ", ".join(map(repr, HEAVY))))
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    return tmp_path


@pytest.mark.parametrize("variables", [{}, {"CI": "true"}], ids=["at home", "in CI"])
def test_a_run_without_claims_is_as_if_we_were_not_there(project, variables):
    """Profiles, markers, what is a test file, what is imported: the same with us and without."""
    with_us = run(project, "-s", "-q", **variables)
    without = run(project, "-s", "-q", "-p", f"no:{OURS}", **variables)
    assert said(with_us) == said(without)
    assert len(said(with_us)) == 4
    assert said(with_us)[0].endswith(" 100")
    assert with_us.returncode == without.returncode == 0
    counted = "100 ci" if variables else "100 default"
    assert said(with_us)[0] == f"examples {counted} 100"
    assert said(with_us)[3] == "heavy"


@pytest.mark.parametrize("name", ["exact", "control", "witness", "symbolic", "sampled", "ablates"])
def test_our_markers_do_not_loosen_a_strangers_strictness(project, name):
    """A marker that he has not registered is an error in his project."""
    (project / "test_marked.py").write_text(f"import pytest\n@pytest.mark.{name}\ndef test_it(): pass\n")
    result = run(project, "-q", "test_marked.py")
    assert f"'{name}' not found in `markers` configuration option" in result.stdout
    assert result.returncode == pytest.ExitCode.INTERRUPTED


def test_what_we_import_at_the_start_is_little():
    """By what is imported beyond pytest, not by the clock: our own few modules, and nothing of anyone else's."""
    program = (
        "import sys, pytest, importlib.metadata as m; before = {*sys.modules};"
        "(ours,) = [e for e in m.entry_points(group='pytest11') if e.name == 'deep-linear-claims']; ours.load();"
        "print(*sorted({*sys.modules} - before - {*sys.stdlib_module_names}))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {name.partition(".")[0] for name in found} <= {"claims"}
    assert "claims.suite.plugin" in found
    assert len(found) <= 8


def test_at_the_start_we_take_three_hundredths_of_a_second():
    """The least of several measurements, in processor time, of what remains once pytest is imported."""
    program = (
        "import time, pytest; start = time.process_time(); import claims.suite.plugin; "
        "print(time.process_time() - start)"
    )
    command = [sys.executable, "-c", program]
    seconds = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(7)]
    assert min(seconds) <= 0.03


def test_claims_take_their_profile_and_a_strangers_tests_keep_theirs(project):
    """In one run: 25 examples for a claim, 100 for the stranger; and what he names counts for both."""
    arguments = ("-s", "-q", "--claims-json=out.json", WHITENING, "test_stranger.py")

    def examples(*more, **variables):
        result = run(project, *arguments, *more, **variables)
        assert result.returncode == 0, result.stdout + result.stderr
        (found,) = json.loads((project / "out.json").read_text("utf-8"))["claims"]
        (drawn,) = [line.split()[1:3] for line in said(result) if line.startswith("examples ")]
        return found["evidence"]["exact"]["examples"], drawn

    assert examples() == (25, ["100", "default"])
    assert examples(CI="true") == (25, ["100", "ci"])
    assert examples("--hypothesis-profile=claims-ci") == (25, ["25", "claims-ci"])
    (project / "conftest.py").write_text(
        "from hypothesis import settings\nsettings.register_profile('mine', max_examples=7, deadline=None)\n"
    )
    assert examples("--hypothesis-profile=mine") == (7, ["7", "mine"])


DISABLED = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def test_without_autoloading_a_checkout_loads_us_itself(tmp_path):
    """pyproject.toml names the plugin, so that nothing is lost."""
    pyproject = ROOT.parent / "pyproject.toml"
    result = run(tmp_path, "-q", "-c", pyproject, "-k", ONE, WHITENING, **DISABLED)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "verified: 1 claim of 1, by 1 check" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "variables"), [((), DISABLED), (("-p", f"no:{OURS}"), {}), (("--strict-markers",), DISABLED)]
)
def test_without_the_plugin_a_claim_is_refused_with_the_cure(tmp_path, arguments, variables):
    """Where no pyproject.toml of ours is read; and the cure is one."""
    nobodys = ("-q", "-c", os.devnull)
    result = run(tmp_path, *nobodys, *arguments, WHITENING, **variables)
    assert result.returncode == pytest.ExitCode.INTERRUPTED
    assert "expected neither, or -p claims.suite.plugin" in result.stdout
    assert "Traceback" not in result.stdout
    cured = run(tmp_path, *nobodys, "-p", "claims.suite.plugin", "-k", ONE, WHITENING, **DISABLED)
    assert cured.returncode == 0, cured.stdout + cured.stderr
    assert "verified: 1 claim of 1" in cured.stdout


@pytest.mark.parametrize("processes", [(), ("-n2",)], ids=["one process", "two"])
def test_python_without_asserts_is_refused_with_the_cure(tmp_path, processes):
    """A check without asserts would pass whatever is true."""
    result = run(tmp_path, "-q", *processes, WHITENING, PYTHONOPTIMIZE="1")
    assert result.returncode != 0
    assert "python -O drops the asserts that evidence consists of; run it without -O" in result.stdout
    assert "passed" not in result.stdout
    assert "INTERNALERROR" not in result.stdout


FLAKY = '''
"""Makes one check of claims.convergence.whitening fail the first time that it is run."""
import pytest

runs = []

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.originalname == "NAME":
            inner = item.obj
            def flaky(*args, **kwargs):
                runs.append(1)
                assert len(runs) != 1, "the first time"
                return inner(*args, **kwargs)
            item.obj = flaky
'''.replace("NAME", ONE)


def counted(directory):
    """(checks, failed) of the symbolic evidence of DL-001."""
    (found,) = json.loads((directory / "out.json").read_text("utf-8"))["claims"]
    return found["evidence"]["symbolic"]["checks"], found["evidence"]["symbolic"]["failed"]


def plugin(name):
    """Skips where a plugin of other people is not installed; CI has them."""
    return pytest.mark.skipif(util.find_spec(name) is None, reason=f"needs {name}")


@plugin("pytest_rerunfailures")
def test_what_is_run_again_counts_by_its_last_run(tmp_path):
    """pytest-rerunfailures: exit code, table and JSON agree."""
    (tmp_path / "flaky.py").write_text(FLAKY)
    options = ("-q", "-p", "flaky", "-k", ONE, "--claims-json=out.json")
    result = run(tmp_path, *options, "--reruns=2", WHITENING)
    assert result.returncode == 0, result.stdout
    assert "1 rerun" in result.stdout
    assert counted(tmp_path) == (1, 0)
    assert "FAILED" not in result.stdout
    assert run(tmp_path, *options, WHITENING).returncode == 1
    assert counted(tmp_path) == (1, 1)


@plugin("pytest_repeat")
def test_what_is_repeated_counts_once_and_fails_if_it_ever_does(tmp_path):
    """pytest-repeat runs a check as three; under xdist too."""
    options = ("-q", "-k", ONE, "--count=3", "--claims-json=out.json")
    result = run(tmp_path, *options, "-n2", WHITENING)
    assert result.returncode == 0, result.stdout
    assert "3 passed" in result.stdout
    assert counted(tmp_path) == (1, 0)
    (tmp_path / "flaky.py").write_text(FLAKY)
    result = run(tmp_path, *options, "-p", "flaky", WHITENING)
    assert "1 failed, 2 passed" in result.stdout
    assert counted(tmp_path) == (1, 1)


@plugin("pytest_asyncio")
def test_a_plugin_that_warns_stops_nothing(tmp_path):
    """pytest-asyncio, installed and not configured, with our own configuration."""
    result = run(tmp_path, "-q", "-c", ROOT.parent / "pyproject.toml", "-k", ONE, WHITENING)
    assert result.returncode == 0, result.stdout + result.stderr


WARNING = """
import warnings
warnings.warn("a plugin of other people has something to say", DeprecationWarning)

def pytest_configure(config):
    exec(compile("import warnings; warnings.warn('{0}', {1})", "x", "exec"), {{"__name__": "{2}"}})

def pytest_collection_finish(session):
    exec(compile("import warnings; warnings.warn('{0}', {1})", "x", "exec"), {{"__name__": "{2}"}})
"""


@pytest.mark.parametrize(
    ("module", "category", "stops"),
    [
        ("joblib._multiprocessing_helpers", "UserWarning", False),
        ("pytest_asyncio.plugin", "DeprecationWarning", False),
        ("solvers.network.network", "UserWarning", True),
        ("claims.suite", "DeprecationWarning", True),
        ("numpy.linalg", "DeprecationWarning", True),
        ("sympy", "DeprecationWarning", True),
        ("sympylike", "UserWarning", False),
    ],
)
def test_warnings_are_errors_where_they_are_ours_or_our_libraries(tmp_path, module, category, stops):
    """By the module that warns: other people's may, before the collection and after it."""
    (tmp_path / "warner.py").write_text(WARNING.format("words", category, module))
    result = run(tmp_path, "-q", "-p", "warner", "-c", ROOT.parent / "pyproject.toml", "--co", WHITENING)
    assert (result.returncode != 0) is stops, result.stdout + result.stderr


@plugin("pytest_cov")
def test_coverage_of_our_libraries_is_measured_from_their_first_line(project):
    """They are not imported before pytest-cov starts."""
    (project / "test_uses.py").write_text("import solvers\n\ndef test_it(): assert solvers.kernel is not None\n")
    result = run(project, "-q", "--cov=solvers", "--cov-report=json:cover.json", "test_uses.py")
    assert "previously imported" not in result.stdout + result.stderr
    files = json.loads((project / "cover.json").read_text("utf-8"))["files"]
    (found,) = [entry for name, entry in files.items() if name.endswith("solvers/__init__.py")]
    assert found["summary"]["percent_covered"] == 100
