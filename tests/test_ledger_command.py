"""``ledger``, and ``show`` and ``cite`` with one: what a person reads, what a program does, and what is refused."""

import json
from dataclasses import replace

import jsonschema
import pytest
from cli import answer, check_latex, printed
from evidence_records import CHECK, HERE, record, records
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.book import CLAIMS
from claims.campaigns.exporting import exported
from claims.campaigns.ledger import Ledger
from claims.campaigns.records import Failure, Fate, Ratio
from claims.campaigns.telling import processor_time, readable
from claims.command_line.pieces import files_hash

SCHEMA = json.loads((CLAIMS / "campaigns" / "ledger.schema.json").read_text(encoding="utf-8"))
NOW = replace(HERE, files=files_hash(), commit="0123456789abcdef+")
RATE = "claims/convergence/linear_rate/sampled.py::test_rate"


def write(path, *found):
    with Ledger(path) as ledger:
        ledger.add(found)
    return str(path)


@pytest.fixture
def path(tmp_path):
    """Two claims of this version, and one of another."""
    ratio = (Ratio("the loss", 0.893, 1.0),)
    mine = (record(RATE, seed, 10_000, uid="DL-004", place=NOW, seconds=1800.0, ratios=ratio) for seed in range(4))
    failed = record(seed=7, place=NOW, fate=Fate.FAILED)
    broken = record(seed=8, place=NOW, fate=Fate.BROKEN)
    other = record(RATE, 1, 100, uid="DL-004")
    return write(tmp_path / "e.sqlite", *mine, failed, broken, other)


def test_a_line_a_claim(capsys, path):
    """The version at hand first, the other apart and by its commit."""
    output = printed(capsys, "ledger", "show", path)
    here, other = output.split("\n\n")
    assert here.splitlines()[0] == f"this version (0.1.0, commit 0123456789ab+, files {NOW.files[:12]})"
    assert [line.split() for line in here.splitlines()[1:]] == [
        ["uid", "claim", "instances", "pieces", "CPU", "time", "worst", "ratio", "failed", "broken"],
        ["DL-002", "Layers", "stay", "balanced", "50", "1", "2.5", "seconds", "-", "1", "1"],
        ["DL-004", "Linear", "rate", "of", "convergence", "20,000", "4", "2", "hours", "0.893"],
        ["20,050", "instances", "of", "2", "claims,", "2", "CPU-hours"],
    ]
    assert other.splitlines()[0] == f"another version (0.1.0, commit 5e1f75d, files {HERE.files[:12]})"
    assert other.splitlines()[-1] == "50 instances of 1 claim, 2.5 CPU-seconds"


def test_one_claim_in_full(capsys, path):
    output = printed(capsys, "ledger", "show", path, "dl-4", "DL-002")
    assert "DL-004 Linear rate of convergence: decided on 20,000 instances, 2 CPU-hours, worst ratio 0.893\n" in output
    assert "  28 comparisons by float64 with a rounding bound\n  12 comparisons by rationals\n" in output
    assert "  0.893  the loss\n" in output
    assert (
        "DL-002 Layers stay balanced: decided on 50 instances, 2.5 CPU-seconds, FAILED in 1 piece, 1 broken" in output
    )
    assert f"  FAILED {CHECK}, seed 7\n    instance: weights = ((1,),)\n" in output
    assert "    again: python -m pytest x.py --seed 1\n" in output


def test_nothing_of_this_version(capsys, tmp_path):
    path = write(tmp_path / "e.sqlite", record())
    assert printed(capsys, "ledger", "show", path).startswith("Nothing of this version is in the ledger.\n")
    assert (
        printed(capsys, "ledger", "show", write(tmp_path / "f.sqlite")) == "Nothing of this version is in the ledger.\n"
    )


def test_for_a_program(capsys, path):
    found = json.loads(printed(capsys, "ledger", "show", path, "DL-004", "--json"))
    here, other = found["versions"]
    assert (here["here"], other["here"]) == (True, False)
    assert here["places"][0]["tools"] == dict(HERE.tools)
    (total,) = here["claims"]
    assert (total["uid"], total["decided"], total["core_seconds"], total["failed"]) == ("DL-004", 20_000, 7200.0, 0)
    assert total["worst"][0]["ratio"] == 0.893
    assert total["verdicts"] == {"float64 with a rounding bound": 28, "rationals": 12}


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e\n\ud800"


