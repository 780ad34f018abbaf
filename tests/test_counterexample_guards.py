"""Each guard of what checks files about networks is once the only reason to refuse: with it off a false file passes, or
something breaks."""

from __future__ import annotations

import json
import re
import time
import traceback

import pytest
from guards import copies

from claims.counterexamples.catalogue import load
from claims.counterexamples.check import NotVerified, check
from tests import network_guards as networks
from tests import test_counterexample_checker as checker
from tests import test_landscape_counterexamples as landscapes
from tests import test_shallow_counterexamples as shallow

CASES = {
    **{f"{name} (text)": ("x.json", text) for name, text in {**checker.TEXTS, **networks.TEXTS}.items()},
    **{f"{name} (network)": ("x.json", content) for name, content in {**networks.GUARDS, **networks.TRUE}.items()},
    **{f"{name} (landscape)": ("x.json", content) for name, (content, _) in landscapes.GUARDS.items()},
    **{f"{name} (shallow)": ("x.json", content) for name, (content, _) in shallow.GUARDS.items()},
    "the name of another": ("DLX-016.json", checker.entry("DLX-015")),
}
"""Name of a file and its content, by what is false in it."""
ABOUT_NETWORKS = ("check", "certificates", "facts", "rationals")
SOLVERS_ON_NETWORKS = ("verify", "invariants", "trajectories")


EXPLAINED = {
    "certificates: 1 <= d": "a matrix without rows has no product; the sentence is clearer",
    "certificates: 2 <= len(widths)": "without layers there is no product; the sentence is clearer",
    "certificates: polynomial(text, here).keys() == {()}": "at the learning rate 0 nothing grows",
    "check: 1 < quotient": "Theorem 1: under all of its hypotheses no file has a loss that stays",
    "check: kind in (*LASTING, 'rank')": "no other attribute is a number; the sentence is clearer",
    "check: stat.S_ISREG(found.st_mode)": "pipes and devices, in test_counterexample_checker",
    "check: what == 'guarantee is missed'": "without an exponent there is no number; the sentence is clearer",
    "facts: a[0] >= 0": "math.isqrt refuses it too; the sentence is clearer",
    "facts: spent < BUDGET": "the checker's own budget ends first; this one is for the hunt, which reads facts alone",
    "rationals: SPENT[0] < BUDGET": "off, a file keeps it busy: those of test_counterexample_checker",
    "rationals: re.fullmatch('-?[0-9]+(?:/[1-9][0-9]*)?', text, re.ASCII)": "off, 1e99999999 keeps it busy: below",
}
"""The guards that can be off, and why each is there all the same."""
EXPLAINED_OF_SOLVERS = {
    "invariants: degree <= HIGHEST": "off, a file keeps SymPy busy",
    "trajectories: bits <= LONGEST": "off, a file keeps the solvers busy",
    "verify: all((frobenius_squared(d) == 0 for d in gradients))": "three layers are 0 where the Hessian is",
    "verify: all((sympy.expand(matrix[0] - moved[0][0]) == 0 for matrix in moved))": "a step of the proof, in symbols",
    "verify: stays": "a step of the proof, in symbols",
    "verify: sympy.expand(excess) == 0": "a step of the proof, in symbols",
}


def written(place, name):
    """The path of a file with the content of one of ``CASES``."""
    file, content = CASES[name]
    text = json.dumps(content) if isinstance(content, dict) else content
    (place / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    return place / file


@pytest.mark.parametrize("name", networks.GUARDS)
def test_files_about_networks_that_are_false_in_one_thing_are_refused(name, tmp_path):
    """By the sentence that belongs to it, which is no accident of Python's."""
    with pytest.raises(NotVerified):
        check(written(tmp_path, f"{name} (network)"))


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
    guards, (module,) = copies("check", guarded=ABOUT_NETWORKS)
    assert survivors(guards, module.check, tmp_path) == EXPLAINED.keys()


def test_each_guard_of_the_full_check_is_once_the_only_reason_to_refuse(tmp_path):
    """Of what a file's form leaves open."""
    guards, (module, catalogue) = copies("verify", "catalogue", guarded=SOLVERS_ON_NETWORKS)
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
