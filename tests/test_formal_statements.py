"""The formal statements of the claims, and the files that prove them: complete, and with nothing up their sleeves."""

import ast
import contextlib
import json
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from formal import a_prover
from without_hypotheses import conjuncts, hypotheses, tried, unneeded

from claims.book import CLAIMS, claim_paths, evidence_paths
from claims.command_line.claim_files import checks
from claims.counterexamples.formal import files_asked, written
from claims.counterexamples.formal import stated as stated_counterexample
from claims.counterexamples.formal_terms import UnstatedError
from claims.formal.asking import Question, answers, malformed
from claims.formal.building import built
from claims.formal.sources import FORMAL, in_order, line_of, opening, sentences, shipped, unfit, without_comments
from claims.formal.statements import stated, stated_by
from claims.suite.prover import CLASSICAL

STATED = stated()
NAMES = [f"{each.path.relative_to(CLAIMS)}:{each.line}" for each in STATED]
FILES = sorted(shipped())

ASSUMED = re.compile(r"(Admitted|Axioms?|Parameters?|Conjecture)\b")
"""What leaves a proof out, or assumes without proof. All else that a file must not have is refused as it is asked."""

HIDDEN = re.compile(r"\b(admit|give_up|bypass_check|exact_no_check|change_no_check)\b")


@pytest.mark.parametrize("each", STATED, ids=NAMES)
def test_a_formal_statement_can_be_asked_and_says_what_it_leaves_out(each):
    """One term, about a theorem that is there, in a check that is marked formal."""
    assert malformed(each.question) is None
    assert line_of(each.question.theorem, shipped()[each.file])
    assert set(each.question.axioms) <= set(CLASSICAL)
    assert re.search(r"Leaves\s+out:\s+\S|^A control, proved", each.said), each.said
    (kind,) = (check.kind for check in checks(each.claim) if (check.path, check.name) == (each.path, each.check))
    assert kind == "formal"


def test_every_formal_check_asks():
    """And the statements are read as they are imported."""
    asking = {(each.path, each.check) for each in STATED}
    found = {(check.path, check.name) for claim in claim_paths() for check in checks(claim) if check.kind == "formal"}
    assert asking == found
    assert len(found) >= 3
    assert [each for claim in claim_paths() for each in stated_by(claim)] == list(STATED)


@pytest.mark.parametrize("path", [path for claim in claim_paths() for path in evidence_paths(claim)], ids=str)
def test_every_call_is_read(path):
    """`proved` stands in test functions only, so that no statement is asked that is not read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "proved"]
    assert len(calls) == sum(each.path == path for each in STATED)


def test_a_statement_is_made_once():
    """No theorem is counted twice."""
    questions = [(each.file, " ".join(each.question.statement.split())) for each in STATED]
    assert len(set(questions)) == len(questions)


# The files.


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_nothing_up_its_sleeve(file):
    """By its words; the kernel is asked below."""
    assert unfit(shipped()[file]) is None
    for sentence in sentences(shipped()[file]):
        assert not ASSUMED.match(sentence), f"{sentence!r} assumes"
        assert not HIDDEN.search(sentence), f"{sentence!r} leaves a proof out"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('#[global] Notation "x = y" := (@eq _ x x) : type_scope.', "none of the commands"),
        ('Notation "x = y" := (@eq _ x x) : type_scope.', "none of the commands"),
        ('Lemma a : True. Proof.\n- Notation "x" := y.\nQed.', "none of the commands"),
        ('Local Notation "\'o(*\'" := 0. Notation "x" := y.', "none of the commands"),
        ('(* "*)" *) Coercion hide : nat >-> Sortclass.', "none of the commands"),
        ("Example imbalance : nat. exact 0. Defined.", "none of the commands"),
        ("Unset Guard Checking.", "none of the commands"),
        ("Canonical structure.", "none of the commands"),
        ("Module network.", "none of the commands"),
        ("Record hidden := Hidden { shown :> nat }.", "declares a coercion"),
        ("Let imbalance := 0.", "outside of a section"),
        ("Section A. End A. Variable x : nat.", "outside of a section"),
    ],
)
def test_a_file_that_changes_how_statements_are_read_is_refused(text, why):
    """Before it is compiled, and so by every question; the same text without it is fit."""
    assert why in unfit(text)
    fit = 'Local Notation "x" := y. (* Notation "x" := y. *) Section A. Let x := 1. Lemma y : x = 1. Proof. by []. Qed.'
    assert unfit(fit) is None
    answer = answers(
        "a.v", [Question("t", "True")], {"a.v": f"{text}\nTheorem t : True. Proof. by []. Qed.\n"}, a_prover()
    )
    assert not answer[Question("t", "True")].proved
    assert f"a.v is not compiled: {unfit(text)}" in answer[Question("t", "True")].said


ALSO_ELSEWHERE = {
    *("Sub", "addq", "at_point", "closed", "cycle", "down", "identity", "image", "invariant", "length", "matrix"),
    *("mulq", "near", "next", "number", "plus", "poly", "positive", "subq", "unit", "value"),
}
"""Names that a library has as well. A statement that says one of them and imports our file means ours."""


def test_no_other_name_is_one_of_the_libraries():
    """A definition of ours that was called iter would be read in the place of MathComp's."""
    names = sorted({name for file in FILES for name in defined(file)} - ALSO_ELSEWHERE)
    openings = {tuple(each for each in opening(shipped()[file]) if "DLC" not in each) for file in FILES}
    assert len(openings) > 1
    for lines in openings:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "names.v"
            text = "".join(f"{line}.\n" for line in lines) + "".join(f"Fail Check @{name}.\n" for name in names)
            file.write_text(text, encoding="utf-8")
            run = a_prover().run(file, [])
        assert run.returncode == 0, run.stderr
    assert len(names) > 500