def test_no_text_of_a_ledger_moves_the_cursor(capsys, tmp_path):
    """Control characters, those that turn the direction of text, and what is no character are shown by their codes."""
    failure = Failure({HOSTILE: HOSTILE}, HOSTILE)
    found = [
        record(
            seed=1, place=replace(NOW, machine=HOSTILE, tools={HOSTILE: HOSTILE}), ratios=(Ratio(HOSTILE, 1.0, 2.0),)
        ),
        record(seed=2, place=NOW, fate=Fate.FAILED, failures=(failure,), verdicts={HOSTILE: 1}),
    ]
    path = write(tmp_path / "e.sqlite", *found)
    for command in (("ledger", "show", path, "DL-002"), ("show", "DL-002", "--ledger", path), ("ledger", "show", path)):
        output = printed(capsys, *command)
        assert not [each for each in output if not (each.isprintable() or each == "\n")]
    assert readable(HOSTILE) == r"\x1b]0;owned\x07\x9b31m\u202e\n\ud800"


# Several into one.


def test_merging(capsys, tmp_path, path):
    other = write(tmp_path / "f.sqlite", record(RATE, 50, uid="DL-004", place=NOW), record(RATE, 1, 100, uid="DL-004"))
    out = str(tmp_path / "out.sqlite")
    assert printed(capsys, "ledger", "merge", out, path, other) == f"{out} has 8 records, 8 of them new\n"
    assert printed(capsys, "ledger", "merge", out, other, path, out) == f"{out} has 8 records, 0 of them new\n"
    found = json.loads(printed(capsys, "ledger", "merge", out, other, "--json"))
    assert found == {"out": out, "records": 8, "new": 0}


def test_if_one_is_refused_nothing_is_merged(capsys, tmp_path, path):
    """Neither into a ledger that is there nor into a new one."""
    (tmp_path / "none").write_text("no ledger")
    out = tmp_path / "out.sqlite"
    code, output, complaint = answer(capsys, "ledger", "merge", str(out), path, str(tmp_path / "none"))
    assert (code, output) == (2, "")
    assert (
        complaint == f"python -m claims ledger: error: {tmp_path / 'none'} is no ledger that can be read: "
        "file is not a database\n"
    )
    assert not out.exists()
    write(out, record())
    assert answer(capsys, "ledger", "merge", str(out), path, str(tmp_path / "none"))[0] == 2
    with Ledger(out, read_only=True) as ledger:
        assert list(ledger.records()) == [record()]


def test_what_cannot_be_written(capsys, tmp_path, path):
    code, output, complaint = answer(capsys, "ledger", "merge", str(tmp_path / "e.sqlite" / "out"), path)
    assert (code, output) == (3, "")
    assert complaint.startswith("not written: ")


# JSON.


def test_the_export_has_the_schemas_form_and_every_number(capsys, path):
    found = json.loads(printed(capsys, "ledger", "export", path))
    jsonschema.validate(found, SCHEMA)
    assert len(found["records"]) == 7
    assert len(found["places"]) == 2
    decided = [each["record"]["decided"] for each in found["records"]]
    assert sorted(decided) == [0, 50, 50, 5000, 5000, 5000, 5000]


@settings(max_examples=10)
@given(st.lists(records(), max_size=4))
def test_any_export_has_the_schemas_form(tmp_path_factory, found):
    """And two ledgers of the same records have one."""
    directory = tmp_path_factory.mktemp("exports")
    texts = []
    for name, order in (("a", found), ("b", [*reversed(found), *found])):
        write(directory / name, *order)
        with Ledger(directory / name, read_only=True) as ledger:
            texts.append("\n".join(exported(ledger)))
    assert texts[0] == texts[1]
    jsonschema.validate(json.loads(texts[0]), SCHEMA)


@pytest.mark.parametrize(
    "change",
    [{"decided": -1}, {"fate": "flaky"}, {"seconds": None}, {"more": 1}, {"place": "here"}, {"ratios": [{}]}],
)
def test_the_schema_refuses(change):
    """The guard of the two tests above."""
    with_a_record = {"schema": 1, "places": {}, "records": [{"sha256": "a" * 64, "record": good()}]}
    jsonschema.validate(with_a_record, SCHEMA)
    with_a_record["records"][0]["record"] |= change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(with_a_record, SCHEMA)


