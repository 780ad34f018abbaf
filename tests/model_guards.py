"""Files about shallow models that are refused for one thing alone, besides those that their own tests have."""

from __future__ import annotations

from tests import test_landscape_counterexamples as landscapes
from tests import test_shallow_counterexamples as shallow
from tests.test_shallow_counterexamples import column

LANDSCAPES = {
    "a target of no rows": ("DLX-030", "landscape.target", []),
    "a target that is not symmetric": ("DLX-030", "landscape.target", [["2"], ["0"]]),
    "a sense that is none": ("DLX-030", "certificate.sense", "0"),
    "a row that is a word": ("DLX-030", "certificate.point.0", "0"),
    "a better point of fewer rows": ("DLX-030", "certificate.better", [["0"]]),
    "a signal of no columns": ("DLX-031", "landscape.signal", [[], [], []]),
    "a point of fewer rows": ("DLX-032", "certificate.point", [["2"], ["1/2"]]),
    "an order that is a word": ("DLX-033", "landscape.order", "3"),
    "an order of 0": ("DLX-033", "landscape.order", 0),
    "a value on the sphere that is another": ("DLX-033", "certificate.value", "0"),
    "a point that is a row": ("DLX-034", "certificate.point", [["0", "0", "1"]]),
    "a curve that starts elsewhere": ("DLX-034", "certificate.point.2.0", "-1"),
    "a signal of fewer rows": ("DLX-035", "landscape.signal", [["1"]]),
    "vectors of one number": ("DLX-035", "landscape.vectors", [["2"], ["0"], ["1"]]),
    "fewer vectors than numbers": ("DLX-035", "landscape.vectors", [["2", "0", "1"], ["0", "2", "1"]]),
    "a full spark that is 1": ("DLX-035", "landscape.full_spark", 1),
    "a vector twice": ("DLX-036", "landscape.vectors.4", ["1", "1", "1"]),
    "a signal lost to fewer numbers": ("DLX-036", "certificate.point", column(-1, 1)),
    "a signal lost to two columns": ("DLX-036", "certificate.point", [["-1", "-1"], ["1", "1"], ["1", "1"]]),
    "inputs of 27 numbers": ("DLX-038", "landscape.inputs.0", ["2", "0", "1"] * 9),
    "a loss of no name": ("DLX-038", "landscape.losses.0", "x"),
    "no names": ("DLX-040", "landscape.names", []),
    "a form of no degree": ("DLX-040", "landscape.polynomial", "0"),
    "no points": ("DLX-040", "certificate.points", []),
    "one point of two": ("DLX-040", "certificate.points", [column(0, 0, 1)]),
    "points of two sizes": ("DLX-040", "certificate.points.1", column(1, 1)),
    "no matrices": ("DLX-042", "landscape.matrices", []),
    "a delta below 0": ("DLX-042", "landscape.delta", "-9/16"),
    "a delta that is a root of another kind": ("DLX-046", "landscape.delta", "cube 32/81"),
    "a period that is a word": ("DLX-049", "certificate.period", "2"),
    "inputs without outputs": ("DLX-050", "landscape.data", column(-1, 0, 1)),
    "a maximum of a network": ("DLX-050", "certificate.sense", "maximum"),
}
TURNS = [column(5, 5, 5, 5), column("41/8", "41/8", "39/8", "39/8"), column("39/8", "39/8", "41/8", "41/8")]
"""A perceptron after no sample, after x = 1 with the label 1, and after x = 2 with the label -1."""
SHALLOW = {
    "a value over 0": ("DLX-051", ("certificate.value", "(0)/(pi - pi)")),
    "a value of 800 letters": ("DLX-053", ("certificate.value", "1/8" + " + 0*pi" * 115)),
    "a value of the larger loss": ("DLX-053", ("certificate.value", "5/8")),
    "a pass and a half that returns": (
        "DLX-056",
        ("shallow.data", column(1, 2)),
        ("certificate.learning_rate", "1/4"),
        ("certificate.factors", ["1"] * 3),
        ("certificate.directions", TURNS),
        ("certificate.value", "7/8"),
    ),
    "a truth of one number": ("DLX-051", ("shallow.truth", column(1))),
    "a factor that is a number": ("DLX-051", ("certificate.factor", 7)),
    "points that are others' multiples": (
        "DLX-059",
        ("certificate.directions", [column("1/2"), column("3/4")]),
        ("certificate.factors", ["5/2", "2"]),
        ("certificate.value", "5/64"),
    ),
    "a learning rate with a root": ("DLX-059", ("certificate.learning_rate", "4/5 + root")),
    "a sum of three": ("DLX-060", ("certificate.kept", column(1, 1, 0)), ("certificate.point", column(1, -1, 0))),
    "a sum that leaves 0": ("DLX-060", ("certificate.kept", column(1, 2)), ("certificate.point", column(2, -1))),
    "a value below the error": ("DLX-060", ("certificate.value", "1")),
    "an error of odd terms": (
        "DLX-061",
        ("shallow.diagonal", ["1", "0", "0"]),
        ("certificate.kept", column(0, 1, -1)),
        ("certificate.point", column(1, 1, 0)),
        ("certificate.value", "1"),
    ),
    "a square below 0": (
        "DLX-062",
        ("shallow.diagonal", ["1", "2"]),
        ("certificate.start", "1"),
        ("certificate.point", column(-1, 1)),
        ("certificate.value", "1"),
    ),
    "an end off the path": ("DLX-062", ("certificate.point", column("1/2", 1)), ("certificate.value", "1")),
    "a flow of one number": (
        "DLX-062",
        ("shallow.diagonal", ["1"]),
        ("certificate.point", column(1)),
        ("certificate.value", "0"),
    ),
}


def _grown(uid, path, value):
    """With a leaf replaced; a list's next entry is added to it."""
    way, _, last = path.rpartition(".")
    content = landscapes.changed(uid)
    place = content
    for key in way.split("."):
        place = place[int(key) if key.isdigit() else key]
    if isinstance(place, list) and int(last) == len(place):
        return landscapes.changed(uid, (way, [*place, value]))
    return landscapes.changed(uid, (path, value))


GUARDS = {
    **{name: _grown(*change) for name, change in LANDSCAPES.items()},
    **{name: shallow.changed(uid, *changes) for name, (uid, *changes) in SHALLOW.items()},
    "a network that is no better": landscapes.changed(
        "DLX-050",
        ("certificate.better", landscapes.CONTENT["DLX-050"]["certificate"]["point"]),
        ("certificate.better_value", "1/3"),
    ),
    "a curve from a longer vector": landscapes.changed(
        "DLX-034",
        ("certificate.point", column(0, 0, 2)),
        ("certificate.curve", column("t", 0, 2)),
        ("certificate.coefficient", "1/16"),
    ),
    "data of eighteen rows": landscapes.valued(
        "DLX-050", ("landscape.data", landscapes.CONTENT["DLX-050"]["landscape"]["data"] * 6)
    ),
}
"""By what is false."""