@pytest.mark.parametrize("file", FILES)
def test_a_file_reads_as_a_page(file):
    """It opens with a comment, its lines are short, and what it imports is there."""
    text = shipped()[file]
    assert text.startswith("(* ")
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 120
    assert in_order(file, shipped())[-1] == file


def test_the_folder_holds_proofs_and_how_to_read_them():
    """Nothing that was compiled is shipped; an editor finds the files as Coq does here."""
    assert (FORMAL / "_CoqProject").read_text("utf-8").splitlines()[0] == "-Q . DLC"
    assert set(FILES) == {path.name for path in FORMAL.iterdir() if path.suffix == ".v"}


@pytest.mark.parametrize("classical", [False, True])
def test_the_kernel_knows_of_no_axiom_but_the_classical_ones(classical):
    """Of every theorem and lemma, stated in a claim or not; of files without real analysis it knows of none at all."""
    chosen = [
        file for file in FILES if any("analysis" in each or "reals" in each for each in all_openings(file)) == classical
    ]
    coq = a_prover()
    folders = {folder: None for file in chosen for folder in built(file, shipped(), coq)}
    theorems = [
        f"@DLC.{file.removesuffix('.v')}.{name}"
        for file in chosen
        for name in re.findall(r"^\s*(?:Theorem|Lemma)\s+([\w']+)", without_comments(shipped()[file]), re.MULTILINE)
    ]
    assert len(theorems) > (1 if classical else 100)
    lines = [f"From DLC Require {' '.join(file.removesuffix('.v') for file in chosen)}."]
    lines += ["Definition all :=", *(f"  let _ := {theorem} in" for theorem in theorems), "  tt."]
    with tempfile.TemporaryDirectory() as scratch:
        question = Path(scratch) / "question.v"
        question.write_text("\n".join([*lines, 'Redirect "all" Print Assumptions all.']), encoding="utf-8")
        run = coq.run(question, list(folders))
        assert run.returncode == 0, run.stderr
        printed = (Path(scratch) / "all.out").read_text("utf-8").strip()
    if not classical:
        assert printed == "Closed under the global context"
        return
    assert printed.startswith("Axioms:\n")
    axioms = re.findall(r"^(\S+)(?: :|$)", printed.partition("\n")[2], re.MULTILINE)
    assert {axiom.rpartition(".")[2] for axiom in axioms} == {axiom.rpartition(".")[2] for axiom in CLASSICAL}


def all_openings(file):
    """How a file and all that it rests on open."""
    return [sentence for name in in_order(file, shipped()) for sentence in opening(shipped()[name])]


# What is there is asked.

DEFINED = re.compile(
    r"^\s*(?:Local\s+)?(?:Theorem|Lemma|Corollary|Proposition|Fact|Remark|Definition|Fixpoint|Inductive|Record)\s+([\w']+)",
    re.MULTILINE,
)


def defined(file):
    """The names that a file gives to theorems and definitions."""
    return DEFINED.findall(without_comments(shipped()[file]))


ENTRIES = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted((CLAIMS / "counterexamples").glob("DLX-*.json"))
]


def counterexamples_written():
    """What Coq reads of all counterexamples that are theorems."""
    theorems = []
    for entry in ENTRIES:
        with contextlib.suppress(UnstatedError):
            theorems.append(stated_counterexample(entry))
    assert len(theorems) > 25
    return written(theorems)


@pytest.mark.parametrize("file", FILES)
def test_a_file_named_like_a_claim_is_asked_by_it(file):
    """And every other one is below such a file, or is asked: none is left over."""
    opening = [path for path in claim_paths() if Path(file).stem in (path.stem, path.parent.name)]
    named = [path for path in opening if path.stem in (Path(file).stem, "__init__")]
    asking = [each.claim for each in STATED if each.file == file]
    assert not named or set(named) & set(asking)
    needed = any(file in in_order(each, shipped()) for each in {each.file for each in STATED})
    assert needed or file in files_asked(ENTRIES)  # by a counterexample


