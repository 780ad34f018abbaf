"""The catalogue: its files, their schema, what each refutes, and writing that keeps what was there."""

import importlib
import json
import os
from fractions import Fraction

import pytest
from flint import fmpq
from jsonschema import Draft202012Validator

from claims.book import module_name
from claims.command_line.counterexample_files import fate_of
from claims.counterexamples.catalogue import KINDS, SCHEMA, SHIPPED, Counterexample, catalogue, digest, load, write
from claims.counterexamples.check import LASTING, STRONGER, check
from claims.counterexamples.verify import STRONGER as BEARS_ON
from claims.counterexamples.verify import verify
from claims.suite import running
from solvers import frobenius_squared, layer_gradients

SCHEMA_FILE = json.loads((SHIPPED.parent / "suite" / "counterexample.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA_FILE)
ENTRIES = catalogue()
NETWORKS = {uid: entry for uid, entry in ENTRIES.items() if isinstance(entry, Counterexample)}
"""The entries of schema 1; those about landscapes and shallow models have tests of their own."""
CONTENT = {uid: json.loads(entry.path.read_text("utf-8")) for uid, entry in ENTRIES.items()}
CLAIMS = {module.CLAIM.uid: module.CLAIM for module in map(importlib.import_module, map(module_name, running.OPENINGS))}
PERMANENT = {
    "DLX-001": "dcaa91b0733c8edb",
    "DLX-002": "f4e484088b487048",
    "DLX-003": "f3316c067742e4a3",
    "DLX-004": "40df8c737bde5739",
    "DLX-005": "67f133c54034f4dc",
    "DLX-006": "9d5cd4a255fe23de",
    "DLX-007": "7b63b639f8c79a60",
    "DLX-008": "da8a6e78d8b890bf",
    "DLX-009": "27fd410a3afd4c91",
    "DLX-010": "135ad1f5ddf8a1c4",
    "DLX-011": "14802a158eeb3bd7",
    "DLX-012": "0b999dc328cdfe04",
    "DLX-013": "5e6817dbc0281e9a",
    "DLX-014": "f7d7b4e8a0ecc77a",
    "DLX-015": "06683dc0f210e76e",
    "DLX-016": "8ee97a9dadd113d7",
    "DLX-017": "5316f0fec19f2498",
    "DLX-018": "22242ac34174ee30",
    "DLX-019": "9f64750feeb7d59f",
    "DLX-020": "085fe210eca4b15d",
    "DLX-021": "073fc927820b55e6",
    "DLX-022": "7be89da15adeb7f5",
    "DLX-023": "4dd7daa8b527a70b",
    "DLX-024": "04f241990ce16cae",
    "DLX-025": "9d34997f885d0105",
    "DLX-026": "68d13cd6a63cc528",
    "DLX-027": "721b92bab7df640e",
    "DLX-028": "f68c02295fe1e3da",
    "DLX-029": "8213ace5ceee4d53",
    "DLX-030": "f686a51f41dbb7c4",
    "DLX-031": "f41c10f508d861ef",
    "DLX-032": "7ba34ed36a27758b",
    "DLX-033": "501a4cd175af30a9",
    "DLX-034": "cfc75a6a8976750c",
    "DLX-035": "2ca3a6d7aceb7d2e",
    "DLX-036": "e5d3b62771e839c3",
    "DLX-037": "90356f9a162666f6",
    "DLX-038": "2c32039ef7b46f12",
    "DLX-039": "fc64a7d1a5e611d2",
    "DLX-040": "3d3291ac8bb99679",
    "DLX-041": "607a7606a56360e1",
    "DLX-042": "65e2a9caa260da3c",
    "DLX-043": "865bdbcc05099f5d",
    "DLX-044": "5e9230c498d05ed2",
    "DLX-045": "7d0090ecee199157",
    "DLX-046": "685d17d41bdb0a1e",
    "DLX-047": "241bfc735bdf678c",
    "DLX-048": "2d0510db99528cb4",
    "DLX-049": "2f217d07b138f02d",
    "DLX-050": "66768d6db70bb126",
    "DLX-051": "e10de88400a5c6f3",
    "DLX-052": "b214a9cdebcf0fd6",
    "DLX-053": "957727c5a5a71e19",
    "DLX-054": "aa1ab0cd01386e4b",
    "DLX-055": "8bc06442a3fbc57e",
    "DLX-056": "954d270c76e648e9",
    "DLX-057": "3e072ff8d9e82712",
    "DLX-058": "ab5f31a9fc9494e1",
    "DLX-059": "5ea5f1c3c46753c4",
    "DLX-060": "6588e7c05ee739ad",
    "DLX-061": "b9968e081df6f162",
    "DLX-062": "d8a487505470134b",
    "DLX-063": "4b1d55273e0e2ddd",
    "DLX-064": "1228d4bdf9e7baf5",
    "DLX-065": "83ef2044172b7caf",
    "DLX-066": "4da759099890f0ea",
}
"""The first digits of each digest: a uid never changes its meaning, and is never used again."""


def changed(uid, *path, value):
    """The content of an entry with one part replaced (or without it, where the value is ...), and its digest made."""
    content = json.loads(json.dumps(CONTENT[uid]))
    *way, last = path
    place = content
    for key in way:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return content | {"sha256": digest(content)}


def test_uids_are_permanent():
    """Numbers without a gap, and the content that each has always had."""
    assert list(ENTRIES) == [f"DLX-{k:03d}" for k in range(1, len(ENTRIES) + 1)]
    assert {uid: entry.content_hash[:16] for uid, entry in ENTRIES.items()} == PERMANENT


def test_the_schema_is_one_and_names_the_kinds_of_the_code():
    """Draft 2020-12."""
    Draft202012Validator.check_schema(SCHEMA_FILE)
    assert SCHEMA_FILE["$id"] == SCHEMA == SCHEMA_FILE["properties"]["schema"]["const"]
    for kind, parts in KINDS.items():
        assert SCHEMA_FILE["$defs"][kind]["required"] == ["kind", "start", *parts]
    assert {kind for kind in SCHEMA_FILE["$defs"] if "kind" in SCHEMA_FILE["$defs"][kind].get("properties", {})} == set(
        KINDS
    )


@pytest.mark.parametrize("uid", NETWORKS)
def test_every_file_meets_the_schema_and_is_written_as_it_is(uid, tmp_path):
    """Writing the content again gives the same bytes."""
    VALIDATOR.validate(CONTENT[uid])
    write(CONTENT[uid], tmp_path / f"{uid}.json")
    assert (tmp_path / f"{uid}.json").read_bytes() == ENTRIES[uid].path.read_bytes()
    assert load(tmp_path / f"{uid}.json").content_hash == digest(CONTENT[uid])


def test_what_the_catalogue_covers():
    """Every kind of certificate; every hypothesis of Theorem 1, at even and odd depth; scalars and matrices."""
    assert {entry.kind for entry in NETWORKS.values()} == set(KINDS)
    refuted = {}
    for entry in NETWORKS.values():
        key = (entry.refutes["claim"], entry.refutes["hypothesis"])
        refuted.setdefault(key, set()).add((len(entry.weights) % 2, max(entry.widths) > 1))
    every = {(0, False), (0, True), (1, False), (1, True)}
    assert refuted["DL-004", "margin"] == every
    assert {(0, False), (1, False), (1, True)} <= refuted["DL-004", "balance"]
    assert {(0, False), (0, True), (1, False)} <= refuted["DL-004", "learning rate"]
    assert {("DL-004", "width"), ("DL-013", "balance")} <= refuted.keys()
    assert {entry.refutes["claim"] for entry in NETWORKS.values() if not entry.refutes["hypothesis"]} == set(
        STRONGER.values()
    )
    assert {entry.certificate["period"] for entry in NETWORKS.values() if entry.kind == "cycle"} == {2, 4}


def test_no_entry_is_another_one_again():
    """Neither the numbers nor the sentences."""
    numbers = {
        json.dumps(
            [c[k] for k in ("weights", "target", "learning_rate", "landscape", "shallow") if k in c]
            + [c["certificate"]] * ("shallow" in c)
        )
        for c in CONTENT.values()
    }
    assert len(numbers) == len({c["refutes"]["statement"] for c in CONTENT.values()}) == len(ENTRIES)
    assert len({c["title"] for c in CONTENT.values()}) == len(ENTRIES)


@pytest.mark.parametrize("uid", ENTRIES)
def test_an_entry_bears_on_a_claim_and_agrees_with_the_ablation_matrix(uid):
    """The claim has the hypothesis; nowhere is the same change of it marked as still true or open."""
    refutes = ENTRIES[uid].refutes
    assert refutes["claim"] in CLAIMS
    if not refutes["hypothesis"]:
        return
    claim = CLAIMS[refutes["claim"]]
    assert refutes["hypothesis"] in claim.hypotheses
    fates = {
        mark.args[3]
        for path in running.CLAIM_OF
        for check_ in vars(importlib.import_module(module_name(path))).values()
        for mark in getattr(check_, "pytestmark", [])
        if mark.name == "ablates" and mark.args[:3] == (claim.uid, refutes["hypothesis"], refutes["change"])
    }
    assert fates <= {fate_of(ENTRIES[uid].kind)}
    assert fates or refutes["change"] not in ("dropped", "exactly 0")


def test_the_two_checkers_bear_on_the_same_claims():
    """Each has the table of its own."""
    assert STRONGER == BEARS_ON
    assert not set(LASTING) & set(STRONGER)


@pytest.mark.parametrize("uid", NETWORKS)
def test_the_problem_is_exact_and_its_learning_rate_is_the_files(uid):
    """Where every one is meant it is an argument, and must be in the range."""
    entry = ENTRIES[uid]
    if not entry.learning_rate.startswith("every"):
        posed = entry.problem()
        assert posed.learning_rate == fmpq(*Fraction(entry.learning_rate).as_integer_ratio())
        with pytest.raises(ValueError, match="expected none as an argument"):
            entry.problem(fmpq(1))
    else:
        posed = entry.problem(fmpq(1, 2))
        assert posed.learning_rate == fmpq(1, 2)
        with pytest.raises(ValueError, match="expected one as an argument"):
            entry.problem()
        with pytest.raises(ValueError, match="learning_rate is 0; expected every"):
            entry.problem(fmpq(0))
    assert posed.dimensions == entry.widths
    assert all(isinstance(x, fmpq) for weight in posed.weights for x in weight.flat)


@pytest.mark.parametrize("uid", ["DLX-001", "DLX-002", "DLX-003", "DLX-004", "DLX-005", "DLX-007"])
def test_a_start_without_a_margin_is_no_critical_point(uid):
    """The descent does move: what is refuted is not saved by asking for a gradient that is not 0."""
    posed = ENTRIES[uid].problem(fmpq(1, 2))
    assert any(frobenius_squared(d) > 0 for d in layer_gradients(posed.weights, posed.target))


def test_a_learning_rate_beyond_the_range_is_refused():
    """Every one at most 1/2."""
    with pytest.raises(ValueError, match="learning_rate is 2/3; expected every at most 1/2"):
        ENTRIES["DLX-004"].problem(fmpq(2, 3))


REFUSED = {
    "no key": (("title",), ...),
    "an unknown key": (("more",), "x"),
    "no part of what is refuted": (("refutes", "claim"), ...),
    "an unknown part of the certificate": (("certificate", "more"), "x"),
    "no part of the certificate": (("certificate", "loss"), ...),
    "an unknown kind": (("certificate", "kind"), "oracle"),
    "a kind that is no word": (("certificate", "kind"), ["cycle"]),
    "no object": (("certificate",), []),
    "another schema": (("schema",), "deep-linear-claims/counterexample/2"),
    "a malformed uid": (("uid",), "DLX-1"),
    "a malformed claim": (("refutes", "claim"), "DL-1"),
    "no claim for a hypothesis": (("refutes", "claim"), ""),
    "an unknown hypothesis": (("refutes", "hypothesis"), "luck"),
    "a hypothesis without a change": (("refutes", "change"), ""),
    "an unknown change": (("refutes", "change"), "halved"),
    "an empty statement": (("refutes", "statement"), "  "),
    "no source": (("refutes", "source"), ""),
    "an empty title": (("title",), ""),
    "two lines": (("title",), "a\nb"),
    "half of a character": (("title",), "\ud800"),
    "another licence": (("license",), "MIT"),
    "no date": (("date",), "2026-13-01"),
    "a width of 0": (("widths",), [1, 0, 1]),
    "a width of 10^9": (("widths",), [1, 10**9, 1]),
    "true for a width": (("widths",), [1, True, 1]),
    "no layers": (("widths",), [1]),
    "widths that do not fit": (("widths",), [1, 2, 1]),
    "a layer less": (("weights",), [[["1"]]]),
    "a bare number": (("weights", 0, 0, 0), 1),
    "a ragged matrix": (("weights", 0), [["1", "2"]]),
    "a fraction that can be reduced": (("target", 0, 0), "2/4"),
    "a float": (("target", 0, 0), "0.5"),
    "an exponent": (("target", 0, 0), "1e9"),
    "a division by 0": (("target", 0, 0), "1/0"),
    "a digit of another script": (("target", 0, 0), "\u0661"),
    "a number of a thousand digits": (("target", 0, 0), "1" * 1000),
    "minus zero": (("target", 0, 0), "-0"),
    "a negative learning rate": (("learning_rate",), "-1"),
    "a learning rate in words": (("learning_rate",), "small"),
    "a margin in words": (("certificate", "start", "margin"), "large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_entry_is_refused_and_the_file_stays(name, tmp_path):
    """By load and by write, each with a sentence of one line; what was there is still there."""
    path, value = REFUSED[name]
    content = changed("DLX-015", *path, value=value)
    target = tmp_path / "DLX-015.json"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match="expected") as refused:
        write(content, target)
    assert "\n" not in str(refused.value)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["DLX-015.json"]
    target.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match=r"DLX-015\.json: "):
        load(target)


BY_THE_SCHEMA_TOO = set(REFUSED) - {
    "no date",  # a month 13 has the pattern
    "true for a width",  # jsonschema holds True for 1 in no type, but is asked below
    "widths that do not fit",
    "a layer less",
    "a ragged matrix",
    "a fraction that can be reduced",
    "minus zero",
    "no claim for a hypothesis",
    "a hypothesis without a change",
    "no source",
    "two lines",
    "half of a character",
    "a negative learning rate",
}


@pytest.mark.parametrize("name", sorted(BY_THE_SCHEMA_TOO))
def test_the_schema_refuses_what_a_schema_can(name):
    """The others need arithmetic, or two parts of the file at once."""
    path, value = REFUSED[name]
    assert not VALIDATOR.is_valid(changed("DLX-015", *path, value=value))


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    """And nothing else."""
    path = tmp_path / "DLX-001.json"
    path.write_bytes(b"old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(CONTENT["DLX-001"], path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["DLX-001.json"]


def test_a_file_under_the_name_of_another_is_refused(tmp_path, monkeypatch):
    """By the catalogue and by the checker."""
    write(CONTENT["DLX-002"], tmp_path / "DLX-001.json")
    monkeypatch.setattr("claims.counterexamples.catalogue.SHIPPED", tmp_path)
    with pytest.raises(ValueError, match="holds DLX-002; expected the name of the file"):
        catalogue()
    with pytest.raises(ValueError, match="the name of another counterexample"):
        check(tmp_path / "DLX-001.json")


def test_a_finding_without_a_uid_can_be_written_anywhere(tmp_path):
    """DLX-000, under any name, against a claim or against a conjecture of one's own; both checkers verify it."""
    content = CONTENT["DLX-026"] | {"uid": "DLX-000"}
    write(content, tmp_path / "found.json")
    assert check(tmp_path / "found.json")[0] == "DLX-000"
    verify(load(tmp_path / "found.json"))
    nobody = {"claim": "", "statement": "eta <= 1 is enough", "hypothesis": "", "change": "", "source": ""}
    facts = content["certificate"] | {"violates": "learning_rate <= 1; loss[1] > loss[0]"}
    write(content | {"refutes": nobody, "certificate": facts}, tmp_path / "own.json")
    assert "refutes a conjecture" in check(tmp_path / "own.json")[1]
    verify(load(tmp_path / "own.json"))
    wrong = content["certificate"] | {"violates": "learning_rate < 1; loss[1] > loss[0]"}
    write(content | {"refutes": nobody, "certificate": wrong}, tmp_path / "wrong.json")
    with pytest.raises(ValueError, match="not at this step"):
        check(tmp_path / "wrong.json")
    with pytest.raises(ValueError, match="not at step 1"):
        verify(load(tmp_path / "wrong.json"))
