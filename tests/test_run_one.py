"""The first campaign, whose ledger is kept: what README says of it, and what failed in it."""

from collections import Counter
from pathlib import Path

import pytest

from claims.book import CLAIMS
from claims.command_line.claim_files import claim_files
from claims.command_line.ledger_totals import read_versions

KEPT = CLAIMS / "campaigns" / "run_one.json"
README = " ".join((Path(__file__).parent.parent / "README.md").read_text("utf-8").split())


@pytest.fixture(scope="module")
def version():
    """The one that it was run at."""
    (found,) = read_versions(KEPT)
    return found


def test_every_claim_that_draws_is_in_it(version):
    """All but DL-022, which draws nothing; the four pieces that README tells of failed, and none broke."""
    assert version.totals.keys() == claim_files().keys() - {"DL-022"}
    assert all(found.decided > 0 for found in version.totals.values())
    failed = {uid: found.failed for uid, found in version.totals.items() if found.failed}
    assert failed == {"DL-012": 1, "DL-063": 1, "DL-072": 2}
    assert not [uid for uid, found in version.totals.items() if found.broken]


def test_no_inequality_was_violated(version):
    """A campaign keeps the ratios of what holds, which are at most 1: what fails is a failure, and told above. So
    this says of the file that it has no others."""
    ratios = [worst.value for found in version.totals.values() for worst in found.worst]
    assert len(ratios) > 400
    assert max(ratios) <= 1


def test_the_readme_has_its_totals(version):
    checks = sum(found.checks for found in version.totals.values())
    decided = sum((Counter(found.verdicts) for found in version.totals.values()), Counter())
    floats = decided.pop("float64 with a rounding bound")
    (commit,) = {place.commit[:12] for place in version.places}
    assert f"At commit {commit} it decided {version.in_all()}, by {checks} checks" in README
    assert (
        f"{floats:,} comparisons in float64 with a rounding bound, {sum(decided.values()):,} in rationals and balls"
        in README
    )
