"""Counterexamples as theorems: the kernel accepts those that there are, and refuses what is not so."""

import copy
import json
import re

import pytest
from formal import a_prover, compiled, spoilt

from claims.command_line import main
from claims.command_line.counterexample_files import counterexample_files
from claims.counterexamples import formal
from claims.counterexamples.check import read
from claims.counterexamples.formal import UnstatedError, stated, verdicts
from claims.counterexamples.formal_landscapes import supposed
from claims.formal.asking import Question, malformed
from claims.formal.sources import shipped, without_comments

ENTRIES = {uid: read(entry.path) for uid, entry in counterexample_files().items()}
STATED = [*ENTRIES]
"""All of them."""


def test_every_other_counterexample_is_a_theorem():
    """By Coq's kernel, on no axiom, all in one run."""
    found = verdicts({uid: ENTRIES[uid] for uid in STATED}, a_prover())
    assert list(found) == STATED
    assert len(STATED) >= 66
    assert [f"{uid}: {each.said}" for uid, each in found.items() if not each.proved] == []


def unstated():
    """An entry that there is no theorem for: a limit, of units."""
    entry = copy.deepcopy(ENTRIES["DLX-051"])
    entry["certificate"]["kind"] = "limit"
    return entry


def test_where_there_is_no_theorem_it_is_told():
    """With the reason; nothing is passed over in silence."""
    with pytest.raises(UnstatedError, match="there is no theorem for limit and the model units"):
        stated(unstated())


@pytest.mark.parametrize("uid", STATED)
def test_a_statement_is_one_term_and_has_the_numbers_of_its_entry(uid):
    """Start, certificate and learning rate; weights and target are in its definitions."""
    theorem, entry = stated(ENTRIES[uid]), ENTRIES[uid]
    assert malformed(Question(theorem.name, theorem.statement)) is None
    said = theorem.statement + theorem.definitions
    texts = [*texts_of(entry.get("weights", [])), *texts_of(entry.get("target", [])), *numbers_of(entry["certificate"])]
    texts += texts_of(entry.get("shallow", {}).get("truth", []))
    assert len(texts) >= 2
    for text in texts:
        top, _, bottom = text.partition("/")
        assert f"(Qmake ({top}) {bottom or 1})" in said, text
    assert theorem.leaves_out.strip()
    assert theorem.words.endswith(".")


def texts_of(value):
    return [text for each in value for text in texts_of(each)] if isinstance(value, list) else [value]


PLACES = ("point", "better", "points", "values", "kept", "direction", "directions")


def numbers_of(said):
    if not isinstance(said.get("start"), dict):
        points = [text for key in PLACES for text in texts_of(said.get(key, []))]
        scalars = [said[key] for key in ("value", "better_value", "coefficient", "learning_rate") if key in said]
        return points + [scalar for scalar in scalars if scalar != "every" and "pi" not in scalar]
    start = said["start"]
    found = [start["loss"], start["imbalance_squared"], start["margin"].removeprefix("at least ")]
    found += [said["loss"] if isinstance(said["loss"], str) else said["loss"][0]] if "loss" in said else []
    return [text for text in [*found, said.get("exponent", "")] if text not in ("negative", "")]


