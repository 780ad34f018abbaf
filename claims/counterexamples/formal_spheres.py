"""Counterexamples about forms on the unit sphere, in the words of ``certificate_sphere.v`` and the files above it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from claims.counterexamples.critical_points import posed, sense, two_points
from claims.counterexamples.derivatives import derivatives
from claims.counterexamples.formal_curves import curve_term
from claims.counterexamples.formal_terms import (
    SMALLEST,
    Parts,
    Stated,
    UnstatedError,
    conjugate,
    conjunction,
    definite,
    flat,
    numbers,
    polynomial_term,
    q,
    rows,
    squares,
    valued,
    whole,
)
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import Matrix, inner, minus, number, polynomial, product, transposed, variable

Said = dict[str, Any]
MOST = Fraction(2**20)


class Form:
    """A form and the name that its theorem gives it; ``sign`` times it is what is looked at."""

    def __init__(self, entry: Said, point: Matrix, sign: int) -> None:
        self.model, self.name, self.sign, self.n = entry["landscape"], entry["uid"].replace("-", "_"), sign, len(point)
        landscape = posed(self.model, point)
        self.objective, self.degree = landscape.objective, landscape.degree
        self.named = f"{self.name}_objective"
        self.shown = self.named if sign > 0 else f"(negated {self.named})"

    def family(self) -> tuple[str, tuple[str, str]]:
        """The form as a term, and what it is."""
        size = f"{self.n} {self.degree}"
        if self.model["model"] == "tensor":
            (weights,) = grid([self.model["coefficients"]], "coefficients")
            data = f"{size} {numbers(weights)} {rows(grid(self.model['components'], 'components'))}"
            proof = "by apply: tensor_shown; [vm_compute|]"
            return f"tensor {data}", (f"orthogonal_tensor R {data} {self.named}", proof)
        names = self.model["names"]
        f = polynomial(self.model["polynomial"], {name: variable(name) for name in names})
        term = polynomial_term(f, {name: k for k, name in enumerate(names)})
        return term, (f"is_form R {size} {self.named}", "apply: form_shown; by vm_compute")

    def at(self, point: Matrix) -> At:
        return At(self, point)


class At:
    """Value, multiplier and second derivatives at a point: Df(u) = m u."""

    def __init__(self, form: Form, point: Matrix) -> None:
        value, _, second = derivatives(form.objective, point)
        self.square = inner(point, point)
        self.value, self.multiplier = form.sign * value, form.sign * form.degree * value / self.square
        self.hessian = [
            [form.sign * x - self.multiplier * (i == j) for j, x in enumerate(row)] for i, row in enumerate(second)
        ]
        self.u = flat(point)
        self.unit = f"(direction R {form.n} {numbers(self.u)})"
        self.critical = f"{q(self.square)} {q(self.multiplier)}"

    def stiffened(self, good: Callable[[Matrix], bool]) -> tuple[Fraction, Matrix]:
        """The first k of 0, 1, 2, 4, ... for which H - m I + k u u^T is as wanted, and that matrix."""
        k = Fraction(0)
        while True:
            added = product([[k * a] for a in self.u], [self.u])
            stiff = minus(self.hessian, added, Fraction(-1))
            if good(stiff) or k > MOST:
                return k, stiff
            k = 2 * k or Fraction(1)

    def signs(self, sign: int) -> Matrix:
        """Vectors orthogonal to u, and by H to each other, where H is of that sign."""
        k = next(i for i, x in enumerate(self.u) if x)
        size = range(len(self.u))
        basis = [[self.u[k] * (i == j) - self.u[j] * (i == k) for i in size] for j in size if j != k]
        found = conjugate(product(basis, self.hessian, transposed(basis)))
        return [product([t], basis)[0] for value, t, _ in found if sign * value > 0]


def minimum(form: Form, said: Said) -> tuple[Parts, str]:
    """A strict local minimum (of the negated form, for maxima), and a better point."""
    point, better = two_points(said)
    here, there = form.at(point), form.at(better)
    k, stiff = here.stiffened(lambda form: definite(form)[0] > SMALLEST)
    c, heights, forms = definite([[x / 2 for x in row] for row in stiff])
    lower, higher = (there, here) if form.sign > 0 else (here, there)
    parts = [
        valued(form.named, point, said["value"]),
        valued(form.named, better, said["better_value"]),
        below(form, lower, higher),
        (
            f"strict_minimum_on_sphere {form.n} {form.shown} {here.unit}",
            f"apply: (@minimum_on_sphere_shown R {form.n} {form.degree} _ _ {q(here.square)} {q(-here.multiplier / 2)} "
            f"{q(k / 8)} {q(here.value)} {q(c)} {numbers(heights)} {rows(forms)}); by vm_compute",
        ),
    ]
    return parts, f"on the sphere a strict local {said['sense']}, and a better point."


def below(form: Form, lower: At, higher: At) -> tuple[str, str]:
    """The order of two values on the sphere, by those at points of any length."""
    values = f"{q(form.sign * lower.value)} {q(form.sign * higher.value)}"
    return (
        f"(eval {lower.unit} {form.named} < eval {higher.unit} {form.named})",
        f"apply: (@below_shown R {form.n} {form.degree} _ _ _ {q(lower.square)} {q(higher.square)} {values}); "
        "by vm_compute",
    )


def descent(form: Form, said: Said) -> tuple[Parts, str]:
    """Critical, without curvature of one sign, and a curve along which it falls (rises, for maxima)."""
    point, curve = grid(said["point"], "point"), curve_term(said)
    here, degree, power = form.at(point), form.degree, whole(said, "power")
    value, change = number(said["value"]), number(said["coefficient"])
    k, stiff = here.stiffened(lambda form: all(x >= 0 for x, _, _ in conjugate(form)))
    heights, forms = squares(stiff)
    parts = [
        valued(form.named, point, said["value"]),
        (
            f"second_order_on_sphere {form.n} {form.shown} {here.unit}",
            f"apply: (@second_order_on_sphere_shown R {form.n} {degree} _ _ {here.critical} {q(k)} {numbers(heights)} "
            f"{rows(forms)}); by vm_compute",
        ),
        (
            f"changes_on_sphere R {form.n} {degree} {form.named} {curve} {q(value)} {q(change)} {power}",
            "apply: changes_on_sphere_shown; by vm_compute",
        ),
        (
            f"no_minimum_on_sphere {form.n} {form.shown} {here.unit}",
            f"apply: (@descent_on_sphere_shown R {form.n} {degree} _ {curve} _ {q(form.sign * value)} "
            f"{q(form.sign * change)} {power}); by vm_compute",
        ),
    ]
    return parts, (
        f"on the sphere a point of second order that is no local {said['sense']}: along a curve the value changes by "
        f"{said['coefficient']} t^{power}."
    )


def order(form: Form, said: Said) -> tuple[Parts, str]:
    """Two critical points with the indices that are said, the larger one at the lower value."""
    points = [grid(rows, "points") for rows in said["points"]]
    if len({(len(point), len(point[0])) for point in points}) != 1:
        raise ValueError("points: expected two of one shape")
    first, second = (form.at(point) for point in points)
    more, fewer = (whole({"indices": index}, "indices") for index in said["indices"])
    low, high = _index(form, first, more), _index(form, second, fewer)
    parts = [
        *(valued(form.named, *pair) for pair in zip(points, said["values"], strict=True)),
        below(form, first, second),
        (f"[/\\ {low[0]},\n  {high[0]} & ({fewer} < {more})%N]", f"split; [{low[1]} | {high[1]} | by []]"),
    ]
    return parts, f"on the sphere a critical point of index {more} below one of index {fewer}."


def _index(form: Form, at: At, index: int) -> tuple[str, str]:
    negative, positive = (rows(at.signs(sign)) for sign in (-1, 1))
    return (
        f"critical_of_index {form.n} {form.shown} {at.unit} {index}",
        f"apply: (@index_shown R {form.n} {form.degree} _ _ {at.critical} _ {negative} {positive}); by vm_compute",
    )


KINDS: dict[str, Callable[[Form, Said], tuple[Parts, str]]] = {"minimum": minimum, "descent": descent, "order": order}
ALWAYS = ("certificate", "certificate_landscape", "polynomial_derivative", "certificate_sphere")
FILES = {
    "minimum": (),
    "descent": ("certificate_descent", "certificate_curvature", "certificate_sphere_descent"),
    "order": ("certificate_curvature",),
}


def form_stated(entry: Said) -> Stated:
    """The theorem of an entry about a form, over real closed fields: the length of a vector is a square root."""
    said, kind = entry["certificate"], entry["certificate"]["kind"]
    if kind not in KINDS:
        raise UnstatedError(f"there is no theorem for the kind {kind} on a sphere; check.py and verify.py decide it")
    points = said["points"] if kind == "order" else [said["point"]]
    form = Form(entry, grid(points[0], "point"), sense(said) if kind != "order" else 1)
    term, family = form.family()
    parts, words = KINDS[kind](form, said)
    statement, proof = conjunction([family, *parts], "rcfType")
    model = ("certificate_tensor",) if form.model["model"] == "tensor" else ()
    return Stated(
        name=form.name,
        files=(*ALWAYS, *FILES[kind], *model),
        definitions=f"Definition {form.named} := {term}.\n",
        statement=statement,
        proof=proof,
        words=f"Over every real closed field: {words}",
    )
