"""The wheel and the sdist: built from a copy, complete, without anything else, and used from an empty directory."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = ("claims", "solvers", "strategies")
LEFT_BEHIND = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist")
DATA = {"claims/suite/evidence.schema.json", *(f"{package}/py.typed" for package in PACKAGES)}


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


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The directory with the sdist, and the wheel that was built from it."""
    source = tmp_path_factory.mktemp("build") / "source"
    shutil.copytree(REPOSITORY, source, ignore=LEFT_BEHIND)
    new_enough = int(version("setuptools").split(".")[0]) >= 77  # as pyproject.toml requires
    python(source, "-m", "build", *(["--no-isolation"] if new_enough else []), "--outdir", source / "out")
    return source / "out"


def modules():
    """All modules of the three packages in the checkout, as paths in it."""
    paths = [path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")]
    return {path.relative_to(REPOSITORY).as_posix() for path in paths}


def test_the_wheel_holds_the_three_packages_and_nothing_else(built):
    """Every module, the typing markers and the schema; no tests."""
    (wheel,) = built.glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == modules() | DATA


def test_the_sdist_holds_what_the_wheel_needs_and_no_caches(built):
    """The packages, their data, the licence and the read-me."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert modules() | DATA | {"LICENSE", "README.md", "pyproject.toml"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".")]


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """A directory for PYTHONPATH into which the wheel is unpacked, without its dependencies."""
    site = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    python(site, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel)
    return site


def test_the_installed_claims_run_from_an_empty_directory(installed, tmp_path):
    """``pytest --pyargs claims`` finds the wheel's modules, not the checkout's, passes and prints the table."""
    path = {"PYTHONPATH": str(installed)}
    where = python(
        tmp_path, "-c", "import claims, claims.suite.plugin as p; print(claims.__file__, p.__file__)", **path
    )
    assert where.split() == [str(installed / "claims" / part) for part in ("__init__.py", "suite/plugin.py")]
    output = python(
        tmp_path, "-m", "pytest", "-v", "--pyargs", "claims", "-k", "whitening", "--claims-json=out.json", **path
    )
    assert "whitening.py::test_excess" in output
    assert "evidence: checks that ran / examples generated for them" in output
    assert "DL-001  Whitening" in output
    assert str(REPOSITORY / "claims") not in output
    assert (tmp_path / "out.json").is_file()


def test_the_installed_packages_are_typed_and_bring_the_schema(installed):
    """For mypy, and for readers of the JSON."""
    assert all((installed / name).is_file() for name in DATA)
