"""Pictures of counterexamples: what is drawn is where the exact numbers are, and everything drawn is in the picture."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import numpy as np
import pytest
from flint import fmpq

from claims.counterexamples.catalogue import Counterexample, catalogue, exact_number
from claims.counterexamples.landscape_files import LandscapeCounterexample
from claims.counterexamples.shallow_files import ShallowCounterexample
from claims.site.pictures.drawn import plots
from claims.site.pictures.networks import imbalance, logarithm
from claims.site.pictures.orbits import chart, exact_orbit, float_orbit, losses_at, moving_together, orbit, shown
from claims.site.pictures.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Contours, Line, Plot, svg
from claims.site.pictures.shallow import loss_of, real
from solvers import Problem, loss

ENTRIES = catalogue()
NETWORKS = [uid for uid, entry in ENTRIES.items() if isinstance(entry, Counterexample)]
LANDSCAPES = [uid for uid, entry in ENTRIES.items() if isinstance(entry, LandscapeCounterexample)]
SHALLOW = [uid for uid, entry in ENTRIES.items() if isinstance(entry, ShallowCounterexample)]
DRAWN = {uid: plots(entry) for uid, entry in ENTRIES.items()}
PIXEL = 0.1
"""What the eye sees; points of a path are drawn as near to their places."""
NAMED = "{http://www.w3.org/2000/svg}"


def tree(plot: Plot) -> ElementTree.Element:
    return ElementTree.fromstring(str(svg(plot, "p")).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def drawn_marks(plot: Plot) -> list[tuple[float, float]]:
    """Where the circles are, in the picture's own numbers, from their pixels alone."""
    x, y = plot.axes
    return [
        (
            x.low + (float(each.get("cx")) - LEFT) / (WIDTH - LEFT - RIGHT) * (x.high - x.low),
            y.low + (HEIGHT - BOTTOM - float(each.get("cy"))) / (HEIGHT - TOP - BOTTOM) * (y.high - y.low),
        )
        for each in tree(plot).iter(f"{NAMED}circle")
    ]


def seen(axis: Axis) -> float:
    """A pixel of the shorter side."""
    return (axis.high - axis.low) / (HEIGHT - TOP - BOTTOM) * PIXEL


def roles(plot: Plot) -> set[str]:
    return {line.role for line in plot.lines}


# All of them.


@pytest.mark.parametrize("uid", ENTRIES)
def test_there_is_a_picture_or_a_reason(uid):
    pictures, reasons = DRAWN[uid]
    assert pictures or reasons
    assert all(reason.startswith("No picture") and reason.endswith(".") for reason in reasons)


def test_few_have_no_picture():
    assert [uid for uid, (pictures, _) in DRAWN.items() if not pictures] == ["DLX-025", "DLX-057"]


@pytest.mark.parametrize("uid", ENTRIES)
def test_a_picture_is_whole_small_and_has_words(uid):
    for plot in DRAWN[uid][0]:
        text = str(svg(plot, "p"))
        root = tree(plot)
        assert len(text) < 40_000
        assert not re.search(r"nan|inf|None", re.sub(r"<(title|desc).*?</\1>", "", text))
        assert [each.tag for each in root][:2] == [f"{NAMED}title", f"{NAMED}desc"]
        assert root[0].text
        assert root[1].text.endswith(".")
        assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
        for mark in root.iter(f"{NAMED}circle"):
            assert LEFT <= float(mark.get("cx")) <= WIDTH - RIGHT
            assert TOP <= float(mark.get("cy")) <= HEIGHT - BOTTOM


@pytest.mark.parametrize("uid", ENTRIES)
def test_marks_are_where_the_data_are(uid):
    for plot in DRAWN[uid][0]:
        found = drawn_marks(plot)
        assert len(found) == len(plot.marks)
        for mark, (x, y) in zip(plot.marks, found, strict=True):
            assert abs(x - mark.x) <= seen(plot.axes[0])
            assert abs(y - mark.y) <= seen(plot.axes[1])


# Networks.


