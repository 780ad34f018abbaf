"""Check counterexample files with nothing but Python's standard library: ``python check.py FILE...``

Exactly: the start; the certificate (``certificates``, ``critical_points``, ``shallow_certificates``); that it refutes a
theorem without one of its hypotheses, or a statement that would strengthen a claim. Not titles and such.
"""

import hashlib
import json
import math
import os
import re
import stat
import sys
from fractions import Fraction
from typing import Any

if not __package__:  # run as a file, perhaps with -I -S: find the two modules beside it
    sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..")))

from claims.counterexamples.certificates import Problem
from claims.counterexamples.facts import all_hold
from claims.counterexamples.rationals import SPENT, NotVerified, inner, least_eigenvalue, number, require
from claims.counterexamples.shallow_certificates import FORMS

LASTING = ("stationary", "cycle", "structure", "invariant")  # the loss is at least a positive number for all time
LARGEST = 65536  # bytes of a file
NUMBERS = ("widths", "weights", "target", "learning_rate")
STRONGER = {  # what else is refuted, and the claim that it would strengthen
    "rank": "DL-020",
    "loss": "DL-007",
    "curl": "DL-027",
    "loss rises": "DL-003",
    "balance is lost": "DL-002",
    "imbalance beyond 2 delta": "DL-002",
    "weights beyond eta C^(2N-1)": "DL-018",
}


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a small regular file of JSON with each key once, no floats, and the digest that it names."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(dict(pairs)) == len(pairs), "a key stands twice in one object; expected once")
        return dict(pairs)

    def small(digits: str) -> int:
        require(re.fullmatch("[0-9]{1,6}", digits), f"the bare number {digits:.20}; expected a string like 1/2")
        return int(digits)

    try:
        found = os.stat(path)
        small_file = stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST
        require(small_file, f"expected a regular file of at most {LARGEST} bytes")
        with open(path, "rb") as file:
            text = file.read(LARGEST).decode()
        entry = json.loads(text, object_pairs_hook=once, parse_int=small, parse_float=small, parse_constant=small)
        require(isinstance(entry, dict), "expected one JSON object")
        rest = json.dumps({k: v for k, v in entry.items() if k != "sha256"}, sort_keys=True, separators=(",", ":"))
    except NotVerified:
        raise
    except (OSError, RecursionError, ValueError) as error:
        raise NotVerified(f"no JSON file in UTF-8: {type(error).__name__}, {error!s:.90}") from None
    require(entry.get("sha256") == hashlib.sha256(rest.encode()).hexdigest(), "sha256 is not that of the content")
    return dict(entry)


def margin(problem: Problem, text: str) -> Fraction | None:
    """c, if sigma_min(Phi) - ||W - Phi||_F is c, or "at least c" with a root rounded up; None if it is "negative"."""
    square, least = 2 * problem.loss(problem.weights), text.startswith("at least ")
    if text == "negative":
        require(least_eigenvalue(problem.gram(), square) < 0, "the margin at the start is not negative")
        return None
    root = Fraction(math.isqrt(square.numerator * square.denominator << 256), square.denominator << 128)
    root, exactly = root + (root**2 != square) * Fraction(1, 2**128), root**2 == square
    c = number(text.removeprefix("at least "))
    found = least_eigenvalue(problem.gram(), (c + root) ** 2) if c + root >= 0 else -1
    require(found >= 0 if least else exactly and found == 0, f"the margin at the start is not {text:.60}")
    return c


def limits(theorem: str, n: int, c: Fraction, square: Fraction) -> tuple[Fraction, Fraction]:
    """delta^{2N} and the N-th power of the largest learning rate, for depth n, a margin c, ||Phi||_F^2."""
    if theorem == "DL-013":  # delta = c^{2/N} / (2 N^2), eta = delta / Phi_F^2
        return c**4 / (2 * n**2) ** (2 * n), c**2 / (2 * n**2 * square) ** n
    require(theorem == "DL-004", f"{theorem!a:.20} is no theorem with these hypotheses; expected DL-004 or DL-013")
    delta = c ** (4 * n) / ((256 * n**3) ** (2 * n) * square ** (2 * n - 2))
    return delta, c ** (4 * n - 2) / ((6144 * n**3) ** n * square ** (3 * n - 2))


def hypotheses(problem: Problem, refutes: dict[str, str], c: Fraction | None) -> bool:
    """The named hypothesis fails, by no more than the change, and the theorem's others hold.

    Without a positive margin there is no limit to compare with: then balance is exact, and any learning rate is meant.
    """
    name, change, n = refutes["hypothesis"], refutes["change"], problem.depth
    imbalance, ends = problem.imbalance(problem.weights), min(problem.widths[0], problem.widths[-1])
    if name in ("margin", "width"):
        lacking = ends - min([*problem.widths[1:-1], ends])
        expected = {("margin", "dropped"): c is None or c < 0, ("margin", "exactly 0"): c == 0}
        expected[("width", "one less, margin exactly 0")] = c == 0
        limits(refutes["claim"], n, Fraction(1), Fraction(1))  # the claim is one of the theorems
        return imbalance == 0 and problem.rate is None and expected[name, change] and lacking == (name == "width")
    require((c or 0) > 0, "expected a positive margin")
    c, eta = c or Fraction(0), problem.rate or Fraction(0)
    delta, rate = limits(refutes["claim"], n, c, inner(problem.target, problem.target))
    quotients = {"balance": (imbalance**n / delta, 2 * n), "learning rate": (eta**n / rate, n)}
    quotient, power = quotients.pop(name)
    ((other, _),) = quotients.values()
    return other <= 1 < quotient and (change == "dropped" or quotient <= number(change.removeprefix("x ")) ** power)


