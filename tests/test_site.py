"""The site: a page for everything, links that lead somewhere, the same bytes for the same material."""

from __future__ import annotations

import pytest
from cli import answer

from claims.command_line.claim_files import claim_files
from claims.site.building import written
from claims.site.material import material
from claims.site.placing import SITE


@pytest.fixture(scope="module")
def site():
    """Path to content."""
    return dict(written(material()))


def test_every_claim_has_a_page(site):
    assert {f"{uid}/index.html" for uid in claim_files()} <= site.keys()


def test_the_same_material_gives_the_same_bytes(site):
    assert dict(written(material())) == site


# The command.


def test_a_site_is_written_and_replaced(capsys, tmp_path):
    out = tmp_path / "a place" / "out"
    for _ in range(2):
        code, said, complaint = answer(capsys, "site", str(out))
        assert (code, complaint) == (0, "")
        assert str(out / "index.html") in said
        assert (out / "index.html").is_file()
        assert [each.name for each in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["CNAME", "DL-001/mine.html", "deep/down/.git"])
def test_nothing_of_somebody_elses_is_lost(capsys, tmp_path, name):
    """Beside a site of ours, or alone."""
    out = tmp_path / "out"
    for with_site in (False, True):
        if with_site:
            (out / name).unlink()
            assert answer(capsys, "site", str(out))[0] == 0
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine")
        code, _, complaint = answer(capsys, "site", str(out))
        assert code == 2
        assert name in complaint
        assert (out / name).read_text() == "mine"
        assert (out / SITE).is_file() == with_site


def test_a_file_is_no_place_for_a_site(capsys, tmp_path):
    (tmp_path / "out").write_text("mine")
    code, _, complaint = answer(capsys, "site", str(tmp_path / "out"))
    assert code == 2
    assert "no directory" in complaint
    assert (tmp_path / "out").read_text() == "mine"


def test_a_site_does_not_take_the_place_in_which_it_is_made(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = answer(capsys, "site", ".")
    assert code == 2
    assert "of its own" in complaint
    assert not list(tmp_path.iterdir())
