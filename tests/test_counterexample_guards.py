"""Each guard of both checkers is once the only reason to refuse: with it off a false file passes, or Python fails."""

from __future__ import annotations

import json
import re
import time
import traceback

import pytest
from guards import copies

from claims.counterexamples.catalogue import load
from claims.counterexamples.check import NotVerified, check
from claims.counterexamples.verify import verify
from tests import model_guards as models
from tests import network_guards as networks
from tests import test_counterexample_checker as checker
from tests import test_landscape_counterexamples as landscapes
from tests import test_shallow_counterexamples as shallow

CASES = {
    **{f"{name} (text)": ("x.json", text) for name, text in {**checker.TEXTS, **networks.TEXTS}.items()},
    **{f"{name} (network)": ("x.json", content) for name, content in {**networks.GUARDS, **networks.TRUE}.items()},
    **{f"{name} (landscape)": ("x.json", content) for name, (content, _) in landscapes.GUARDS.items()},
    **{f"{name} (shallow)": ("x.json", content) for name, (content, _) in shallow.GUARDS.items()},
    **{f"{name} (model)": ("x.json", content) for name, content in models.GUARDS.items()},
    "the name of another": ("DLX-016.json", checker.entry("DLX-015")),
}
"""Name of a file and its content, by what is false in it."""
VERIFIERS = ("verify", "invariants", "trajectories", "verify_landscapes", "verify_models", "verify_shallow")
LATER = "what comes later refuses as well; the sentence is clearer"
BOUND = "off, a file keeps it busy"
EXPLAINED = {
    "certificates: 1 <= d": LATER,
    "certificates: 2 <= len(widths)": LATER,
    "certificates: polynomial(text, here).keys() == {()}": "at the learning rate 0 nothing grows",
    "check: 1 < quotient": "Theorem 1: under all of its hypotheses no file has a loss that stays",
    "check: kind in (*LASTING, 'rank')": LATER,
    "check: problem.rate": LATER,
    "check: steps >= (not {*'<=>'} & {*what})": LATER,
    "check: stat.S_ISREG(found.st_mode)": "pipes and devices, in test_counterexample_checker",
    "check: what == 'guarantee is missed'": LATER,
    "constants: low > 0 or high < 0": LATER,
    "constants: other.top": LATER,
    "critical_points: all((len(row) == len(point[0]) for row in said['curve']))": LATER,
    "critical_points: len(said['curve']) == len(point)": LATER,
    "critical_points: len(said['indices']) == 2": LATER,
    "critical_points: len(said['values']) == len(said['indices'])": LATER,
    "critical_points: period <= LONGEST": BOUND,
    "critical_points: shape": LATER,
    "facts: a[0] >= 0": LATER,
    "facts: spent < BUDGET": "the checker's own budget ends first; this one is for the hunt, which reads facts alone",
    "landscapes: 3 <= p": LATER,
    "landscapes: isinstance(rows, list)": LATER,
    "landscapes: len(a) >= n": LATER,
    "landscapes: len(point[0]) == 1": LATER,
    "landscapes: len(rows) <= LARGEST": BOUND,
    "landscapes: len(rows[0]) <= LARGEST": BOUND,
    "landscapes: min(degrees) >= 1": LATER,
    "rationals: SPENT[0] < BUDGET": BOUND,
    "rationals: re.fullmatch('-?[0-9]+(?:/[1-9][0-9]*)?', text, re.ASCII)": "off, 1e99999999 keeps it busy: below",
    "relu_units: 1 <= len(maps)": LATER,
    "relu_units: factor.sign() > 0": LATER,
    "relu_units: len(direction[0]) == 1": LATER,
    "relu_units: len(maps) <= LARGEST": BOUND,
    "relu_units: q > 0": LATER,
    "relu_units: turn is not None": LATER,
    "shallow_certificates: 1 <= len(points)": LATER,
    "shallow_certificates: len(factors) <= LONGEST": BOUND,
    "shallow_certificates: level == 0": "what vanishes where <a, u> is another number is 0 times it",
}
"""The guards that can be off with the same answers to all of ``CASES``, and why each is there."""
EXPLAINED_OF_SOLVERS = {
    "invariants: degree <= HIGHEST": BOUND,
    "trajectories: bits <= LONGEST": BOUND,
    "verify: all((frobenius_squared(d) == 0 for d in gradients))": "three layers are 0 where the Hessian is",
    "verify: all((sympy.expand(matrix[0] - moved[0][0]) == 0 for matrix in moved))": "a step of the proof, in symbols",
    "verify: stays": "a step of the proof, in symbols",
    "verify: sympy.expand(excess) == 0": "a step of the proof, in symbols",
    "verify_landscapes: 0 not in active": LATER,
    "verify_landscapes: curve.shape == point.shape": LATER,
    "verify_landscapes: isinstance(f, FactoredObjective)": "of other models nothing is lost: require_bearing",
    "verify_landscapes: len(said['indices']) == 2": LATER,
    "verify_landscapes: len(said['values']) == len(said['indices'])": LATER,
    "verify_landscapes: point.shape == (4, 1)": LATER,
    "verify_landscapes: said['period'] <= 64": BOUND,
    "verify_models: columns == 1": LATER,
    "verify_models: columns == 1 or not isinstance(found, HomogeneousPolynomial)": LATER,
    "verify_models: inertia(form)[1] == 0": "delta < 1 says more",
    "verify_models: len(said['signal'][0]) == 1": LATER,
    "verify_models: text[0] != '-'": "the form of a file has no minus there",
    "verify_shallow: 1 <= len(maps)": LATER,
    "verify_shallow: 1 <= len(points)": LATER,
    "verify_shallow: _positive(factor)": LATER,
    "verify_shallow: bool(plain.is_Rational)": LATER,
    "verify_shallow: len(factors) <= 16": BOUND,
    "verify_shallow: len(maps) <= 8": BOUND,
    "verify_shallow: level == 0": "what vanishes where <a, u> is another number is 0 times it",
    "verify_shallow: not _is_zero(bottom)": LATER,
    "verify_shallow: rate.is_Rational": LATER,
    "verify_shallow: sympy.expand(sympy.diff(objective, u) - gap * c * u) == 0": "a step of the proof, in symbols",
    "verify_shallow: sympy.simplify(sympy.diff(along, t) + c * along) == 0": "a step of the proof, in symbols",
    "verify_shallow: truth.shape == (data.shape[1], 1)": LATER,
    "verify_shallow: value.is_Add or value.is_Mul": LATER,
}


