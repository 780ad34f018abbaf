"""Counterexamples about landscapes: their schema, their models against the solvers, and every guard alone."""

import copy
import json
import random
import time
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from jsonschema import Draft202012Validator

from claims.counterexamples import check as checker
from claims.counterexamples.catalogue import SHIPPED, catalogue, digest, load, write
from claims.counterexamples.check import NotVerified, check
from claims.counterexamples.critical_points import BEARS_ON, KINDS, LANDSCAPES, posed
from claims.counterexamples.derivatives import curvature, derivatives, inertia, orbit, value_at
from claims.counterexamples.landscape_files import LANDSCAPE_KINDS, MODELS, LandscapeCounterexample
from claims.counterexamples.landscapes import grid
from claims.counterexamples.verify import verify
from claims.counterexamples.verify_landscapes import CLAIMS
from claims.counterexamples.verify_models import objective
from solvers import inertia as solvers_inertia
from solvers.shallow import HomogeneousPolynomial

SCHEMA_FILE = json.loads((SHIPPED.parent / "suite" / "landscape_counterexample.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA_FILE)
ENTRIES = {uid: entry for uid, entry in catalogue().items() if isinstance(entry, LandscapeCounterexample)}
CONTENT = {uid: json.loads(entry.path.read_text("utf-8")) for uid, entry in ENTRIES.items()}
OF_MODEL = {entry.landscape["model"]: uid for uid, entry in reversed(ENTRIES.items())}


def changed(uid, *changes):
    """The content of an entry with parts replaced, each (path, value) a path like landscape.signal.0.0; no uid yet."""
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


# The form


def test_the_schema_names_the_models_and_kinds_of_the_code():
    Draft202012Validator.check_schema(SCHEMA_FILE)
    assert SCHEMA_FILE["$id"] == LANDSCAPES == SCHEMA_FILE["properties"]["schema"]["const"]
    for known, name in ((MODELS, "model"), (LANDSCAPE_KINDS, "kind")):
        for key, parts in known.items():
            assert SCHEMA_FILE["$defs"][key]["required"] == [name, *parts]
    assert KINDS.keys() == LANDSCAPE_KINDS.keys()
    assert BEARS_ON.keys() == MODELS.keys()


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
    """Every model, every kind, every claim of the chapter; maxima as well as minima; one to four columns."""
    entries = ENTRIES.values()
    assert {(entry.landscape["model"], entry.kind) for entry in entries} == set(CLAIMS)
    assert {entry.refutes["claim"] for entry in entries} == {f"DL-{k:03d}" for k in range(35, 43)}
    senses = {(entry.kind, entry.certificate.get("sense")) for entry in entries}
    assert {(kind, sense) for kind in ("minimum", "descent") for sense in ("minimum", "maximum")} <= senses
    assert {len(entry.certificate["point"][0]) for entry in entries if entry.kind == "minimum"} == {1, 2, 3, 4}


def test_the_two_checkers_bear_on_the_same_claims():
    """Each has the table of its own."""
    assert {(model, kind): claim for model, kinds in BEARS_ON.items() for kind, claim in kinds.items()} == CLAIMS


REFUSED = {
    "no landscape": ("landscape", ...),
    "an unknown model": ("landscape.model", "oracle"),
    "a model that is no word": ("landscape.model", ["sensing"]),
    "an unknown kind": ("certificate.kind", "cycle"),
    "the model of another": ("landscape.model", "completion"),
    "more than the model has": ("landscape.more", "1"),
    "more than the certificate has": ("certificate.more", "1"),
    "a part less": ("certificate.value", ...),
    "a hypothesis": ("refutes.hypothesis", "margin"),
    "a bare number": ("certificate.value", 1),
    "a float": ("landscape.identity", "0.5"),
    "a fraction that can be reduced": ("landscape.identity", "50/32"),
    "a number in words": ("landscape.identity", "one"),
    "an empty matrix": ("landscape.signal", []),
    "an empty row": ("landscape.signal", [[], []]),
    "a ragged matrix": ("landscape.coefficients.0", ["1"]),
    "too many rows": ("landscape.signal", [["1"]] * 17),
    "no matrices": ("landscape.matrices", []),
    "a delta in words": ("landscape.delta", "half"),
    "a delta below 0": ("landscape.delta", "-9/16"),
    "a delta that can be reduced": ("landscape.delta", "18/32"),
    "another sense": ("certificate.sense", "saddle"),
    "an empty title": ("title", " "),
    "a day that is none": ("date", "2026-13-01"),
    "a widths": ("widths", [1, 1]),
}
BY_ARITHMETIC_ALONE = {"a fraction that can be reduced", "a ragged matrix", "a delta that can be reduced"}
BY_ARITHMETIC_ALONE |= {"a day that is none"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_entry_is_refused_and_the_file_stays(name, tmp_path):
    """By load and by write, each with a sentence of one line; by the schema too, where that needs no arithmetic."""
    content = changed("DLX-042", REFUSED[name])
    target = tmp_path / "DLX-042.json"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match="expected") as refused:
        write(content, target)
    assert "\n" not in str(refused.value)
    assert target.read_bytes() == b"old"
    assert VALIDATOR.is_valid(content) == (name in BY_ARITHMETIC_ALONE)


@pytest.mark.parametrize(
    ("uid", "path", "value"),
    [
        ("DLX-039", "landscape.losses.0", "s^2 + \\input{x}"),
        ("DLX-040", "landscape.polynomial", "x**4"),
        ("DLX-040", "landscape.names.0", "x%"),
        ("DLX-041", "certificate.curve.0.0", "t^t"),
        ("DLX-040", "certificate.values", ["1/4", "2.0"]),
        ("DLX-040", "certificate.indices", ["2", "1"]),
        ("DLX-035", "landscape.full_spark", 1),
        ("DLX-049", "certificate.period", True),
    ],
)
def test_words_that_are_no_polynomials_and_types_that_are_others(uid, path, value, tmp_path):
    """By load, and by the schema."""
    content = changed(uid, (path, value))
    (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="expected"):
        load(tmp_path / "x.json")
    assert not VALIDATOR.is_valid(content)


# The models: the checker's polynomials are the solvers' objectives


def exactly(rows):
    return np.array([[fmpq(*x.as_integer_ratio()) for x in row] for row in rows], dtype=object)


@pytest.mark.parametrize("uid", [uid for model, uid in OF_MODEL.items() if model != "relu"] + ["DLX-044", "DLX-046"])
def test_values_gradients_and_hessians_are_those_of_the_solvers(uid):
    """At random rational points of the certificate's shape, of two columns where the model lets them be."""
    entry, draw = ENTRIES[uid], random.Random(uid)
    said = entry.certificate.get("point") or entry.certificate["points"][0]
    shape = (len(said), 2 if entry.landscape["model"] in ("factorization", "completion") else len(said[0]))
    for _ in range(3):
        point = [[Fraction(draw.randint(-4, 4), draw.randint(1, 3)) for _ in range(shape[1])] for _ in range(shape[0])]
        checker.SPENT[0] = 0
        value, first, second = derivatives(posed(entry.landscape, point).objective, point)
        f, exact = objective(entry, *shape), exactly(point)
        if isinstance(f, HomogeneousPolynomial):
            exact = exact[:, 0]
        assert f.value(exact) == fmpq(*value.as_integer_ratio())
        assert (f.gradient(exact).ravel() == exactly([first])[0]).all()
        assert (f.hessian(exact) == exactly(second)).all()


@pytest.mark.parametrize("seed", range(30))
def test_inertia_is_that_of_the_solvers(seed):
    """Of small symmetric matrices, singular ones and those with a diagonal of zeros too."""
    draw = random.Random(seed)
    size = draw.randint(1, 5)
    rows = [[Fraction(draw.randint(-1, 1)) * (i != j or seed % 3 > 0) for j in range(size)] for i in range(size)]
    rows = [[rows[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
    positive, negative, zero = solvers_inertia(exactly(rows))
    checker.SPENT[0] = 0
    assert inertia(rows) == (negative, zero, positive)


def test_the_orbit_of_rotations_has_the_dimension_of_the_rank():
    """r (2k - r - 1) / 2 for U of rank r with k columns."""
    for columns in range(1, 5):
        for rank in range(columns + 1):
            point = [[Fraction(int(i == j < rank)) for j in range(columns)] for i in range(4)]
            checker.SPENT[0] = 0
            assert orbit(point) == rank * (2 * columns - rank - 1) // 2


def test_the_length_of_a_point_on_the_sphere_does_not_matter():
    """The inertia at u and at 3/2 u is one; at -u, of odd degree, it is mirrored."""
    model = ENTRIES["DLX-033"].landscape
    for factor, expected in ((1, (1, 0, 0)), (Fraction(3, 2), (1, 0, 0)), (-1, (0, 0, 1))):
        point = [[Fraction(-1) * factor], [Fraction(-1) * factor]]
        f = posed(model, point)
        checker.SPENT[0] = 0
        assert curvature(f.objective, f.degree, point) == expected


# Every guard is once the only reason


def valued(uid, *changes):
    """Of a minimum, the content with parts replaced and with the values that its points then have; where its model is
    no longer one, with the values that are given."""
    content = changed(uid, *changes)
    said = content["certificate"]
    for key, name in (("point", "value"), ("better", "better_value")):
        checker.SPENT[0] = 0
        point = grid(said[key], key)
        with suppress(NotVerified):
            said[name] = str(value_at(posed(content["landscape"], point).objective, point))
    return content | {"sha256": digest(content)}


def column(*entries):
    return [[str(entry)] for entry in entries]


PATH = [["0", "1", "0"], ["1", "0", "1"], ["0", "1", "0"]]
APART = [["0", "1", "0"], ["1", "0", "0"], ["0", "0", "1"]]
IN_PARTS = [["0", "1", "1", "0"], ["1", "1", "0", "0"], ["1", "0", "1", "0"], ["0", "0", "0", "1"]]
JOINED = [["0", "1", "1", "0"], ["1", "1", "0", "1"], ["1", "0", "1", "0"], ["0", "1", "0", "0"]]
TWO_VALUES = [  # 5/4 -> 4/5 -> 5/4
    ("landscape.target", [["481/400"]]),
    ("certificate.learning_rate", "1"),
    ("certificate.point", [["5/4"]]),
    ("certificate.value", "81/2500"),
    ("certificate.better", [["11/10"]]),
    ("certificate.better_value", "9/640000"),
]
SADDLE = {"kind": "descent", "sense": "minimum", "value": "0", "coefficient": "-1", "power": 3}
MASK = {  # DLX-031's pattern as measurements, whose delta is 1
    "model": "sensing",
    "identity": "0",
    "matrices": [
        *([[["0", "1", "0"], ["1", "0", "0"], ["0", "0", "0"]], [["0", "0", "1"], ["0", "0", "0"], ["1", "0", "0"]]]),
        *([[["0", "0", "0"], ["0", "1", "0"], ["0", "0", "0"]], [["0", "0", "0"], ["0", "0", "0"], ["0", "0", "1"]]]),
    ],
    "coefficients": [
        ["1/2", "0", "0", "0"],
        ["0", "1/2", "0", "0"],
        ["0", "0", "1", "0"],
        ["0", "0", "0", "1"],
    ],
    "signal": column(1, 1, 1),
    "delta": "1",
}
DEGENERATE = [
    ("landscape.polynomial", "y^6 - x^2*z^4 + 4*x^2*y^4 + 4*y^4*z^2"),
    ("certificate.points", [column(0, 0, 1), column(0, 1, 0)]),
    ("certificate.values", ["0", "1"]),
    ("certificate.indices", [1, 0]),
]
ODD = SADDLE | {"value": "1", "point": column(0, 1), "curve": [["-t"], ["1 - 1/2*t^2"]]}
BOWED = SADDLE | {"point": column(0, 0, 1), "curve": [["-t"], ["0"], ["1"]]}
CONVEX = CONTENT["DLX-038"]["landscape"]
TWICE = [("landscape.inputs", [*CONVEX["inputs"], ["0", "0", "1"]])]
SIGNS = CONTENT["DLX-037"]["landscape"]["vectors"]

GUARDS = {
    "a value that is another": (changed("DLX-042", ("certificate.value", "11/64")), "the value at a point is 175/1024"),
    "a better value that is another": (changed("DLX-050", ("certificate.better_value", "1/5")), "the value at a point"),
    "a better point that is no better": (valued("DLX-042", ("certificate.better", column("-3/4", 0))), "not better"),
    "a maximum and a lower point": (valued("DLX-030", ("certificate.better", column(1, 0))), "is not better"),
    "a longer point that is no better": (valued("DLX-033", ("certificate.better", column(-2, -2))), "is not better"),
    "a larger number of the other sign": (valued("DLX-033", ("certificate.better", column(-1, 0))), "is not better"),
    "a better point of another shape": (
        changed("DLX-042", ("certificate.better", [["0", "0"], ["1", "0"]])),
        "one shape",
    ),
    "a better point that is none": (valued("DLX-033", ("certificate.better", column(0, 0))), "a point that is not 0"),
    "no critical point": (valued("DLX-042", ("certificate.point", column("4/5", 0))), "the gradient is not 0"),
    "no critical point of a sphere": (
        valued("DLX-033", ("certificate.point", column(-1, -2))),
        "gradient on the sphere",
    ),
    "a strict saddle": (valued("DLX-042", ("certificate.point", column(0, 0))), "the Hessian is indefinite"),
    "a minimum in place of a maximum": (
        valued("DLX-042", ("certificate.sense", "maximum"), ("certificate.better", column(0, 2))),
        "the Hessian is indefinite",
    ),
    "a degenerate maximum": (
        valued("DLX-030", ("landscape.target", [["1", "0"], ["0", "0"]])),
        "the Hessian is degenerate",
    ),
    "a minimum that is flat beyond the rotations": (
        valued(
            "DLX-038",
            ("landscape.inputs", CONVEX["inputs"][:4] + CONVEX["inputs"][5:]),
            ("landscape.losses", CONVEX["losses"][:4] + CONVEX["losses"][5:]),
        ),
        "the Hessian is degenerate",
    ),
    "an activation of 0": (
        valued(
            "DLX-050",
            ("landscape.data", [["-1", "-1"], ["0", "1"], ["1", "-1"], ["2", "3"]]),
            ("certificate.point", column(1, 1, 1, -1)),
            ("certificate.better", column(1, -1, "10/3", "-1/3")),
        ),
        "an activation is 0",
    ),
    "residuals that have a mean": (valued("DLX-050", ("certificate.point", column(1, 2, 0, "1/2"))), "orthogonal to 1"),
    "residuals that have a slope": (
        valued(
            "DLX-050",
            ("landscape.data", [["-1", "0"], ["0", "0"], ["1", "1"]]),
            ("certificate.point", column(1, 2, 0, "1/3")),
            ("certificate.better", column(1, 0, 1, 0)),
        ),
        "orthogonal to 1 and x",
    ),
    "residuals of units that are off": (
        valued("DLX-050", ("certificate.point", column(1, "1/2", 1, "-1/2"))),
        "orthogonal to 1 and x",
    ),
    "a maximum of relu": (
        valued("DLX-050", ("certificate.sense", "maximum"), ("certificate.better", column(1, 2, 0, 9))),
        "expected minimum",
    ),
    "a pattern of two parts": (
        valued(
            "DLX-031",
            (
                "landscape.pattern",
                IN_PARTS,
            ),
            ("landscape.signal", column(1, 1, 1, 1)),
            ("certificate.point", column(0, -1, 1, 1)),
            ("certificate.better", column(1, 1, 1, 1)),
        ),
        "determine the signal",
    ),
    "a pattern without an odd cycle": (
        valued("DLX-031", ("landscape.pattern", PATH), ("certificate.point", column(0, 0, 0))),
        "the Hessian is indefinite",
    ),
    "a zero in an incoherent signal": (
        valued(
            "DLX-031",
            (
                "landscape.pattern",
                JOINED,
            ),
            ("landscape.signal", column(1, 1, 1, 0)),
            ("certificate.point", column(0, -1, 1, 0)),
            ("certificate.better", column(1, 1, 1, 0)),
        ),
        "determine the signal",
    ),
    "phaseless measurements that are not of full spark": (
        valued(
            "DLX-035",
            ("landscape.vectors", [["2", "0"], ["0", "2"], ["1", "1"], ["1", "1"]]),
            ("landscape.full_spark", False),
        ),
        "determine the signal",
    ),
    "signs that are not of full spark": (
        valued(
            "DLX-035",
            ("landscape.vectors", [row[:3] for row in SIGNS]),
            ("landscape.signal", column(0, 4, 3)),
            ("landscape.full_spark", False),
            ("certificate.point", column(5, 0, 0)),
            ("certificate.better", column(0, 4, 3)),
        ),
        "determine the signal",
    ),
    "a spark that is another": (changed("DLX-036", ("landscape.full_spark", False)), "full_spark: it is true"),
    "a T that is not self-adjoint": (
        changed("DLX-042", ("landscape.coefficients.0.1", "3/4")),
        "coefficients: expected",
    ),
    "a measurement that is not symmetric": (
        changed("DLX-042", ("landscape.matrices.0.0.1", "1")),
        "matrices: expected",
    ),
    "a T that is not positive semidefinite": (changed("DLX-042", ("landscape.identity", "-1")), "not the least"),
    "a delta that is too large": (changed("DLX-042", ("landscape.delta", "5/8")), "not the least such number"),
    "a delta that is too small": (changed("DLX-042", ("landscape.delta", "1/2")), "not the least such number"),
    "a root that is too large": (
        changed("DLX-046", ("landscape.delta", "sqrt 11/27")),
        "least",
    ),
    "a delta of some eigenvalue": (changed("DLX-046", ("landscape.delta", "1/2")), "not the least such number"),
    "a root for a number": (changed("DLX-042", ("landscape.delta", "sqrt 9/16")), "not the least such number"),
    "a delta of 1": (
        changed("DLX-042", ("landscape", MASK), ("certificate", CONTENT["DLX-031"]["certificate"])),
        "delta: expected one below 1",
    ),
    "a signal of more columns": (
        changed("DLX-042", ("landscape.signal", [["0", "0"], ["3/5", "4/5"]])),
        "no more columns",
    ),
    "a signal of other rows": (changed("DLX-042", ("landscape.signal", column(0, 1, 0))), "another number of rows"),
    "components that are no unit vectors": (
        changed(
            "DLX-033",
            ("landscape.components", [["2", "0"], ["0", "2"]]),
            ("certificate.value", "-16"),
            ("certificate.better_value", "8"),
        ),
        "not orthonormal",
    ),
    "negative coefficients": (
        valued(
            "DLX-033",
            ("landscape.coefficients", ["-1", "-1"]),
            ("certificate.point", column(1, 1)),
            ("certificate.better", column(-1, 0)),
        ),
        "expected positive coefficients",
    ),
    "an order that is too high": (changed("DLX-033", ("landscape.order", 11)), "expected an order from 3 to 9"),
    "a coefficient too many": (changed("DLX-033", ("landscape.coefficients", ["1", "1", "1"])), "expected an order"),
    "a pattern with a 2": (valued("DLX-031", ("landscape.pattern.2.2", "2")), "expected zeros and ones"),
    "a pattern that is not symmetric": (changed("DLX-031", ("landscape.pattern.0.1", "0")), "pattern: expected"),
    "a target that is not symmetric": (changed("DLX-030", ("landscape.target.0.1", "1")), "target: expected"),
    "a loss of degree 3": (valued("DLX-038", ("landscape.losses.4", "s^3 - 3*s + 2")), "expected convex ones"),
    "a concave loss": (
        valued("DLX-038", *TWICE, ("landscape.losses", [*CONVEX["losses"], "-1/100*s^2 + 1/50*s - 1/100"])),
        "expected convex ones",
    ),
    "a loss too few": (changed("DLX-038", ("landscape.losses", CONVEX["losses"][:5])), "expected one for each input"),
    "a form of two degrees": (changed("DLX-040", ("landscape.polynomial", "x^4 + y^4 + 1/4*z^4 + x")), "homogeneous"),
    "a name twice": (changed("DLX-041", ("landscape.names", ["x", "x"])), "expected one for each entry"),
    "a degenerate point of larger index": (changed("DLX-040", *DEGENERATE), "the Hessian is degenerate"),
    "an index that is another": (changed("DLX-040", ("certificate.indices", [2, 0])), "an index is another"),
    "a saddle below a maximum": (
        changed(
            "DLX-040",
            ("certificate.points", [column(1, 1, 0), column(1, 0, 0)]),
            ("certificate.values", ["2", "1"]),
            ("certificate.indices", [1, 2]),
        ),
        "in the order of the values",
    ),
    "points in order": (
        changed(
            "DLX-040",
            ("certificate.points", [column(1, 1, 0), column(0, 0, 1)]),
            ("certificate.values", ["2", "1/4"]),
            ("certificate.indices", [1, 2]),
        ),
        "in the order of the values",
    ),
    "a maximum above a saddle": (
        changed(
            "DLX-040",
            ("certificate.points.0", column(1, 0, 0)),
            ("certificate.values.0", "1"),
        ),
        "in the order of the values",
    ),
    "a third point": (changed("DLX-040", ("certificate.indices", [2, 1, 0])), "expected two points"),
    "a curve at a strict saddle": (
        changed(
            "DLX-041",
            ("landscape", {"model": "form", "names": ["x", "y", "z"], "polynomial": "x^3 - y^2*z"}),
            ("certificate", BOWED),
        ),
        "the Hessian is indefinite",
    ),
    "a curve from elsewhere": (changed("DLX-041", ("certificate.curve.1.0", "2")), "does not start at the point"),
    "a curve of another shape": (changed("DLX-041", ("certificate.curve", [["-t"]])), "the shape of the point"),
    "another power": (changed("DLX-041", ("certificate.power", 5)), "the lowest power is 3"),
    "another coefficient": (changed("DLX-044", ("certificate.coefficient", "-4")), "it changes by -3"),
    "a curve that rises": (
        changed("DLX-041", ("certificate.curve.0.0", "t"), ("certificate.coefficient", "1")),
        "it changes by 1",
    ),
    "a curve that falls from a maximum's sense": (
        changed("DLX-034", ("landscape.coefficients", ["1", "1"]), ("certificate.sense", "minimum")),
        "it changes by 1",
    ),
    "a curve that stands still": (
        changed("DLX-041", ("certificate.curve.0.0", "0"), ("certificate.coefficient", "0"), ("certificate.power", 0)),
        "it changes by 0",
    ),
    "a point of length 2": (
        changed("DLX-041", ("certificate.point", column(0, 2)), ("certificate.curve.1.0", "2")),
        "expected .u. = 1",
    ),
    "an odd degree where f is not 0": (
        changed("DLX-041", ("landscape.polynomial", "y^3 + 3/2*x^2*y + x^3"), ("certificate", ODD)),
        "p even or f = 0",
    ),
    "a period that is shorter": (changed("DLX-049", ("certificate.period", 4)), "the period is shorter"),
    "a period that is longer": (changed("DLX-049", ("certificate.period", 3)), "period is shorter|do not recur"),
    "a fixed point": (
        changed("DLX-049", ("certificate.point", [["0"]]), ("certificate.value", "1/4")),
        "the period is shorter",
    ),
    "ascent": (
        changed(
            "DLX-049",
            ("certificate.learning_rate", "-8/3"),
            ("certificate.point", [["1/2"]]),
            ("certificate.value", "9/64"),
        ),
        "expected a learning rate > 0",
    ),
    "a period of 1": (
        changed(
            "DLX-049",
            ("certificate.point", [["0"]]),
            ("certificate.value", "1/4"),
            ("certificate.period", 1),
        ),
        "expected a learning rate > 0 and a period",
    ),
    "another learning rate": (changed("DLX-049", ("certificate.learning_rate", "1")), "do not recur"),
    "a least value that is another": (changed("DLX-049", ("certificate.value", "2")), "the least value is another"),
    "the largest value of a cycle": (
        changed("DLX-049", *TWO_VALUES, ("certificate.value", "81/1024")),
        "the least value is another",
    ),
    "a cycle as good as the other point": (
        changed("DLX-049", ("certificate.better", [["-2"]]), ("certificate.better_value", "9/4")),
        "the least value is another",
    ),
    "the signal itself": (changed("DLX-032", ("certificate.point", column(-1, -1, -1))), "nothing is lost"),
    "other measurements": (changed("DLX-032", ("certificate.point", column(2, "1/2", 1))), "the value at a point"),
    "a pattern that falls apart": (
        changed("DLX-032", ("landscape.pattern", APART), ("certificate.point", column(2, "1/2", 1))),
        "expected more measurements",
    ),
    "a signal with a zero": (
        changed("DLX-032", ("landscape.signal", column(1, 1, 0)), ("certificate.point", column(2, "1/2", 0))),
        "expected more measurements",
    ),
    "too few vectors": (
        changed("DLX-036", ("landscape.vectors", CONTENT["DLX-036"]["landscape"]["vectors"][:3])),
        "more",
    ),
    "dependent vectors that are no signs": (
        changed("DLX-037", ("landscape.vectors", [["1", "1", "2", "2"], *SIGNS[1:]])),
        "expected more measurements",
    ),
    "another claim": (changed("DLX-042", ("refutes.claim", "DL-036")), "it bears on DL-041"),
    "a hypothesis": (changed("DLX-042", ("refutes.hypothesis", "margin")), "hypothesis and change: expected none"),
    "a change": (changed("DLX-042", ("refutes.change", "dropped")), "hypothesis and change: expected none"),
    "a kind that is not of the model": (
        changed("DLX-042", ("landscape.model", "tensor"), ("certificate.kind", "lost")),
        "no kind",
    ),
    "a sense that is none": (changed("DLX-042", ("certificate.sense", "saddle")), "expected minimum or maximum"),
    "a uid that is none": (changed("DLX-042", ("uid", "DLX-42")), "uid: expected one like"),
    "a schema that is none": (
        changed("DLX-042", ("schema", "deep-linear-claims/counterexample/4")),
        "schema: expected",
    ),
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
    "rotated columns": valued("DLX-046", ("certificate.point", [["2/5", "8/15"], ["-8/15", "2/5"], ["0", "0"]])),
    "a column of zeros in the signal": changed("DLX-045", ("landscape.signal", [["0", "0"], ["-1", "0"], ["0", "1"]])),
    "a longer point on the sphere": valued("DLX-033", ("certificate.point", column(-7, -7))),
    "the root of a square": changed("DLX-042", ("landscape.delta", "sqrt 81/256")),
    "a conjecture of one's own": changed("DLX-050", ("refutes.claim", ""), ("refutes.source", "")),
    "another name": changed("DLX-041", ("landscape.names", ["x", "other"])),
    "a cycle of two values": changed("DLX-049", *TWO_VALUES),
    "a curve that bends": changed("DLX-034", ("certificate.curve.0.0", "-t + t^2")),
}


@pytest.mark.parametrize("name", STILL_TRUE)
def test_what_is_as_true_is_verified_by_both(name, tmp_path):
    assert [verified for verified, _ in answers(STILL_TRUE[name], tmp_path)] == [True, True]


WIDE = [[str(int(i == j)) for j in range(16)] for i in range(16)]
LONG = "1" + "0" * 590
HOSTILE = {
    "sixteen rows": changed("DLX-030", ("landscape.target", WIDE), ("certificate.point", WIDE)),
    "sixteen rows of measurements": changed(
        "DLX-042", ("landscape.matrices", [WIDE, WIDE]), ("landscape.signal", WIDE), ("certificate.point", WIDE)
    ),
    "a high order in many dimensions": changed(
        "DLX-033",
        ("landscape.order", 9),
        ("landscape.components", [["1", *["0"] * 15], *WIDE[1:]]),
        ("landscape.coefficients", ["1"] * 16),
        ("certificate.point", column(*[-1] * 16)),
        ("certificate.better", column(*[1] * 16)),
    ),
    "a spark of many": changed(
        "DLX-036",
        ("landscape.vectors", [[str((i + 2) ** j) for j in range(8)] for i in range(16)]),
        ("landscape.signal", column(*range(1, 9))),
        ("certificate.point", column(*range(2, 10))),
    ),
    "high powers of a loss": changed("DLX-038", ("landscape.losses.0", "s^99*s^99 + " * 300 + "s")),
    "high powers of a form": changed("DLX-040", ("landscape.polynomial", "x^99*y^99*z^99 + " * 300 + "x^99*y^99*z^99")),
    "high powers of a curve": changed("DLX-044", ("certificate.curve.0.0", "t^99*t^99 + " * 300 + "t")),
    "long numbers": changed("DLX-049", ("certificate.point", [[LONG]]), ("certificate.period", 64)),
    "long fractions": changed("DLX-049", ("certificate.learning_rate", f"1/{LONG}"), ("certificate.period", 64)),
    "a period without end": changed("DLX-049", ("certificate.period", 999999)),
    "long numbers in a long power": changed("DLX-033", ("certificate.point", column(f"-{LONG}", f"-{LONG}"))),
    "ten thousand measurements": changed("DLX-042", ("landscape.matrices", [[["1"]]] * 9999)),
    "a call": changed("DLX-040", ("landscape.polynomial", "__import__('os')")),
    "an unknown letter": changed("DLX-040", ("landscape.polynomial", "w^4")),
    "a letter of the checker's own": changed("DLX-039", ("landscape.losses.0", "t^2")),
    "a division by zero": changed("DLX-042", ("landscape.identity", "1/0")),
    "an inherited model": changed("DLX-042", ("landscape.model", "__class__")),
    "an inherited kind": changed("DLX-042", ("certificate.kind", "__class__")),
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


@pytest.mark.parametrize("uid", OF_MODEL.values())
def test_every_part_of_another_type_is_refused(uid, tmp_path):
    """Null, a flag, a number, a list, an object and words in place of each part, and each part left out."""
    for room in ("landscape", "certificate", "refutes"):
        for key in CONTENT[uid][room]:
            if room == "refutes" and key in ("statement", "source"):
                continue
            for value in (None, True, 77, [], {}, "x", [["x"]], [[]], ["1", "2"], {"a": "1"}, ...):
                if value == CONTENT[uid][room][key] or (key, value) == ("coefficients", ["1", "2"]):
                    continue  # a tensor of DLX-034 with other coefficients is as flat
                content = changed(uid, (f"{room}.{key}", value))
                (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
                nothing = room == "refutes" and not value and key != "claim"  # load refuses the type
                if nothing:
                    continue
                with pytest.raises(NotVerified) as refused:
                    check(tmp_path / "x.json")
                assert "\n" not in str(refused.value)
