"""Curvature in counterexamples' theorems means what it says: derivatives are those of check.py, an index is one number.

Definitions are a part of every formal statement, and no proof can tell that they are the wrong ones.
"""

import random
from fractions import Fraction

import pytest
from formal import a_prover

from claims.counterexamples.derivatives import derivatives, name
from claims.counterexamples.formal_terms import numbers, polynomial_term, q
from claims.counterexamples.rationals import SPENT, constant, plus, times, variable
from claims.formal.asking import Question, answers
from claims.formal.building import UnprovedError, built
from claims.formal.sources import shipped

SIZE = 3
PLACES = {name(i, 0): i for i in range(SIZE)}
OPENING = """From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect.
From DLC Require Import polynomial_identity polynomial_derivative.
"""


def drawn(draws):
    """A polynomial of three variables, as check.py has it."""
    found = constant(0)
    for _ in range(3):
        term = constant(Fraction(draws.randint(1, 9), draws.randint(1, 4)))
        for variable_name in draws.choices(list(PLACES), k=draws.randint(0, 2)):
            term = times(term, variable(variable_name))
        found = plus(found, term)
    return found


def goals(seed):
    """That Coq's derivatives of f g^3 at a point are those of check.py, all of the first and of the second order."""
    SPENT[0] = 0
    draws = random.Random(seed)
    f, g = drawn(draws), drawn(draws)
    point = [[Fraction(draws.randint(-3, 3), 2)] for _ in range(SIZE)]
    _, first, second = derivatives(times(f, times(g, times(g, g))), point)
    at = numbers(row[0] for row in point)
    term = f"(Mul {polynomial_term(f, PLACES)} (Pow {polynomial_term(g, PLACES)} 3))"
    for i in range(SIZE):
        yield f"value_at {at} (partial {i} {term})", first[i]
        for j in range(SIZE):
            yield f"value_at {at} (partial {i} (partial {j} {term}))", second[i][j]


def written():
    equations = [each for seed in range(3) for each in goals(seed)]
    assert sum(value != 0 for _, value in equations) > 20
    return OPENING + "".join(
        f"Goal Qeq_bool ({left}) {q(value)}. Proof. by vm_compute. Qed.\n" for left, value in equations
    )


def test_derivatives_are_those_that_check_takes():
    """Of products and powers of sums."""
    built("derivatives.v", shipped() | {"derivatives.v": written()}, a_prover())