SPOILT = [
    ("DLX-015", "3/2", "weights", 0, 0, 0),
    ("DLX-015", "5", "target", 0, 0),
    ("DLX-015", "7/9", "learning_rate"),
    ("DLX-015", "0", "learning_rate"),
    ("DLX-015", 1, "certificate", "period"),
    ("DLX-015", 4, "certificate", "period"),
    ("DLX-015", "3", "certificate", "loss"),
    ("DLX-015", "1", "certificate", "loss"),
    ("DLX-015", "0", "certificate", "loss"),
    ("DLX-015", "2", "certificate", "start", "loss"),
    ("DLX-015", "1", "certificate", "start", "imbalance_squared"),
    ("DLX-015", "2", "certificate", "start", "margin"),
    ("DLX-015", "at least 2", "certificate", "start", "margin"),
    ("DLX-015", "negative", "certificate", "start", "margin"),
    ("DLX-016", "every", "learning_rate"),
    ("DLX-009", 0, "certificate", "steps"),
    ("DLX-009", 0, "certificate", "start", "imbalance_squared"),
    ("DLX-007", "1", "certificate", "mode", 0, 0),
    ("DLX-007", "2", "certificate", "loss"),
    ("DLX-001", "1", "target", 0, 0),
    ("DLX-001", "2", "weights", 0, 0, 0),
    ("DLX-001", "3/4", "certificate", "loss"),
    ("DLX-002", [["1", "1"]] * 3, "certificate", "mode"),
    ("DLX-004", "every", "learning_rate"),
    ("DLX-004", "every at most 1", "learning_rate"),
    ("DLX-004", "2/3", "certificate", "loss", 0),
    ("DLX-004", "a^3 + a^6", "certificate", "loss", 1),
    ("DLX-004", "b + 2*a^2*h + a^5*h", "certificate", "set", 1, 2),
    ("DLX-004", "", "certificate", "set", 1, 2),
    ("DLX-004", "2 - w", "certificate", "set", 0, 1),
    ("DLX-013", "17", "certificate", "growth", 0, 1),
    ("DLX-020", "1", "certificate", "growth", 0, 1),
    ("DLX-014", "1/100*y - 1", "certificate", "squares", 0, 1),
    ("DLX-022", "1", "certificate", "exponent"),
    ("DLX-022", 0, "certificate", "steps"),
    ("DLX-026", "1/10", "learning_rate"),
    ("DLX-027", "0", "learning_rate"),
    ("DLX-028", "1/1000", "learning_rate"),
    ("DLX-029", "balance is lost", "certificate", "violates"),
    ("DLX-029", "1/4", "learning_rate"),
    ("DLX-023", "5", "certificate", "loss"),
    ("DLX-023", "2/3", "target", 0, 0),
    ("DLX-024", "2", "certificate", "value"),
    ("DLX-024", "0", "certificate", "direction", 0, 0, 0),
    ("DLX-024", "1", "weights", 0, 0, 0),
    ("DLX-025", "7/15", "certificate", "value"),
    ("DLX-025", "-8/15", "certificate", "value"),
    ("DLX-025", "4/5", "weights", 0, 0, 0),
    ("DLX-025", "2", "weights", 1, 0, 0),
    ("DLX-025", "2", "target", 0, 0),
    ("DLX-030", "minimum", "certificate", "sense"),
    ("DLX-031", "2", "certificate", "point", 0, 0),
    ("DLX-031", "2", "certificate", "value"),
    ("DLX-031", "1", "certificate", "better_value"),
    ("DLX-031", "1", "landscape", "pattern", 0, 0),
    ("DLX-032", "1", "certificate", "point", 0, 0),
    ("DLX-032", [["1"]] * 3, "certificate", "point"),
    ("DLX-039", "s^4 - 11*s^3 + 81/2*s^2 - 52*s + 45/2", "landscape", "losses", 0),
    ("DLX-042", "3/2", "landscape", "identity"),
    ("DLX-033", "-1/2", "certificate", "point", 0, 0),
    ("DLX-033", "minimum", "certificate", "sense"),
    ("DLX-033", "2", "landscape", "coefficients", 0),
    ("DLX-033", "-1", "landscape", "coefficients", 0),
    ("DLX-033", "1/2", "landscape", "components", 0, 1),
    ("DLX-033", 2, "landscape", "order"),
    ("DLX-033", 4, "landscape", "order"),
    ("DLX-033", "-1", "certificate", "value"),
    ("DLX-033", "-1", "certificate", "better", 0, 0),
    ("DLX-034", "minimum", "certificate", "sense"),
    ("DLX-034", "2", "certificate", "coefficient"),
    ("DLX-034", "-1", "certificate", "coefficient"),
    ("DLX-034", 3, "certificate", "power"),
    ("DLX-034", 5, "certificate", "power"),
    ("DLX-034", "1", "certificate", "curve", 0, 0),
    ("DLX-034", "1", "certificate", "point", 0, 0),
    ("DLX-040", "x^4 + y^4 + z^4", "landscape", "polynomial"),
    ("DLX-040", "x^4 + y^4 + 5*z^4", "landscape", "polynomial"),
    ("DLX-040", "x^4 + y^4 + 1/4*z^4 + x*y", "landscape", "polynomial"),
    ("DLX-040", [1, 2], "certificate", "indices"),
    ("DLX-040", [2, 0], "certificate", "indices"),
    ("DLX-040", "1/2", "certificate", "values", 0),
    ("DLX-040", "2", "certificate", "points", 1, 0, 0),
    ("DLX-041", "maximum", "certificate", "sense"),
    ("DLX-041", "-x^3", "landscape", "polynomial"),
    ("DLX-041", "x^3 + 2*x^2*y", "landscape", "polynomial"),
    ("DLX-041", "x^3 + y^3", "landscape", "polynomial"),
    ("DLX-041", "-2", "certificate", "coefficient"),
    ("DLX-041", 2, "certificate", "power"),
    ("DLX-041", "2", "certificate", "curve", 1, 0),
    ("DLX-044", "maximum", "certificate", "sense"),
    ("DLX-044", "2", "landscape", "identity"),
    ("DLX-044", "1/2", "certificate", "value"),
    ("DLX-044", "-2", "certificate", "coefficient"),
    ("DLX-044", 2, "certificate", "power"),
    ("DLX-044", "1", "certificate", "curve", 0, 0),
    ("DLX-044", "1 - t^2", "certificate", "curve", 2, 0),
    ("DLX-044", "1", "certificate", "point", 0, 0),
    ("DLX-049", "1/3", "certificate", "learning_rate"),
    ("DLX-049", "-2/3", "certificate", "learning_rate"),
    ("DLX-049", 1, "certificate", "period"),
    ("DLX-049", 4, "certificate", "period"),
    ("DLX-049", "2", "certificate", "value"),
    ("DLX-049", "5/2", "certificate", "value"),
    ("DLX-049", "2", "landscape", "target", 0, 0),
    ("DLX-049", "1", "certificate", "better_value"),
    ("DLX-049", "-2", "certificate", "better", 0, 0),
    ("DLX-050", "1", "certificate", "point", 2, 0),
    ("DLX-050", "1", "certificate", "point", 1, 0),
    ("DLX-050", "1/2", "landscape", "data", 1, 1),
    ("DLX-050", "1/2", "certificate", "value"),
    ("DLX-050", "1", "certificate", "better_value"),
    ("DLX-038", "5", "certificate", "value"),
    ("DLX-038", "2", "certificate", "point", 0, 0),
    ("DLX-045", "maximum", "certificate", "sense"),
    ("DLX-045", "1", "landscape", "identity"),
    ("DLX-046", "4/9", "landscape", "coefficients", 0, 0),
    ("DLX-047", "0", "certificate", "point", 0, 0),
    ("DLX-047", "2", "landscape", "signal", 3, 0),
    ("DLX-048", "1", "certificate", "better_value"),
]


