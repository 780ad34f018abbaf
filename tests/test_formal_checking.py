"""Coq's second checker on compiled proofs: what is read of it, and what must not be there."""

import pytest
from formal import a_prover

from claims.formal import building, checking, coq
from claims.formal.building import UnprovedError
from claims.formal.checking import Report, checked, report
from claims.formal.coq import MissingProverError, demanded

PRINTED = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative
  
* Axioms:
    mathcomp.classical.boolp.propositional_extensionality
    Coq.Floats.PrimFloat.add
  
* Constants/Inductives relying on type-in-type: <none>
  
* Constants/Inductives relying on unsafe (co)fixpoints: <none>
  
* Inductives whose positivity is assumed: <none>
  
"""  # noqa: W293

GOOD = "Theorem one : 1 = 1. Proof. reflexivity. Qed.\n"
ASSUMING = "Axiom anything : forall P : Prop, P.\nTheorem one : 1 = 2. Proof. apply anything. Qed.\n"
UNGUARDED = "Unset Guard Checking.\nFixpoint loop (n : nat) : False := loop n.\n"
"""Each accepted by coqc."""


def test_a_summary_is_read():
    """Axioms by their full names; what else was assumed, if anything."""
    known = ("Coq.Floats.PrimFloat.add", "mathcomp.classical.boolp.propositional_extensionality")
    assert report(PRINTED) == Report(known, ())
    assert report(PRINTED).unexpected(libraries=True) == []
    impredicative = report(PRINTED.replace("Set is predicative", "Set is impredicative"))
    assert impredicative.unexpected(libraries=False) == ["Theory: Set is impredicative"]
    unsafe = report(PRINTED.replace("fixpoints: <none>", "fixpoints:\n    DLC.a.loop"))
    (complaint,) = unsafe.unexpected(libraries=False)
    assert complaint.endswith("unsafe (co)fixpoints: DLC.a.loop")


@pytest.mark.parametrize("printed", ["", "Modules were successfully checked", PRINTED.replace("* Axioms", "* Others")])
def test_what_is_no_summary_is_refused(printed):
    """Rather than read as one without axioms."""
    with pytest.raises(ValueError, match="expected Theory, Axioms"):
        report(printed)


def test_axioms_that_nobody_knows_are_unexpected():
    """Ours always; those of libraries where these were checked, as modules that hide something are listed otherwise."""
    found = Report(("Coq.Logic.Classical_Prop.classic", "DLC.a.anything", "Other.choice"), ())
    assert found.unexpected(libraries=False) == ["DLC.a.anything"]
    assert found.unexpected(libraries=True) == ["DLC.a.anything", "Other.choice"]


def test_it_is_run_on_what_is_compiled(tmp_path, monkeypatch):
    """A good file passes; an axiom and an unguarded recursion are told though coqc accepts them; the latter, which is
    not compiled by its words, were it compiled."""
    sources = {"good.v": GOOD, "assuming.v": "From DLC Require Import good.\n" + ASSUMING, "unguarded.v": UNGUARDED}
    monkeypatch.setenv("DLC_FORMAL_CACHE", str(tmp_path))
    prover = a_prover()
    assert checked(["good.v"], sources, prover).unexpected(libraries=False) == []
    assert checked(["assuming.v"], sources, prover).unexpected(libraries=False) == ["DLC.assuming.anything"]
    with pytest.raises(UnprovedError, match="'Unset Guard Checking' is none of the commands"):
        checked(["unguarded.v"], sources, prover)
    with monkeypatch.context() as patch:
        patch.setattr(building, "unfit", lambda text: None)
        (complaint,) = checked(["unguarded.v"], sources, prover).unexpected(libraries=False)
    assert "DLC.unguarded.loop" in complaint
    with pytest.raises(UnprovedError, match=r"does not accept wrong\.v"):
        checked(["wrong.v"], {"wrong.v": GOOD.replace("1 = 1", "1 = 2")}, prover)


def test_the_command_ends_with_one_where_something_is_wrong(monkeypatch, capsys):
    """An axiom of ours; no prover."""
    monkeypatch.setattr(checking, "prover", lambda: None)
    monkeypatch.setattr(checking, "checked", lambda *_, libraries: Report(("DLC.a.anything",), ()))
    assert checking.main([]) == 1
    assert "what must not be there: DLC.a.anything" in capsys.readouterr().err
    monkeypatch.setattr(checking, "checked", lambda *_, libraries: Report((), ()))
    assert checking.main(["--libraries"]) == 0
    assert "no axiom of ours" in capsys.readouterr().out

    def none():
        raise MissingProverError("Coq is not installed")

    monkeypatch.setattr(checking, "prover", none)
    assert checking.main([]) == 1
    monkeypatch.setattr(coq, "prover", none)
    assert coq.main() == 1
    assert capsys.readouterr().err == f"Coq is not installed; {coq.HOW}\n" * 2


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"CI": ""}, False),
        ({"CI": "true", "DLC_FORMAL": "elsewhere"}, False),
        ({"DLC_FORMAL": "required"}, True),
        ({"CI": "true", "DLC_FORMAL": "anything else"}, True),
    ],
)
def test_where_a_prover_is_demanded(monkeypatch, variables, expected):
    """Under CI, unless the proofs are checked elsewhere; and where one asks for it."""
    for name in ("CI", "DLC_FORMAL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert demanded() is expected
