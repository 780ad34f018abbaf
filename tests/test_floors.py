"""The oldest versions that pyproject.toml allows are those on which CI runs."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
PINNED = dict(re.findall(r"^([\w-]+)==([\d.]+)$", (TOP / ".ci" / "oldest.txt").read_text("utf-8"), re.MULTILINE))
EXTRAS = ("xdist", "plot", "site", "browser", "smt", "cluster", "test")
FLOORS = {
    name: version
    for requirement in [
        *PROJECT["dependencies"],
        *(each for extra in EXTRAS for each in PROJECT["optional-dependencies"][extra]),
    ]
    for name, version in re.findall(r"^([\w-]+)>=([\d.]+)$", requirement)
}


def number(version):
    """As a tuple without zeros at its end."""
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def test_every_requirement_has_a_floor_and_is_pinned():
    """Runtime, and what the tests need."""
    assert FLOORS.keys() == PINNED.keys()
    assert len(FLOORS) > 15


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_floor_is_what_is_pinned(name):
    """No version below the one that was tried is allowed."""
    assert number(FLOORS[name]) == number(PINNED[name])


def test_ci_runs_on_them():
    """And on every Python that is supported, and one to come."""
    assert "--constraint .ci/oldest.txt" in (TOP / ".ci" / "run").read_text("utf-8")
    workflow = (TOP / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert 'python: ["3.11", "3.12", "3.13", "3.14"]' in workflow
    assert "allow-prereleases" in workflow
