"""The definitions of network.v are those of solvers.network: Coq evaluates them on drawn whole numbers.

Definitions are a part of every formal statement, and no proof can tell that they are the wrong ones. So Coq proves what
each of them is, entry by entry, on networks for which the solvers have computed it; and refuses that where one of the
definitions is changed.
"""

import re
from itertools import pairwise

import numpy as np
import pytest
from formal import a_prover

from claims.formal.asking import Question, answers
from claims.formal.building import UnprovedError, built
from claims.formal.sources import shipped
from solvers import network

HEADER = """From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network.
Import GRing.Theory.
Local Open Scope ring_scope.
Definition entry (l : seq (seq int)) (i k : nat) : int := nth 0 (nth [::] l i) k.
"""

EVALUATE = """Proof.
cbv beta delta [descent iter iteri descent_step gradient_step imbalance layer_gradient residual end_to_end sqnorm inner
  mxtrace].
rewrite /= ?(mxE, big_ord_recl, big_ord0) /=.
by vm_compute.
Qed.
"""
"""Sums and products of matrices are written out, and what is left is arithmetic of whole numbers."""

WIDTHS = ((2,), (1, 2), (2, 1), (1, 1, 1), (2, 1, 2), (1, 2, 1), (2, 1, 1, 2))
"""Depths 0 to 3; rectangular layers, so that a transpose in the wrong place has the wrong shape or the wrong value."""


def coq(value):
    """A whole number, or a matrix of them, in Coq."""
    if np.ndim(value) == 0:
        return f"({int(value)})%:Z" if value >= 0 else f"(- {-int(value)}%:Z)"
    return "[:: " + "; ".join("[:: " + "; ".join(map(coq, row)) + "]" for row in value) + "]"


class Instance:
    """A network of drawn whole numbers, small as Coq counts in units, with a target and a learning rate."""

    def __init__(self, widths, seed):
        draws = np.random.default_rng(seed)
        self.widths, self.name = widths, "_".join(map(str, widths))

        def matrix(rows, columns, least=1):
            drawn = draws.integers(least, 4, (rows, columns)) * draws.choice([-1, 1], (rows, columns))
            return drawn.astype(object)

        self.weights = tuple(matrix(after, before) for before, after in pairwise(widths))
        self.target = matrix(widths[-1], widths[0], 2)
        self.rate = 2

    def definitions(self):
        """d, W and Phi, with the instance's name."""
        rows = "; ".join(map(coq, self.weights))
        return (
            f"Definition d{self.name} (k : nat) : nat := nth 0%N [:: {'; '.join(map(str, self.widths))}]%N k.\n"
            f"Definition W{self.name} : weights [comRingType of int] d{self.name} :=\n"
            f"  fun j => \\matrix_(i, k) entry (nth [::] [:: {rows}] j) i k.\n"
            f"Definition Phi{self.name} : 'M[int]_(d{self.name} {self.depth}%N, d{self.name} 0%N) :=\n"
            f"  \\matrix_(i, k) entry {coq(self.target)} i k.\n"
        )

    @property
    def depth(self):
        return len(self.weights)

    def equations(self):
        """(left side in Coq, what the solvers say), for matrices and for numbers."""
        w, phi, n = f"W{self.name}", f"Phi{self.name}", self.depth
        if not n:
            yield f"product {w} 0%N 0%N", np.eye(self.widths[0], dtype=object)
            return
        product = network.end_to_end(self.weights)
        yield f"product {w} 0%N {n}%N", product
        yield f"end_to_end {n}%N {w}", product
        yield f"product {w} {n}%N {n}%N", np.eye(self.widths[-1], dtype=object)
        if n > 1:
            yield f"product {w} 1%N {n}%N", network.end_to_end(self.weights[1:])
            yield f"product {w} 0%N {n - 1}%N", network.end_to_end(self.weights[:-1])
        yield f"residual {phi} {w}", product - self.target
        for j, gradient in enumerate(network.backpropagate(self.weights, self.target)):
            yield f"layer_gradient {phi} {w} {j}%N", gradient
        last, after = n - 1, network.gradient_step(self.weights, self.target, self.rate)
        gradient = network.layer_gradients(self.weights, self.target)[last]
        yield f"layer_gradient (residual {phi} {w}) {w} {last}%N", gradient
        yield f"descent_step {coq(self.rate)} {phi} {w} {last}%N", after[last]
        for j, matrix in enumerate(network.imbalances(self.weights)):
            yield f"imbalance {w} {j}%N", matrix
        yield f"sqnorm {phi}", network.frobenius_squared(self.target)
        yield f"inner {phi} (end_to_end {n}%N {w})", np.sum(self.target * product)
        if self.widths == (1, 1, 1):
            twice = network.gradient_step(after, self.target, self.rate)
            yield f"descent_step {coq(self.rate)} {phi} {w} 0%N", after[0]
            for step, weights in enumerate((self.weights, after, twice)):
                yield f"descent {coq(self.rate)} {phi} {w} {step}%N 1%N", weights[1]

    def lemmas(self):
        """Of a matrix the last entry, and but for descent, which takes long, the first one."""
        for left, right in self.equations():
            if np.ndim(right) == 0:
                yield f"Goal {left} = {coq(right)}.\n{EVALUATE}"
                continue
            m, n = right.shape
            first = [] if left.startswith(("descent", "layer_gradient (")) else [(0, 0)]
            for i, k in dict.fromkeys([*first, (m - 1, n - 1)]):
                place = f"(Ordinal (isT : ({i} < {m})%N)) (Ordinal (isT : ({k} < {n})%N))"
                yield f"Goal ({left}) {place} = {coq(right[i, k])}.\n{EVALUATE}"


