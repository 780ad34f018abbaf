"""The wheel and the sdist: built from a copy, complete, without anything else, and used from an empty directory."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from claims.command_line.claim_files import checks, claim_files

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = ("claims", "solvers", "strategies")
LEFT_BEHIND = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "*.so", "build", "dist")
DATA = {
    "claims/auditing/audit.schema.json",
    "claims/campaigns/ledger.schema.json",
    "claims/campaigns/run_one.json",
    "claims/campaigns/tightness.json",
    "claims/conformance/conformance.schema.json",
    "claims/suite/counterexample.schema.json",
    "claims/suite/evidence.schema.json",
    "claims/suite/landscape_counterexample.schema.json",
    "claims/suite/shallow_counterexample.schema.json",
    *(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("claims/counterexamples/DLX-*.json")),
    "claims/formal/_CoqProject",
    *(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("claims/formal/*.v")),
    *(
        path.relative_to(REPOSITORY).as_posix()
        for folder in ("templates", "static")
        for path in (REPOSITORY / "claims" / "site" / folder).rglob("*")
        if path.is_file()
    ),
    *(f"{package}/py.typed" for package in PACKAGES),
}
KERNEL = "solvers/descent/_kernel" + sysconfig.get_config_var("EXT_SUFFIX")
DESCEND = """
import sys
sys.meta_path[:] = [each for each in sys.meta_path if not getattr(each, "__module__", "").startswith("__editable__")]
import numpy as np, solvers
problem = solvers.Problem((np.eye(2) / 2,) * 3, np.eye(2), 0.125)
runs = [solvers.gradient_descent(problem, steps=400), *solvers.gradient_descent([problem] * 20, steps=400)]
assert all(float(each.loss[-1]) < 1e-9 for each in runs)
print(solvers.__file__, solvers.kernel(), {each.path for each in runs} == {"kernel"}, sep="\\n")
"""
"""Where a checkout is installed as editable, its finder would lend the wheel the checkout's kernel."""


def python(directory, *arguments, **variables):
    """Run this interpreter in ``directory``, without the checkout on its path, and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHONPATH"))}
    result = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=directory,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def build(source, *what, **variables):
    """Build from ``source``, and return the directory with what came of it."""
    new_enough = int(version("setuptools").split(".")[0]) >= 77  # as pyproject.toml requires
    python(
        source,
        "-m",
        "build",
        *what,
        *(["--no-isolation"] if new_enough else []),
        "--outdir",
        source / "out",
        **variables,
    )
    return source / "out"


def install(built, site):
    """Unpack the wheel in ``built``, without its dependencies, into a directory for PYTHONPATH."""
    (wheel,) = built.glob("*.whl")
    python(site, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel)
    return site


def contents(built):
    """What the wheel holds, without its metadata."""
    (wheel,) = built.glob("*.whl")
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The directory with the sdist, and the wheel that was built from it."""
    source = tmp_path_factory.mktemp("build") / "source"
    shutil.copytree(REPOSITORY, source, ignore=LEFT_BEHIND)
    return build(source)


