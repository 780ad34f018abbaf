"""Counterexamples about networks as theorems: each kind of certificate, in the words of ``certificate_*.v``."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from claims.counterexamples.certificates import Problem
from claims.counterexamples.formal_terms import (
    Stated,
    UnstatedError,
    conjugate,
    conjunction,
    naturals,
    numbers,
    polynomial_term,
    q,
    rows,
    sequence,
    squares,
    whole,
)
from claims.counterexamples.rationals import (
    Matrix,
    inner,
    matrix,
    minus,
    number,
    polynomial,
    product,
    transposed,
    variable,
    zero,
)

Said = dict[str, Any]
ALWAYS = ("certificate", "certificate_network", "certificate_lasting", "certificate_start")
ON_A_MODE = ("certificate_modes", "certificate_lasting")
INVARIANT = (*ON_A_MODE, "certificate_invariant")


class Network:
    """An entry's problem, and the names that its theorem gives to its parts."""

    def __init__(self, entry: Said) -> None:
        self.name = entry["uid"].replace("-", "_")
        self.problem = Problem(*(entry[key] for key in ("widths", "weights", "target", "learning_rate")))
        self.said: Said = entry["certificate"]
        self.definitions: list[str] = []
        layers = sequence(map(rows, self.problem.weights))
        shape = naturals(self.problem.widths)
        self.network = self.define("network", f"Network {shape} {layers} {rows(self.problem.target)}")
        self.rates = self.define("rates", self._rates())

    def define(self, what: str, term: str) -> str:
        self.definitions.append(f"Definition {self.name}_{what} := {term}.\n")
        return f"{self.name}_{what}"

    def _rates(self) -> str:
        if self.problem.rate is not None:
            return f"Only {q(self.problem.rate)}"
        return "Every" if self.problem.most is None else f"Up_to {q(self.problem.most)}"

    @property
    def rate(self) -> str:
        if self.problem.rate is None:
            raise UnstatedError("its learning rate is any, where steps need one")
        return q(self.problem.rate)

    def mode(self) -> str:
        """The certificate's, or, of a network of width 1, that of ones."""
        net, vectors = self.problem, self.said["mode"]
        columns = [matrix([v], (1, d)) for v, d in zip(vectors, net.widths, strict=True)] if vectors else []
        columns = columns or [[[Fraction(d == 1)] * d] for d in net.widths]
        size = inner(columns[0], columns[0])

        def along(a: Matrix, v: Matrix, u: Matrix) -> Fraction:
            return product(u, a, transposed(v))[0][0] / size if size else Fraction(0)

        values = [along(a, v, u) for a, (v, u) in zip(net.weights, pairwise(columns), strict=True)]
        target = along(net.target, columns[0], columns[-1])
        return self.define("mode", f"Mode {rows([v[0] for v in columns])} {numbers(values)} {q(target)}")

    def shown(self, root: Fraction, shift: Fraction, wanted: Callable[[Fraction], bool]) -> str:
        """Squares for Phi^T Phi - shift, or Phi Phi^T - shift if smaller, and a vector where its form is as wanted."""
        gram = self.problem.gram()
        shifted = minus(gram, [[shift * (i == j) for j in range(len(gram))] for i in range(len(gram))])
        heights, forms = squares(shifted)
        vector = next((t for value, t, _ in conjugate(shifted) if wanted(value)), [Fraction(1)] * len(gram))
        return f"(Shown {q(root)} {numbers(heights)} {rows(forms)} {rows([[x] for x in vector])})"

    def start(self) -> tuple[str, str]:
        """The statement of what is so at the start, and its proof."""
        said = self.said["start"]
        text, net = said["margin"], self.problem
        square = 2 * net.loss(net.weights)
        root = Fraction(math.isqrt(square.numerator * square.denominator << 256), square.denominator << 128)
        root += (root**2 != square) * Fraction(1, 2**128)
        if text == "negative":
            margin, shown = "Negative", self.shown(root, square, lambda value: value < 0)
        else:
            c = number(text.removeprefix("at least "))
            margin = f"({'At_least' if text.startswith('at least ') else 'Exactly'} {q(c)})"
            shown = self.shown(root, (c + root) ** 2, lambda value: value == 0)
        first, most = q(number(said["loss"])), q(number(said["imbalance_squared"]))
        statement = f"begins R {self.network} {first} {most} {margin}"
        return statement, f"apply: (@start_shown R {self.network} {shown}); by vm_compute"