@pytest.mark.parametrize("uid", sorted(set(NETWORKS) - {"DLX-024", "DLX-025"}))
def test_the_losses_drawn_are_those_of_exact_steps(uid):
    """The first four, which are short in rationals; at the rate of the file, or one that it allows."""
    entry = ENTRIES[uid]
    problem, plot = shown(entry), DRAWN[uid][0][0]
    if not entry.learning_rate.startswith("every"):
        assert problem.learning_rate == exact_number(entry.learning_rate)
    elif entry.learning_rate != "every":
        assert problem.learning_rate <= exact_number(entry.learning_rate.removeprefix("every at most "))
    for step, (x, y) in enumerate(drawn_marks(plot)[:4]):
        exact = loss(problem.weights, problem.target)
        wanted = logarithm(exact) if plot.axes[1].log else float(exact)
        assert x == pytest.approx(step, abs=seen(plot.axes[0]))
        assert y == pytest.approx(wanted, abs=seen(plot.axes[1]))
        problem = problem.step()


@pytest.mark.parametrize("uid", [uid for uid in NETWORKS if ENTRIES[uid].kind == "cycle"])
def test_a_cycle_is_drawn_exactly_and_comes_back(uid):
    """Its least loss is the certificate's."""
    entry, found = ENTRIES[uid], orbit(ENTRIES[uid])
    period = entry.certificate["period"]
    assert found.exact
    assert found.losses[period:] == found.losses[:-period]
    assert min(found.losses) == exact_number(entry.certificate["loss"])


def test_in_float64_a_repelling_cycle_would_be_left():
    """Why its steps are exact."""
    problem = shown(ENTRIES["DLX-016"])
    exact, rounded = exact_orbit(problem, 200), float_orbit(problem.nearest(), 200)
    assert exact.losses[200] == exact.losses[0]
    assert max(abs(value - float(exact.losses[step])) for step, value in enumerate(rounded.losses)) > 1


def test_a_path_has_its_numbers_and_the_surface_its_heights():
    """(5/2, 5/2) and back, over 1/2 (x y - 4)^2."""
    path = DRAWN["DLX-015"][0][1]
    assert [(mark.x, mark.y) for mark in path.marks[:3]] == [(2.5, 2.5), (-2.5, -2.5), (2.5, 2.5)]
    contours = path.contours
    assert isinstance(contours, Contours)
    x, y = np.meshgrid(contours.x, contours.y)
    np.testing.assert_array_equal(contours.values, (y * x - 4) ** 2 / 2)


def test_a_surface_that_is_not_the_same_both_ways():
    """W_1 = x, and below the 1 of W_2 a y: 1/2 ((x - 1)^2 + (x y - 1)^2)."""
    contours = DRAWN["DLX-027"][0][2].contours
    x, y = np.meshgrid(contours.x, contours.y)
    np.testing.assert_allclose(contours.values, ((x - 1) ** 2 + (x * y - 1) ** 2) / 2, rtol=1e-12)
    assert contours.x[0] != contours.y[0]


@pytest.mark.parametrize("uid", [uid for uid in NETWORKS if DRAWN[uid][0][-1:] and "graph" in roles(DRAWN[uid][0][-1])])
def test_steps_are_on_the_graph_of_the_loss(uid):
    """The graph is drawn from the section's own numbers, the steps from the orbit's."""
    plot = DRAWN[uid][0][-1]
    graph = next(line for line in plot.lines if line.role == "graph")
    for mark in plot.marks:
        assert np.interp(mark.x, graph.x, graph.y) == pytest.approx(mark.y, abs=10 * seen(plot.axes[1]))


def test_steps_stand_at_the_points_that_they_lead_to():
    """A cycle of two and of four; what is never seen again stands alone."""
    labels = {uid: [mark.label for mark in DRAWN[uid][0][1].marks] for uid in ("DLX-015", "DLX-017", "DLX-019")}
    assert labels["DLX-015"][:3] == ["0, 2, …", "1, 3, …", ""]
    assert labels["DLX-017"][:5] == ["0, 4, …", "1, 5", "2, 6", "3, 7", ""]
    assert labels["DLX-019"][:3] == ["0", "1, 2, …", ""]