def test_every_theorem_is_asked_or_used():
    """By a claim, by another theorem, or by the proof of a counterexample, which a program writes."""
    programs = (path.read_text(encoding="utf-8") for path in (CLAIMS / "counterexamples").glob("*.py"))
    texts = [*map(without_comments, shipped().values()), *programs]
    used = Counter(re.findall(r"[A-Za-z_][\w']*", " ".join(texts)))
    asked = {each.question.theorem.rpartition(".")[2] for each in STATED}
    asked.update(name for each in STATED for name in re.findall(r"[A-Za-z_][\w']*", each.question.statement))
    asked.update(re.findall(r"[A-Za-z_][\w']*", counterexamples_written()))
    left_over = [(file, name) for file in FILES for name in defined(file) if used[name] == 1 and name not in asked]
    assert left_over == []
    assert sum(len(defined(file)) for file in FILES) > 200


@pytest.mark.parametrize("file", FILES)
def test_a_file_gives_no_name_another_meaning(file):
    """Neither its own nor one of a file below it, network.v above all: a statement says the same in all of them."""
    below = [name for each in in_order(file, shipped())[:-1] for name in defined(each)]
    names = [*below, *defined(file)]
    assert not [name for name in defined(file) if names.count(name) > 1]


# Their hypotheses.


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("forall n, n = n", {}),
        ("forall n : nat, P n -> Q", {"P n": "forall n : nat, Q"}),
        ("forall d : nat -> nat, P d -> Q", {"P d": "forall d : nat -> nat, Q"}),
        ("A -> (B -> C) -> D", {"A": "(B -> C) -> D", "(B -> C)": "A -> D"}),
        ("let f x := x in A -> forall y, B y -> C", {"A": "let f x := x in forall y, B y -> C", "B y": None}),
        ("v \\in s -> A <-> B -> C", {"v \\in s": "A <-> B -> C", "A <-> B": None}),
        ("exists x, forall y, A y -> B", {"A y": "exists x, forall y, B"}),
        ("A -> [/\\ B, forall j, C j -> D & E]", {"A": None, "C j": "A -> [/\\ B, forall j, D & E]"}),
        ("A -> (forall j, C j -> D)", {"A": None, "C j": "A -> (forall j, D)"}),
        (
            "forall (d : nat -> nat), [/\\ A, f (a, b) & B] -> C",
            {"[/\\ A, f (a, b) & B]": None, "A": None, "f (a, b)": None, "B": None},
        ),
        ("A /\\ B -> C", {"A /\\ B": "C", "A": "((B)) -> C", "B": "((A)) -> C"}),
        ("(A /\\ B) -> C", {"(A /\\ B)": "C", "A": None, "B": None}),
        ("[&& a, b & c] -> C", {"[&& a, b & c]": "C", "a": "((b) && (c)) -> C", "b": None, "c": None}),
    ],
)
def test_hypotheses_are_found(statement, expected):
    """Those before the statement's own arrows and its conclusion's, and the conjuncts of each."""
    found = dict(hypotheses(statement))
    assert set(found) == set(expected)
    for text, rest in expected.items():
        assert rest is None or found[text].split() == rest.split()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[/\\ a < b, forall j, p j & q [:: 1; 2]]", ["a < b", "forall j, p j", "q [:: 1; 2]"]),
        ("[&& a && b, c & d]", ["a && b", "c", "d"]),
        ("a /\\ b", ["a", "b"]),
        ("forall x, a x /\\ b", []),
        ("a", []),
        ("[:: a; b]", []),
    ],
)
def test_conjuncts_are_taken_apart(text, parts):
    """At the signs of their own."""
    assert [text[first:last].strip() for first, last in conjuncts(text)] == parts


LESS = """From mathcomp Require Import all_ssreflect all_algebra.
Import Order.TTheory.
Theorem less : forall m n : nat, m <= n -> m < n -> m < n.+1. Proof. by move=> m n *; apply: ltnW. Qed.
Theorem same : forall P Q : Prop, Q -> P -> P. Proof. by []. Qed.
"""


def test_a_hypothesis_that_is_not_needed_is_found():
    """One that follows from another; a removal that leaves no statement behind is told, and hides no other."""
    sources = {"less.v": LESS}
    asked = [("less", "forall m n : nat, m <= n -> m < n -> m < n.+1"), ("same", "forall P Q : Prop, Q -> P -> P")]
    number, wrong = unneeded("less.v", asked, sources, a_prover())
    assert number == 4
    assert {(theorem, text) for theorem, text, _ in wrong} == {("less", "m <= n"), ("same", "Q")}
    assert tried("less.v", [("less", "3 +"), ("less", asked[0][1])], sources, a_prover())[1] == "proved"
    assert "cannot be stated: " in tried("less.v", [("less", "3 +"), ("less", asked[0][1])], sources, a_prover())[0]


def test_no_hypothesis_of_the_law_of_balance_can_be_removed():
    """What tests/without_hypotheses.py does for all statements."""
    found = [(each.question.theorem, each.question.statement) for each in STATED if each.file == "balancedness.v"]
    number, wrong = unneeded("balancedness.v", found, shipped(), a_prover())
    assert number >= 3
    assert not wrong
