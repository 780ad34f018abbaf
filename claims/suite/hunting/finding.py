"""A finding as the content of a counterexample file with the uid DLX-000."""

from __future__ import annotations

from datetime import date
from typing import Any

from flint import ctx, fmpq

from claims.counterexamples.catalogue import SCHEMA, digest
from claims.counterexamples.shapes import LICENSE
from claims.suite.hunting.conjecture import Conjecture, Refutation
from claims.suite.hunting.names import UNASSIGNED
from solvers import Problem, deficiency_margin, end_to_end, frobenius_squared, imbalances
from solvers.arithmetic import lower_float, rational


def entry(
    conjecture: Conjecture, problem: Problem, refutation: Refutation, *, among: str, seed: int | str
) -> dict[str, Any]:
    """What the file holds: the exact problem, and either why it stands still for all time or the facts that refute.

    ``among`` says what problems the conjecture was asked of.
    """
    posed = problem.exact()
    statement = f"For {among}: {conjecture.statement}"
    content = {
        "schema": SCHEMA,
        "uid": UNASSIGNED,
        "title": f"Refuted: {conjecture.statement:.100}",
        "refutes": {"claim": "", "statement": statement, "hypothesis": "", "change": "", "source": ""},
        "widths": list(posed.dimensions),
        "weights": [_texts(matrix) for matrix in posed.weights],
        "target": _texts(posed.target),
        "learning_rate": str(posed.learning_rate),
        "certificate": {"start": _start(posed)} | _certificate(refutation),
        "discoverer": f"python -m claims hunt, seed {seed}",
        "date": date.today().isoformat(),
        "license": LICENSE,
    }
    return content | {"sha256": digest(content)}


def uncertified(refutation: Refutation) -> str | None:
    """Why there is nothing that ``check.py`` could verify; None where there is something."""
    if refutation.standstill is not None or refutation.facts:
        return None
    return "not certified: the conjecture was found false without comparing any numbers of the run"


def _certificate(refutation: Refutation) -> dict[str, Any]:
    still = refutation.standstill
    if still is None:
        facts = "; ".join(fact.text for fact in refutation.facts)
        return {"kind": "finite", "steps": refutation.steps, "violates": facts, "exponent": ""}
    held = {"mode": [], "steps": still.steps, "loss": str(still.loss)}
    return {"kind": "cycle", "period": still.period} | held if still.period else {"kind": "stationary"} | held


def _start(posed: Problem) -> dict[str, str]:
    """Margin, squared imbalance and loss at step 0."""
    residual = frobenius_squared(end_to_end(posed.weights) - posed.target)
    squares = [frobenius_squared(b) for b in imbalances(posed.weights)]
    return {
        "margin": _margin(posed),
        "imbalance_squared": str(max(squares, default=fmpq(0))),
        "loss": str(residual / 2),
    }


def _margin(posed: Problem) -> str:
    """Exactly, where it is rational; else a rational below it, or that it is negative."""
    with ctx.workprec(256):
        margin = deficiency_margin(posed.weights, posed.target)
        if isinstance(margin, fmpq):
            return str(margin)
        return "negative" if margin < 0 else f"at least {rational(max(0.0, lower_float(margin)))}"


def _texts(matrix: Any) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in matrix]
