"""The full check of a counterexample with the project's own solvers, python-flint, SymPy and balls.

It decides all that ``check.py`` decides, with none of its code: the start and its hypotheses by the formulas that the
claims themselves use; steps, gradients and Hessians by ``solvers``; an invariant's obligations by SymPy, on symbolic
layers moved by the solvers' own step; the work of the end-to-end field by differentiating it.
"""

from __future__ import annotations

import numpy as np
import sympy
from flint import arb, fmpq

from claims.counterexamples import certificates
from claims.counterexamples.catalogue import Counterexample, Entry, exact_matrix, exact_number
from claims.counterexamples.facts import all_hold
from claims.counterexamples.invariants import ETA, shown_invariant
from claims.counterexamples.landscape_files import LandscapeCounterexample
from claims.counterexamples.rationals import SPENT
from claims.counterexamples.shallow_files import ShallowCounterexample
from claims.counterexamples.trajectories import (
    after,
    along_the_mode,
    any_rate,
    as_sympy,
    posed,
    require,
    symbolic,
)
from claims.counterexamples.verify_landscapes import verify_landscape
from claims.counterexamples.verify_shallow import verify_shallow
from solvers import (
    Problem,
    arithmetic,
    deficiency_margin,
    end_to_end,
    frobenius_squared,
    gradient_step,
    hessian,
    imbalances,
    inertia,
    layer_gradients,
    loss,
)
from solvers.arithmetic import Comparison, Scalar, settle, square_root
from solvers.arithmetic.verdict import Relation
from solvers.guarantees import sharper_constants, theorem_one


def verify(entry: Entry) -> str:
    """What the entry shows, in words; ValueError with a reason where it does not show it."""
    if isinstance(entry, LandscapeCounterexample):
        return verify_landscape(entry)
    if isinstance(entry, ShallowCounterexample):
        return verify_shallow(entry)
    problem = posed(entry)
    margin = _start(entry, problem)
    shown = KINDS[entry.kind](entry, problem)
    _refuted(entry, problem, margin)
    return shown


def _holds(left: Scalar, relation: Relation, right: Scalar, sentence: str) -> bool:
    return settle(lambda: Comparison(left, relation, right, sentence)).holds


def _same(found: object, said: str, what: str) -> None:
    require(found == exact_number(said), f"{what} is {found}, not {said}")


# The start, and what of the theorem holds there


def _imbalance_squared(problem: Problem) -> fmpq:
    return max((frobenius_squared(b) for b in imbalances(problem.weights)), default=fmpq(0))


def _start(entry: Counterexample, problem: Problem) -> fmpq | None:
    """c, or None where the margin is negative."""
    said = entry.certificate["start"]
    _same(loss(problem.weights, problem.target), said["loss"], "the loss at the start")
    _same(_imbalance_squared(problem), said["imbalance_squared"], "the squared imbalance at the start")
    relation: Relation = ">=" if said["margin"].startswith("at least ") else "=="
    if said["margin"] == "negative":
        relation, c = "<", fmpq(0)
    else:
        c = exact_number(said["margin"].removeprefix("at least "))
    verdict = settle(
        lambda: Comparison(deficiency_margin(problem.weights, problem.target), relation, c, "margin at the start")
    )
    require(verdict.holds, f"{verdict}")
    return None if said["margin"] == "negative" else c


def _limits(claim: str, problem: Problem, margin: fmpq) -> tuple[Scalar, Scalar]:
    """delta and the largest learning rate, by the formulas that the claims use."""
    theorems = {"DL-004": theorem_one, "DL-013": sharper_constants}
    require(claim in theorems, f"{claim} has no limits of imbalance and learning rate; expected DL-004 or DL-013")
    arguments = (problem.depth, margin, square_root(frobenius_squared(problem.target)))
    return theorems[claim].imbalance_limit(*arguments), theorems[claim].learning_rate_limit(*arguments)


def _refuted(entry: Counterexample, problem: Problem, margin: fmpq | None) -> None:
    """The named hypothesis fails, by no more than the change, and the others hold; or the claim is the one that the
    certificate's statement would strengthen."""
    refutes, said = entry.refutes, entry.certificate
    claim, name, change = refutes["claim"], refutes["hypothesis"], refutes["change"]
    statement = said.get("violates", said.get("of", entry.kind))
    if not name:
        require(STRONGER.get(statement, "") == claim, f"{statement} does not bear on {claim or 'a conjecture'}")
        return
    require(statement not in STRONGER, f"{statement} refutes no theorem without one of its hypotheses")
    every = any_rate(entry)
    if name in ("margin", "width"):
        require(claim in ("DL-004", "DL-013"), f"{claim} is no theorem with a margin")
        require(
            every and _imbalance_squared(problem) == 0, "without a margin: expected every learning rate, and balance"
        )
        require((margin is None or margin < 0) if change == "dropped" else margin == 0, f"the margin is not {change}")
        ends = min(entry.widths[0], entry.widths[-1])
        missing = ends - min(*entry.widths, ends)
        require(missing == (name == "width") == ("one less" in change), f"the narrowest layer lacks {missing} units")
        return
    require(margin is not None and margin > 0, "expected a positive margin")
    delta, rate = _limits(claim, problem, margin or fmpq(0))
    values = {
        "balance": (square_root(_imbalance_squared(problem)), delta),
        "learning rate": (problem.learning_rate, rate),
    }
    for key, (value, limit) in values.items():
        require(
            _holds(value, ">" if key == name else "<=", limit, key), f"{key} against its limit is not as it should be"
        )
    if change != "dropped":
        value, limit = values[name]
        require(
            _holds(value, "<=", limit * exact_number(change.removeprefix("x ")), name), f"{name} is beyond {change}"
        )