def modules():
    """All modules of the three packages in the checkout, as paths in it."""
    paths = [path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")]
    return {path.relative_to(REPOSITORY).as_posix() for path in paths}


def test_the_wheel_holds_the_three_packages_and_nothing_else(built):
    """Every module, the typing markers, the schema and the compiled kernel; no tests, and no source to compile."""
    assert contents(built) == modules() | DATA | {KERNEL}


def test_the_sdist_holds_what_the_wheel_needs_and_no_caches(built):
    """The packages, their data, the kernel's source, the licence and the read-me; nothing that was compiled."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert modules() | DATA | {"solvers/descent/_kernel.c", "LICENSE", "README.md", "pyproject.toml"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".") or name.endswith(".so")]


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Where the wheel is installed."""
    return install(built, tmp_path_factory.mktemp("site"))


def test_the_installed_kernel_moves_networks(installed, tmp_path):
    """The wheel brings it compiled, and it is what is chosen for small networks."""
    where, instructions, chosen = python(tmp_path, "-c", DESCEND, PYTHONPATH=str(installed)).splitlines()
    assert where == str(installed / "solvers" / "__init__.py")
    assert instructions.startswith("compiled, ")
    assert chosen == "True"


def test_the_installed_command_line_works_from_an_empty_directory(installed, tmp_path):
    """It lists, shows and checks what the wheel brought, its files included."""
    path = {"PYTHONPATH": str(installed)}
    assert "DL-004" in python(tmp_path, "-m", "claims", "list", **path)
    assert str(installed) in python(tmp_path, "-m", "claims", "show", "DLX-015", **path)
    assert "DLX-015 verified by check.py" in python(tmp_path, "-m", "claims", "check", "DLX-015", **path)


def test_without_a_compiler_the_wheel_is_built_and_works(tmp_path):
    """A compiler that fails costs the kernel and nothing else: NumPy moves the networks."""
    source, site, empty = (tmp_path / name for name in ("source", "site", "empty"))
    shutil.copytree(REPOSITORY, source, ignore=LEFT_BEHIND)
    site.mkdir()
    empty.mkdir()
    built = build(source, "--wheel", CC="/bin/false")
    assert contents(built) == modules() | DATA
    where, instructions, chosen = python(empty, "-c", DESCEND, PYTHONPATH=str(install(built, site))).splitlines()
    assert where == str(site / "solvers" / "__init__.py")
    assert (instructions, chosen) == ("None", "False")


def test_the_installed_claims_run_from_an_empty_directory(installed, tmp_path):
    """``pytest --pyargs claims`` finds the wheel's modules, not the checkout's, passes and prints the table."""
    path = {"PYTHONPATH": str(installed)}
    where = python(
        tmp_path, "-c", "import claims, claims.suite.plugin as p; print(claims.__file__, p.__file__)", **path
    )
    assert where.split() == [str(installed / "claims" / part) for part in ("__init__.py", "suite/plugin.py")]
    options = ("-v", "-k", "whitening", "--claims-json=out.json")
    output = python(tmp_path, "-m", "pytest", *options, "--pyargs", "claims", **path)
    assert "convergence/whitening.py::test_excess" in output
    assert "evidence: checks that ran / examples generated for them" in output
    assert "DL-001  Whitening" in output
    assert str(REPOSITORY / "claims") not in output
    assert (tmp_path / "out.json").is_file()


def test_an_installed_chapter_and_a_package_run_from_an_empty_directory(installed, tmp_path):
    """``pytest --pyargs claims.saddles`` takes all of a chapter and nothing else; a package brings its modules."""
    path = {"PYTHONPATH": str(installed)}
    output = python(tmp_path, "-m", "pytest", "-q", "-m", "witness", "--pyargs", "claims.saddles", **path)
    assert {claim.uid for claim in claim_files().values() if claim.chapter == "saddles"} <= set(output.split())
    assert "evidence: checks that ran / examples generated for them" in output
    options = ("--co", "-q", "--rootdir", installed)
    listed = python(tmp_path, "-m", "pytest", *options, "--pyargs", "claims.saddles", **path)
    found = {line.partition("::")[0] for line in listed.splitlines() if "::" in line}
    chapter = [claim for claim in claim_files().values() if claim.chapter == "saddles"]
    paths = {check.path for claim in chapter for check in checks(claim.path)}
    openings = {claim.path for claim in chapter}  # where counterexamples are
    named, allowed = (
        {each.relative_to(REPOSITORY).as_posix() for each in these} for these in (paths, paths | openings)
    )
    assert named <= found <= allowed
    output = python(tmp_path, "-m", "pytest", "-v", "-k", "depth_one_attains", "--pyargs", "claims.convergence", **path)
    assert "proof_ledger/proofs.py::test_depth_one_attains_every_row_anywhere PASSED" in output


def test_the_installed_experiments_are_commands(installed, tmp_path):
    """Found in the wheel's chapters."""
    output = python(tmp_path, "-m", "claims", "experiment", PYTHONPATH=str(installed))
    assert {"trade_off", "acceleration", "stages"} <= {line.split()[0] for line in output.splitlines()}


def test_the_installed_site_is_built(installed, tmp_path):
    """From what the wheel brought: templates, scripts and the claims' own code."""
    output = python(tmp_path, "-m", "claims", "site", tmp_path / "out", PYTHONPATH=str(installed))
    assert "pages in" in output
    home = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "DL-004/index.html#without-balance" in home
    assert str(installed) not in home
    assert {path.name for path in (tmp_path / "out" / "static").iterdir()} >= {"styles.css", "copy.js", "check"}


def test_the_installed_packages_are_typed_and_bring_the_schema(installed):
    """For mypy, and for readers of the JSON."""
    assert all((installed / name).is_file() for name in DATA)