def test_what_is_not_so_is_refused():
    """By the kernel, which trusts no other checker, or because it says nothing that could be asked.

    All in one run: there each proof fails, and those of the entries as they are do not.
    """
    theorems, told = {}, {}
    for number, change in enumerate(SPOILT):
        for fails, entry in ((True, spoilt(ENTRIES, *change)), (False, ENTRIES[change[0]])):
            try:
                theorem = stated(entry | {"uid": f"DLX-{'9' if fails else '8'}{number:02}"})
                theorems[theorem.name] = (fails, theorem)
            except ValueError as error:
                assert fails
                told[change] = str(error)
    assert len(told) < len(SPOILT) / 4
    assert all(told.values())
    files = dict.fromkeys(file for _, theorem in theorems.values() for file in theorem.files)
    text = formal.OPENING.format(files=" ".join([*formal.ALWAYS, *files]))
    for fails, theorem in theorems.values():
        definitions, lemma, _ = theorem.definitions.partition("Lemma ")
        text += definitions
        if lemma:
            (checked,) = re.findall(r"Lemma \w+ : (check_invariant .*)\.\nProof", theorem.definitions)
            text += f"Goal {checked}. Proof. {'Fail ' * fails}solve [by vm_compute]. Abort.\n"
        else:
            text += f"Goal {theorem.statement}. Proof. {'Fail ' * fails}solve [{theorem.proof}]. Abort.\n"
    assert compiled(text, files) == ""


