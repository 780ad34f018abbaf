"""A check in pieces: each is kept, a stopped run goes on, and what is kept counts for what it was found with."""

import json
import re

import pytest

from claims.campaigns.executors import Outcome
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
    """A line each, with what was counted, and one of all; pytest's options come after the profile."""
    assert main(["check", "--profile", "thorough", "DL-001", "DL-003", "--", "-n", "2"]) == 0
    assert asked == ["DL-001", "DL-003"]
    assert asked.options == ["--hypothesis-profile=claims-thorough", "-n", "2"]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("DL-001 Whitening verified: 2 checks, 50 generated instances (1 of 2, ")
    assert lines[2] == "verified: 2 of 2: 4 checks, 100 generated instances, in 0 CPU-seconds"
    assert len(lines) == 3


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


def test_a_stopped_run_keeps_what_was_verified(asked, capsys):
    """What failed will be done again, and is not said to be kept."""
    asked.code, asked.stops_at = 1, "DL-003"
    assert main(["check", "--profile", "ci", "DL-001", "DL-002", "DL-003"]) == 130
    assert "stopped: 0 of 3 are kept in .claims/ci.json" in capsys.readouterr().err


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
    said = capsys.readouterr().out
    assert "DL-001 Whitening not verified" in said
    assert said.endswith("verified: 0 of 1: 2 checks, 50 generated instances, in 0 CPU-seconds\nnot verified: DL-001\n")
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


def test_a_small_profile_runs_in_earnest(monkeypatch, tmp_path, capfd):
    """One claim, by pytest itself, and then from what is kept, with the time that its processors took; what Python and
    plugins say of themselves is no part of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    took = []
    for when in (" s)", "kept)"):
        assert main(["check", "--profile", "ci", "DL-001"]) == 0
        said = capfd.readouterr()
        assert said.err == ""
        line, last = said.out.splitlines()
        assert line.startswith("DL-001 Whitening verified: ")
        assert line.endswith(when)
        took.append(re.fullmatch(r"verified: 1 of 1: .* in ([0-9.]+) CPU-seconds", last)[1])
    assert took[0] == took[1] != "0"


def test_several_at_a_time_are_kept_as_one_after_another_are(monkeypatch, tmp_path, capsys):
    """By pytest itself, in two workers: the same evidence, but for the time that it took."""
    monkeypatch.chdir(tmp_path)
    found = []
    for jobs in ("1", "2"):
        command = ["check", "--profile", "ci", "--json", "--jobs", jobs, "--state", f"{jobs}.json"]
        assert main([*command, "DL-001", "DL-003", "--", "-m", "witness"]) == 0
        capsys.readouterr()
        found.append(json.loads((tmp_path / f"{jobs}.json").read_text("utf-8")))
    assert found[0]["key"] == found[1]["key"]
    assert found[0]["pieces"].keys() == found[1]["pieces"].keys() == {"DL-001", "DL-003"}
    assert without_seconds(found[0]) == without_seconds(found[1])


def without_seconds(value):
    if isinstance(value, dict):
        return {key: without_seconds(each) for key, each in value.items() if not key.endswith("seconds")}
    return [without_seconds(each) for each in value] if isinstance(value, list) else value


def test_a_piece_without_an_answer_is_not_verified_and_says_why(asked, monkeypatch, capsys):
    """A worker with other files refuses, which is told, and the run goes on with the rest."""
    asked_for = []

    def other(function, items, jobs, scheduler):
        for item in items:
            asked_for.append((item.uid, jobs, scheduler))
            refused = item.uid == "DL-001"
            yield Outcome(item, error="ValueError: other files") if refused else Outcome(item, function(item))

    monkeypatch.setattr(pieces, "each", other)
    assert main(["check", "--profile", "ci", "--scheduler", "tcp://host:8786", "DL-001", "DL-003"]) == 1
    told = capsys.readouterr()
    assert told.err == "DL-001 was not checked: ValueError: other files\n"
    assert "DL-001 Whitening not verified: 0 checks" in told.out
    assert "DL-003" in told.out
    assert asked == ["DL-003"]
    assert asked_for == [(uid, 1, "tcp://host:8786") for uid in ("DL-001", "DL-003")]


def test_a_worker_with_other_files_refuses(asked):
    """Before it runs anything."""
    with pytest.raises(ValueError, match="has other files than the run"):
        pieces.run_piece(pieces.Asked("DL-001", (), "another"))
    assert asked == []


def test_jobs_are_for_a_run_in_pieces(capsys):
    for option in ("--jobs=2", "--scheduler=tcp://host:8786"):
        assert main(["check", option, "DL-001"]) == 2
        assert "expected that with them, or -- -n N" in capsys.readouterr().err