STRONGER = {
    "rank": "DL-020",
    "loss": "DL-007",
    "curl": "DL-027",
    "loss rises": "DL-003",
    "balance is lost": "DL-002",
    "imbalance beyond 2 delta": "DL-002",
    "weights beyond eta C^(2N-1)": "DL-018",
}
"""A false statement without a hypothesis to name, and the claim that it would strengthen."""


# The certificates


def _stationary(entry: Counterexample, problem: Problem) -> str:
    said, net = entry.certificate, along_the_mode(entry, problem)
    require(said["steps"] == 0 or not any_rate(entry), "steps need a learning rate")
    there = after(net, said["steps"])
    gradients = layer_gradients(there.weights, there.target)
    require(all(frobenius_squared(d) == 0 for d in gradients), "a gradient is not 0")
    _lasting(loss(there.weights, there.target), said["loss"])
    return f"critical after {said['steps']} steps, with a loss of {said['loss']}"


def _lasting(found: fmpq, said: str) -> None:
    _same(found, said, "the least loss")
    require(found > 0, "the least loss is 0")


def _equal(one: Problem, other: Problem) -> bool:
    return all(bool((a == b).all()) for a, b in zip(one.weights, other.weights, strict=True))


def _cycle(entry: Counterexample, problem: Problem) -> str:
    said = entry.certificate
    require(not any_rate(entry), "a cycle needs a learning rate")
    first = after(along_the_mode(entry, problem), said["steps"])
    orbit = [first]
    for _ in range(said["period"]):
        orbit.append(orbit[-1].step())
    require([_equal(first, later) for later in orbit[1:]] == [False] * (said["period"] - 1) + [True], "no such period")
    _lasting(min(loss(each.weights, each.target) for each in orbit), said["loss"])
    return f"recurs with period {said['period']}, with a loss of at least {said['loss']}"


def _structure(entry: Counterexample, problem: Problem) -> str:
    net = along_the_mode(entry, problem)
    values, target, depth = {str(w[0, 0]) for w in net.weights}, net.target[0, 0], net.depth
    of_width_one = all(w.shape == (1, 1) for w in net.weights)
    require(of_width_one and len(values) == 1 and target < 0, "not of this structure")
    w, wanted = sympy.Symbol("w", real=True), as_sympy(target)
    moved = gradient_step((sympy.Matrix([[w]]),) * depth, sympy.Matrix([[wanted]]), ETA)
    excess = (w**depth - wanted) ** 2 - wanted**2 - w**depth * (w**depth - 2 * wanted)
    stays = all(sympy.expand(matrix[0] - moved[0][0]) == 0 for matrix in moved) and sympy.expand(excess) == 0
    require(stays and bool((w**depth).is_nonnegative), "equal weights do not stay above the target")
    _lasting(target**2 / 2, entry.certificate["loss"])
    return f"equal layers of even depth on the wrong side of the target: a loss of at least {entry.certificate['loss']}"


def _rank(entry: Counterexample, problem: Problem) -> str:
    tail = min(entry.widths[0], entry.widths[-1]) - min(entry.widths[1:-1], default=16)
    least = exact_number(entry.certificate["loss"])
    require(tail > 0 and least > 0, "no hidden layer is a bottleneck, or no loss is left")
    target = problem.target if problem.target.shape[0] <= problem.target.shape[1] else problem.target.T
    shifted = target @ target.T - 2 * least / tail * arithmetic.exact(np.eye(len(target)))
    _, negative, zero = inertia(shifted)
    require(negative == 0 < zero, "sigma_min(Phi)^2 is not the loss's share")
    return f"through the bottleneck every weight has a loss of at least {entry.certificate['loss']}"


def _identity(entry: Counterexample, problem: Problem) -> str:
    said = entry.certificate
    require(entry.learning_rate == "every", "no learning rate matters here; expected every")
    if said["of"] == "curl":
        return _curl(entry, problem)
    gradients = layer_gradients(problem.weights, problem.target)
    require(all(frobenius_squared(d) == 0 for d in gradients), "it is no critical point")
    require(not hessian(problem.weights, problem.target).any(), "the Hessian is not 0")
    direction = [exact_matrix(rows) for rows in said["direction"]]
    there = [v if not w.any() else 0 * w for w, v in zip(problem.weights, direction, strict=True)]
    t = sympy.Symbol("t")
    line = tuple(symbolic(w) + t * symbolic(v) for w, v in zip(problem.weights, there, strict=True))
    along = sympy.Poly(
        sympy.expand(loss(line, symbolic(problem.target)) - as_sympy(loss(problem.weights, problem.target))), t
    )
    lowest = along.coeffs()[-1]
    require(
        lowest == -as_sympy(exact_number(said["value"])) and lowest < 0, f"along the line the loss changes by {along}"
    )
    return f"no first or second derivative, yet the loss falls by {said['value']} t^{min(along.monoms())[0]}"