def good():
    piece = {"uid": "DL-002", "check": CHECK, "seed": 1, "examples": 100}
    numbers = {"decided": 1, "seconds": 1.0, "started": 1.0, "verdicts": {}, "ratios": [], "failures": []}
    return {"piece": piece, "place": "a" * 64, "fate": "passed", "reason": "", **numbers}


# show and cite.


def test_the_atlas_tells_what_all_claims_come_to(capsys, path):
    """Of each version, in words and for a program; not in a graph, where it has no place."""
    words = " ".join(printed(capsys, "atlas", "--ledger", path).split())
    here, other = f"commit 0123456789ab+, files {NOW.files[:12]}", f"commit 5e1f75d, files {HERE.files[:12]}"
    assert f"Campaigns of this version (0.1.0, {here}) decided 20,050 instances of 2 claims, 2 CPU-hours." in words
    assert f"Campaigns of another version (0.1.0, {other}) decided 50 instances of 1 claim, 2.5 CPU-seconds." in words
    told = json.loads(printed(capsys, "atlas", "--ledger", path, "--json"))["campaigns"]
    assert told == json.loads(printed(capsys, "ledger", "show", path, "--json"))["versions"]
    assert "campaigns" not in json.loads(printed(capsys, "atlas", "--json"))
    code, _, complaint = answer(capsys, "atlas", "--graph", "--ledger", path)
    assert code == 2
    assert "expected it without --graph" in complaint


def test_show_tells_totals(capsys, path):
    *_, here, other = printed(capsys, "show", "DL-004", "--ledger", path).splitlines()
    version = f"0.1.0, commit 0123456789ab+, files {NOW.files[:12]}"
    said = "decided on 20,000 instances, 2 CPU-hours, worst ratio 0.893"
    assert here == f"Campaigns of this version ({version}): {said}"
    version = f"0.1.0, commit 5e1f75d, files {HERE.files[:12]}"
    assert other == f"Campaigns of another version ({version}): decided on 50 instances, 2.5 CPU-seconds"
    assert printed(capsys, "show", "DL-001", "--ledger", path).endswith(
        "\nCampaigns of this version: none in the ledger\n"
    )
    here, other = json.loads(printed(capsys, "show", "DL-004", "--ledger", path, "--json"))["campaigns"]
    assert (here["here"], other["here"]) == (True, False)
    assert here["claims"][0]["decided"] == 20_000


@pytest.mark.parametrize("form", ["text", "latex", "bibtex"])
def test_citations_tell_totals(capsys, path, form):
    found = printed(capsys, "cite", "DL-004", "DL-002", "--format", form, "--ledger", path)
    assert "decided on 20,000 instances, 2 CPU-hours, worst ratio 0.893" in found
    assert "FAILED in 1 piece" in found
    if form == "latex":
        check_latex(found)
    without = printed(capsys, "cite", "DL-004", "--format", form)
    assert "Campaigns" not in without


def test_citations_for_a_program(capsys, path):
    found = json.loads(printed(capsys, "cite", "DL-004", "--ledger", path, "--json"))
    assert all("20,000 instances" in found[form] for form in ("text", "latex", "bibtex"))


@pytest.mark.parametrize("command", [("show", "DLX-001"), ("cite", "DL-004", "DLX-001"), ("ledger", "show")])
def test_counterexamples_are_in_no_ledger(capsys, path, command):
    names = [path, "DLX-001"] if command[0] == "ledger" else ["--ledger", path]
    code, output, complaint = answer(capsys, *command, *names)
    assert (code, output) == (2, "")
    assert "DLX-001 is a counterexample" in complaint


def test_a_ledger_that_is_none(capsys, tmp_path):
    """Before anything is printed."""
    for command in (["show", "DL-004"], ["cite", "DL-004"]):
        code, output, complaint = answer(capsys, *command, "--ledger", str(tmp_path / "none"))
        assert (code, output) == (2, "")
        assert "No such file" in complaint


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0 CPU-seconds"), (59.0, "59 CPU-seconds"), (60.0, "1 CPU-minute"), (43_200.0, "12 CPU-hours")],
)
def test_processor_time(seconds, words):
    assert processor_time(seconds) == words