OTHER_FORMS = [
    ("DLX-015", "2", "certificate", "period"),
    ("DLX-015", "0", "certificate", "steps"),
    ("DLX-013", -1, "certificate", "steps"),
    ("DLX-015", True, "certificate", "period"),
    ("DLX-041", "(if true then 3 else 0)", "certificate", "power"),
    ("DLX-041", [["-t"], ["1"], ["t"]], "certificate", "curve"),
    ("DLX-044", "3", "certificate", "power"),
    ("DLX-040", ["2", 1], "certificate", "indices"),
    ("DLX-040", [["1"], ["1"], ["0"], ["1"]], "certificate", "points", 1),
    ("DLX-049", "2", "certificate", "period"),
    ("DLX-049", [["1", "7"], ["7", "5"]], "landscape", "target"),
    ("DLX-049", [["1", "0"]], "certificate", "better"),
    ("DLX-038", [["1", "0", "0"]], "certificate", "better"),
    ("DLX-033", [["1"], ["0"], ["5"]], "certificate", "better"),
    ("DLX-050", [["1", "1"], ["1", "1"]], "certificate", "better"),
    ("DLX-032", [["0", "1", "0"], ["0", "0", "1"], ["0", "1", "0"]], "landscape", "pattern"),
    ("DLX-032", [["1", "1"]] * 3, "landscape", "signal"),
    ("DLX-036", False, "landscape", "full_spark"),
    ("DLX-056", "2", "shallow", "pairs"),
    ("DLX-061", ["1", "0", "0"], "shallow", "diagonal"),
]


@pytest.mark.parametrize("change", OTHER_FORMS, ids=lambda change: f"{change[0]}-{change[-1]}-{change[1]!s:.9}")
def test_what_has_another_form_is_refused(change):
    """Numbers of steps are none of Coq's terms, and no list is read in part."""
    with pytest.raises(ValueError, match=r"expected|full_spark|rows"):
        stated(spoilt(ENTRIES, *change))


def test_what_a_model_and_an_order_suppose_is_in_the_theorem():
    """A pattern of zeros and ones, symmetric: with 1 and -1 the objective is 0 where two measurements differ. And that
    the lower critical point has the larger index: with the other order nothing is refuted."""
    patterns = [[["1", "0"], ["0", "-1"]], [["0", "1"], ["0", "0"]], [["0", "1/2"], ["1/2", "0"]]]
    text = ""
    for fails, pattern in [(False, [["1", "1"], ["1", "0"]]), *((True, each) for each in patterns)]:
        ((said, proof),) = supposed({"model": "completion", "pattern": pattern}, 2)
        text += f"Goal {said}. Proof. {'Fail ' * fails}solve [{proof}]. Abort.\n"
    for uid in ("DLX-031", "DLX-032"):
        ((said, _),) = supposed(ENTRIES[uid]["landscape"], 3)
        assert said in stated(ENTRIES[uid]).statement
    entry = spoilt(ENTRIES, "DLX-040", "x^4 + y^4 + z^4", "landscape", "polynomial")
    points = [[["1"], ["1"], ["1"]], [["1"], ["1"], ["0"]]]
    entry["certificate"] |= {"points": points, "values": ["3", "2"], "indices": [0, 1]}
    theorem = stated(entry)
    others = theorem.statement.replace(" & (1 < 0)%N]", " & (0 < 1)%N]")
    assert others != theorem.statement
    text += f"{theorem.definitions}Goal {theorem.statement}. Proof. Fail solve [{theorem.proof}]. Abort.\n"
    text += f"Goal {others}. Proof. solve [{theorem.proof}]. Abort.\n"
    files = dict.fromkeys([*stated(ENTRIES["DLX-032"]).files, *theorem.files])
    assert compiled(formal.OPENING.format(files=" ".join([*formal.ALWAYS, *files])) + text, files) == ""


