"""A second, independent confirmation of invariant sets by the SMT solver Z3 (the extra ``smt``).

For each obligation it is asked for a point where the polynomials of the set are >= 0 and the conclusion is not. Z3 is
given neither the sums of products of the certificate nor anything of SymPy but the expanded polynomials.
"""

from __future__ import annotations

from typing import Any

import sympy

from claims.counterexamples.catalogue import Counterexample
from claims.counterexamples.invariants import obligations


def confirm(entry: Counterexample, *, milliseconds: int = 5000) -> dict[str, str]:
    """What Z3 says of each obligation of an invariant set: "proved", "refuted", or "unknown" (in the time given).

    Raises ModuleNotFoundError without Z3, ValueError for a certificate of another kind.
    """
    import z3

    if entry.kind != "invariant":
        raise ValueError(f"{entry.uid} has a certificate of the kind {entry.kind}; expected invariant")
    answers = {"unsat": "proved", "sat": "refuted", "unknown": "unknown"}
    found = {}
    for name, (value, given) in obligations(entry).items():
        solver = z3.Solver()
        solver.set("timeout", milliseconds)
        solver.add(*(_polynomial(one) >= 0 for one in given), _polynomial(value) < 0)
        found[name] = answers[str(solver.check())]
    return found


def _polynomial(expression: Any) -> Any:
    """A SymPy polynomial over the rationals, in Z3's reals."""
    import z3

    names = sorted(symbol.name for symbol in expression.free_symbols)
    total = z3.RealVal(0)
    for powers, coefficient in sympy.Poly(expression, *map(sympy.Symbol, names or ["unused"])).terms():
        term = z3.RealVal(str(coefficient))
        for name, power in zip(names or ["unused"], powers, strict=True):
            for _ in range(power):
                term = term * z3.Real(name)
        total = total + term
    return total
