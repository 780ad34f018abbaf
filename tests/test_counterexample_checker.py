"""The independent checker: alone with the standard library, short, quick, and never surprised by a file."""

import ast
import json
import math
import os
import random
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import arb, fmpq

from claims.counterexamples import check as checker
from claims.counterexamples import rationals
from claims.counterexamples.catalogue import SHIPPED, digest, load
from claims.counterexamples.certificates import Problem
from claims.counterexamples.check import NotVerified, check
from claims.counterexamples.verify import verify
from solvers import arithmetic, inertia
from solvers.arithmetic import square_root
from solvers.guarantees import sharper_constants, theorem_one

SCRIPT = SHIPPED / "check.py"
FILES = sorted(SHIPPED.glob("DLX-*.json"))
TRUSTED = ("check", "certificates", "rationals", "facts", "critical_points", "landscapes", "derivatives")
TRUSTED += ("bearing", "constants", "relu_units", "shallow_models", "shallow_certificates")


def run(*arguments, directory=None):
    """``python -I -S check.py ...``: without the user's directory, site-packages or environment variables."""
    command = [sys.executable, "-I", "-S", SCRIPT, *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60, check=False)


def entry(uid="DLX-015", **parts):
    """The content of a shipped file with some parts replaced, and its digest."""
    content = json.loads((SHIPPED / f"{uid}.json").read_text("utf-8")) | {"uid": "DLX-000"} | parts
    return content | {"sha256": digest(content)}


def certificate(uid, **parts):
    """An entry with parts of its certificate replaced."""
    return entry(uid, certificate=entry(uid)["certificate"] | parts)


def refusal(path):
    """The sentence with which a file is refused, within two seconds of processor time."""
    started = time.process_time()
    with pytest.raises(NotVerified) as refused:
        check(path)
    assert time.process_time() - started < 2
    sentence = str(refused.value)
    assert sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence


def test_all_files_are_verified_without_anything_installed(tmp_path):
    """In less than ten seconds, from another directory; one line each, and the exit code 0."""
    started = time.monotonic()
    result = run(*FILES, directory=tmp_path)
    assert time.monotonic() - started < 10
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line.split(" verified: ")[0] for line in lines] == [path.stem for path in FILES]


@pytest.mark.parametrize("module", TRUSTED)
def test_it_imports_only_the_standard_library_and_is_short(module):
    """Nothing of the solvers, and at most two hundred lines in each of its files."""
    text = (SHIPPED / f"{module}.py").read_text("utf-8")
    assert len(text.splitlines()) <= 200
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            own = name in {f"claims.counterexamples.{other}" for other in TRUSTED}
            assert own or name.partition(".")[0] in sys.stdlib_module_names, name


def test_the_exit_code_is_1_if_any_file_is_not_verified_and_2_without_files(tmp_path):
    """The others are still looked at; usage goes to the error stream."""
    (tmp_path / "x.json").write_text("{}")
    result = run(FILES[0], "x.json", FILES[1], directory=tmp_path)
    assert result.returncode == 1
    first, bad, last = result.stdout.splitlines()
    assert first.startswith("DLX-001 verified: ")
    assert bad.startswith("x.json not verified: ")
    assert last.startswith("DLX-002 verified: ")
    for arguments in ((), ("--help",), ("-v", str(FILES[0]))):
        result = run(*arguments, directory=tmp_path)
        assert (result.returncode, result.stdout) == (2, "")
        assert "usage: python check.py FILE..." in result.stderr


def test_a_name_of_a_file_cannot_write_to_the_terminal(tmp_path):
    """Control characters, line feeds and bytes that are no UTF-8 are escaped."""
    for name in (b"a\x1b[31m.json", b"a\nDLX-001 verified: x", b"\xff.json"):
        result = run(os.fsdecode(name), directory=tmp_path)
        assert result.returncode == 1
        assert len(result.stdout.splitlines()) == 1
        assert result.stdout.isascii()
        assert "\x1b" not in result.stdout