@pytest.mark.parametrize(("kind", "left_out"), [("cycle", "how long the period is"), ("stationary", "weights along")])
def test_what_a_theorem_about_a_mode_leaves_out_is_told(kind, left_out):
    """It bounds the loss. Without a mode it says when all returns, or that all rests."""
    some = [each for each in ENTRIES.values() if each["certificate"]["kind"] == kind]
    assert {bool(each["certificate"]["mode"]) for each in some} == {True, False}
    for each in some:
        assert (left_out in stated(each).leaves_out) == bool(each["certificate"]["mode"]), each["uid"]


def test_words_say_no_more_than_is_so():
    """DLX-039's losses are not convex, DLX-037's vectors are of signs; what grows in DLX-020 grows by (9/4)^k."""
    assert stated(ENTRIES["DLX-039"]).leaves_out == "whether the losses are convex"
    assert "of signs" in stated(ENTRIES["DLX-037"]).leaves_out
    assert "after k steps (9/4)^k times" in stated(ENTRIES["DLX-020"]).words
    assert "after k steps 16^k times" in stated(ENTRIES["DLX-013"]).words


def test_a_wrong_one_hides_no_other():
    """Where all are asked together."""
    entries = {"good": ENTRIES["DLX-001"], "spoilt": spoilt(ENTRIES, *SPOILT[0]), "unstated": unstated()}
    found = verdicts(entries, a_prover())
    assert {name: each.proved for name, each in found.items()} == {"good": True, "spoilt": False, "unstated": None}
    assert "does not accept" in found["spoilt"].said


def test_no_name_in_a_theorem_is_given_by_two_of_the_files_that_it_imports():
    """The last one would be meant in the theorems of all: in one run they would fail, and be asked one by one."""
    theorems = [stated(ENTRIES[uid]) for uid in STATED]
    said = set(re.findall(r"[A-Za-z_][\w']*", formal.written(theorems)))
    named = re.compile(r"^\s*(?:Theorem|Lemma|Definition|Fixpoint|Inductive|Record)\s+([\w']+)", re.MULTILINE)
    files = {*formal.ALWAYS, *(file for each in theorems for file in each.files)}
    names = [name for file in files for name in named.findall(without_comments(shipped()[f"{file}.v"])) if name in said]
    assert sorted(names) == sorted(set(names))
    assert len(names) > 50


def test_the_files_that_the_catalogue_asks_are_told():
    """So that a test of all files knows who asks them."""
    found = formal.files_asked([*ENTRIES.values()])
    assert {name for name in shipped() if name.startswith("certificate")} <= found <= set(shipped())


def test_the_command_tells_a_theorem_in_words_and_in_coq(capsys):
    a_prover()
    assert main(["check", "--kernel", "DLX-015", "DLX-053"]) == 0
    said = capsys.readouterr().out
    assert "DLX-015 verified by Coq's kernel: " in said
    assert "Theorem DLX_015 : forall R : realFieldType," in said
    assert "DLX-053 verified by Coq's kernel: " in said
    assert main(["check", "--kernel", "--json", "DLX-015"]) == 0
    assert [each["verified"] for each in json.loads(capsys.readouterr().out)["counterexamples"]] == [True] * 3


def test_a_counterexample_that_is_spoilt_is_not_verified(capsys, tmp_path):
    """With a digest that fits."""
    a_prover()
    entry = spoilt(ENTRIES, "DLX-015", "7/9", "learning_rate")
    from claims.counterexamples.catalogue import write

    path = tmp_path / "found.json"
    write(entry, path)
    assert main(["check", "--kernel", str(path)]) == 1
    assert "not verified by Coq's kernel: the kernel does not accept" in capsys.readouterr().out


def test_a_missing_prover_is_told_with_the_line_that_installs_it(capsys, monkeypatch):
    from claims.formal import coq

    monkeypatch.setattr(coq, "prover", coq.prover.__wrapped__)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert main(["check", "--kernel", "DLX-015"]) == 2
    assert f"Coq is not installed; to install it: {coq.INSTALL}" in capsys.readouterr().err
