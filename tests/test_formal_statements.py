"""The formal statements of the claims, and the files that prove them: complete, and with nothing up their sleeves."""

import ast
import re
import tempfile
from pathlib import Path

import pytest
from formal import a_prover
from without_hypotheses import conjuncts, hypotheses, unneeded

from claims.book import CLAIMS, claim_paths, evidence_paths
from claims.command_line.claim_files import checks
from claims.formal.asking import Question, answers, malformed
from claims.formal.building import built
from claims.formal.sources import FORMAL, in_order, line_of, opening, sentences, shipped, without_comments
from claims.formal.statements import stated, stated_by
from claims.suite.prover import CLASSICAL

STATED = stated()
NAMES = [f"{each.path.relative_to(CLAIMS)}:{each.line}" for each in STATED]
FILES = sorted(shipped())

FORBIDDEN = {
    r"Admitted|Abort|Abort All": "leaves a proof out",
    r"(Local )?(Axioms?|Parameters?|Conjecture)": "assumes without proof",
    r"(Unset|Set) (Universe|Guard|Positivity)": "takes checks of the kernel away",
    r"(Print|Redirect|Compute|Eval|Check|Search|Locate|About|Show|Time|Fail)": "prints",
    r"(Global |Export )?(Notation|Infix|Reserved Notation|Tactic Notation)": "changes how a statement is read",
    r"(Global |Export )?(Coercion|Canonical|Instance|Existing|Hint|Arguments|Declare|Delimit|Bind)": "changes meanings",
    r"(Global |Export )?(Open|Close) Scope": "changes how a statement is read",
    r"(Load|Add|Declare ML Module|Extraction|Extract|Drop|Cd|Require Export|From \w+ Require Export)": "is no proof",
}
"""What no sentence of a proof's file begins with; after Local all but the first three may stand."""

SECTIONED = re.compile(r"(Variables?|Hypothes[ie]s|Context)\b")
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
    depth = 0
    for sentence in sentences(shipped()[file]):
        depth += bool(re.match(r"(Section|Module)\b", sentence)) - bool(re.match(r"End\b", sentence))
        for pattern, why in FORBIDDEN.items():
            assert not re.match(rf"({pattern})\b", sentence), f"{sentence!r} {why}"
        assert depth or not SECTIONED.match(sentence), f"{sentence!r} is an axiom outside of a section"
        assert not HIDDEN.search(sentence), f"{sentence!r} leaves a proof out"


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


# Their hypotheses.


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("forall n, n = n", {}),
        ("forall n : nat, P n -> Q", {"P n": "forall n : nat,  Q"}),
        ("A -> (B -> C) -> D", {"A": "(B -> C) -> D", "(B -> C)": "A ->  D"}),
        ("let f x := x in A -> forall y, B y -> C", {"A": "let f x := x in forall y, B y -> C", "B y": None}),
        ("forall (d : nat -> nat), [/\\ A, f (a, b) & B] -> C", {"A": None, "f (a, b)": None, "B": None}),
    ],
)
def test_hypotheses_are_found(statement, expected):
    """Those before the statement's own arrows, and the conjuncts of each."""
    found = dict(hypotheses(statement))
    assert {each for each in found if not each.startswith("[/")} == set(expected)
    for text, rest in expected.items():
        assert rest is None or found[text].split() == rest.split()


def test_conjuncts_are_taken_apart():
    """At the commas and the ampersand of their own."""
    assert conjuncts("[/\\ a < b, forall j, p j & q [:: 1; 2]]") == ["a < b", "forall j, p j", "q [:: 1; 2]"]
    assert conjuncts("a /\\ b") == []


def test_no_hypothesis_of_the_law_of_balance_can_be_removed():
    """What tests/without_hypotheses.py does for all statements; and one that is not needed is found."""
    a_prover()
    found = [each for each in STATED if each.file == "balancedness.v"]
    assert sum(len(list(hypotheses(each.question.statement))) for each in found) >= 3
    assert not [text for each in found for text in unneeded(each)]
    source = "Theorem more : forall n : nat, n = n. Proof. reflexivity. Qed.\n"
    question = Question("more", "forall n : nat, n = n")
    assert answers("more.v", [question], {"more.v": source}, a_prover())[question].proved
