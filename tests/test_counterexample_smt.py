"""Invariant sets by Z3: a second opinion that knows nothing of the certificates' sums of products."""

import json

import pytest

from claims.counterexamples.catalogue import catalogue, digest, load
from claims.counterexamples.smt import confirm

pytest.importorskip("z3", reason="the extra smt")
ENTRIES = catalogue()
INVARIANT = [uid for uid, entry in ENTRIES.items() if entry.kind == "invariant"]
HARD = ["DLX-013"]
"""Of degree 12 in two weights: Z3 has no answer to one obligation in a minute, and to another in a second or two."""


@pytest.mark.parametrize("uid", [uid for uid in INVARIANT if uid not in HARD])
def test_obligations_are_proved(uid):
    """Each in a few hundredths of a second; the limit is for a machine that is a thousand times slower."""
    found = confirm(ENTRIES[uid], milliseconds=60_000)
    assert len(found) >= 2
    assert set(found.values()) == {"proved"}


@pytest.mark.parametrize("uid", HARD)
def test_no_obligation_is_refuted_where_an_answer_may_not_come(uid):
    """How many are unknown is a matter of how busy the machine is, and so nothing that a test could ask for."""
    found = confirm(ENTRIES[uid], milliseconds=1000)
    assert len(found) >= 2
    assert set(found.values()) <= {"proved", "unknown"}


def weaker(uid, tmp_path, **parts):
    """An entry with a part of its certificate replaced."""
    content = json.loads(ENTRIES[uid].path.read_text("utf-8"))
    content["certificate"] |= parts
    path = tmp_path / "DLX-000.json"
    path.write_text(json.dumps(content | {"sha256": digest(content)}), encoding="utf-8")
    return load(path)


def test_a_set_that_is_not_kept_is_refuted(tmp_path):
    """DLX-004 with learning rates up to 4; and with a least loss above the one there is."""
    wide = [["a", "w", ""], ["b", "1 - w", ""], ["h", "eta", ""], ["k", "4 - eta", ""]]
    assert confirm(weaker("DLX-004", tmp_path, set=wide))["a after a step"] == "refuted"
    assert confirm(weaker("DLX-004", tmp_path, loss=["9/16", ""]))["the loss"] == "refuted"
    assert confirm(weaker("DLX-020", tmp_path, growth=[["w", "2", ""]]))["the growth of w"] == "refuted"


def test_without_time_the_answer_is_unknown():
    """And is called so."""
    assert confirm(ENTRIES["DLX-013"], milliseconds=1)["b after a step"] == "unknown"


def test_other_kinds_are_refused():
    """By name."""
    with pytest.raises(ValueError, match="DLX-001 has a certificate of the kind structure; expected invariant"):
        confirm(ENTRIES["DLX-001"])