def test_an_arrow_leads_from_each_point_to_the_next_once():
    """There and back are two; a step that stays has none."""
    plot = Plot("t", "d.", (Axis("x", 0, 1), Axis("y", 0, 1)), (Line([0, 1, 0, 1, 1], [0, 1, 0, 1, 1], "arrows"),))
    ways = [each.get("d") for each in tree(plot).iter(f"{NAMED}path") if each.get("class") == "arrows"]
    low, high = f"{LEFT} {HEIGHT - BOTTOM}", f"{WIDTH - RIGHT} {TOP}"
    assert ways == [f"M{low}L{high}", f"M{high}L{low}"]


def test_areas_are_above_their_levels():
    """Of x + y on the unit square, above 1/2, 1 and 3/2: what is left of the square, and smaller each time."""
    ticks = np.linspace(0, 1, 11)
    values = np.add.outer(ticks, ticks)
    plot = Plot("t", "d.", (Axis("x", 0, 1), Axis("y", 0, 1)), contours=Contours(ticks, ticks, values, (0.5, 1.0, 1.5)))
    areas = [each for each in tree(plot).iter(f"{NAMED}path") if each.get("class") == "above"]
    whole = (WIDTH - LEFT - RIGHT) * (HEIGHT - TOP - BOTTOM)
    sizes = [enclosed(each.get("d")) / whole for each in areas]
    assert sizes == pytest.approx([1 - 1 / 8, 1 / 2, 1 / 8], abs=0.002)


def enclosed(path: str) -> float:
    """The area of a closed path."""
    points = np.array([tuple(map(float, place.split())) for place in path.strip("Mz").split("L")])
    x, y = points.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def problem(*weights: str, target: str, rate: str) -> Problem:
    """A network of width 1."""
    one = lambda text: np.array([[exact_number(text)]], dtype=object)  # noqa: E731
    return Problem(tuple(map(one, weights)), one(target), exact_number(rate))


@pytest.mark.parametrize(
    ("weights", "groups"),
    [
        (("1", "1", "1"), [[0, 1, 2]]),
        (("1", "2", "1"), [[0, 2], [1]]),
        (("0", "0", "5"), []),
        (("0", "1", "5"), [[0], [1], [2]]),
    ],
)
def test_what_moves_together_is_one_number(weights, groups):
    """0 stays at 0 beside another 0; equal layers stay equal."""
    assert moving_together(problem(*weights, target="3", rate="1/10")) == groups


def test_three_numbers_that_stay_in_a_plane_are_shown_there_and_those_that_do_not_are_not():
    """Onto the saddle in one step: a line. Three weights that differ: no chart."""
    at_rest = exact_orbit(shown(ENTRIES["DLX-011"]), 4)
    line = chart(at_rest)
    assert line.names == ("s (0: the start, 1: a step later)",)
    np.testing.assert_allclose(line.course[:, 0], [0, 1, 1, 1, 1], atol=1e-12)
    np.testing.assert_allclose(line.origin + line.course @ line.directions, at_rest.numbers(), rtol=1e-12, atol=1e-9)
    assert chart(exact_orbit(problem("1", "2", "3", target="4", rate="1/100"), 4)) is None


def test_losses_at_rows_of_weights():
    """Against rationals, at dyadic numbers, where float64 is exact."""
    found = shown(ENTRIES["DLX-018"])
    row = np.arange(-8, 8) / 4
    weights = [np.vectorize(fmpq, otypes=[object])((row[k : k + 4] * 4).astype(int)) / 4 for k in range(0, 16, 4)]
    exact = loss([w.reshape(2, 2) for w in weights], found.nearest().exact().target)
    assert losses_at(found, row[None])[0] == float(exact)


def test_the_imbalance_that_appears_is_drawn():
    """Balance is lost in a step, and by how much the file's own numbers say."""
    first, second = drawn_marks(DRAWN["DLX-027"][0][1])[:2]
    assert first[1] == pytest.approx(0, abs=seen(DRAWN["DLX-027"][0][1].axes[1]))
    assert second[1] == pytest.approx(imbalance(shown(ENTRIES["DLX-027"]).step()), abs=PIXEL)
    assert second[1] > 0


def test_logarithms_of_numbers_beyond_float64():
    assert logarithm(fmpq(10) ** 1000) == pytest.approx(1000)
    assert logarithm(fmpq(1, 10) ** 1000) == pytest.approx(-1000)
    assert logarithm(0.01) == pytest.approx(-2)


# Landscapes.