def written(place, name):
    """The path of a file with the content of one of ``CASES``."""
    file, content = CASES[name]
    text = json.dumps(content) if isinstance(content, dict) else content
    (place / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    return place / file


@pytest.mark.parametrize(
    "name", [f"{name} ({of})" for of, part in (("network", networks), ("model", models)) for name in part.GUARDS]
)
def test_files_that_are_false_in_one_thing_are_refused_by_both(name, tmp_path):
    """By the standard library's numbers and by the solvers'."""
    path = written(tmp_path, name)
    with pytest.raises(NotVerified):
        check(path)
    with pytest.raises(ValueError):  # noqa: PT011 - in words of its own
        verify(load(path))


@pytest.mark.parametrize("name", networks.TRUE)
def test_files_that_are_true_are_verified_by_both(name, tmp_path):
    """What a guard that lets too much pass would refuse."""
    path = written(tmp_path, f"{name} (network)")
    assert "refutes" in check(path)[1]
    assert verify(load(path))


def survivors(guards, decide, place):
    """The guards that can be off without any of the files being answered otherwise."""
    reached, before = {}, {}
    for name in CASES:
        guards.false.clear()
        before[name] = answer(decide, written(place, name))
        for number in guards.false:
            reached.setdefault(number, []).append(name)
    found = []
    for number, where in enumerate(guards.places):
        guards.off = number
        if all(answer(decide, written(place, name)) == before[name] for name in reached.get(number, ())):
            found.append(re.sub(r":[0-9]+ ", ": ", where))
    guards.off = -1
    return set(found)


def answer(decide, path):
    """verified, or refused by the sentence of a guard, or the kind of error by which what passes them is refused."""
    try:
        decide(path)
    except Exception as error:
        *_, last = traceback.extract_tb(error.__traceback__)
        if str(error).startswith("malformed"):
            return str(error).partition(",")[0]
        return "refused" if last.name == "require" else type(error).__name__
    return "verified"


def test_each_guard_of_the_checker_is_once_the_only_reason_to_refuse(tmp_path):
    """But for those that are explained, which are all that survive."""
    guards, (module,) = copies("check", guarded=checker.TRUSTED)
    assert survivors(guards, module.check, tmp_path) == EXPLAINED.keys()


def test_each_guard_of_the_full_check_is_once_the_only_reason_to_refuse(tmp_path):
    """Of what a file's form leaves open."""
    guards, (module, catalogue) = copies("verify", "catalogue", guarded=VERIFIERS)
    assert survivors(guards, lambda path: module.verify(catalogue.load(path)), tmp_path) == EXPLAINED_OF_SOLVERS.keys()


@pytest.mark.parametrize("text", ["1e99999999", "-1e99999999", "1E9", "1_0", " 1", "0x1", "1.5", "1/2 ", "\u0661"])
def test_what_only_python_takes_for_a_number_is_refused_at_once(text, tmp_path):
    """In weights, by the checker and by the schema's reader; Fraction("1e99999999") has a hundred million digits."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps(checker.entry("DLX-001", weights=[[[text]], [["1"]]])), encoding="utf-8")
    started = time.process_time()
    with pytest.raises(NotVerified, match="is no number; expected one like 1/2 in lowest terms"):
        check(path)
    with pytest.raises(ValueError, match="is no number; expected one like 1/2, in lowest terms"):
        load(path)
    assert time.process_time() - started < 1
