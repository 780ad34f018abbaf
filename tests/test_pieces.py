"""A check in pieces: each is kept, a stopped run goes on, and what is kept counts for what it was found with."""

import json

import pytest

from claims.command_line import checking, main, pieces
from claims.command_line.claim_files import claim_files
from claims.command_line.errors import UsageError

TALLY = {"checks": 2, "failed": 0, "examples": 50, "seconds": 1.0}


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """The uids that pytest is run for, in a directory of their own; what pytest says is ``asked.code``."""
    monkeypatch.chdir(tmp_path)
    of_path = {claim.path: uid for uid, claim in claim_files().items()}

    class Asked(list):
        code = 0
        stops_at = ""
        options = ()

    found = Asked()

    def answer(modules, options, output):
        (path,) = modules
        if of_path[path] == found.stops_at:
            raise KeyboardInterrupt
        found.append(of_path[path])
        found.options = options
        return found.code, {"claims": [{"evidence": {"exact": TALLY}}]}

    monkeypatch.setattr(checking, "pytest_as_json", answer)
    return found


def test_every_piece_is_run_with_the_profile_and_told(asked, capsys):
    """A line each, with what was counted; pytest's options come after the profile."""
    assert main(["check", "--profile", "thorough", "DL-001", "DL-003", "--", "-n", "2"]) == 0
    assert asked == ["DL-001", "DL-003"]
    assert asked.options == ["--hypothesis-profile=claims-thorough", "-n", "2"]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("DL-001 Whitening verified: 2 checks, 50 generated instances (1 of 2, ")
    assert len(lines) == 2


def test_without_a_name_it_is_every_claim(asked, monkeypatch):
    """All of the book, and the counterexamples first."""
    monkeypatch.setattr(checking, "check_counterexample", lambda path: iter(()))
    assert main(["check", "--profile", "default"]) == 0
    assert asked == list(claim_files())


def test_a_run_that_was_stopped_goes_on(asked, capsys, tmp_path):
    """With the same command: what was done is not done again."""
    asked.stops_at = "DL-003"
    command = ["check", "--profile", "ci", "DL-001", "DL-002", "DL-003", "DL-004"]
    assert main(command) == 130
    assert "stopped: 2 of 4 are kept in .claims/ci.json; the same command goes on from there" in capsys.readouterr().err
    assert asked == ["DL-001", "DL-002"]
    asked.stops_at = ""
    assert main(command) == 0
    assert asked == ["DL-001", "DL-002", "DL-003", "DL-004"]
    assert "(1 of 4, kept)" in capsys.readouterr().out
    assert json.loads((tmp_path / ".claims" / "ci.json").read_text("utf-8"))["pieces"].keys() == set(asked)


@pytest.mark.parametrize(
    "change",
    [
        lambda monkeypatch: monkeypatch.setattr(pieces, "version", lambda: "0.0"),
        lambda monkeypatch: monkeypatch.setattr(pieces, "files_hash", lambda: "another"),
    ],
    ids=["version", "files"],
)
def test_what_is_kept_counts_for_the_same_version_and_files_only(asked, monkeypatch, change):
    """Otherwise it is done anew."""
    command = ["check", "--profile", "ci", "--state", "kept.json", "DL-001"]
    main(command)
    main(command)
    assert asked == ["DL-001"]
    change(monkeypatch)
    main(command)
    assert asked == ["DL-001", "DL-001"]


def test_another_profile_or_other_options_are_another_run(asked):
    """In one file, too."""
    for more in ([], ["--", "-k", "exact"], ["--", "-k", "exact"]):
        main(["check", "--profile", "ci", "--state", "kept.json", "DL-001", *more])
    main(["check", "--profile", "default", "--state", "kept.json", "DL-001"])
    assert asked == ["DL-001"] * 3


def test_a_piece_that_failed_is_done_again(asked, capsys):
    """Exit code 1; only what is verified is kept."""
    asked.code = 1
    command = ["check", "--profile", "ci", "DL-001"]
    assert main(command) == 1
    assert "DL-001 Whitening not verified" in capsys.readouterr().out
    asked.code = 0
    assert main(command) == 0
    assert asked == ["DL-001", "DL-001"]


def test_the_hash_is_of_every_file(tmp_path):
    """Its name and its content."""
    for room in pieces.ROOMS:
        (tmp_path / room).mkdir()
    file = tmp_path / "solvers" / "a.py"
    file.write_text("1")
    first = pieces.files_hash(tmp_path)
    file.write_text("2")
    second = pieces.files_hash(tmp_path)
    file.rename(tmp_path / "solvers" / "b.py")
    assert len({first, second, pieces.files_hash(tmp_path)}) == 3
    assert pieces.files_hash() == pieces.files_hash()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"key": 1, "pieces": 2}'])
def test_a_file_that_keeps_no_run_is_not_overwritten(asked, capsys, tmp_path, content):
    """It may be somebody's."""
    (tmp_path / "mine.json").write_text(content)
    assert main(["check", "--profile", "ci", "--state", "mine.json", "DL-001"]) == 2
    assert "--state is mine.json, which keeps no such run" in capsys.readouterr().err
    assert (tmp_path / "mine.json").read_text() == content
    assert asked == []


def test_bad_arguments_are_refused_before_anything_runs(asked, capsys, tmp_path):
    """A state without a profile, and one that cannot be written."""
    assert main(["check", "--state", "kept.json", "DL-001"]) == 2
    assert "expected --profile with it" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        pieces.check_in_pieces([], "ci", [], tmp_path / "file" / "kept.json", silent=True)
    assert asked == []


def test_json_has_the_pieces(asked, capsys):
    """By uid, and no word beside them."""
    assert main(["check", "--profile", "ci", "--json", "DL-001"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verified"] is True
    assert answer["pieces"]["DL-001"]["evidence"]["claims"][0]["evidence"]["exact"] == TALLY


def test_a_small_profile_runs_in_earnest(monkeypatch, tmp_path, capsys):
    """One claim, by pytest itself, and then from what is kept."""
    monkeypatch.chdir(tmp_path)
    for when in (" s)", "kept)"):
        assert main(["check", "--profile", "ci", "DL-001"]) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith("DL-001 Whitening verified: ")
        assert line.endswith(when)
