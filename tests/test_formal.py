"""Formal proofs: how the kernel is asked, what it is asked, and what happens where it says no or is not there."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from formal import a_prover
from jsonschema import Draft202012Validator

import claims
from claims.formal import asking, building, coq, store
from claims.formal.asking import Question, answers, malformed, preamble
from claims.formal.building import built
from claims.formal.coq import Coq, MissingProverError, prover
from claims.formal.sources import digests, imports, in_order, line_of, shipped, without_comments
from claims.suite import prover as suite

ROOT = Path(claims.__file__).parent
CHECKED = ROOT / "balance" / "balancedness" / "kernel_checked.py"
PROOFS = CHECKED.read_text(encoding="utf-8").count("@formal")

BELOW = """(* Numbers. (* Nested. *) *)
From Coq Require Import Arith.
Definition twice (n : nat) := n + n.
Theorem twice_one : twice 1 = 2. Proof. reflexivity. Qed.
"""
ABOVE = """From Coq Require Import Arith.
From DLC Require Import below.
Theorem twice_zero : twice 0 = 0. Proof. reflexivity. Qed.
Theorem successor : forall n : nat, S n = n + 1. Proof. intro n. rewrite Nat.add_comm. reflexivity. Qed.
Axiom anything : forall P : Prop, P.
Theorem easy : 0 = 1. Proof. apply anything. Qed.
Theorem unfinished : 0 = 2. Admitted.
"""
MADE_UP = {"below.v": BELOW, "above.v": ABOVE}
"""Of Coq's own library, which takes no time to load."""


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """An empty cache, and a process that has answered nothing."""
    monkeypatch.setenv("DLC_FORMAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(asking, "_ANSWERED", {})
    return tmp_path


def answer(theorem, statement, *axioms, sources=MADE_UP, file="above.v", prover=None):
    question = Question(theorem, statement, axioms)
    return answers(file, [question], sources, prover or a_prover())[question]


# What it answers.


@pytest.mark.parametrize(
    ("theorem", "statement", "axioms"),
    [
        ("twice_zero", "twice 0 = 0", ()),
        ("twice_zero", "0 = 0", ()),  # the same by computation
        ("successor", "forall m : nat,\n S m = m + 1", ()),
        ("easy", "0 = 1", ("DLC.above.anything",)),
        ("unfinished", "0 = 2", ("DLC.above.unfinished",)),
    ],
)
def test_what_is_proved_is_accepted(fresh, theorem, statement, axioms):
    """With its axioms, an admitted proof being one."""
    found = answer(theorem, statement, *axioms)
    assert found.proved, found.said


REFUSED = {
    "a wrong statement": (("successor", "forall n : nat, S n = n + 2"), "does not accept that successor of above.v"),
    "a weaker hypothesis": (("twice_zero", "forall n, twice n = 0"), "does not accept"),
    "another theorem's": (("twice_zero", "twice 1 = 2"), "does not accept"),
    "no such theorem": (("nothing", "twice 0 = 0"), "DLC.above.nothing was not found"),
    "another file's theorem": (("twice_one", "twice 1 = 2"), "DLC.above.twice_one was not found"),
    "no such name": (("twice_zero", "thrice 0 = 0"), "thrice was not found"),
    "a syntax error": (("twice_zero", "twice 0 = = 0"), "Syntax error"),
    "a hole": (("twice_zero", "twice 0 = _"), "does not accept"),
    "no proposition": (("twice_zero", "twice 0"), 'expected to have type "Prop"'),
    "an axiom that is not told": (("easy", "0 = 1"), "rests on, without saying so: anything : forall P : Prop, P"),
    "an admitted proof": (("unfinished", "0 = 2"), "without saying so: unfinished : 0 = 2"),
    "an axiom that is not used": (("successor", "forall n, S n = n + 1", "DLC.above.anything"), "It does not rest on"),
    "an axiom that there is not": (("easy", "0 = 1", "DLC.above.nothing"), "DLC.above.nothing was not found"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_proved_is_refused_in_words(fresh, what):
    """And is not stored, so that it is asked again."""
    question, words = REFUSED[what]
    found = answer(*question)
    assert not found.proved
    assert words in " ".join(found.said.split())
    assert not list((fresh / "cache").glob("*.proved"))


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("True). Print Assumptions successor. Check (True", "ends a sentence in line 1"),
        ("True\n.\nCheck (True", "ends a sentence in line 2"),
        ("twice 0 = 0.", "ends a sentence in line 1"),
        ("True) (* ", "begins or ends a comment"),
        ("*) True", "begins or ends a comment"),
        ("True) -> (True", "parentheses without a partner"),
        ("(True", "parentheses without a partner"),
        ("True)", "parentheses without a partner"),
        ('True -> "a" = "a"', "has a quotation mark"),
        ("ltac:(exact True)", "has a tactic"),
        (" \n", "is empty"),
    ],
)
def test_a_statement_is_one_term(fresh, statement, complaint):
    """What could close it, and print a verdict of its own, does not reach Coq."""
    assert complaint in malformed(Question("twice_zero", statement))
    assert answer("twice_zero", statement, prover=Coq("/nonexistent", "8.16.1", "0")).said.endswith("expected one term")


@pytest.mark.parametrize("name", ["a b", "a.", "", "a := b", "a). Print", "1a", "é"])
def test_a_theorem_is_a_name(fresh, name):
    """And so is an axiom."""
    nowhere = Coq("/nonexistent", "8.16.1", "0")
    assert "is no name" in answer(name, "True", prover=nowhere).said
    assert "is no name" in answer("twice_zero", "True", name, prover=nowhere).said


def test_a_wrong_one_hides_no_other(fresh):
    """Of questions that are asked together."""
    good = [Question("twice_zero", "twice 0 = 0"), Question("successor", "forall n, S n = n + 1")]
    bad = [Question("twice_zero", "twice 0 = 1"), Question("successor", "forall n, S n ="), Question("easy", "0 = 1")]
    malformed_one = Question("easy", "0 = 1). Check (0")
    found = answers("above.v", [bad[0], good[0], malformed_one, bad[1], good[1], bad[2]], MADE_UP, a_prover())
    assert {each for each, answer in found.items() if answer.proved} == set(good)
    assert len(found) == 6


def test_files_that_cannot_be_read_are_told(fresh):
    """One that there is not, one that imports such a one, a circle, and one below that Coq refuses."""
    broken = BELOW.replace("reflexivity. Qed.", "discriminate. Qed.")
    circle = {"below.v": "From DLC Require Import above.\n", "above.v": "From DLC Require Import below.\n"}
    asked = Question("twice_zero", "twice 0 = 0")

    def said(sources, file="above.v"):
        return " ".join(answers(file, [asked], sources, a_prover())[asked].said.split())

    assert "asked was nowhere.v; expected one of below.v, above.v" in said(MADE_UP, "nowhere.v")
    assert "above.v imports below.v" in said({"above.v": ABOVE})
    assert "above.v imports below.v imports above.v; expected no circle" in said(circle)
    assert "Coq does not accept below.v: File" in said(MADE_UP | {"below.v": broken})
    assert said(MADE_UP) == ""


ENDLESS = "Fixpoint many (n : nat) := match n with 0 => 1 | S m => many m + many m end.\n"


def test_what_takes_too_long_fails_in_words(fresh, monkeypatch):
    """A proof, and a question."""
    monkeypatch.setattr(Coq.run, "__defaults__", (2,))
    slow = ENDLESS + "Theorem slow : many 60 = many 60. Proof. vm_compute. reflexivity. Qed.\n"
    found = answer("slow", "many 60 = many 60", file="slow.v", sources={"slow.v": slow})
    assert found.said == "coqc was stopped after 2 s on slow.v"
    real, script = a_prover(), fresh / "coqc"
    wait = "for last; do :; done\ntest $last = question.v && exec sleep 60\n"
    script.write_text(f'#!/bin/sh\n{wait}exec {real.compiler} "$@"\n')
    script.chmod(0o755)
    found = answer("twice_zero", "twice 0 = 0", prover=Coq(str(script), real.version, real.digest))
    assert "does not accept that twice_zero of above.v" in found.said
    assert "coqc was stopped after 2 s on question.v" in found.said


# What is read.


def test_a_file_is_read_under_its_own_opening():
    """Its imports come again, and those below it that it does not import."""
    sources = {
        "a.v": "From mathcomp Require Import all_ssreflect.\nDefinition a := 0.\n",
        "b.v": "From DLC Require Import a.\n",
        "c.v": "(* C. *) From mathcomp Require Import\n ring.\nFrom DLC Require Import b.\n"
        "Import GRing.Theory.\nLocal Open Scope ring_scope.\nSet Implicit Arguments.\nSection A.\nImport Nat.\n",
    }
    assert in_order("c.v", sources) == ["a.v", "b.v", "c.v"]
    assert imports(sources["c.v"]) == ["b.v"]
    assert preamble("c.v", sources).splitlines() == [
        "From mathcomp Require Import ring.",
        "From DLC Require Import a b.",
        "From mathcomp Require Import ring.",
        "From DLC Require Import b.",
        "Import GRing.Theory.",
        "Local Open Scope ring_scope.",
        "Set Implicit Arguments.",
        "From DLC Require Import c.",
    ]
    assert without_comments("a (* b (* c *) d *) e *) f").split() == ["a", "e", "*)", "f"]


def test_a_digest_is_that_of_all_that_a_file_rests_on():
    """Its text, its imports' and the prover; of nothing else."""
    before = digests("above.v", MADE_UP, "1")
    assert list(before) == ["below.v", "above.v"]
    changed = digests("above.v", MADE_UP | {"below.v": BELOW + "\n"}, "1")
    assert all(before[name] != changed[name] for name in MADE_UP)
    changed = digests("above.v", MADE_UP | {"above.v": ABOVE + "\n", "more.v": ""}, "1")
    assert (before["below.v"] == changed["below.v"], before["above.v"] == changed["above.v"]) == (True, False)
    assert all(each != before[name] for name, each in digests("above.v", MADE_UP, "2").items())


def test_a_theorem_is_found_in_its_file():
    """By its line."""
    text = shipped()["balancedness.v"]
    line = line_of("discrete_balancedness_law", text)
    assert text.splitlines()[line - 1].startswith("Theorem discrete_balancedness_law ")
    assert line_of("discrete", text) is None


# What is kept.


@pytest.fixture
def logging(fresh):
    """A prover that writes down what it compiles; and a function that tells what it did."""
    real, log, script = a_prover(), fresh / "log", fresh / "coqc"
    script.write_text(f'#!/bin/sh\nfor last; do :; done\necho "$last" >> {log}\nsleep 0.3\nexec {real.compiler} "$@"\n')
    script.chmod(0o755)

    def compiled():
        found = log.read_text().split() if log.exists() else []
        log.unlink(missing_ok=True)
        return sorted(found)

    return Coq(str(script), real.version, real.digest), compiled


def test_nothing_is_built_or_asked_twice(logging, monkeypatch):
    """In one process, and in the next; what did not change is not built again, what was refused is asked again."""
    prover, compiled = logging
    assert answer("twice_zero", "twice 0 = 0", prover=prover).proved
    assert compiled() == ["above.v", "below.v", "question.v"]
    assert answer("twice_zero", "twice 0 = 0", prover=prover).proved
    monkeypatch.setattr(asking, "_ANSWERED", {})
    assert answer("twice_zero", "twice 0 = 0", prover=prover).proved
    assert compiled() == []
    assert not answer("twice_zero", "twice 0 = 1", prover=prover).proved
    assert compiled() == ["question.v"]
    changed = MADE_UP | {"above.v": ABOVE + "(* . *)"}
    assert answer("twice_zero", "twice 0 = 0", sources=changed, prover=prover).proved
    assert compiled() == ["above.v", "question.v"]
    other = Coq(prover.compiler, prover.version, "another")
    assert answer("twice_zero", "twice 0 = 0", prover=other).proved
    assert compiled() == ["above.v", "below.v", "question.v"]


def test_what_was_put_there_by_hand_is_not_believed(logging, monkeypatch):
    """A verdict that is empty, another question's, another folder's, or one with a change: each is asked again, and a
    wrong statement is refused. One with its seal is believed, so that the others could have been."""
    prover, compiled = logging

    def verdict(statement):
        monkeypatch.setattr(asking, "_ANSWERED", {})
        return answer("twice_zero", statement, prover=prover).proved

    assert verdict("twice 0 = 0")
    (kept,) = store.folder().glob("*.proved")
    sealed, _, printed = kept.read_text().partition("\n")
    assert printed.strip() == asking.CLOSED
    with monkeypatch.context() as patch:
        patch.setattr(asking, "_keep", lambda digest, *_: patch.setattr(store, "_asked", digest, raising=False))
        assert not verdict("twice 0 = 1")
        wrong = store.folder() / f"{store._asked}.proved"
    compiled()
    for text in ("", "proved", kept.read_text()):
        wrong.write_text(text)
        assert not verdict("twice 0 = 1")
        assert compiled() == ["question.v"]
    for text in ("", sealed, f"{sealed}\n{printed}\n", f"{'0' * 64}\n{printed}"):
        kept.write_text(text)
        assert verdict("twice 0 = 0")
        assert compiled() == ["question.v"]
    assert kept.read_text() == f"{sealed}\n{printed}"
    assert verdict("twice 0 = 0")
    assert compiled() == []
    (store.folder() / "key").write_bytes(b"of another folder")
    assert verdict("twice 0 = 0")
    assert compiled() == ["above.v", "below.v", "question.v"]


def test_a_compiled_file_that_was_put_there_by_hand_is_built_again(logging, monkeypatch):
    """That of another text, in which twice_zero says 0 = 1, in the place of ours; with our seal, and with its own."""
    prover, compiled = logging
    assert answer("twice_zero", "twice 0 = 0", prover=prover).proved
    ours = built("above.v", MADE_UP, prover)[-1]
    false = MADE_UP | {"above.v": ABOVE.replace("twice 0 = 0. Proof. reflexivity", "0 = 1. Proof. apply Falsum")}
    false["below.v"] = BELOW + "Axiom Falsum : 0 = 1.\n"
    theirs = built("above.v", false, prover)[-1]
    for files in (["above.vo"], ["above.vo", building.SEAL]):
        compiled()
        monkeypatch.setattr(asking, "_ANSWERED", {})
        for name in files:
            shutil.copy(theirs / name, ours / name)
        assert answer("twice_zero", "twice 0 = 0", prover=prover).proved
        assert compiled() == ["above.v", "question.v"]


AT_ONCE = """
import sys
from claims.formal.asking import Question, answers
from claims.formal.coq import Coq
sources = eval(sys.stdin.read())
questions = [Question("twice_zero", "twice 0 = 0"), Question("successor", "forall n, S n = n + 1")]
assert all(each.proved for each in answers("above.v", questions, sources, Coq(*sys.argv[1:])).values())
"""


def test_processes_do_not_build_the_same_file_twice(logging):
    """Four at once, on an empty cache; each gets its answers."""
    prover, compiled = logging
    command = [sys.executable, "-c", AT_ONCE, prover.compiler, prover.version, prover.digest]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT.parent), *sys.path[1:]])}
    codes = []

    def process():
        run = subprocess.run(command, input=repr(MADE_UP), text=True, env=environment, check=False, timeout=120)
        codes.append(run.returncode)

    threads = [threading.Thread(target=process) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert codes == [0] * 4
    assert compiled() == ["above.v", "below.v", "question.v"]


def test_a_build_that_is_interrupted_leaves_nothing(fresh, monkeypatch):
    """Neither a file that looks built nor one that is in the way."""

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    real, prover = Coq.run, a_prover()
    monkeypatch.setattr(Coq, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        built("below.v", MADE_UP, prover)
    monkeypatch.setattr(Coq, "run", real)
    assert {each.suffix for each in (fresh / "cache").iterdir()} <= {".lock"}
    assert len(built("above.v", MADE_UP, a_prover())) == 2


# Where there is no prover.


def fake(directory, version="8.16.1", *, parts=coq.PARTS, code=0):
    """A coqc that tells a version and a folder of libraries, and compiles nothing."""
    libraries = directory / "lib" / "user-contrib"
    for part in parts:
        (libraries / part).parent.mkdir(parents=True, exist_ok=True)
        (libraries / part).write_text("compiled")
    script = directory / "coqc"
    answers = f"--print-version) echo '{version} 4.14.1';; -where) echo {directory / 'lib'};; *) exit {code};;"
    script.write_text(f'#!/bin/sh\ncase "$1" in {answers} esac\n')
    script.chmod(stat.S_IRWXU)


def found_on(monkeypatch, directory):
    """The prover, where the PATH is one folder."""
    monkeypatch.setenv("PATH", f"{directory}:/bin:/usr/sbin")
    monkeypatch.setattr("shutil.which", lambda name: str(directory / name) if (directory / name).is_file() else None)
    return prover.__wrapped__()


def test_a_missing_or_an_unsupported_prover_is_told_with_the_line_that_installs_one(fresh, monkeypatch):
    """None; older, newer; without MathComp's algebra or analysis; MathComp 2. One of the right kind is taken."""

    def complaint(name, **options):
        (fresh / name).mkdir()
        if options:
            fake(fresh / name, **options)
        with pytest.raises(MissingProverError, match=r"apt-get install .* libcoq-mathcomp-analysis .* opam") as raised:
            found_on(monkeypatch, fresh / name)
        return str(raised.value)

    assert complaint("none").startswith("Coq is not installed")
    assert complaint("new", version="8.20.1").startswith("Coq is version 8.20.1; expected 8.16 with MathComp 1.15")
    assert complaint("long", version="8.160").startswith("Coq is version 8.160; expected 8.16 with")
    assert "Coq does not answer: " in complaint("silent", version="' >/dev/null; : '")
    assert "Coq does not answer: " in complaint("broken", version="'; exit 3; : '")
    assert "has no mathcomp/algebra/all_algebra.vo" in complaint("bare", parts=())
    assert "has no mathcomp/analysis/trigo.vo" in complaint("half", parts=list(coq.PARTS)[:2])
    assert "is not version 1; expected 1.15" in complaint("two", code=1)
    (fresh / "good").mkdir()
    fake(fresh / "good")
    first = found_on(monkeypatch, fresh / "good")
    (fresh / "good" / "lib" / "user-contrib" / next(iter(coq.PARTS))).write_text("compiled anew")
    second = found_on(monkeypatch, fresh / "good")
    assert first.version == second.version == "8.16.1"
    assert first.digest != second.digest


ABSENT = ("CI", "DLC_FORMAL")


def run(directory, *arguments, **variables):
    """pytest in a process of its own."""
    environment = {
        name: value for name, value in os.environ.items() if not (name.startswith("PYTEST") or name in ABSENT)
    }
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path[1:]), "NO_COLOR": "1"} | variables
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def formal_tally(path):
    content = json.loads(path.read_text("utf-8"))
    Draft202012Validator(json.loads((ROOT / "suite" / "evidence.schema.json").read_text("utf-8"))).validate(content)
    (found,) = content["claims"]
    return {name: found["evidence"]["formal"][name] for name in ("checks", "failed", "not_checked")}


