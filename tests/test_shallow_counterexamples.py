"""Counterexamples about trajectories of shallow models: schema, numbers and models, and every guard alone."""

import copy
import json
import math
import random
import time
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb
from jsonschema import Draft202012Validator

from claims.counterexamples import check as checker
from claims.counterexamples.catalogue import SHIPPED, catalogue, digest, load, write
from claims.counterexamples.check import NotVerified, check
from claims.counterexamples.constants import (
    AROUND,
    PI,
    Number,
    positive_definite,
    rational,
    real,
    reduced,
    scaled,
    sign,
    square_root,
)
from claims.counterexamples.landscapes import grid
from claims.counterexamples.relu_units import units
from claims.counterexamples.shallow_certificates import SHALLOW, SHALLOW_BEARS_ON
from claims.counterexamples.shallow_certificates import SHALLOW_KINDS as CHECKED
from claims.counterexamples.shallow_files import SHALLOW_KINDS, SHALLOW_MODELS, ShallowCounterexample
from claims.counterexamples.verify import verify
from claims.counterexamples.verify_shallow import CLAIMS
from claims.counterexamples.verify_shallow import KINDS as VERIFIED
from solvers.shallow import gated_covariance, relu_kernel, relu_kernel_gradient, relu_kernel_hessian

SCHEMA_FILE = json.loads((SHIPPED.parent / "suite" / "shallow_counterexample.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA_FILE)
ENTRIES = {uid: entry for uid, entry in catalogue().items() if isinstance(entry, ShallowCounterexample)}
CONTENT = {uid: json.loads(entry.path.read_text("utf-8")) for uid, entry in ENTRIES.items()}
OF_KIND = {(entry.shallow["model"], entry.kind): uid for uid, entry in reversed(ENTRIES.items())}


def changed(uid, *changes):
    """The content of an entry with parts replaced, each (path, value) a path like shallow.truth.0.0; no uid yet."""
    content = copy.deepcopy(CONTENT[uid]) | {"uid": "DLX-000"}
    for path, value in changes:
        *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        place = content
        for key in way:
            place = place[key]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return content | {"sha256": digest(content)}


def answers(content, directory):
    """What each of the two checkers says: (whether it is verified, the sentence)."""
    path = directory / "x.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    found = []
    for decide in (lambda: check(path)[1], lambda: verify(load(path))):
        try:
            found.append((True, decide()))
        except ValueError as error:
            found.append((False, str(error)))
    return found


def column(*entries):
    return [[str(entry)] for entry in entries]


# The form


def test_the_schema_names_the_models_and_kinds_of_the_code():
    Draft202012Validator.check_schema(SCHEMA_FILE)
    assert SCHEMA_FILE["$id"] == SHALLOW == SCHEMA_FILE["properties"]["schema"]["const"]
    for known, name in ((SHALLOW_MODELS, "model"), (SHALLOW_KINDS, "kind")):
        for key, parts in known.items():
            assert SCHEMA_FILE["$defs"][key]["required"] == [name, *parts]
    assert CHECKED.keys() == VERIFIED.keys() == SHALLOW_KINDS.keys()
    assert SHALLOW_BEARS_ON.keys() == SHALLOW_MODELS.keys()


@pytest.mark.parametrize("uid", ENTRIES)
def test_every_file_meets_the_schema_and_is_written_as_it_is(uid, tmp_path):
    VALIDATOR.validate(CONTENT[uid])
    write(CONTENT[uid], tmp_path / f"{uid}.json")
    assert (tmp_path / f"{uid}.json").read_bytes() == ENTRIES[uid].path.read_bytes()


@pytest.mark.parametrize("uid", ENTRIES)
def test_every_entry_is_verified_twice(uid):
    assert check(ENTRIES[uid].path)[1].endswith(f"; refutes a stronger {ENTRIES[uid].refutes['claim']}")
    assert verify(ENTRIES[uid])


def test_what_they_cover():
    """Every model with every kind that it has; points that stay, and cycles, of units, samples and perceptrons."""
    entries = ENTRIES.values()
    assert len(entries) == 12
    assert {(entry.shallow["model"], entry.kind) for entry in entries} == set(CLAIMS)
    assert {entry.refutes["claim"] for entry in entries} == set(CLAIMS.values())
    lengths = {(e.shallow["model"], len(e.certificate["factors"])) for e in entries if e.kind == "returns"}
    assert lengths == {("units", 2), ("samples", 1), ("samples", 2), ("perceptron", 1), ("perceptron", 2)}


def test_the_two_checkers_bear_on_the_same_claims():
    """Each has the table of its own."""
    assert {
        (model, kind): claim for model, kinds in SHALLOW_BEARS_ON.items() for kind, claim in kinds.items()
    } == CLAIMS


REFUSED = {
    "no model at all": ("shallow", ...),
    "an unknown model": ("shallow.model", "oracle"),
    "a model that is no word": ("shallow.model", ["units"]),
    "an unknown kind": ("certificate.kind", "cycle"),
    "the model of another": ("shallow.model", "samples"),
    "more than the model has": ("shallow.more", "1"),
    "more than the certificate has": ("certificate.more", "1"),
    "a part less": ("certificate.value", ...),
    "a hypothesis": ("refutes.hypothesis", "margin"),
    "a change": ("refutes.change", "dropped"),
    "a bare number": ("certificate.value", 1),
    "a float": ("shallow.scale", "0.25"),
    "a fraction that can be reduced": ("shallow.scale", "2/8"),
    "pi where a rational is asked for": ("shallow.scale", "pi"),
    "another letter": ("certificate.value", "e"),
    "a product in parentheses": ("certificate.value", "(pi)*(root)"),
    "a nested quotient": ("certificate.factor", "((1)/(pi))/(pi + 1)"),
    "every factor": ("certificate.factor", "every"),
    "an empty matrix": ("shallow.truth", []),
    "an empty row": ("shallow.truth", [[], []]),
    "a ragged matrix": ("shallow.maps.0", [["1", "0"], ["0"], ["0", "0"]]),
    "too many rows": ("shallow.truth", [["1"]] * 17),
    "no maps": ("shallow.maps", []),
    "an empty title": ("title", " "),
    "a day that is none": ("date", "2026-13-01"),
    "a landscape": ("landscape", {}),
}
BY_ARITHMETIC_ALONE = {"a fraction that can be reduced", "a ragged matrix", "a day that is none"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_entry_is_refused_and_the_file_stays(name, tmp_path):
    """By load and by write, each with a sentence of one line; by the schema too, where that needs no arithmetic."""
    content = changed("DLX-051", REFUSED[name])
    target = tmp_path / "DLX-051.json"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match="expected") as refused:
        write(content, target)
    assert "\n" not in str(refused.value)
    assert target.read_bytes() == b"old"
    assert VALIDATOR.is_valid(content) == (name in BY_ARITHMETIC_ALONE)


@pytest.mark.parametrize(
    ("uid", "path", "value"),
    [
        ("DLX-056", "shallow.pairs", "2"),
        ("DLX-056", "shallow.pairs", True),
        ("DLX-056", "shallow.labels", [1, -1]),
        ("DLX-056", "certificate.learning_rate", "often"),
        ("DLX-056", "certificate.factors", []),
        ("DLX-056", "certificate.factors", ["1"] * 17),
        ("DLX-053", "certificate.directions", [["1"]]),
        ("DLX-062", "certificate.start", "pi"),
    ],
)
def test_words_that_are_no_numbers_and_types_that_are_others(uid, path, value, tmp_path):
    """By load, and by the schema."""
    content = changed(uid, (path, value))
    (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="expected"):
        load(tmp_path / "x.json")
    assert not VALIDATOR.is_valid(content)


# Numbers with pi and root


def as_sympy(found):
    """A number of the checker, by SymPy."""
    letters = {"pi": sympy.pi, "root": sympy.sqrt(3)}
    top, bottom = (
        sum(sympy.Rational(*c.as_integer_ratio()) * math.prod(letters[n] ** k for n, k in m) for m, c in part.items())
        for part in (found.top, found.bottom)
    )
    return sympy.sympify(top) / bottom


def test_pi_and_root_are_enclosed_as_by_balls():
    """From both sides, to 10^-90."""
    for name, value in (("pi", arb.pi()), ("root", arb(3).sqrt())):
        low, high = AROUND[name]
        assert 0 < high - low < Fraction(1, 10**90)
        with_ends = [arb(x.numerator) / x.denominator for x in (low, high)]
        assert with_ends[0] < value + arb(2) ** -40
        assert value - arb(2) ** -40 < with_ends[1]
    assert AROUND["root"][0] ** 2 < 3 < AROUND["root"][1] ** 2
    assert Fraction(str(sympy.N(sympy.pi, 89))[:-1]) < AROUND["pi"][0]
    assert AROUND["pi"][1] < Fraction(str(sympy.N(sympy.pi, 89))[:-1]) + Fraction(1, 10**86)


@pytest.mark.parametrize("seed", range(20))
def test_numbers_add_multiply_divide_and_compare_as_those_of_sympy(seed):
    draw = random.Random(seed)

    def drawn():
        checker.SPENT[0] = 0
        top = {
            (("pi", 1),): Fraction(draw.randint(-3, 3), 2),
            (("pi", 2), ("root", 1)): Fraction(draw.randint(-3, 3)),
            (): Fraction(draw.randint(1, 5)),
        }
        return Number({m: c for m, c in top.items() if c}, real("pi + root").top)

    a, b = drawn(), drawn()
    for found, expected in (
        (a + b, as_sympy(a) + as_sympy(b)),
        (a - b, as_sympy(a) - as_sympy(b)),
        (a * b, as_sympy(a) * as_sympy(b)),
        (a / b, as_sympy(a) / as_sympy(b)),
    ):
        assert sympy.radsimp(sympy.simplify(as_sympy(found) - expected)) == 0
        assert found.sign() == sympy.sign(sympy.N(expected, 30))
        assert found.zero() == (sympy.simplify(expected) == 0)
    assert (a - a).zero()
    assert (a - a).sign() == 0


def test_the_square_of_root_is_3_in_every_power():
    for power in range(6):
        rest = {(("root", 1),) if power % 2 else (): Fraction(3 ** (power // 2))}
        assert reduced({(("root", power),) if power else (): Fraction(1)}) == rest


def test_numbers_as_strings():
    assert as_sympy(real("(3*root + 2*pi)/(3*root + 5*pi)")) == (3 * sympy.sqrt(3) + 2 * sympy.pi) / (
        3 * sympy.sqrt(3) + 5 * sympy.pi
    )
    assert (real("root^2") - rational(3)).zero()
    for text in ("", "pi/2", "(pi)/(0)", "(root^2 - 3)/(root^2 - 3)", "(1)/(root^2 - 3)", 1, None, "1" * 700):
        with pytest.raises(NotVerified, match="expected"):
            real(text)


def test_roots_of_squares_and_of_three_times_squares():
    for value, expected in ((Fraction(4, 9), rational(Fraction(2, 3))), (Fraction(12), real("2*root"))):
        assert (square_root(value) - expected).zero()
    assert square_root(Fraction(0)).zero()
    for value in (Fraction(2), Fraction(1, 2), Fraction(9, 2)):
        with pytest.raises(NotVerified, match="the root of"):
            square_root(value)


def test_a_sign_that_the_digits_do_not_decide_is_refused_and_a_division_by_zero_too():
    """pi less its first 60 digits is decided, less its first 200 is not."""
    digits = str(sympy.N(sympy.pi, 230))
    near = [{(("pi", 1),): Fraction(1), (): -Fraction(digits[: 2 + count])} for count in (60, 200)]
    assert sign(near[0]) == 1
    with pytest.raises(NotVerified, match="not decided"):
        sign(near[1])
    with pytest.raises(NotVerified, match="division by 0"):
        rational(1) / (PI - PI)


@pytest.mark.parametrize("seed", range(12))
def test_definiteness_is_that_of_eigenvalues(seed):
    """Of random symmetric matrices of whole numbers times pi, singular ones too."""
    draw = random.Random(seed)
    size = draw.randint(1, 4)
    half = [[draw.randint(-2, 2) for _ in range(size)] for _ in range(size)]
    gram = np.array(half) @ np.array(half).T - draw.choice([0, 0, 1]) * np.eye(size, dtype=int)
    checker.SPENT[0] = 0
    expected = all(sympy.Matrix(gram[:k, :k]).det() > 0 for k in range(1, size + 1))
    assert positive_definite(scaled([[Fraction(int(x)) for x in row] for row in gram], PI)) == expected


# Gaussian units: the checker's formulas against the solvers' kernels


def known(found):
    return float(sympy.N(as_sympy(found), 30))


@pytest.mark.parametrize("uid", ["DLX-051", "DLX-052", "DLX-053", "DLX-054", "DLX-055"])
@pytest.mark.parametrize("turn", range(3))
def test_losses_gradients_and_hessians_of_units_are_those_of_the_solvers(uid, turn):
    """On directions at known angles, at factors with pi and root."""
    model = CONTENT[uid]["shallow"]
    size = len(model["truth"])
    direction = {
        "DLX-051": [column(-2, 2), column(1, -1), column(-1, 1)],
        "DLX-052": [column(-1), column(2), column(-3)],
        "DLX-053": [column("-4/5", "3/5"), column("4/5", "-3/5"), column("6/5", "8/5")],
        "DLX-054": [column("-4/5", "3/5"), column("4/5", "-3/5"), column("-3/5", "-4/5")],
        "DLX-055": [column(1, 0, 0, 2), column(0, 1, 1, 0), column(1, 0, -3, 0)],
    }[uid][turn]
    factor = real(["1/2", "(root)/(pi)", "(pi)/(root + 1)"][turn])
    checker.SPENT[0] = 0
    f = units(model, factor, grid(direction, "direction"))
    c = known(factor)
    maps, truth, z = (np.array([[[float(x) for x in row] for row in p] for p in f.maps]), f.truth, f.direction)
    truth, z = (np.array([float(x) for (x,) in a]) for a in (truth, z))
    own, teachers = maps @ (c * z), maps @ truth
    scale = float(f.scale)
    total = {
        (a, b): sum(relu_kernel(u, v) for u in left for v in right)
        for a, left in (("u", own), ("v", teachers))
        for b, right in (("u", own), ("v", teachers))
    }
    loss = scale * (total["u", "u"] - 2 * total["u", "v"] + total["v", "v"])
    gradient, hessian = np.zeros(size), np.zeros((size, size))
    for p, u in zip(maps, own, strict=True):
        for q, other in zip(maps, own, strict=True):
            gradient += 2 * scale * p.T @ relu_kernel_gradient(u, other)
            hessian += 2 * scale * p.T @ (gated_covariance(u, other) @ q + relu_kernel_hessian(u, other) @ p)
        for other in teachers:
            gradient -= 2 * scale * p.T @ relu_kernel_gradient(u, other)
            hessian -= 2 * scale * p.T @ relu_kernel_hessian(u, other) @ p
    assert known(f.loss()) == pytest.approx(loss, abs=1e-13)
    assert [known(x) for (x,) in f.gradient()] == pytest.approx(gradient, abs=1e-13)
    assert np.array([[known(x) for x in row] for row in f.hessian()]) == pytest.approx(hessian, abs=1e-13)


# Every guard is once the only reason


def written(found):
    """A number of the checker as a file has it."""
    parts = []
    for part in (found.top, found.bottom):
        terms = []
        for monomial, coefficient in sorted(part.items()):
            factors = "*".join(f"{name}^{power}" for name, power in monomial)
            terms.append(f"{coefficient}*{factors}" if factors else str(coefficient))
        parts.append(" + ".join(terms) or "0")
    return f"({parts[0]})/({parts[1]})"


def valued(uid, *changes):
    """Of a poor minimum, the content with parts replaced and with the value that the point then has."""
    content = changed(uid, *changes)
    said = content["certificate"]
    checker.SPENT[0] = 0
    said["value"] = written(
        units(content["shallow"], real(said["factor"]), grid(said["direction"], "direction")).loss()
    )
    return content | {"sha256": digest(content)}


def alone(data, labels, *points, slope="0", rate="every", value="1"):
    """Points of a perceptron of four units, with weights of one row each."""
    return changed(
        "DLX-056",
        ("shallow.slope", slope),
        ("shallow.data", column(*data)),
        ("shallow.labels", [str(y) for y in labels]),
        ("certificate.learning_rate", rate),
        ("certificate.factors", ["1"] * len(points)),
        ("certificate.directions", [column(*point) for point in points]),
        ("certificate.value", value),
    )


def stays(point, *changes, value):
    """A point that stays, of a ReLU unit on samples."""
    return changed("DLX-058", ("certificate.directions", [point]), ("certificate.value", value), *changes)


ONE_UNIT = CONTENT["DLX-053"]["shallow"]
APART = CONTENT["DLX-054"]["shallow"]
LINE = [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]
"""A filter of three weights, on one patch."""
THREE = [[5, 5, 5, 5], ["81/16", "81/16", "79/16", "79/16"], ["79/16", "79/16", "81/16", "81/16"]]
"""Weights of margins 0, 1/8 and -1/8, between which the samples 1 (of label 1) and 2 (of label -1) lead in turn."""
TINY = "1" + "0" * 200
NEAR = f"pi - {str(sympy.N(sympy.pi, 230))[:202].replace('.', '')}/{TINY}"
"""A number that is positive, and smaller than the digits of pi that are computed."""

GUARDS = {
    # units at a point
    "a value that is another": (changed("DLX-051", ("certificate.value", "1/2")), "the value is another"),
    "a value of 0": (
        changed(
            "DLX-051", ("certificate.factor", "1"), ("certificate.direction", column(1, -1)), ("certificate.value", "0")
        ),
        "the value is not positive",
    ),
    "no critical point": (valued("DLX-051", ("certificate.factor", "1/2")), "the gradient is not 0"),
    "a saddle": (
        changed("DLX-052", ("shallow", APART), ("certificate.direction", column("-3/5", "-4/5"))),
        "the Hessian is not positive definite",
    ),
    "a factor below 0": (
        changed(
            "DLX-051",
            ("certificate.factor", "(-3*root - 2*pi)/(3*root + 5*pi)"),
            ("certificate.direction", column(1, -1)),
        ),
        "expected a scale and a factor > 0",
    ),
    "a scale below 0": (changed("DLX-055", ("shallow.scale", "-1/2")), "expected a scale and a factor > 0"),
    "a unit of 0": (
        changed("DLX-051", ("certificate.direction", column(0, 0))),
        "a unit is 0",
    ),
    "a teacher's unit of 0": (changed("DLX-051", ("shallow.truth", column(0, 0))), "a unit is 0"),
    "an angle without a name": (changed("DLX-051", ("certificate.direction", column(-1, 2))), "an angle between units"),
    "an angle of pi/4": (
        changed("DLX-053", ("certificate.directions.0", column(1, 7)), ("shallow.truth", column(3, 4))),
        "an angle between units",
    ),
    "a root of 2": (
        changed(
            "DLX-053",
            ("shallow", {"model": "units", "scale": "1", "maps": [LINE], "truth": column(1, 1, 0)}),
            ("certificate.directions", [column(0, 0, 1), column(1, 1, 0)]),
        ),
        "the root of 2 is no rational",
    ),
    "a factor that the digits of pi do not tell from 0": (
        changed("DLX-051", ("certificate.factor", NEAR)),
        "not decided by so many digits",
    ),
    "maps of two shapes": (changed("DLX-051", ("shallow.maps.0", [["1", "0"]])), "expected maps of one shape"),
    "maps of more columns": (
        changed("DLX-051", ("shallow.maps", [[["1", "0", "0"]], [["0", "0", "1"]]])),
        "expected maps of one shape",
    ),
    "a truth of two columns": (
        changed("DLX-051", ("shallow.truth", [["1", "0"], ["-1", "0"]])),
        "expected maps of one shape",
    ),
    "a direction of two columns": (
        changed("DLX-051", ("certificate.direction", [["-1", "0"], ["1", "0"]])),
        "expected maps of one shape",
    ),
    "a direction of three rows": (
        changed("DLX-051", ("certificate.direction", column(-1, 1, 0))),
        "expected maps of one shape",
    ),
    "nine patches": (changed("DLX-052", ("shallow.maps", [[["1"]]] * 9)), "expected 1 to 8 matrices"),
    # a flat direction
    "a direction along which the truth is curved": (
        changed("DLX-055", ("certificate.direction", column(1, 0, 1, 0))),
        "does not map the direction to 0",
    ),
    "a direction of length 0": (
        changed("DLX-055", ("certificate.direction", column(0, 0, 0, 0))),
        "expected one that is not 0",
    ),
    "a direction of fewer numbers": (
        changed("DLX-055", ("certificate.direction", column(1, 0))),
        "expected a column for the weights",
    ),
    "two directions": (
        changed("DLX-055", ("certificate.direction", [["1", "1"], ["0", "0"], ["-1", "-1"], ["0", "0"]])),
        "expected a column for the weights",
    ),
    "teachers that differ": (
        changed("DLX-055", ("shallow.truth", column(1, 0, 0, 1))),
        "does not map the direction to 0",
    ),
    # descent that returns
    "another learning rate": (changed("DLX-053", ("certificate.learning_rate", "3")), "leads to another point"),
    "another point": (changed("DLX-053", ("certificate.factors.1", "5/4")), "leads to another point"),
    "a last step that leads elsewhere": (
        changed("DLX-053", ("certificate.learning_rate", "2"), ("certificate.factors.1", "1/2")),
        "leads to another point",
    ),
    "a factor less": (changed("DLX-053", ("certificate.factors", ["1/2"])), "expected a factor for each"),
    "seventeen points": (
        changed("DLX-053", ("certificate.directions", CONTENT["DLX-053"]["certificate"]["directions"] * 9)),
        "expected a factor for each",
    ),
    "points of two shapes": (
        changed("DLX-053", ("certificate.directions.0", [["-3/5", "-4/5"]])),
        "expected points of one shape",
    ),
    "a period that is shorter": (
        changed(
            "DLX-053",
            ("certificate.factors", CONTENT["DLX-053"]["certificate"]["factors"] * 2),
            ("certificate.directions", CONTENT["DLX-053"]["certificate"]["directions"] * 2),
        ),
        "the period is shorter",
    ),
    "every learning rate for a cycle": (
        changed("DLX-053", ("certificate.learning_rate", "every")),
        "every is for a point that stays",
    ),
    "one learning rate for a point that stays": (
        changed("DLX-058", ("certificate.learning_rate", "1")),
        "every is for a point that stays",
    ),
    "ascent": (
        alone([1, 1], [1, -1], [5] * 4, ["19/4", "19/4", "21/4", "21/4"], rate="-1/2"),
        "expected one > 0",
    ),
    "a loss that is less": (changed("DLX-053", ("certificate.value", "1/4")), "a loss is less than the value"),
    "a value below all losses": (changed("DLX-053", ("certificate.value", "1/16")), "the value is another"),
    "a loss of 0": (stays(column(1, 1), value="0"), "the value is not positive"),
    "a point that moves": (stays(column(1, 2), value="1/4"), "leads to another point"),
    "a second sample that moves it": (alone([1, -1], [1, 1], [-1] * 4), "leads to another point"),
    "a factor of samples": (
        changed("DLX-058", ("certificate.factors", ["2"]), ("certificate.directions", [column(-1, "1/2")])),
        "factors: expected 1",
    ),
    "a point of more rows": (stays(column(-2, 1, 0), value="5/4"), "expected points of 2 rows"),
    "a point of two columns": (stays([["-2", "0"], ["1", "0"]], value="5/4"), "expected points of 2 rows"),
    "a pass and a half": (
        alone([1, 2], [1, -1], *THREE, rate="1/8", value="1"),
        "expected whole passes",
    ),
    "a rate with pi": (changed("DLX-059", ("certificate.learning_rate", "root")), "expected a rational one"),
    "a unit at its kink": (stays(column(-1, 1), value="5/4"), "a unit is at its kink"),
    "a sample at the hinge's kink": (
        alone([1, -1], [1, 1], [3, 3, 2, 2], value="1/2"),
        "at the hinge's kink",
    ),
    "a slope above 1": (changed("DLX-059", ("shallow.slope", "2")), "expected one from 0 to 1"),
    "a slope below 0": (changed("DLX-059", ("shallow.slope", "-1")), "expected one from 0 to 1"),
    "a label of 2": (changed("DLX-057", ("shallow.labels", ["2"])), "expected 1 or -1 for each sample"),
    "a label too many": (changed("DLX-057", ("shallow.labels", ["1", "1"])), "expected 1 or -1 for each sample"),
    "three pairs": (
        changed(
            "DLX-057",
            ("shallow.pairs", 3),
            ("certificate.directions", [column(*[-1] * 6)]),
        ),
        "expected 2 or 8",
    ),
    # what is kept
    "a sum that is not kept": (changed("DLX-060", ("certificate.kept", column(1, 2))), "it is not kept"),
    "a sum that is kept from 0 alone": (changed("DLX-060", ("certificate.point", column(2, -1))), "it is not kept"),
    "a sum of nothing": (changed("DLX-060", ("certificate.kept", column(0, 0))), "not all 0"),
    "a sum of more": (changed("DLX-060", ("certificate.kept", column(1, 1, 0))), "expected one number for each"),
    "a start of one factor": (changed("DLX-060", ("certificate.point", column(0))), "expected one number for each"),
    "a value above the error": (changed("DLX-060", ("certificate.value", "3")), "not seen to be at least"),
    "an error that may be 0": (
        changed("DLX-060", ("certificate.kept", column(1, -1)), ("certificate.point", column(1, 1))),
        "not seen to be at least",
    ),
    "an error of 0": (
        changed("DLX-061", ("certificate.point", column("1/10", 0)), ("certificate.value", "0")),
        "the value is not positive",
    ),
    "a target below 0": (
        changed(
            "DLX-060",
            ("shallow.target", "-2"),
            ("certificate.kept", column(1, -1)),
            ("certificate.point", column(1, 1)),
        ),
        "target: expected one > 0",
    ),
    "a measurement below 0": (changed("DLX-061", ("shallow.measured", "-1")), "and y > 0"),
    "a first number below 0": (changed("DLX-061", ("shallow.diagonal.0", "-1")), "expected a_1 > 0"),
    "one number on the diagonal": (
        changed(
            "DLX-061",
            ("shallow.diagonal", ["1"]),
            ("certificate.point", column(1)),
            ("certificate.kept", column(1)),
        ),
        "two numbers or more",
    ),
    # where a flow ends
    "another measurement": (changed("DLX-062", ("shallow.measured", "2")), "the point has another measurement"),
    "a point off the path": (changed("DLX-062", ("certificate.point", column("1/2", 1))), "not on the flow's path"),
    "another error": (changed("DLX-062", ("certificate.value", "9/16")), "the value is another"),
    "a start below 0": (changed("DLX-062", ("certificate.start", "-3")), "expected a start > 0"),
    "an end at 0": (
        changed("DLX-062", ("shallow.diagonal", ["1", "0"]), ("certificate.point", column(1, 0))),
        "a point > 0 for the diagonal",
    ),
    "an end of three": (changed("DLX-062", ("certificate.point", column("1/4", "3/2", 1))), "a point > 0 for the"),
    "a first number of 2": (
        changed(
            "DLX-062",
            ("shallow", {"model": "sensing", "diagonal": ["2", "1"], "measured": "27"}),
            ("certificate.point", column(9, 9)),
            ("certificate.value", "81"),
        ),
        "expected a_1 = 1",
    ),
    "a number below 0 on the diagonal": (
        changed(
            "DLX-062",
            ("shallow", {"model": "sensing", "diagonal": ["1", "-1"], "measured": "3/2"}),
            ("certificate.start", "1"),
            ("certificate.point", column(2, "1/2")),
            ("certificate.value", "1/4"),
        ),
        "expected a_1 = 1 and others >= 0",
    ),
    "a long number on the diagonal": (
        changed(
            "DLX-062",
            ("shallow", {"model": "sensing", "diagonal": ["1", "65"], "measured": "66"}),
            ("certificate.start", "1"),
            ("certificate.point", column(1, 1)),
            ("certificate.value", "1"),
        ),
        "with short numerators",
    ),
    # what it refutes
    "another claim": (changed("DLX-051", ("refutes.claim", "DL-046")), "it bears on DL-045"),
    "a hypothesis": (changed("DLX-051", ("refutes.hypothesis", "overlap")), "hypothesis and change: expected none"),
    "a change": (changed("DLX-051", ("refutes.change", "dropped")), "hypothesis and change: expected none"),
    "a kind that is not of the model": (
        changed("DLX-060", ("certificate", CONTENT["DLX-062"]["certificate"])),
        "no kind",
    ),
    "a uid that is none": (changed("DLX-051", ("uid", "DLX-51")), "uid: expected one like"),
    "another schema": (changed("DLX-051", ("schema", "deep-linear-claims/counterexample/4")), "schema: expected"),
}


@pytest.mark.parametrize("name", GUARDS)
def test_what_is_not_so_is_refused_in_a_sentence_by_both(name, tmp_path):
    """One thing is wrong, as a rule; the checker says which, and the solvers refuse it too."""
    content, sentence = GUARDS[name]
    (verified, reason), (by_solvers, _) = answers(content, tmp_path)
    assert not verified, reason
    assert not by_solvers
    with pytest.raises(NotVerified, match=sentence):
        check(tmp_path / "x.json")


STILL_TRUE = {
    "a longer truth": valued(
        "DLX-051", ("shallow.truth", column(2, -2)), ("certificate.factor", "(6*root + 4*pi)/(3*root + 5*pi)")
    ),
    "a longer direction": changed(
        "DLX-051",
        ("certificate.factor", "(3/2*root + pi)/(3*root + 5*pi)"),
        ("certificate.direction", column(-2, 2)),
    ),
    "a value in other words": changed("DLX-051", ("certificate.value", "(2*root^3 + 7*pi)/(4*root^3 + 20*pi)")),
    "a conjecture of one's own": changed("DLX-051", ("refutes.claim", ""), ("refutes.source", "")),
    "another scale": changed(
        "DLX-053", ("shallow.scale", "2"), ("certificate.learning_rate", "2"), ("certificate.value", "1/4")
    ),
    "another cycle on the ray": changed(
        "DLX-053",
        ("certificate.learning_rate", "3"),
        ("certificate.factors", ["1", "2"]),
        ("certificate.value", "1/2"),
    ),
    "a cycle that starts elsewhere": changed(
        "DLX-053",
        ("certificate.factors", ["3/2", "1/2"]),
        ("certificate.directions", [column("3/5", "4/5"), column("-3/5", "-4/5")]),
    ),
    "the other direction": changed("DLX-055", ("certificate.direction", column(-2, 0, 2, 0))),
    "a rate that is rational": changed("DLX-059", ("certificate.learning_rate", "(4*pi)/(5*pi)")),
    "another dead unit": stays(column(-3, 1), value="5/4"),
    "all of eight pairs": changed("DLX-057", ("shallow.pairs", 8), ("certificate.directions", [column(*[-1] * 16)])),
    "three points in two passes": alone([1, 2, 1], [1, -1, 1], *THREE, rate="1/8", value="1"),
    "another sum that is kept": changed("DLX-060", ("certificate.kept", column(-3, -3))),
    "a kept number among three": changed(
        "DLX-061",
        ("shallow.diagonal", ["2", "0", "1"]),
        ("certificate.point", column("1/10", "1/5", 0)),
        ("certificate.kept", column(0, 1, 0)),
        ("certificate.value", "1/625"),
    ),
    "a flow that ends at three numbers": changed(
        "DLX-062",
        ("shallow", {"model": "sensing", "diagonal": ["1", "1/2", "0"], "measured": "1"}),
        ("certificate.point", column("1/4", "3/2", 9)),
        ("certificate.value", "333/4"),
    ),
}


@pytest.mark.parametrize("name", STILL_TRUE)
def test_what_is_as_true_is_verified_by_both(name, tmp_path):
    assert answers(STILL_TRUE[name], tmp_path)[0][0], answers(STILL_TRUE[name], tmp_path)
    assert [verified for verified, _ in answers(STILL_TRUE[name], tmp_path)] == [True, True]


LONG = "1" + "0" * 590
MANY = [[str(int(i == j)) for j in range(16)] for i in range(16)]
HOSTILE = {
    "eight patches of sixteen": changed(
        "DLX-051",
        ("shallow.maps", [MANY] * 8),
        ("shallow.truth", column(*[1] * 16)),
        ("certificate.direction", column(*[1] * 16)),
    ),
    "high powers of pi": changed("DLX-051", ("certificate.value", "pi^99*root^99 + " * 35 + "pi")),
    "higher powers of pi": changed("DLX-051", ("certificate.factor", "(pi^99*pi^99*pi^99*pi^99)/(pi + root)")),
    "long numbers": changed("DLX-051", ("certificate.direction", column(f"-{LONG}", LONG))),
    "long numbers that differ": changed("DLX-051", ("certificate.direction", column(f"-{LONG}", f"{LONG[:-1]}1"))),
    "a long slope": changed("DLX-059", ("shallow.slope", f"1/{LONG}"), ("shallow.data.0.0", "-1")),
    "a cycle of sixteen patches": changed(
        "DLX-054",
        ("certificate.factors", [f"(pi + {k})/(root + {k})" for k in range(1, 17)]),
        ("certificate.directions", [column("3/5", "4/5")] * 16),
    ),
    "a sum of long numbers": changed("DLX-060", ("certificate.kept", column(LONG, f"1/{LONG}"))),
    "a long start": changed(
        "DLX-062",
        ("certificate.start", LONG),
        ("shallow.diagonal", ["1", "63/64"]),
        ("certificate.point", column(LONG, LONG)),
    ),
    "sixteen factors": changed(
        "DLX-061",
        ("shallow.diagonal", ["1"] * 16),
        ("certificate.point", column(*[1] * 16)),
        ("certificate.kept", column(*range(1, 17))),
    ),
    "a call": changed("DLX-051", ("certificate.value", "__import__('os')")),
    "an unknown letter": changed("DLX-051", ("certificate.value", "e")),
    "a division by zero": changed("DLX-051", ("certificate.value", "(1)/(root^2 - 3)")),
    "an inherited model": changed("DLX-051", ("shallow.model", "__class__")),
    "an inherited kind": changed("DLX-051", ("certificate.kind", "__class__")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_well_formed_but_hostile_files_are_refused(name, tmp_path):
    """With a right digest, within two seconds of processor time, and in a sentence."""
    (tmp_path / "x.json").write_text(json.dumps(HOSTILE[name]), encoding="utf-8")
    started = time.process_time()
    with pytest.raises(NotVerified) as refused:
        check(tmp_path / "x.json")
    assert time.process_time() - started < 2
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("uid", OF_KIND.values())
def test_every_part_of_another_type_is_refused(uid, tmp_path):
    """Null, a flag, a number, a list, an object and words in place of each part, and each part left out."""
    for room in ("shallow", "certificate", "refutes"):
        for key in CONTENT[uid][room]:
            if room == "refutes" and key in ("statement", "source"):
                continue
            for value in (None, True, 77, [], {}, "x", [["x"]], [[]], ["1", "2"], {"a": "1"}, ...):
                if room == "refutes" and not value and key != "claim":  # load refuses the type
                    continue
                content = changed(uid, (f"{room}.{key}", value))
                (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
                with pytest.raises(NotVerified) as refused:
                    check(tmp_path / "x.json")
                assert "\n" not in str(refused.value)