def instances():
    return [Instance(widths, seed) for seed, widths in enumerate(WIDTHS)]


def text(chosen):
    """A file that evaluates them."""
    return HEADER + "".join(each.definitions() + "".join(each.lemmas()) for each in chosen)


def test_definitions_are_the_solvers():
    """Products, residuals, gradients for the residual and for any matrix, steps, imbalances, norms."""
    file = text(instances())
    assert file.count("Goal") > 80
    built("instances.v", shipped() | {"instances.v": file}, a_prover())


CHANGES = {
    "twice the gradient": ("(product W j.+1 N)^T *m G", "(product W j.+1 N)^T *m (G *+ 2)"),
    "a step upwards": ("W j - eta *: layer_gradient", "W j + eta *: layer_gradient"),
    "the imbalance the other way": (
        "(W j.+1)^T *m W j.+1 - W j *m (W j)^T.",
        "W j *m (W j)^T - (W j.+1)^T *m W j.+1.",
    ),
    "the target's other sign": ("end_to_end N W - Phi", "end_to_end N W + Phi"),
    "a norm that is a sum": ("A i j ^+ 2", "A i j"),
    "one step more": ("iter t (descent_step", "iter t.+1 (descent_step"),
}


def definitions_only(source):
    """network.v without its lemmas, of which a changed definition would break the proofs first."""
    return source[: source.index("Lemma product_nil")] + "End Network.\n"


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_definition_is_noticed(change):
    """By a value that is another, of an instance of depth 2."""
    old, new = CHANGES[change]
    source = definitions_only(shipped()["network.v"])
    assert source.count(old) == 1
    (chosen,) = (each for each in instances() if each.widths == (1, 1, 1))
    sources = {"network.v": source.replace(old, new), "instances.v": text([chosen])}
    with pytest.raises(UnprovedError, match=r"does not accept instances\.v"):
        built("instances.v", sources, a_prover())
    built("instances.v", sources | {"network.v": source}, a_prover())


NORMS = {
    "sqr_norm": "forall (R : rcfType) m n (A : 'M[R]_(m, n)), norm A ^+ 2 = sqnorm A",
    "norm_ge0": "forall (R : rcfType) m n (A : 'M[R]_(m, n)), 0 <= norm A",
}

MARGINS = """From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm deficiency_margin.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Section Vectors.
Variable R : rcfType.
Lemma norm_number (x : 'cV[R]_1) : norm x = `|x 0 0|.
Proof. by rewrite /norm /sqnorm !big_ord_recl !big_ord0 !addr0 sqrtr_sqr. Qed.
Lemma norm_one : norm (1%:M : 'cV[R]_1) = 1.
Proof. by rewrite norm_number mxE eqxx normr1. Qed.
Lemma stretched n (A : 'cV[R]_n) (x : 'cV[R]_1) : norm (A *m x) = norm A * norm x.
Proof. by rewrite [x]mx11_scalar mul_mx_scalar norm_scale norm_number !mxE eqxx mulr1n mulrC. Qed.
Lemma of_columns n (A : 'cV[R]_n) s : stretches A s <-> s <= norm A.
Proof.
split=> [sA|le x]; last by rewrite stretched ler_wpmul2r ?norm_ge0.
by have := sA 1%:M; rewrite stretched norm_one !mulr1.
Qed.
Theorem of_a_column n (A : 'cV[R]_n.+1) s : sigma_min_ge A s <-> s <= norm A.
Proof. exact: of_columns. Qed.
Theorem of_a_row n (A : 'rV[R]_n.+2) s : sigma_min_ge A s <-> s <= norm A.
Proof. by rewrite -(norm_tr A); apply: of_columns. Qed.
Theorem margin_of_a_row n (Phi W : 'rV[R]_n.+2) c : has_margin Phi W c <-> norm (W - Phi) <= norm Phi - c.
Proof. by rewrite ler_subr_addl; apply: of_a_row. Qed.
End Vectors.
"""

MEANINGS = {
    "of_a_column": "forall (R : rcfType) n (A : 'cV[R]_n.+1) s, sigma_min_ge A s <-> s <= norm A",
    "of_a_row": "forall (R : rcfType) n (A : 'rV[R]_n.+2) s, sigma_min_ge A s <-> s <= norm A",
    "margin_of_a_row": "forall (R : rcfType) n (Phi W : 'rV[R]_n.+2) c, "
    "has_margin Phi W c <-> norm (W - Phi) <= norm Phi - c",
}


def test_norm_is_the_root_that_is_not_negative():
    """Of the sum of squares."""
    asked = {Question(*each) for each in NORMS.items()}
    assert all(answer.proved for answer in answers("norm.v", list(asked), shipped(), a_prover()).values())


def test_the_margin_means_what_it_says():
    """Of rows and of columns sigma_min is the norm, and W has margin c where ||W - Phi||_F <= ||Phi||_F - c."""
    asked = [Question(*each) for each in MEANINGS.items()]
    found = answers("margins.v", asked, shipped() | {"margins.v": MARGINS}, a_prover())
    assert not [answer.said for answer in found.values() if not answer.proved]
    assert not re.search(r"Admitted|Axiom", MARGINS)