def stationary(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    said = net.said
    steps, least = whole(said, "steps"), q(number(said["loss"]))
    if said["mode"]:
        v = net.mode()
        return (
            f"lasts R {net.network} {net.rates} {steps} {least}",
            f"apply: (@rest_along R {net.network} {v}); by vm_compute",
            f"From step {steps} on the loss is at least {said['loss']}.",
            ON_A_MODE,
        )
    return (
        f"stays R {net.network} {net.rates} {steps} {least}",
        "apply: stationary; by vm_compute",
        f"From step {steps} on all gradients are 0 and the loss is {said['loss']}.",
        ("certificate_lasting",),
    )


def cycle(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    said = net.said
    steps, period, least = whole(said, "steps"), whole(said, "period"), q(number(said["loss"]))
    if said["mode"]:
        v = net.mode()
        return (
            f"lasts R {net.network} {net.rates} {steps} {least}",
            f"apply: (@cycle_along R {net.network} {v} _ _ {period}); by vm_compute",
            f"From step {steps} on the loss is at least {said['loss']}.",
            ON_A_MODE,
        )
    return (
        f"cycles R {net.network} {net.rate} {steps} {period} {least}",
        "apply: cycle; by vm_compute",
        f"From step {steps} on the weights return after {period} steps, from step {steps} not sooner, and the loss is "
        f"at least {said['loss']}, which it is at some step.",
        ("certificate_lasting",),
    )


def structure(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    v, least = net.mode(), q(number(net.said["loss"]))
    return (
        f"lasts R {net.network} {net.rates} 0 {least}",
        f"apply: (@equal_along R {net.network} {v}); by vm_compute",
        f"At every step the loss is at least {net.said['loss']}.",
        ON_A_MODE,
    )


def invariant(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    said, steps = net.said, whole(net.said, "steps")
    known = {name: variable(name) for name in ["eta", *said["names"]]}
    places = {name: i for i, name in enumerate(dict.fromkeys(["eta", *said["names"]]))}
    generators = [letter for letter, *_ in said["set"] + said["squares"]]
    even = {letter for letter, _ in said["squares"]}

    def read(text: str) -> str:
        return polynomial_term(polynomial(text, known), places)

    def terms(proof: str) -> str:
        found = []
        for monomial, coefficient in sorted(polynomial(proof, {each: variable(each) for each in generators}).items()):
            once = [
                generators.index(each) for each, power in monomial for _ in range(power % 2 if each in even else power)
            ]
            twice = [generators.index(each) for each, power in monomial for _ in range(power // 2) if each in even]
            found.append(f"Term {q(coefficient)} {naturals(once)} {naturals(twice)}")
        return sequence(found)

    members = [f"({read(text)}, {f'Some {terms(proof)}' if proof else 'None'})" for _, text, proof in said["set"]]
    growth = [(read(text), q(number(factor)), terms(proof)) for text, factor, proof in said["growth"]]
    v, least = net.mode(), q(number(said["loss"][0]))
    names = net.define("names", naturals(places[name] for name in said["names"]))
    grown = sequence(f"({f}, {factor}, {proof})" for f, factor, proof in growth)
    others = sequence(read(text) for _, text in said["squares"])
    s = net.define("set", f"Invariant {names} {sequence(members)} {others} {terms(said['loss'][1])} {grown}")
    checked = f"{net.name}_checked"
    net.definitions.append(
        f"Lemma {checked} : check_invariant {net.network} {v} {net.rates} {steps} {s} {least}.\n"
        "Proof. by vm_compute. Qed.\n"
    )
    statement, proof = f"lasts R {net.network} {net.rates} {steps} {least}", f"exact: (invariant_lasts {checked})"
    words = f"From step {steps} on the loss is at least {said['loss'][0]}."
    for i, (f, factor, _) in enumerate(growth):
        statement += f" /\\\n  grows R {net.network} {v} {net.rates} {steps} {names} {f} {factor}"
        proof += f" | exact: (@invariant_grows _ _ _ _ _ _ _ {checked} {i} isT)"
        what, times = said["growth"][i][:2]
        power = f"({times})^k" if "/" in times else f"{times}^k"
        words += f" {what} is positive, and after k steps {power} times what it was, at least."
    if growth:
        statement, proof = f"({statement})", f"split; [{proof}]"
    return statement, proof, words, INVARIANT


def finite(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    said, what = net.said, net.said["violates"]
    steps, margin = whole(said, "steps"), said["start"]["margin"].removeprefix("at least ")
    given = f"{net.network} {net.rate} {steps}"
    if what == "weights beyond eta C^(2N-1)":
        sizes = [abs(x) for w in net.problem.weights for row in w for x in row]
        statement, lemma = f"weights_leave R {given} {q(min(sizes))} {q(max(sizes))}", "leave_shown"
    elif what in ("loss rises", "balance is lost"):
        name, lemma = {"l": ("loss_rises", "rises_shown"), "b": ("balance_is_lost", "lost_shown")}[what[0]]
        statement = f"{name} R {given}"
    elif what == "imbalance beyond 2 delta":
        statement, lemma = f"imbalance_doubles R {given} {q(number(margin))}", "doubles_shown"
    elif what == "guarantee is missed":
        c, x = q(number(margin)), q(number(said["exponent"]))
        statement, lemma = f"guarantee_is_missed R {given} {c} {x}", "missed_shown"
    else:
        raise UnstatedError(f"{what:.60}: comparisons of one's own are checked by check.py and verify.py alone")
    return statement, f"apply: {lemma}; by vm_compute", f"At step {steps}: {what}.", ("certificate_finite",)


def rank(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    least, widths = number(net.said["loss"]), net.problem.widths
    narrowest = min(widths[1:-1])
    tail = min(widths[0], widths[-1]) - narrowest
    if tail <= 0:
        raise UnstatedError("no layer is narrower than both ends")
    shown = net.shown(Fraction(0), 2 * least / tail, lambda value: value == 0)
    layer = widths.index(narrowest, 1)
    return (
        f"never_less R {net.network} {q(least)}",
        f"apply: (@rank_shown R _ {shown} {q(2 * least / tail)} {layer}); by vm_compute",
        f"Whatever the weights of these widths are, the loss is at least {least}.",
        ("certificate_rank",),
    )


def curl(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    """Of the field that the product of balanced layers follows, where |W| = 1."""
    return (
        f"is_flow R {net.network} /\\ has_curl R {net.network} {q(number(net.said['value']))}",
        "split; [apply: product_flow_shown | apply: curl_shown]; by vm_compute",
        f"their product follows a field that has the curl {net.said['value']} there.",
        ("certificate_curl",),
    )


def identity(net: Network) -> tuple[str, str, str, tuple[str, ...]]:
    said, weights = net.said, net.problem.weights
    if said["of"] == "curl":
        return curl(net)
    if said["of"] != "loss":
        raise UnstatedError(f"there is no theorem for the identity of {said['of']!a:.20}")
    pairs = zip(weights, said["direction"], strict=True)
    ways = [matrix(v, (len(w), len(w[0]))) if zero(w) else minus(w, w) for w, v in pairs]
    way, power = net.define("way", sequence(map(rows, ways))), sum(zero(w) for w in weights)
    return (
        f"flat_saddle R {net.network} {way} {power} {q(number(said['value']))}",
        "apply: saddle_shown; by vm_compute",
        f"Along every line t -> W + t U the loss is l(W) + O(t^3), yet along one it is "
        f"l(W) - {said['value']} t^{power} + C t^{2 * power}.",
        ("certificate_saddle",),
    )


FIELDS = {"realFieldType": "ordered", "rcfType": "real closed"}
LEFT_OUT = {
    "guarantee is missed": "that exp(x) is at least the sum of 25 terms of its series",
    "curl": "that the derivatives of a gradient are symmetric",
    "weights beyond eta C^(2N-1)": "that the weights have equal signs",
}
ALONG_A_MODE = {"stationary": "that the weights along the mode rest", "cycle": "how long the period is"}
"""Theorems about a mode bound the loss, and say no more."""
KINDS: dict[str, Callable[[Network], tuple[str, str, str, tuple[str, ...]]]] = {
    "stationary": stationary,
    "cycle": cycle,
    "structure": structure,
    "invariant": invariant,
    "rank": rank,
    "identity": identity,
    "finite": finite,
}


def network_stated(entry: Said) -> Stated:
    """The theorem of an entry about a network. UnstatedError where there is none."""
    kind, net = entry["certificate"]["kind"], Network(entry)
    if kind not in KINDS:
        raise UnstatedError(f"there is no theorem for certificates of the kind {kind}")
    start, start_proof = net.start()
    shown, shown_proof, words, files = KINDS[kind](net)
    parts = [(f"good_rates {net.rates}", "by []"), (start, start_proof)]
    if kind not in ("finite", "identity"):
        least = q(number(net.said["loss"][0] if kind == "invariant" else net.said["loss"]))
        parts.append((f"(0 < number R {least})", "apply: number_gt0; by vm_compute"))
    parts.append((shown, shown_proof))
    field = "rcfType" if "certificate_curl" in files else "realFieldType"
    statement, proof = conjunction(parts, field)
    left_out = ["that the other hypotheses keep within their limits"] if entry["refutes"]["hypothesis"] else []
    left_out += [f"what is changed ({entry['refutes']['change']})"] if "x " in entry["refutes"]["change"] else []
    left_out += [ALONG_A_MODE[kind]] if kind in ALONG_A_MODE and net.said["mode"] else []
    left_out += [LEFT_OUT[what] for what in [net.said.get("violates"), net.said.get("of")] if what in LEFT_OUT]
    return Stated(
        name=net.name,
        files=tuple(
            dict.fromkeys(["certificate", "certificate_network", "certificate_lasting", "certificate_start", *files])
        ),
        definitions="".join(net.definitions),
        statement=statement,
        proof=proof,
        words=f"Over every {FIELDS[field]} field, from these weights: {words}",
        leaves_out=" and ".join(left_out) or "nothing",
    )