CHANGES = {
    "half of the product rule": ("Add (Mul (partial i a) b) (Mul a (partial i b))", "Mul (partial i a) b"),
    "a power that stays": ("(Pow a m.-1)", "(Pow a m)"),
    "a power without its factor": ("Qmake (Z.of_nat m) 1", "Qmake 1 1"),
    "a power without the chain rule": (" (Pow a m.-1)) (partial i a)", " (Pow a m.-1)) (Const one)"),
    "another variable": ("if i == j then", "if i == j.+1 then"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_derivative_is_noticed(change):
    """Without the lemmas, of which it would break the proofs first."""
    old, new = CHANGES[change]
    source = shipped()["polynomial_derivative.v"].partition("Section Values.")[0]
    assert source.count(old) == 1
    sources = shipped() | {"polynomial_derivative.v": source.replace(old, new), "derivatives.v": written()}
    with pytest.raises(UnprovedError, match=r"does not accept derivatives\.v"):
        built("derivatives.v", sources, a_prover())


INDEX = r"""From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import polynomial_identity polynomial_derivative certificate_sphere certificate_curvature.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Section Index.
Variables (R : rcfType) (n : nat) (f : expr) (y : nat -> R).
Lemma no_more k l : on_sphere n y -> (l <= n.-1)%N ->
  critical_of_index n f y k -> critical_of_index n f y l -> (k <= l)%N.
Proof.
move=> y1 l_n [_ [V [_ [tV _ negative _]]]] [_ [_ [W [_ tW _ positive]]]].
pose T : 'cV[R]_n := \col_i y i.
have inside p (M : 'M[R]_(p, n)) : (forall c, tangent y (c *m M)) -> (M <= kermx T)%MS.
  move=> tM; apply/sub_kermxP/row_matrixP => i; rewrite row_mul row0.
  apply/matrixP => a b; rewrite !mxE -[RHS](tM (delta_mx 0 i)); apply: eq_bigr => j _.
  by rewrite -rowE !mxE.
have free p (M : 'M[R]_(p, n)) (good : R -> bool) : ~~ good 0 ->
    (forall c, c != 0 -> good (curvature_on_sphere f y (c *m M))) -> \rank M = p.
  move=> no0 goodM; apply/eqP; rewrite -/(row_free M) -kermx_eq0; apply/eqP/row_matrixP => i.
  rewrite row0; apply/eqP; apply: contraT => /goodM; rewrite -row_mul mulmx_ker row0.
  have -> : curvature_on_sphere f y (0 : 'rV[R]_n) = 0; last by rewrite (negPf no0).
  rewrite /curvature_on_sphere /hessian_along big1 => [|i' _]; last by rewrite big1 // => j _; rewrite mxE !mul0r.
  by rewrite [X in _ * X]big1 ?mulr0 ?subrr // => j _; rewrite mxE expr0n.
have rV := free _ V (fun x => x < 0) (negbT (ltxx _)) negative.
have rW := free _ W (fun x => 0 < x) (negbT (ltxx _)) positive.
have apart : (V :&: W)%MS = 0.
  apply/eqP; rewrite -submx0; apply/rV_subP => u; rewrite sub_capmx => /andP [/submxP [c uc] /submxP [d ud]].
  rewrite submx0; apply: contraT => u0.
  have c0 : c != 0 by apply: contra u0 => /eqP c0; rewrite uc c0 mul0mx.
  have d0 : d != 0 by apply: contra u0 => /eqP d0; rewrite ud d0 mul0mx.
  by have := lt_trans (negative c c0) (_ : 0 < _); rewrite -uc ud => /(_ _ (positive d d0)); rewrite ltxx.
have := mxrank_sum_cap V W; rewrite apart mxrank0 addn0 rV rW => ranks.
have T0 : T != 0.
  apply/eqP => T0; move: y1; rewrite /on_sphere big1 => [/esym/eqP|i _]; first by rewrite oner_eq0.
  by have := congr1 (fun M : 'cV_n => M i 0) T0; rewrite !mxE => ->; rewrite expr0n.
have : (\rank (V + W)%MS <= n.-1)%N.
  apply: leq_trans (mxrankS (_ : (V + W <= kermx T)%MS)) _; first by rewrite addsmx_sub !inside.
  by rewrite mxrank_ker -subn1 leq_sub2l // lt0n mxrank_eq0.
by rewrite ranks addnC -leq_subRL ?leq_subr // subKn.
Qed.
Theorem the_index_is_one k l : on_sphere n y -> (k <= n.-1)%N -> (l <= n.-1)%N ->
  critical_of_index n f y k -> critical_of_index n f y l -> k = l.
Proof. by move=> y1 kn ln ik il; apply/eqP; rewrite eqn_leq (no_more k l y1 ln ik il) (no_more l k y1 kn il ik). Qed.
End Index.
"""

THE_INDEX_IS_ONE = """
forall (R : rcfType) (n : nat) (f : expr) (y : nat -> R) (k l : nat),
on_sphere n y -> (k <= n.-1)%N -> (l <= n.-1)%N -> critical_of_index n f y k -> critical_of_index n f y l -> k = l
"""


def test_a_critical_point_has_one_index():
    """Sylvester's law of inertia on the tangent space: so DLX-040's 2 is no 1, and its 1 no 2."""
    question = Question("the_index_is_one", THE_INDEX_IS_ONE)
    answer = answers("indices.v", [question], shipped() | {"indices.v": INDEX}, a_prover())[question]
    assert answer.proved, answer.said