def violated(problem: Problem, said: dict[str, Any], c: Fraction | None) -> bool:
    """At this step something is not so that a statement says of every step."""
    what, steps, n, start = said["violates"], said["steps"], problem.depth, problem.weights
    require(steps >= (not {*"<=>"} & {*what}) and problem.rate, "expected steps and a rate")
    require(what == "guarantee is missed" or said["exponent"] == "", "exponent: expected none")
    before, after, rate = problem.moved(start, steps - 1), problem.moved(start, steps), problem.rate or Fraction(0)
    if what == "loss rises":
        return problem.loss(after) > problem.loss(before)
    if what == "balance is lost":
        return problem.imbalance(start) == 0 < problem.imbalance(after)
    if what == "weights beyond eta C^(2N-1)":
        sizes, later = ([abs(row[0]) for w in weights for row in w] for weights in (start, after))
        inside = min(sizes) >= 2 and rate * min(sizes) ** (2 * n - 1) >= 20 * max(sizes)
        return max(problem.widths) == 1 == steps and inside and max(later) > rate * max(sizes) ** (2 * n - 1)
    if any(sign in what for sign in "<=>"):  # comparisons of one's own
        return all_hold(what, problem, steps)
    require((c or 0) > 0, "expected a positive margin")
    if what == "imbalance beyond 2 delta":
        delta, _ = limits("DL-004", n, c or Fraction(0), inner(problem.target, problem.target))
        return problem.imbalance(start) ** n <= delta and problem.imbalance(after) ** n > 4**n * delta
    require(what == "guarantee is missed", f"{what!a:.40} is none of the statements that can be violated")
    x = number(said["exponent"])  # 0 < x <= eta c^{2(N-1)/N} t, and exp(x) is at least the sum
    within = x > 0 and (x / steps) ** n <= rate**n * (c or 0) ** (2 * n - 2)
    return within and problem.loss(after) * sum(x**k / math.factorial(k) for k in range(25)) > problem.loss(start)


def verified(entry: dict[str, Any]) -> str:
    """What an entry shows, in words."""
    refutes, said = entry["refutes"], entry["certificate"]
    require(re.fullmatch("DLX-[0-9]{3}", entry["uid"]), "uid: expected one like DLX-001")
    if entry["schema"] in FORMS:
        return FORMS[entry["schema"]](entry)
    require(entry["schema"] == "deep-linear-claims/counterexample/1", "schema: expected one that is known")
    problem, start, kind = Problem(*(entry[key] for key in NUMBERS)), said["start"], said["kind"]
    require(number(start["loss"]) == problem.loss(problem.weights), "the loss at the start is another")
    require(number(start["imbalance_squared"]) == problem.imbalance(problem.weights), "the imbalance is another")
    c = margin(problem, start["margin"])
    if kind == "finite":
        what, reason = said["violates"], f"{said['violates']} at step {said['steps']}"
        require(violated(problem, said, c), f"{what}: not at this step")
    elif kind == "identity":
        what, value = said["of"], problem.identity(said)
        require(value == number(said["value"]) and (value > 0 or (what == "curl" and value != 0)), f"{what} is another")
        reason = f"{what}, {value}"
    else:
        require(kind in (*LASTING, "rank"), f"{kind!a:.20} is no kind of certificate")
        what, loss = kind, getattr(problem, kind)(said)
        require(loss == number(said["loss"][0] if kind == "invariant" else said["loss"]) > 0, "the loss is another")
        reason = f"{kind}, the loss is at least {loss} for ever"
    if refutes["hypothesis"]:
        name = f"{refutes['claim']} with {refutes['hypothesis']} {refutes['change']}"
        require(what in (*LASTING, "guarantee is missed"), f"{what} does not refute {name:.60}")
        require(hypotheses(problem, refutes, c), f"the start is not as it should be for {name:.60}")
    else:
        name = f"a stronger {refutes['claim']}" if refutes["claim"] else "a conjecture"
        require(STRONGER.get(what, "") == refutes["claim"] and not refutes["change"], f"{what} does not refute {name}")
    return f"{reason}; refutes {name}"


def check(path: str | os.PathLike[str]) -> tuple[str, str]:
    """(uid, what is shown) of a file that is verified; raises NotVerified, a ValueError, for any other."""
    SPENT[0] = 0
    entry, file = read(path), os.path.basename(path)
    try:
        require(file[:4] != "DLX-" or file == f"{entry['uid']}.json", "the file has the name of another counterexample")
        return entry["uid"], verified(entry)
    except NotVerified:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise NotVerified(f"malformed: {type(error).__name__}, {error!a:.90}") from None


def main(paths: list[str]) -> int:
    """Print a line for each file; 0 if all are verified, 1 if not, 2 without files."""
    if not paths or paths[0].startswith("-"):
        print("usage: python check.py FILE...", file=sys.stderr)
        return 2
    status = 0
    for path in paths:
        try:
            line = " verified: ".join(check(path))
        except NotVerified as error:
            line, status = f"{path} not verified: {error}", 1
        print(line.encode("unicode_escape").decode())
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
