"""Evidence: tallies, the table, the JSON and its schema, and writing that never leaves half a file."""

import json
import os
import stat
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator

from claims.suite import ACGH19, Claim, Status
from claims.suite.claim import KINDS
from claims.suite.evidence import SCHEMA, Evidence, Tally, write_atomically

SCHEMA_FILE = json.loads((resources.files("claims.suite") / "evidence.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA_FILE)


COUNTEREXAMPLE = {
    "uid": "DLX-001",
    "title": "A title",
    "claim": "DL-004",
    "hypothesis": "balance",
    "change": "x 46",
    "kind": "cycle",
    "sha256": "0" * 64,
}
"""What the plugin attaches to a counterexample's report."""


def claim(uid="DL-001", **changes):
    """A claim in JSON's types, as the plugin attaches it to reports."""
    fields = {
        "uid": uid,
        "title": f"Title of {uid}",
        "statement": "One equals one.",
        "sources": (ACGH19.at("Lemma 1"),),
        "items": ("1",),
        "status": Status.THEOREM,
    }
    return Claim(**(fields | changes)).as_json() | {"module": "claims.convergence.example"}


def evidence():
    """Two claims, entered in the wrong order: three checks, one of them failed."""
    result = Evidence()
    result.add(claim("DL-002"), "control", failed=False, examples=0, seconds=0.25)
    result.add(claim(), "sampled", failed=False, examples=25, seconds=1.5)
    result.add(claim(), "sampled", failed=True, examples=3, seconds=0.5)
    result.add_counterexample(COUNTEREXAMPLE | {"uid": "DLX-002"}, verified=False, seconds=0.5)
    result.add_counterexample(COUNTEREXAMPLE, verified=True, seconds=0.25)
    return result


def as_json(**changes):
    """What would be read from the file."""
    return json.loads(json.dumps(evidence().as_json(exit_status=1))) | changes


@pytest.mark.parametrize(
    ("tally", "cell"),
    [
        (Tally(), "-"),
        (Tally(2), "2"),
        (Tally(2, examples=50), "2/50"),
        (Tally(2, failed=1), "2 (1 FAILED)"),
        (Tally(3, failed=2, examples=9), "3/9 (2 FAILED)"),
        (Tally(3, not_checked=3), "not here"),
        (Tally(3, not_checked=1), "2"),
        (Tally(3, failed=1, not_checked=1), "2 (1 FAILED)"),
    ],
)
def test_a_cell_shows_checks_examples_and_failures(tally, cell):
    """A failure is never hidden, and nothing is not a zero."""
    assert tally.cell() == cell


def test_rows_are_in_the_order_of_uids_and_add_up():
    """Checks, failures, examples and seconds of one kind."""
    first, second = evidence().rows
    assert (first.claim["uid"], second.claim["uid"]) == ("DL-001", "DL-002")
    assert first.evidence["sampled"] == Tally(2, 1, 28, 2.0)
    assert (first.seconds, second.seconds) == (2.0, 0.25)


def test_the_table_has_a_line_a_claim_under_a_header():
    """With the kinds as columns, aligned."""
    header, first, second = evidence().table()
    assert header.split() == ["uid", "claim", "source", "status", *KINDS, "time"]
    assert " ".join(first.split()) == "DL-001 Title of DL-001 ACGH19 Lemma 1 theorem - - - 2/28 (1 FAILED) - - 2.0 s"
    assert " ".join(second.split()) == "DL-002 Title of DL-002 ACGH19 Lemma 1 theorem - - - - 1 - 0.2 s"
    assert header.index("status") == first.index("theorem") == second.index("theorem")


CHAIN = {"DL-001": (), "DL-002": ("DL-001",), "DL-003": ("DL-002",), "DL-004": ("DL-003",), "DL-005": ()}


def chain(monkeypatch, *failed, ran=CHAIN):
    """Evidence of claims each of which uses the one before, but for the last; the whole graph is known."""
    known = {uid: SimpleNamespace(uses=uses) for uid, uses in CHAIN.items()}
    monkeypatch.setattr("claims.suite.evidence.claim_files", lambda: known)
    result = Evidence()
    for uid in ran:
        result.add(claim(uid, uses=CHAIN[uid]), "exact", failed=uid in failed, examples=0, seconds=0)
    return result


def test_what_rests_on_a_failed_claim_is_marked(monkeypatch):
    """However many steps away, in the table and in the JSON; the others are not."""
    found = chain(monkeypatch, "DL-002")
    marks = {"DL-001": [], "DL-002": [], "DL-003": ["DL-002"], "DL-004": ["DL-002"], "DL-005": []}
    assert found.unsupported() == marks
    marked = [line.partition(" ")[0] for line in found.table() if "theorem, rests on DL-002 which FAILED" in line]
    assert marked == ["DL-003", "DL-004"]
    content = json.loads(json.dumps(found.as_json(exit_status=1)))
    VALIDATOR.validate(content)
    assert {each["uid"]: (each["uses"], each["rests_on_failed"]) for each in content["claims"]} == {
        uid: (list(uses), marks[uid]) for uid, uses in CHAIN.items()
    }


def test_several_failures_are_all_named_and_one_that_did_not_run_still_leads_to_them(monkeypatch):
    """DL-004 rests on DL-001 by way of two claims of which nothing ran."""
    found = chain(monkeypatch, "DL-001", ran=("DL-001", "DL-004"))
    assert found.unsupported() == {"DL-001": [], "DL-004": ["DL-001"]}
    found = chain(monkeypatch, "DL-001", "DL-003")
    assert found.unsupported()["DL-004"] == ["DL-001", "DL-003"]
    assert "theorem, rests on DL-001, DL-003 which FAILED" in found.table()[4]


def test_where_nothing_failed_nothing_is_read_and_nothing_marked(monkeypatch):
    """The graph is not asked for."""
    found = chain(monkeypatch)
    monkeypatch.setattr("claims.suite.evidence.claim_files", None)
    assert not any(found.unsupported().values())
    assert "rests on" not in "".join(found.table())


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_tables_fit_a_terminal_and_lose_no_word(monkeypatch, width):
    """Of what is left out, sources first, then times; a mark is never."""
    found = chain(monkeypatch, "DL-002")
    found.add(
        claim(
            "DL-006", title="Nearly balanced layers nearly share a spectrum", sources=(ACGH19.at("Lemmas [3], 4-6"),)
        ),
        "exact",
        failed=False,
        examples=101,
        seconds=1,
    )
    found.add_counterexample(COUNTEREXAMPLE | {"title": "A [bold] title " * 9}, verified=True, seconds=0)
    lines = found.table(width)
    assert max(map(len, lines)) <= width
    assert ("Lemmas" in " ".join(lines)) is (width >= 100)
    assert ("time" in lines[0].split()) is (width >= 100)
    words = " ".join(lines).split()
    assert words.count("FAILED") == 2
    assert {"Nearly", "spectrum", "1/101"} <= set(words)
    for tables in (found.counterexample_table, found.ablation_matrix):
        assert max(map(len, tables(width))) <= width
        assert sorted(" ".join(tables(width)).split()) == sorted(" ".join(tables()).split())
    assert " ".join(found.counterexample_table(width)).count("[bold]") == 9


def test_a_second_source_is_counted_in_the_table():
    """The first by name, the others by number; the JSON names them all."""
    result = Evidence()
    result.add(claim(sources=(ACGH19.at("Lemma 1"), ACGH19)), "exact", failed=False, examples=0, seconds=0)
    assert "ACGH19 Lemma 1 +1 " in result.table()[1]


def test_a_verified_counterexample_fills_a_cell_of_the_ablation_matrix():
    """By its own uid, beside the claims that say the same; not if it fails, nor where no hypothesis is named."""
    result = Evidence()
    result.add_counterexample(COUNTEREXAMPLE | {"hypothesis": "", "change": ""}, verified=True, seconds=0)
    result.add_counterexample(COUNTEREXAMPLE, verified=False, seconds=0)
    assert result.ablations == []
    result.add_counterexample(COUNTEREXAMPLE, verified=True, seconds=0)
    names = ("hypothesis", "change")
    cell = {"theorem": COUNTEREXAMPLE["claim"], **{name: COUNTEREXAMPLE[name] for name in names}, "fate": "refuted"}
    assert result.ablations == [cell | {"claim": COUNTEREXAMPLE["uid"]}]
    assert result.ablation_matrix()[1].split()[-1] == COUNTEREXAMPLE["uid"]
    result.add_counterexample(COUNTEREXAMPLE | {"kind": "finite"}, verified=True, seconds=0)
    assert [found["fate"] for found in result.ablations] == ["rate refuted"]


def test_counterexamples_are_shown_by_uid_with_what_they_refute():
    """And whether they were verified; what strengthens a claim has no hypothesis to name."""
    header, first, second = evidence().counterexample_table()
    assert header.split() == ["uid", "counterexample", "refutes", "certificate", "verified"]
    assert " ".join(first.split()) == "DLX-001 A title DL-004 with balance x 46 cycle yes"
    assert " ".join(second.split()) == "DLX-002 A title DL-004 with balance x 46 cycle NO"
    result = Evidence()
    assert result.counterexample_table() == []
    result.add_counterexample(COUNTEREXAMPLE | {"hypothesis": "", "change": ""}, verified=True, seconds=0)
    assert "more than DL-004" in result.counterexample_table()[1]
    entered = as_json()["counterexamples"]
    assert [(found["uid"], found["verified"], found["seconds"]) for found in entered] == [
        ("DLX-001", True, 0.25),
        ("DLX-002", False, 0.5),
    ]


def test_the_schema_is_one():
    """Draft 2020-12, and the name in it is the name in the code."""
    Draft202012Validator.check_schema(SCHEMA_FILE)
    assert SCHEMA_FILE["properties"]["schema"] == {"const": SCHEMA}


def test_the_json_meets_the_schema_and_holds_the_counts():
    """Empty evidence too."""
    content = as_json()
    VALIDATOR.validate(content)
    VALIDATOR.validate(Evidence().as_json(exit_status=5))
    assert content["exit_status"] == 1
    sampled = {"checks": 2, "failed": 1, "not_checked": 0, "examples": 28, "seconds": 2.0}
    assert content["claims"][0]["evidence"]["sampled"] == sampled
    assert list(content["kinds"]) == list(KINDS)


def corrupted(*path, value=None):
    """The JSON with one entry replaced, or dropped where value is None."""
    content = as_json()
    *way, last = path
    place = content
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return content


FIRST = ("claims", 0)
CORRUPTIONS = {
    "no schema": corrupted("schema"),
    "another schema": corrupted("schema", value="deep-linear-claims/evidence/4"),
    "no exit status": corrupted("exit_status"),
    "an exit status in words": corrupted("exit_status", value="ok"),
    "an unknown entry": corrupted("more", value=1),
    "no version of a tool": corrupted("tools", "numpy"),
    "no meaning of a kind": corrupted("kinds", "control"),
    "an unknown kind": corrupted("kinds", "hearsay", value="somebody said so"),
    "no claims": corrupted("claims"),
    "a malformed uid": corrupted(*FIRST, "uid", value="DL-1"),
    "no module": corrupted(*FIRST, "module"),
    "a module without a chapter": corrupted(*FIRST, "module", value="claims.whitening"),
    "no claims that are used": corrupted(*FIRST, "uses"),
    "a counterexample that is used": corrupted(*FIRST, "uses", value=["DLX-001"]),
    "nothing on what it rests on": corrupted(*FIRST, "rests_on_failed"),
    "a failure in words": corrupted(*FIRST, "rests_on_failed", value=["all of it"]),
    "an unknown status": corrupted(*FIRST, "status", value="likely"),
    "no source": corrupted(*FIRST, "sources", value=[]),
    "a source without its key": corrupted(*FIRST, "sources", 0, "key"),
    "an unknown entry of a claim": corrupted(*FIRST, "proof", value="see above"),
    "a kind left out": corrupted(*FIRST, "evidence", "exact"),
    "no formal proofs": corrupted(*FIRST, "evidence", "formal"),
    "nothing on what was not checked": corrupted(*FIRST, "evidence", "formal", "not_checked"),
    "a fraction of a check": corrupted(*FIRST, "evidence", "exact", "checks", value=0.5),
    "negative failures": corrupted(*FIRST, "evidence", "exact", "failed", value=-1),
    "no examples": corrupted(*FIRST, "evidence", "exact", "examples"),
    "no counterexamples": corrupted("counterexamples"),
    "a counterexample without its digest": corrupted("counterexamples", 0, "sha256"),
    "a digest that is none": corrupted("counterexamples", 0, "sha256", value="0"),
    "a counterexample by a claim's uid": corrupted("counterexamples", 0, "uid", value="DL-001"),
    "an unknown kind of certificate": corrupted("counterexamples", 0, "kind", value="hearsay"),
    "verified in words": corrupted("counterexamples", 0, "verified", value="yes"),
    "an unknown entry of a counterexample": corrupted("counterexamples", 0, "proof", value="see above"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_schema_refuses(name):
    """Each entry of the schema does something."""
    assert not VALIDATOR.is_valid(CORRUPTIONS[name])


def test_writing_gives_the_mode_that_the_umask_asks_for(tmp_path):
    """Not the private mode of temporary files."""
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "out.json", {"a": "Ω"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o640
    assert (tmp_path / "out.json").read_text("utf-8") == '{\n  "a": "Ω"\n}\n'
    assert list(tmp_path.iterdir()) == [tmp_path / "out.json"]


@pytest.mark.parametrize("target", ["json.dump", "os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, target, error):
    """At each of the steps, for errors and for Ctrl-C."""
    path = tmp_path / "out.json"
    path.write_text("old")

    def interrupted(*args, **kwargs):
        raise error("interrupted")

    monkeypatch.setattr(target, interrupted)
    with pytest.raises(error, match="interrupted"):
        write_atomically(path, as_json())
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_json_is_not_written(tmp_path):
    """NaN is in no JSON, and half a file is worse than none."""
    path = Path(tmp_path / "out.json")
    with pytest.raises(ValueError, match="JSON compliant"):
        write_atomically(path, {"seconds": float("nan")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uid": "DL-1"}, "uid is 'DL-1'; expected DL- and three digits"),
        ({"uid": "DL-0011"}, "uid is 'DL-0011'; expected DL- and three digits"),
        ({"uid": "DLX-001"}, "uid is 'DLX-001'; expected DL- and three digits"),
        ({"statement": None}, "statement of DL-001 is empty"),
        ({"statement": "  \n"}, "statement of DL-001 is empty"),
        ({"sources": ()}, "sources of DL-001 is empty"),
    ],
)
def test_malformed_claims_are_refused(changes, sentence):
    """By name."""
    with pytest.raises(ValueError, match=sentence):
        claim(**changes)