@pytest.mark.parametrize("processes", [(), ("-n2",)])
def test_without_a_prover_a_proof_neither_passes_nor_fails(tmp_path, processes):
    """Exit code 0, a cell and a line that say so, and the JSON; the claim is not verified."""
    result = run(tmp_path, "-q", *processes, "--claims-json=out.json", CHECKED, PATH=str(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
    said = " ".join(result.stdout.split())
    assert re.search(r"DL-002 Layers stay balanced .* theorem not here - - - - - ", said)
    assert "verified: 0 claims of 1, by 0 checks" in said
    assert (
        f"neither passed nor failed: {PROOFS} formal proofs of DL-002, not checked here: Coq is not installed;" in said
    )
    assert f"to install it: {coq.INSTALL}" in said
    assert formal_tally(tmp_path / "out.json") == {"checks": PROOFS, "failed": 0, "not_checked": PROOFS}
    assert f"{PROOFS} skipped" in said


def test_under_ci_a_missing_prover_is_a_failure(tmp_path):
    """Where nobody would read that nothing was checked."""
    result = run(tmp_path, "-q", "--claims-json=out.json", CHECKED, PATH=str(tmp_path), CI="true")
    assert result.returncode == 1
    assert "FAILED DL-002 Layers stay balanced (formal)" in result.stdout
    assert "not checked, where it must be: Coq is not installed\n" in result.stdout
    assert "to install it: apt-get" in result.stdout
    assert formal_tally(tmp_path / "out.json") == {"checks": PROOFS, "failed": PROOFS, "not_checked": 0}


def test_under_ci_it_is_none_where_the_proofs_are_checked_elsewhere(tmp_path):
    """Which the run must be told, and tells."""
    result = run(tmp_path, "-q", "--claims-json=out.json", CHECKED, PATH=str(tmp_path), CI="1", DLC_FORMAL="elsewhere")
    assert result.returncode == 0
    assert f"neither passed nor failed: {PROOFS} formal proofs of DL-002, not checked here: Coq is not" in result.stdout
    assert formal_tally(tmp_path / "out.json") == {"checks": PROOFS, "failed": 0, "not_checked": PROOFS}


def test_with_a_prover_it_is_counted(tmp_path):
    """On two processes, in an empty cache."""
    a_prover()
    result = run(
        tmp_path, "-q", "-n2", "--claims-json=out.json", CHECKED, DLC_FORMAL_CACHE=str(tmp_path / "cache"), CI="true"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert formal_tally(tmp_path / "out.json") == {"checks": PROOFS, "failed": 0, "not_checked": 0}


def test_proved_says_what_the_kernel_does_not_accept(fresh):
    """In one AssertionError, of which the first line names the theorem."""
    a_prover()
    with pytest.raises(AssertionError, match=r"that twice_zero of above\.v proves"):
        suite_proved("twice_zero", "twice 0 = 1")
    suite_proved("twice_zero", "twice 0 = 0")


def suite_proved(theorem, statement):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suite, "shipped", lambda: MADE_UP)
        suite.proved("above.v", theorem, statement)


def test_an_installed_prover_is_not_looked_for_twice(monkeypatch):
    """It is asked for its version once in a process."""
    first = a_prover()
    monkeypatch.setattr("shutil.which", None)
    assert a_prover() is first
