"""The certificates of counterexamples, and why each then speaks of every step; decided in rational numbers alone.

Each method from ``stationary`` to ``finite`` is a kind. It returns the number that the file must name: the least loss
for all time, or what its docstring says. "Width 1" is a network of numbers w_1, ..., w_N with a number as its target.
"""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

from claims.counterexamples.rationals import (
    Matrix,
    Polynomial,
    constant,
    inner,
    least_eigenvalue,
    matrix,
    minus,
    number,
    plus,
    polynomial,
    product,
    require,
    times,
    transposed,
    variable,
    zero,
)

Certificate = dict[str, Any]
ETA = variable("eta")


class Problem:
    """A network, its target and a learning rate; ``rate`` is None where any is meant, up to ``most`` if that is one."""

    def __init__(self, widths: list[int], weights: list[Any], target: list[Any], rate: str) -> None:
        in_range = 2 <= len(widths) <= 9 and all(type(d) is int and 1 <= d <= 16 for d in widths)
        require(in_range, "widths: expected 2 to 9 whole numbers from 1 to 16")
        shapes = [(after, before) for before, after in pairwise(widths)]
        self.weights = [matrix(w, shape) for w, shape in zip(weights, shapes, strict=True)]
        self.target = matrix(target, (widths[-1], widths[0]))
        self.widths, self.depth, self.learning_rate = widths, len(weights), rate
        self.rate = None if rate.startswith("every") else number(rate)
        self.most = number(rate.removeprefix("every at most ")) if rate.startswith("every ") else None
        require(rate == "every" or (self.rate or self.most or 0) > 0, "learning_rate: expected one > 0, or every")

    def gradients(self, weights: list[Matrix]) -> list[Matrix]:
        """D_j = W_{j+1:N}^T (W - Phi) W_{1:j-1}^T."""
        residual = minus(product(*reversed(weights)), self.target)
        back = [transposed(w) for w in weights]
        return [product(*back[j + 1 :], residual, *back[:j]) for j in range(self.depth)]

    def moved(self, weights: list[Matrix], steps: int) -> list[Matrix]:
        """The weights after so many steps of gradient descent."""
        require(type(steps) is int and (steps == 0 or self.rate), "steps: expected 0, or a rational learning rate")
        for _ in range(steps):
            gradients = self.gradients(weights)
            weights = [minus(w, d, self.rate or Fraction(0)) for w, d in zip(weights, gradients, strict=True)]
        return weights

    def loss(self, weights: list[Matrix]) -> Fraction:
        """1/2 ||W - Phi||_F^2."""
        residual = minus(product(*reversed(weights)), self.target)
        return inner(residual, residual) / 2

    def imbalance(self, weights: list[Matrix]) -> Fraction:
        """max_j ||B_j||_F^2 with B_j = W_{j+1}^T W_{j+1} - W_j W_j^T."""
        pairs = (minus(product(transposed(b), b), product(a, transposed(a))) for a, b in pairwise(weights))
        return max((inner(b, b) for b in pairs), default=Fraction(0))

    def gram(self) -> Matrix:
        """Phi Phi^T or Phi^T Phi, the smaller one: its eigenvalues are the squared singular values of Phi."""
        other = transposed(self.target)
        return product(self.target, other) if len(self.target) < len(other) else product(other, self.target)

    def reduced(self, mode: list[list[str]]) -> "Problem":
        """The network of width 1 along vectors v_0, ..., v_N of one length, or this one where there are none.

        W_j v_{j-1} = w_j v_j and W_j^T v_j = w_j v_{j-1}, and Phi has the like with v_0 and v_N. Then the same holds of
        the layers' gradients, so a step moves the w_j as it moves width 1; and l is at least the loss of width 1.
        """
        if not mode:
            return self
        columns = [transposed(matrix([v], (1, d))) for v, d in zip(mode, self.widths, strict=True)]
        size, values = inner(columns[0], columns[0]), []
        for a, v, u in [
            *zip(self.weights, columns[:-1], columns[1:], strict=True),
            (self.target, columns[0], columns[-1]),
        ]:
            value = product(transposed(u), a, v)[0][0] / size
            ahead, back = minus(product(a, v), u, value), minus(product(transposed(a), u), v, value)
            require(zero(ahead, back) and inner(u, u) == size, "the vectors are no mode of the network")
            values.append([[str(value)]])
        return Problem([1] * len(mode), values[:-1], values[-1], self.learning_rate)

    def stationary(self, said: Certificate) -> Fraction:
        """No learning rate moves weights whose gradients are all 0."""
        net = self.reduced(said["mode"])
        weights = net.moved(net.weights, said["steps"])
        require(zero(*net.gradients(weights)), "a gradient is not 0")
        return net.loss(weights)

    def cycle(self, said: Certificate) -> Fraction:
        """What recurs once recurs for ever."""
        net, losses = self.reduced(said["mode"]), []
        first = weights = net.moved(net.weights, said["steps"])
        for step in range(said["period"]):
            require(step == 0 or weights != first, "the period is shorter")
            losses.append(net.loss(weights))
            weights = net.moved(weights, 1)
        require(weights == first, "the weights do not recur after this period")
        return min(losses)

    def structure(self, said: Certificate) -> Fraction:
        """Width 1, N even, all w_j equal: they stay so, w^N >= 0 for ever, and 0 is nearer to a negative target."""
        net = self.reduced(said["mode"])
        equal = max(net.widths) == 1 and all(w == net.weights[0] for w in net.weights)
        require(equal and net.depth % 2 == 0, "expected equal weights of width 1 and an even depth")
        require(net.target[0][0] < 0, "the target is not negative")
        return net.target[0][0] ** 2 / 2

    def invariant(self, said: Certificate) -> Fraction:
        """Width 1: the polynomials of a set are >= 0 at some step; after each further step they are sums of products
        of themselves, by an identity; and the loss is such a sum, and a number. ``growth``: of a polynomial > 0 so
        many times itself is exceeded in each step, so that it grows without bound."""
        net, names = self.reduced(said["mode"]), said["names"]
        now = [w[0][0] for w in net.moved(net.weights, said["steps"])]
        eta = ETA if net.rate is None else constant(net.rate)
        here = {"eta": eta} | {name: constant(w) for name, w in zip(names, now, strict=True)}
        equal = all(here[name] == constant(w) for name, w in zip(names, now, strict=True))
        require(max(net.widths) == 1 and "eta" not in names and equal, "names: expected one for each value of a weight")
        x = {"eta": eta} | {name: variable(name) for name in names}
        residual = plus(polynomial("*".join(names), x), constant(net.target[0][0]), -1)
        after = {"eta": eta}
        for j, name in enumerate(names):
            others = polynomial("*".join(["eta", *names[:j], *names[j + 1 :]]), x)
            after[name] = plus(x[name], times(others, residual), -1)
        generators = {letter: polynomial(text, x) for letter, text, *_ in said["set"] + said["squares"]}
        squares = {letter for letter, _ in said["squares"]}

        def show(value: Polynomial, proof: str) -> None:
            """``value`` is the sum of products; with no minus, and the generators that are squared in even powers."""
            powers = re.findall(r"([a-z]+)(?:\^([0-9]+))?", proof)
            even = all(int(power or 1) % 2 == 0 for letter, power in powers if letter in squares)
            require("-" not in proof and even, f"{proof:.60} is not a sum of products that are >= 0")
            require(value == polynomial(proof, generators), f"{proof:.60} is not equal to what it should show")

        for _, text, proof in said["set"]:
            require(self._is_nonnegative(polynomial(text, here)), f"at the start {text:.60} is not >= 0")
            if proof or polynomial(text, x) != polynomial(text, here):  # it depends on the weights
                show(polynomial(text, after), proof)
        least, proof = said["loss"]
        show(plus(times(constant(Fraction(1, 2)), times(residual, residual)), constant(number(least)), -1), proof)
        for text, factor, proof in said["growth"]:
            now_positive = polynomial(text, here).keys() == {()} and polynomial(text, here)[()] > 0
            require(
                now_positive and number(factor) > 1, "growth: expected a polynomial > 0 at the start and a factor > 1"
            )
            show(plus(polynomial(text, after), polynomial(text, x), -number(factor)), proof)
        return number(least)

    def _is_nonnegative(self, value: Polynomial) -> bool:
        """At every learning rate that is meant, for a polynomial of degree 1 in it."""
        at_zero, slope = value.get((), 0), value.get((("eta", 1),), 0)
        at_most = slope if self.most is None else at_zero + slope * self.most
        return set(value) <= {(), (("eta", 1),)} and min(at_zero, at_most) >= 0

    def rank(self, said: Certificate) -> Fraction:
        """W has a rank of at most a hidden width k, so ||W - Phi||_F^2 is at least the sum of the n - k least squared
        singular values of Phi (Eckart and Young), and each of these at least the least one."""
        tail = min(self.widths[0], self.widths[-1]) - min(self.widths[1:-1])
        least = number(said["loss"])
        require(
            tail > 0 and least_eigenvalue(self.gram(), 2 * least / tail) == 0, "expected (n - k) sigma_min(Phi)^2 / 2"
        )
        return least

    def identity(self, said: Certificate) -> Fraction:
        """``loss``: where three layers are 0 the loss has no terms of the first and second order, though along V, for
        these layers, l(W + t V) = l(W) - t^k <Phi, V_{1:N}> + O(t^{2k}); returns the inner product, to be > 0.

        ``curl``: two inputs, one output, exact balance, |W| = 1. The end-to-end field of ACH18, Claim 2, is minus
        F = |W|^{p} (g + (N-1) <g, W> W / |W|^2), p = 2 - 2/N, with g = W - Phi; returns dF_1/dW_2 - dF_2/dW_1, not 0.
        """
        require(self.learning_rate == "every", "no learning rate matters here; expected every")
        if said["of"] == "loss":
            pairs = zip(self.weights, said["direction"], strict=True)
            layers = [matrix(v, (len(w), len(w[0]))) if zero(w) else w for w, v in pairs]
            require(sum(zero(w) for w in self.weights) >= 3, "expected three layers that are 0")
            return inner(self.target, product(*reversed(layers)))
        require(said["of"] == "curl", "of: expected loss or curl")
        weight, n = product(*reversed(self.weights)), self.depth
        ((w1, w2),), ((g1, g2),) = weight, minus(weight, self.target)
        require(inner(weight, weight) == 1 and self.imbalance(self.weights) == 0, "expected |W| = 1 and exact balance")
        return (2 - Fraction(2, n) - (n - 1)) * (w2 * g1 - w1 * g2)