GOOD = json.dumps(entry())
TEXTS = {
    "empty": b"",
    "no JSON": b"DLX-001",
    "truncated": GOOD[: len(GOOD) // 2].encode(),
    "cut by one": GOOD[:-1].encode(),
    "followed by more": GOOD.encode() + b"{}",
    "no UTF-8": b'{"uid": "\xff"}',
    "UTF-16": GOOD.encode("utf-16"),
    "a list": b"[]",
    "a number": b"17",
    "null": b"null",
    "no digest": b"{}",
    "a key twice": GOOD.replace('"uid": "DLX-000"', '"uid": "DLX-000", "uid": "DLX-000"').encode(),
    "a key twice inside": GOOD.replace('"claim": ', '"claim": "DL-004", "claim": ').encode(),
    "NaN": GOOD.replace('"steps": 0', '"steps": NaN').encode(),
    "infinity": GOOD.replace('"steps": 0', '"steps": -Infinity').encode(),
    "a float": GOOD.replace('"steps": 0', '"steps": 0.0').encode(),
    "a huge exponent": GOOD.replace('"steps": 0', '"steps": 1e999999999').encode(),
    "a long number": GOOD.replace('"steps": 0', f'"steps": {"9" * 60000}').encode(),
    "a number of a million digits": GOOD.replace('"steps": 0', f'"steps": {"9" * 10**6}').encode(),
    "a text of a million digits": json.dumps(entry(learning_rate="9" * 10**6)).encode(),
    "deep lists": b"[" * 60000,
    "deep objects": b'{"a":' * 10000 + b"1" + b"}" * 10000,
    "deep and closed": b'{"sha256":"","a":' + b"[" * 900 + b"]" * 900 + b"}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_damaged_files_are_refused_in_a_sentence(name, tmp_path):
    """At once."""
    (tmp_path / "x.json").write_bytes(TEXTS[name])
    refusal(tmp_path / "x.json")


def test_what_is_no_file_is_refused_without_being_opened(tmp_path):
    """A directory, nothing, a link to nothing, to a device that never ends, a pipe that nobody writes to."""
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "broken").symlink_to(tmp_path / "missing")
    os.mkfifo(tmp_path / "pipe")
    for name in ("zero", "pipe", "."):
        assert "expected a regular file" in refusal(tmp_path / name)
    for name in ("missing", "broken", "a" * 5000, "a\0b"):
        refusal(tmp_path / name)


def test_every_leaf_of_another_type_is_refused(tmp_path):
    """Null, a flag, a number, a list, an object and words in place of each part of each kind, with a right digest."""
    for uid in ("DLX-004", "DLX-015", "DLX-022", "DLX-024"):
        content = entry(uid)
        for key in (
            *("widths", "weights", "target", "learning_rate", "refutes", "certificate", "uid", "schema"),
            *((("certificate", part)) for part in content["certificate"]),
            *((("refutes", part)) for part in ("claim", "hypothesis", "change")),
        ):
            for value in (None, True, 7, [], {}, "", "x", [["x"]], ["1", "2"], {"a": "1"}):
                copy = json.loads(json.dumps(content))
                place, last = (copy, key) if isinstance(key, str) else (copy[key[0]], key[1])
                nothing = not value and not place[last]  # in another type, which load refuses
                if value == place[last] or nothing or (last, value) == ("steps", 7):
                    continue  # a cycle is one seven steps later too
                place[last] = value
                (tmp_path / "x.json").write_text(json.dumps(copy | {"sha256": digest(copy)}), encoding="utf-8")
                refusal(tmp_path / "x.json")


HOSTILE = {
    "widths of a billion": entry(widths=[10**5, 10**5, 10**5]),
    "wide": entry(widths=[1, 17, 1], weights=[[["1"]] * 17, [["1"] * 17]]),
    "deep": entry(widths=[1] * 10, weights=[[["1"]]] * 9),
    "a million steps": certificate("DLX-015", steps=999999),
    "a million steps of growth": certificate("DLX-013", steps=999999),
    "a long period": certificate("DLX-015", steps=999998, period=999999),
    "no period": certificate("DLX-015", period=0),
    "a long finite run": certificate("DLX-022", steps=999999),
    "a division by zero": entry(target=[["1/0"]]),
    "a target of 0": entry("DLX-009", target=[["0"]]),
    "no learning rate": entry(learning_rate="0"),
    "a learning rate below 0": entry(learning_rate="-8/9"),
    "every learning rate at most 0": entry("DLX-004", learning_rate="every at most 0"),
    "digits of another script": entry(target=[["\u0664"]]),
    "a mode of zeros": certificate("DLX-002", mode=[["0", "0"]] * 3),
    "a mode of other lengths": certificate("DLX-002", mode=[["1", "-1"], ["2", "-2"], ["1", "-1"]]),
    "high powers": certificate("DLX-004", loss=["1/2", "a^99*b^99*h^99 + " * 400 + "a"]),
    "a power beyond two digits": certificate("DLX-004", loss=["1/2", "a^100"]),
    "a high power in the set": certificate("DLX-004", set=[["a", "w^99", "a"]]),
    "a high power of two weights": certificate("DLX-013", set=[["a", "x^99*y^99", "a"]]),
    "many terms": certificate("DLX-004", loss=["1/2", " + ".join(["a"] * 9000)]),
    "a call": certificate("DLX-004", loss=["1/2", "__import__('os')"]),
    "an unknown letter": certificate("DLX-004", loss=["1/2", "z"]),
    "the learning rate as a weight": certificate("DLX-004", names=["eta", "eta", "eta"]),
    "an empty set": certificate("DLX-004", set=[]),
    "an odd power of a square": certificate("DLX-004", squares=[["a", "w"]]),
    "no kind": certificate("DLX-004", kind="__init__"),
    "an inherited kind": certificate("DLX-004", kind="gradients"),
    "an unknown statement": certificate("DLX-026", violates="nothing"),
    "a call in a fact": certificate("DLX-026", violates="exit(1) > 0"),
    "an infinite fact": certificate("DLX-026", violates="9 ** 9 ** 9 ** 9 > 0"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_well_formed_but_hostile_files_are_refused(name, tmp_path):
    """With a right digest, within the budget."""
    (tmp_path / "x.json").write_text(json.dumps(HOSTILE[name]), encoding="utf-8")
    refusal(tmp_path / "x.json")


def test_the_budget_is_of_one_file(tmp_path):
    """After a file that spends it all the next one is verified."""
    (tmp_path / "x.json").write_text(json.dumps(HOSTILE["a million steps"]), encoding="utf-8")
    assert "budget" in refusal(tmp_path / "x.json")
    assert check(FILES[0])[0] == "DLX-001"
    assert checker.SPENT[0] < 100


@pytest.mark.parametrize(
    ("uid", "part", "value", "sentence"),
    [
        ("DLX-004", "loss", ["9/16", "a^3 + 1/2*a^6"], "is not equal to what it should show"),
        ("DLX-004", "loss", ["-1/2", "1 + a^3 + 1/2*a^6"], "another"),
        ("DLX-004", "set", [["a", "w", ""]], "is no polynomial"),
        ("DLX-004", "set", [["a", "w - 2", "a"]], "at the start w - 2 is not >= 0"),
        ("DLX-004", "set", [["k", "1 - 3*eta", ""]], "at the start 1 - 3.eta is not >= 0"),
        ("DLX-004", "growth", [["w", "2", "a"]], "is not equal"),
        ("DLX-004", "growth", [["w", "1", "a"]], "a factor > 1"),
        ("DLX-004", "growth", [["-1*w", "2", "a"]], "> 0 at the start"),
        ("DLX-015", "period", 4, "the period is shorter"),
        ("DLX-015", "period", 1, "do not recur"),
        ("DLX-009", "steps", 0, "a gradient is not 0"),
        ("DLX-009", "loss", "1/3", "the loss is another"),
        ("DLX-001", "loss", "1/4", "the loss is another"),
        ("DLX-023", "loss", "3", "expected .n - k. sigma_min"),
        ("DLX-024", "value", "2", "loss is another"),
        ("DLX-025", "value", "-8/15", "curl is another"),
    ],
)
def test_a_certificate_that_shows_something_else_is_refused_by_name(uid, part, value, sentence, tmp_path):
    """What is wrong stands in the sentence; the solvers refuse it too."""
    (tmp_path / "x.json").write_text(json.dumps(certificate(uid, **{part: value})), encoding="utf-8")
    with pytest.raises(NotVerified, match=sentence):
        check(tmp_path / "x.json")
    with pytest.raises(ValueError):  # noqa: PT011 - in words of its own
        verify(load(tmp_path / "x.json"))


def test_the_installed_file_is_the_one_that_is_tested():
    """The package's own modules stand beside the script."""
    assert Path(checker.__file__) == SCRIPT


@pytest.mark.parametrize("depth", range(1, 9))
@pytest.mark.parametrize(("margin", "square"), [("1", "1"), ("2/3", "1"), ("1/7", "9/4"), ("5", "200/3")])
def test_the_limits_are_those_of_the_theorems(depth, margin, square):
    """delta^{2N} and eta^N in fractions against the formulas that the claims use, in balls."""
    c, norm = fmpq(*Fraction(margin).as_integer_ratio()), square_root(fmpq(*Fraction(square).as_integer_ratio()))
    for theorem, formulas in (("DL-004", theorem_one), ("DL-013", sharper_constants)):
        delta, rate = (limit(depth, c, norm) for limit in (formulas.imbalance_limit, formulas.learning_rate_limit))
        found = checker.limits(theorem, depth, Fraction(margin), Fraction(square))
        for exactly, formula, power in zip(found, (delta, rate), (2 * depth, depth), strict=True):
            quotient = arb(fmpq(*exactly.as_integer_ratio())) / arb(formula) ** power
            assert abs(quotient - 1) < arb(2) ** -30


@pytest.mark.parametrize("seed", range(20))
def test_the_least_eigenvalue_is_placed_exactly(seed):
    """Against python-flint: squared singular values of small random matrices, singular ones too, and shifts at them."""
    draw = random.Random(seed)
    size, columns = draw.randint(1, 4), draw.randint(1, 5)
    rows = [[Fraction(draw.randint(-2, 2), draw.randint(1, 2)) for _ in range(columns)] for _ in range(size)]
    gram = rationals.product(rows, rationals.transposed(rows))
    exact = np.array([[fmpq(*x.as_integer_ratio()) for x in row] for row in gram], dtype=object)
    for shift in (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(5, 4), Fraction(4)):
        moved = exact - fmpq(*shift.as_integer_ratio()) * arithmetic.exact(np.eye(size))
        _, negative, zero = inertia(moved)
        assert rationals.least_eigenvalue(gram, shift) == (-1 if negative else 0 if zero else 1)


def test_a_pivot_of_zero_beside_something_is_a_negative_eigenvalue():
    """[[1, 1], [1, 5]] - I = [[0, 1], [1, 4]] has the determinant -1."""
    one, five = Fraction(1), Fraction(5)
    assert rationals.least_eigenvalue([[one, one], [one, five]], one) == -1
    assert rationals.least_eigenvalue([[one, 0 * one], [0 * one, five]], one) == 0


def network(uid="DLX-024", **parts):
    """An entry with other numbers, and the start that they have."""
    content = entry(uid, **parts)
    posed = Problem(*(content[key] for key in checker.NUMBERS))
    start = {"imbalance_squared": str(posed.imbalance(posed.weights)), "loss": str(posed.loss(posed.weights))}
    content["certificate"]["start"] |= start | parts.get("start", {})
    content.pop("start", None)
    return content | {"sha256": digest(content)}


def answer(content, directory):
    """The checker's sentence, of either kind."""
    (directory / "x.json").write_text(json.dumps(content), encoding="utf-8")
    try:
        return check(directory / "x.json")[1]
    except NotVerified as error:
        return str(error)


def test_two_layers_of_zeros_are_not_enough_for_a_zero_hessian(tmp_path):
    """w = (0, 0, 1) at Phi = 1: a strict saddle. With four layers, three of them 0, it is one without curvature."""
    strict = network(weights=[[["0"]], [["0"]], [["1"]]])
    assert answer(strict, tmp_path) == "expected three layers that are 0"
    with pytest.raises(ValueError, match="the Hessian is not 0"):
        verify(load(tmp_path / "x.json"))
    four = network(widths=[1] * 5, weights=[[["0"]], [["0"]], [["1"]], [["0"]]])
    four["certificate"]["direction"] = [[["1"]]] * 4
    assert answer(four | {"sha256": digest(four)}, tmp_path).startswith("loss, 1; ")
    four["certificate"] |= {"direction": [[["-1"]]] * 4, "value": "-1"}
    assert answer(four | {"sha256": digest(four)}, tmp_path) == "loss is another"


def test_the_curl_needs_balance_and_a_unit_vector(tmp_path):
    """Layers (3/5, 4/5), 2, 1/2 are unbalanced; (3, 4), 1, 1 are no unit vector."""
    row = [["3/5", "4/5"]]
    for weights in ([row, [["2"]], [["1/2"]]], [[["3", "4"]], [["5"]], [["5"]]]):
        content = network("DLX-025", weights=weights, start={"margin": "negative"} if weights[0] != row else {})
        assert answer(content, tmp_path) == "expected |W| = 1 and exact balance"


def test_a_square_in_an_odd_power_shows_nothing(tmp_path):
    """DLX-004's loss is w^3 + w^6/2 + 1/2, which is no proof where w is only known to be some real number."""
    set_without = [part for part in entry("DLX-004")["certificate"]["set"] if part[0] != "a"]
    content = certificate("DLX-004", set=set_without, squares=[["a", "w"]])
    assert "is not a sum of products that are >= 0" in answer(content, tmp_path)
    with pytest.raises(ValueError, match="signs"):
        verify(load(tmp_path / "x.json"))
    minus = certificate("DLX-004", loss=["1/2", "a^3 + 1/2*a^6 + b - b"])
    assert "is not a sum of products that are >= 0" in answer(minus, tmp_path)


def test_the_vectors_of_a_mode_have_one_length(tmp_path):
    """DLX-002 along (1, -1), (2, -2), (1, -1): W_1 = 2 I would be the weight 2 forwards, 1/2 backwards."""
    longer = certificate("DLX-002", mode=[["1", "-1"], ["2", "-2"], ["1", "-1"]])
    assert answer(longer, tmp_path) == "the vectors are no mode of the network"
    other = certificate("DLX-002", mode=[["1", "1"], ["1", "1"], ["1", "1"]])
    assert answer(other, tmp_path) == "the target is not negative"
    assert answer(certificate("DLX-002", mode=[["1", "0"]] * 3), tmp_path) == "the vectors are no mode of the network"


def test_odd_depth_is_not_of_the_structure(tmp_path):
    """Three layers at 1 and the target -1."""
    content = network("DLX-001", widths=[1] * 4, weights=[[["1"]]] * 3)
    assert answer(content, tmp_path) == "expected equal weights of width 1 and an even depth"


@pytest.mark.parametrize(
    ("uid", "hypothesis", "change"),
    [
        ("DLX-021", "learning rate", "x 9000"),  # 9403 times the limit
        ("DLX-021", "balance", "dropped"),
        ("DLX-022", "balance", "x 12"),
        ("DLX-015", "balance", "dropped"),
        ("DLX-006", "margin", "dropped"),
        ("DLX-001", "margin", "exactly 0"),
        ("DLX-008", "margin", "exactly 0"),
        ("DLX-006", "width", "one less, margin exactly 0"),
    ],
)
def test_a_hypothesis_that_does_not_fail_as_said_is_refused(uid, hypothesis, change, tmp_path):
    """The others must hold, and the named one fail by no more than the change."""
    content = entry(uid)
    content["refutes"] |= {"hypothesis": hypothesis, "change": change}
    assert "the start is not as it should be" in answer(content | {"sha256": digest(content)}, tmp_path)


def test_two_hypotheses_that_fail_refute_nothing(tmp_path):
    """w = (1/150, 1/150, 30000), eta = 1/10000: one step leads onto the saddle, but eta is beyond Theorem 1's too."""
    content = network("DLX-009", weights=[[["1/150"]], [["1/150"]], [["30000"]]], learning_rate="1/10000")
    for name in ("balance", "learning rate"):
        content["refutes"] |= {"hypothesis": name, "change": "dropped"}
        assert "the start is not as it should be" in answer(content | {"sha256": digest(content)}, tmp_path)


@pytest.mark.parametrize(
    ("margin", "verified"),
    [("at least 1/10", True), ("at least 211/2000", True), ("at least 53/500", False), ("1/10", False)],
)
def test_a_lower_bound_of_an_irrational_margin(margin, verified, tmp_path):
    """DLX-025's is 1 - 2/sqrt(5) = 0.10557...; it is no number that a file could hold exactly."""
    content = entry("DLX-025")
    content["certificate"]["start"]["margin"] = margin
    found = answer(content | {"sha256": digest(content)}, tmp_path)
    assert ("refutes" in found) == verified
    assert verified or found == f"the margin at the start is not {margin}"


def test_a_root_is_rounded_up(tmp_path):
    """A bound that is too large by less than 2^-128, as sqrt(4/5) rounded down would allow, is refused."""
    square = Fraction(4, 5)
    root = Fraction(math.isqrt(square.numerator * square.denominator << 256), square.denominator << 128)
    assert 0 < square - root**2 < Fraction(1, 2**120)
    for c, verified in ((1 - root, False), (1 - root - Fraction(1, 2**128), True)):
        content = entry("DLX-025")
        content["certificate"]["start"]["margin"] = f"at least {c}"
        assert ("refutes" in answer(content | {"sha256": digest(content)}, tmp_path)) == verified


@pytest.mark.parametrize(("rate", "verified"), [("1/248", False), ("1/215", False), ("1/214", True)])
def test_once_and_a_half_delta_is_not_beyond_two(rate, verified, tmp_path):
    """DLX-028: a step from balance leads to 36 eta^2, and 2 delta is 1/1280."""
    assert (36 * Fraction(rate) ** 2 > Fraction(1, 1280)) == verified
    content = entry("DLX-028", learning_rate=rate)
    assert ("refutes" in answer(content, tmp_path)) == verified


def test_what_is_so_at_one_step_refutes_no_convergence(tmp_path):
    """A loss that rises once does not refute Theorem 1 without its learning rate."""
    content = entry("DLX-026")
    content["refutes"] |= {"claim": "DL-004", "hypothesis": "learning rate", "change": "dropped"}
    found = answer(content | {"sha256": digest(content)}, tmp_path)
    assert found == "loss rises does not refute DL-004 with learning rate dropped"


def test_a_minus_after_a_minus_is_a_plus(tmp_path):
    """DLX-038 with (s + 1)^2/4 in place of (s - 1)^2/4, written with two signs, is as false as without."""
    x = {"s": rationals.variable("s")}
    assert rationals.polynomial("1 - -2*s", x) == rationals.polynomial("1 + 2*s", x)
    assert rationals.polynomial("1 + -2*s", x) == rationals.polynomial("1 - 2*s", x)
    for middle in ("- -1/2*s", "+ 1/2*s"):
        content = entry("DLX-038")
        content["landscape"]["losses"][4] = f"1/4*s^2 {middle} + 1/4"
        assert "refutes" not in answer(content | {"sha256": digest(content)}, tmp_path)
        with pytest.raises(ValueError, match="value"):
            verify(load(tmp_path / "x.json"))


@pytest.mark.parametrize("text", ["-1", "-1 + eta", "1/4 - eta", "w - 2"])
def test_a_set_without_the_start_shows_nothing(text, tmp_path):
    """One polynomial more that is not >= 0 at every learning rate that is meant; from -1 anything would follow."""
    content = entry("DLX-004")
    proof = "z" if text == "w - 2" else ""
    content["certificate"]["set"].append(["z", text, proof])
    assert f"at the start {text} is not >= 0" in answer(content | {"sha256": digest(content)}, tmp_path)
    with pytest.raises(ValueError, match="at the start"):
        verify(load(tmp_path / "x.json"))