def _curl(entry: Counterexample, problem: Problem) -> str:
    """The field of ACH18, Claim 2, is what the layers' gradients give at W; then it is differentiated."""
    w, n = end_to_end(problem.weights), problem.depth
    require(w.shape == (1, 2), "expected two inputs and one output")
    x, y = sympy.symbols("x y", real=True)
    point, norm = {x: as_sympy(w[0, 0]), y: as_sympy(w[0, 1])}, sympy.sqrt(x**2 + y**2)
    at = sympy.Matrix([[x, y]])
    g = at - symbolic(problem.target)
    power = sympy.Rational(2 * (n - 1), n)
    field = norm**power * (g + (n - 1) * (g * at.T)[0] / norm**2 * at)
    gradients = layer_gradients(problem.weights, problem.target)
    layers = [[*problem.weights[:j], d, *problem.weights[j + 1 :]] for j, d in enumerate(gradients)]
    velocity = sum((end_to_end(each) for each in layers[1:]), start=end_to_end(layers[0]))
    require(
        sympy.simplify(field.subs(point) - symbolic(velocity)) == sympy.zeros(1, 2),
        "the field is another at W, as without balance",
    )
    curl = sympy.simplify((sympy.diff(field[0], y) - sympy.diff(field[1], x)).subs(point))
    require(curl == as_sympy(exact_number(entry.certificate["value"])) != 0, f"the curl is {curl}")
    return f"the end-to-end field has the curl {curl}"


def _finite(entry: Counterexample, problem: Problem) -> str:
    said, n = entry.certificate, problem.depth
    statement, steps = said["violates"], said["steps"]
    least = 0 if any(sign in statement for sign in "<=>") else 1
    require(steps >= least and not any_rate(entry), f"expected steps >= {least} and a learning rate")
    require(
        (statement == "guarantee is missed") == (said["exponent"] != ""), "exponent: expected one for the guarantee"
    )
    before = after(problem, steps - 1)
    later = before.step()
    start, last, now = (loss(each.weights, each.target) for each in (problem, before, later))
    margin = entry.certificate["start"]["margin"].removeprefix("at least ")
    c = fmpq(0) if margin == "negative" else exact_number(margin)
    require(c > 0 or statement not in ("imbalance beyond 2 delta", "guarantee is missed"), "expected a positive margin")
    if any(sign in statement for sign in "<=>"):
        violated = _facts_hold(entry)
    elif statement == "loss rises":
        violated = now > last
    elif statement == "balance is lost":
        violated = _imbalance_squared(problem) == 0 and _imbalance_squared(later) > 0
    elif statement == "weights beyond eta C^(2N-1)":
        require(set(entry.widths) == {1} and steps == 1, "expected layers of width 1 and one step")
        sizes = [[abs(w[0, 0]) for w in each.weights] for each in (problem, later)]
        low, high, rate = min(sizes[0]), max(sizes[0]), problem.learning_rate
        violated = low >= 2 and rate * low ** (2 * n - 1) >= 20 * high and max(sizes[1]) > rate * high ** (2 * n - 1)
    elif statement == "imbalance beyond 2 delta":
        delta = _limits("DL-004", problem, c)[0]
        first, beyond = (square_root(_imbalance_squared(each)) for each in (problem, later))
        violated = _holds(first, "<=", delta, statement) and _holds(beyond, ">", 2 * delta, statement)
    elif statement == "guarantee is missed":
        promised = problem.learning_rate * theorem_one.decay_exponent(n, c) * steps
        x = exact_number(said["exponent"])
        within = x > 0 and _holds(x, "<=", promised, statement)
        violated = within and _holds(now, ">", start * (-arb(x)).exp(), statement)
    else:
        raise ValueError(f"violates is {statement!a:.40}; expected a statement that can be violated")
    require(violated, f"{statement}: not at step {steps}")
    return f"{statement} at step {steps}"


def _facts_hold(entry: Counterexample) -> bool:
    """Comparisons of one's own: the one place where the independent checker's code is all there is."""
    SPENT[0] = 0
    problem = certificates.Problem(list(entry.widths), entry.weights, entry.target, entry.learning_rate)
    return all_hold(entry.certificate["violates"], problem, entry.certificate["steps"])


KINDS = {
    "stationary": _stationary,
    "cycle": _cycle,
    "structure": _structure,
    "invariant": shown_invariant,
    "rank": _rank,
    "identity": _identity,
    "finite": _finite,
}