@pytest.mark.parametrize("uid", [uid for uid in LANDSCAPES if ENTRIES[uid].kind == "minimum"])
def test_a_section_goes_through_the_values_of_the_certificate(uid):
    """Exactly on lines; on a sphere the values are those for |u| = 1."""
    entry, plot = ENTRIES[uid], DRAWN[uid][0][0]
    said = [Fraction(entry.certificate[key]) for key in ("value", "better_value")]
    values = [mark.y for mark in plot.marks]
    if entry.landscape["model"] == "tensor":
        sizes = [sum(Fraction(row[0]) ** 2 for row in entry.certificate[key]) for key in ("point", "better")]
        said = [float(v) / float(s) ** (entry.landscape["order"] / 2) for v, s in zip(said, sizes, strict=True)]
        assert values == pytest.approx(said, abs=seen(plot.axes[1]))
    else:
        assert values == list(map(float, said))


@pytest.mark.parametrize("uid", [uid for uid in LANDSCAPES if ENTRIES[uid].kind == "lost"])
def test_what_is_lost_has_the_loss_of_the_signal(uid):
    assert [mark.y for mark in DRAWN[uid][0][0].marks] == [0, 0]


@pytest.mark.parametrize("uid", [uid for uid in LANDSCAPES if ENTRIES[uid].kind == "descent"])
def test_along_the_curve_the_change_is_the_certificates(uid):
    """At t = 1/100, to the next power."""
    entry, (line,) = ENTRIES[uid], DRAWN[uid][0][0].lines
    said = entry.certificate
    at = int(np.argmin(abs(np.array(line.x) - 0.01)))
    change = (line.y[at] - float(Fraction(said["value"]))) / line.x[at] ** said["power"]
    assert change == pytest.approx(float(Fraction(said["coefficient"])), rel=0.05)


# Shallow models.


@pytest.mark.parametrize("uid", [uid for uid in SHALLOW if ENTRIES[uid].kind in ("poor", "returns") and DRAWN[uid][0]])
def test_the_loss_is_the_certificates(uid):
    """Its value is the least of the drawn points; at the truth the loss is 0."""
    entry = ENTRIES[uid]
    plot = DRAWN[uid][0][0]
    values = [mark.y for mark in plot.marks]
    value = values[0] if entry.kind == "poor" else min(value for value in values if value > 1e-9)
    assert value == pytest.approx(real(entry.certificate["value"]), abs=seen(plot.axes[1]))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(3*root + 2*pi)/(3*root + 5*pi)", (3 * 3**0.5 + 2 * np.pi) / (3 * 3**0.5 + 5 * np.pi)),
        ("(1)/(pi + 1)", 1 / (np.pi + 1)),
        ("1/8", 0.125),
        ("-2*pi^2 - 1/2 + root", -2 * np.pi**2 - 0.5 + 3**0.5),
    ],
)
def test_numbers_with_pi_and_root(text, value):
    assert real(text) == pytest.approx(value, rel=1e-14)


def test_a_sum_stays_opposite_and_the_flow_ends_where_it_is_said():
    """u + v = 0 all the way; the point of the certificate has the squares."""
    (kept,) = DRAWN["DLX-060"][0]
    np.testing.assert_array_equal(np.add(kept.lines[0].x, kept.lines[0].y), 0)
    (flow,) = DRAWN["DLX-062"][0]
    squares = [real(row[0]) for row in ENTRIES["DLX-062"].certificate["point"]]
    assert [flow.marks[-1].x ** 2, flow.marks[-1].y ** 2] == pytest.approx(squares, rel=1e-12)
    assert loss_of(ENTRIES["DLX-062"].shallow)(np.array([[flow.marks[-1].x, flow.marks[-1].y]]))[0] < 1e-12


# Axes.


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis("x", 0, 10), ["0", "2", "4", "6", "8", "10"]),
        (Axis("x", -0.3, 0.3), ["−0.2", "0", "0.2"]),
        (Axis("x", 0, 2, whole=True), ["0", "1", "2"]),
        (Axis("x", -3.2, 2.1, log=True), ["10⁻²", "10⁰", "10²"]),
    ],
)
def test_ticks_are_round(axis, ticks):
    assert [text for _, text in axis.ticks()] == ticks
    assert all(axis.low <= value <= axis.high for value, _ in axis.ticks())
