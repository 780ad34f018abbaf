"""What counterexamples' theorems say can be false: with one number changed the kernel proves the negation.

Of each kind of theorem one part, as ``stated`` writes it for a file with a change. That its proof fails then would not
tell that what it says is wrong, and a definition that is met by everything would be proved as well.
"""

import re

import pytest
from formal import a_prover, spoilt
from without_hypotheses import conjuncts

from claims.command_line.counterexample_files import counterexample_files
from claims.counterexamples import formal
from claims.counterexamples.check import read
from claims.counterexamples.formal import stated
from claims.formal.asking import Question, answers
from claims.formal.sources import shipped

ENTRIES = {uid: read(entry.path) for uid, entry in counterexample_files().items()}

LEMMAS = r"""Set Implicit Arguments.
Unset Strict Implicit.
Section Lemmas.
Variable R : realFieldType.

Lemma numbers_differ p q : ltq p q -> number R p = number R q -> False.
Proof. by move=> /(number_lt R) + E; rewrite E ltxx. Qed.

(* A point beside u, at a distance that two bounds allow. *)
Lemma point_beside (n : nat) (u : nat -> R) (d e : R) : (0 < n)%N -> 0 < d -> 0 < e -> exists y : nat -> R,
  [/\ forall i, (i < n)%N -> `|y i - u i| <= d, forall i, (i < n)%N -> `|y i - u i| <= e,
      u 0%N < y 0%N & forall i, y i.+1 = u i.+1].
Proof.
move=> n0 d0 e0; pose m := Num.min d e; exists (fun i => if i is 0%N then u 0%N + m else u i).
have m0 : 0 < m by rewrite lt_minr d0.
have near i : `|(if i is 0%N then u 0%N + m else u i) - u i| <= m.
  by case: i => [|i]; [rewrite addrC addKr gtr0_norm | rewrite subrr normr0 ltW].
split=> // [i _|i _|]; last by rewrite ltr_addl.
  by apply: le_trans (near i) _; rewrite le_minl lexx.
by apply: le_trans (near i) _; rewrite le_minl lexx orbT.
Qed.

Lemma negated_lt f (x y : nat -> R) : eval x (negated f) < eval y (negated f) -> eval y f < eval x f.
Proof.
have minus z : eval z (negated f) = - eval (R := R) z f.
  by rewrite -[LHS]/(number R (Qmake (-1) 1) * eval z f) /number /= divr1 mulN1r.
by rewrite !minus ltr_opp2.
Qed.

(* Two expansions c t^k + O(t^{k+1}) of one function. *)
Lemma one_coefficient (g : R -> R) (a b C D : R) (k : nat) :
  (forall t, `|t| <= 1 -> `|g t - a * t ^+ k| <= C * `|t| ^+ k.+1) ->
  (forall t, `|t| <= 1 -> `|g t - b * t ^+ k| <= D * `|t| ^+ k.+1) -> a = b.
Proof.
move=> first second; apply/eqP; rewrite -subr_eq0; apply: contraT => differ.
have gap0 : 0 < `|a - b| by rewrite normr_gt0.
have sum0 : 0 <= C + D.
  have one1 : `|1 : R| <= 1 by rewrite normr1.
  have := ler_add (first 1 one1) (second 1 one1); rewrite !normr1 !expr1n !mulr1; apply: le_trans.
  by rewrite addr_ge0 ?normr_ge0.
have top0 : 0 < `|a - b| + (C + D) by rewrite ltr_paddr.
pose t := `|a - b| / (`|a - b| + (C + D) + `|a - b|).
have bottom0 : 0 < `|a - b| + (C + D) + `|a - b| by rewrite addr_gt0.
have t0 : 0 < t by rewrite divr_gt0.
have t1 : `|t| <= 1 by rewrite gtr0_norm // ler_pdivr_mulr // mul1r ler_addr ltW.
have le : `|a - b| * t ^+ k <= (C + D) * t * t ^+ k.
  rewrite -mulrA -exprS -{2}(gtr0_norm t0) mulrDl; apply: le_trans (ler_add (first t t1) (second t t1)).
  rewrite -{1}(gtr0_norm (exprn_gt0 k t0)) -normrM mulrBl.
  have -> : a * t ^+ k - b * t ^+ k = (g t - b * t ^+ k) - (g t - a * t ^+ k).
    by move: (g t) (t ^+ k) => x y; ring.
  by rewrite [X in _ <= X]addrC; apply: ler_norm_sub.
move: le; rewrite ler_pmul2r ?exprn_gt0 // /t mulrA ler_pdivl_mulr // leNgt => /negP []; rewrite mulrC.
rewrite ltr_pmul2l //; apply: lt_trans (_ : _ < `|a - b| + (C + D)) _; first by rewrite ltr_addr.
by rewrite ltr_addl.
Qed.

Lemma no_minimum_of_both n f u : strict_minimum R n.+1 f u -> strict_minimum R n.+1 (negated f) u -> False.
Proof.
move=> [d d0 below] [e e0 above]; have [y [yd ye u0_y0 _]] := point_beside (at_point R u) (ltn0Sn n) d0 e0.
have apart : exists2 i, (i < n.+1)%N & y i != at_point R u i by exists 0%N; rewrite // gt_eqF.
by have := lt_trans (below y yd apart) (negated_lt (above y ye apart)); rewrite ltxx.
Qed.

Lemma no_minimum_of_both_up_to_rotations n k f u : 0 <= at_point R u 0%N ->
  minimum_up_to_rotations R n.+1 k.+1 f u -> minimum_up_to_rotations R n.+1 k.+1 (negated f) u -> False.
Proof.
move=> u0 [d d0 below] [e e0 above].
have [//|y [yd ye u0_y0 others]] := @point_beside (n.+1 * k.+1) (at_point R u) d e _ d0 e0.
have [q orth rotated] : exists2 q : 'M[R]_k.+1, q *m q^T = 1%:M &
    point_matrix n.+1 k.+1 y = point_matrix n.+1 k.+1 (at_point R u) *m q.
  case: (below y yd) => [less|[] //]; case: (above y ye) => [/negated_lt more|[] //].
  by have := lt_trans less more; rewrite ltxx.
have /matrixP /(_ 0 0) : point_matrix n.+1 k.+1 y *m (point_matrix n.+1 k.+1 y)^T =
    point_matrix n.+1 k.+1 (at_point R u) *m (point_matrix n.+1 k.+1 (at_point R u))^T.
  by rewrite rotated trmx_mul mulmxA -(mulmxA _ q) orth mulmx1.
have row z : (point_matrix n.+1 k.+1 z *m (point_matrix n.+1 k.+1 z)^T) 0 0 =
    z 0%N ^+ 2 + \sum_(c < k) z c.+1 ^+ 2 :> R.
  by rewrite mxE big_ord_recl !mxE expr2; congr (_ + _); apply: eq_bigr => c _; rewrite !mxE expr2.
rewrite !row (eq_bigr (fun c : 'I_k => at_point R u c.+1 ^+ 2)) => [/addIr /eqP|c _]; last by rewrite others.
by rewrite eqr_expn2 ?(ltW (le_lt_trans u0 u0_y0)) // gt_eqF.
Qed.

Lemma too_large p q (x : R) : ltq p q -> x = number R p -> number R q <= x -> False.
Proof. by move=> /(number_lt R) + ->; rewrite ltNge => /negbTE ->. Qed.
End Lemmas.
"""
"""What their proofs share."""

OTHERS = {
    "a landscape's minimum is a maximum": (
        ("DLX-030", "minimum", "certificate", "sense"),
        "strict_minimum R",
        "move=> R below; have [_ _ _ above] := DLX_030 R; exact: no_minimum_of_both below above",
    ),
    "a minimum up to rotations is a maximum": (
        ("DLX-038", "maximum", "certificate", "sense"),
        "minimum_up_to_rotations R",
        "move=> R above; have [_ _ _ below] := DLX_038 R; apply: no_minimum_of_both_up_to_rotations below above; "
        "by apply: number_ge0",
    ),
    "another coefficient along a curve": (
        ("DLX-044", "-2", "certificate", "coefficient"),
        "changes_along R",
        "move=> R [D other]; have [_ _ [C true] _] := DLX_044 R; "
        "exact: numbers_differ (isT : ltq (Qmake (-3) 1) (Qmake (-2) 1)) (one_coefficient true other)",
    ),
    "another coefficient along a curve on the sphere": (
        ("DLX-041", "-2", "certificate", "coefficient"),
        "changes_on_sphere R",
        "move=> R [D other]; have [_ _ _ [C true] _] := DLX_041 R; "
        "exact: numbers_differ (isT : ltq (Qmake (-2) 1) (Qmake (-1) 1)) (one_coefficient other true)",
    ),
    "twice the period of a recurrence": (
        ("DLX-049", 4, "certificate", "period"),
        "keeps_returning R",
        "move=> R [_ _ shorter _]; have [_ [_ [_ back] _ _] _ _] := DLX_049 R; have [i _ /eqP []] := shorter 2%N isT; "
        "exact: (back 0%N)",
    ),
    "twice the period of a network's cycle": (
        ("DLX-015", 4, "certificate", "period"),
        "cycles R",
        "move=> R [_ _ _ shorter]; have [_ _ _ [_ _ back _]] := DLX_015 R; have [j jN /eqP []] := shorter 2%N isT; "
        "exact: (back 0%N)",
    ),
    "another loss at the start": (
        ("DLX-002", "3", "certificate", "start", "loss"),
        "begins R",
        "move=> R [_ other _ _]; have [_ [_ true _ _] _ _] := DLX_002 R; "
        "by apply: (@numbers_differ R (Qmake 3 1) (Qmake 4 1)) => //; rewrite -true -other",
    ),
    "a larger loss for ever, along a mode": (
        ("DLX-001", "5/2", "certificate", "loss"),
        "lasts R",
        "move=> R other; have [_ [_ true _ _] _ _] := DLX_001 R; "
        "exact: (@too_large _ (Qmake 2 1) (Qmake 5 2) _ isT true (other 1 ltr01 0%N isT))",
    ),
    "another loss at rest": (
        ("DLX-006", "2", "certificate", "loss"),
        "stays R",
        "move=> R other; have [_ _ _ true] := DLX_006 R; have [first _] := other 1 ltr01 0%N isT; "
        "have [second _] := true 1 ltr01 0%N isT; "
        "by apply: (@numbers_differ R (Qmake 2 1) (Qmake 25 2)) => //; rewrite -first -second",
    ),
    "a larger loss of every network of these widths": (
        ("DLX-023", "13", "certificate", "loss"),
        "never_less R",
        "move=> R other; have [_ [_ true _ _] _ _] := DLX_023 R; "
        "exact: (@too_large _ (Qmake 12 1) (Qmake 13 1) _ isT true (other _))",
    ),
    "a signal that is not lost": (
        ("DLX-032", [["1"], ["1"], ["1"]], "certificate", "point"),
        "products_differ R",
        "by move=> R [i [j [_ _ /eqP []]]]",
    ),
    "no direction, of Gaussian units": (
        ("DLX-055", [["0"]] * 4, "certificate", "direction"),
        "units_flat",
        "move=> R pi angle _ [_ [/eqP none _]]; apply: none; "
        "by apply/matrixP => -[[|[|[|[|//]]]] ?] j; rewrite !mxE ord1; apply: number0",
    ),
    "a rectified unit that is off its minimum": (
        ("DLX-050", "0", "certificate", "point", 3, 0),
        "unit_minimum R",
        """move=> R [e e0 near]; pose m := Num.min e 1; have m0 : 0 < m by rewrite lt_minr e0 ltr01.
have m1 : m <= 1 by rewrite le_minl lexx orbT.
pose u : seq Q := [:: Qmake 1 1; Qmake 2 1; Qmake 0 1; Qmake 0 1].
pose y (i : nat) : R := if i == 3%N then m else at_point R u i; have : unit_loss DLX_950_data (at_point R u) <=
  unit_loss DLX_950_data y.
  apply: near => -[|[|[|[|i]]]] //= _; rewrite ?subrr ?normr0 ?(ltW e0) // [at_point _ _ _]number0 subr0.
  by rewrite gtr0_norm // le_minl lexx.
rewrite /unit_loss ler_pmul2r ?invr_gt0 ?ltr0n // !big_cons !big_nil /unit_output /y /at_point /=.
rewrite !number0 !number1 !mul0r !add0r !addr0 !subr0 sqrrN !expr1n oppr0 expr0n /= add0r.
have -> : (m - 1) ^+ 2 + (m ^+ 2 + (m - 1) ^+ 2) = 1 + 1 - m * (4%:R - 3%:R * m) by ring.
rewrite ler_addl oppr_ge0 pmulr_rle0 // subr_le0 leNgt => /negP []; apply: le_lt_trans (_ : 3%:R * 1 < _).
  by rewrite ler_pmul2l ?ltr0n.
by rewrite mulr1 ltr_nat""",
    ),
    "a larger value for ever, of a perceptron": (
        ("DLX-056", "2", "certificate", "value"),
        "perceptron_recurs R",
        "move=> R [_ _ _ other]; have [_ _ _ true] := DLX_056 R; have [_ _ _ [t at_t] _] := true 0 0 _ erefl; "
        "have [_ _ above _ _] := other 0 0 _ erefl; exact: too_large at_t (above t)",
    ),
    "a larger value for ever, of samples": (
        ("DLX-058", "2", "certificate", "value"),
        "samples_recur R",
        "move=> R [_ other]; have [_ true] := DLX_058 R; have [_ _ _ [t at_t] _] := true 0 1 ltr01; "
        "have [_ _ above _ _] := other 0 1 ltr01; exact: too_large at_t (above t)",
    ),
    "a larger error for ever, of two factors": (
        ("DLX-060", "5", "certificate", "value"),
        "keeps R",
        "move=> R [path _ _ _]; have [_ above] := path 0 0%N; have at_start : eval (at_point R [:: Qmake 1 1; "
        "Qmake (-1) 1]) DLX_960_error = number R (Qmake 9 2) by apply: value_shown; vm_compute. "
        "exact: too_large at_start above",
    ),
    "another error where a flow ends": (
        ("DLX-062", "2", "certificate", "value"),
        "flow_ends R",
        "move=> R [_ _ _ other _]; have [_ [_ _ [u path rests] true _]] := DLX_062 R; "
        "have [_ larger] := true u path rests; have [_ smaller] := other u path rests; "
        "by apply: (@numbers_differ R (Qmake 2 1) (Qmake 9 4)) => //; rewrite -smaller",
    ),
    "another loss of Gaussian units": (
        ("DLX-051", "1", "certificate", "value"),
        "units_poor",
        """move=> R pi angle angles [_ [_ _ other _ _]]; have [_ [_ _ true _ _]] := DLX_051 angles.
have [pi3 _ _ _ _] := angles; pose a := Sum [:: Mul (Const (Qmake 7 1)) (Prod [:: Var 0]);
  Mul (Const (Qmake 6 1)) (Prod [:: Var 1])]; pose b := Sum [:: Mul (Const (Qmake 20 1)) (Prod [:: Var 0]);
  Mul (Const (Qmake 12 1)) (Prod [:: Var 1])].
have less : 0 < eval (constants pi) (Sub b a) by apply: positive_shown; vm_compute.
have b0 : 0 < eval (constants pi) b by apply: positive_shown; vm_compute.
have : real_value pi (a, b) = 1 by rewrite -[LHS]true other /real_value divff // eval_sum big_seq1 /= number1 oner_eq0.
move/(congr1 ( *%R^~ (eval (constants pi) b))); rewrite /real_value mul1r divfK ?gt_eqF // => same.
by move: less; rewrite eval_sub same subrr ltxx""",
    ),
    "a larger loss for ever, of Gaussian units": (
        ("DLX-053", "1/4", "certificate", "value"),
        "units_return",
        """move=> R pi angle angles [_ other]; have [_ true] := DLX_053 angles.
have [_ _ _ [t at_t] _] := true _ erefl; have [_ _ above _ _] := other _ erefl; have := above t; rewrite at_t.
have value q : real_value pi (Sum [:: Const q], Sum [:: Const one]) = number R q.
  by rewrite /real_value !eval_sum !big_seq1 /= number1 divr1.
by rewrite !value leNgt number_lt""",
    ),
}
"""What is changed of an entry, the part of its theorem that is refuted, and how; some of each of the generators."""


def part_of(statement, beginning):
    """What stands before a theorem's parts, and the one that begins so."""
    head, body = re.match(r"(forall .*?(?:,|->)\n  )(.*)$", statement, re.DOTALL).groups()
    parts = [body[first:last].strip() for first, last in conjuncts(body)] or [body]
    (found,) = (part for part in parts if part.removeprefix("(").startswith(f"{beginning} "))
    return head, found


def written():
    """A file of Coq's with the theorems of the entries as they are, then the negations; and the questions for it."""
    text, files, questions = "", {}, {}
    for what, (change, beginning, proof) in OTHERS.items():
        true = stated(ENTRIES[change[0]])
        other = stated(spoilt(ENTRIES, *change) | {"uid": change[0].replace("-0", "-9")})
        (head, part), (_, kept) = (part_of(each.statement, beginning) for each in (other, true))
        assert part.replace("_9", "_0") != kept, what
        questions[what] = Question(f"not_{other.name}", f"{head}~ ({part})")
        files |= dict.fromkeys([*true.files, *other.files])
        text += f"{true.definitions}Lemma {true.name} : {true.statement}.\nProof. {true.proof}. Qed.\n"
        text += f"{other.definitions}Theorem not_{other.name} : {head}~ ({part}).\nProof.\n{proof}.\nQed.\n"
    opening = formal.OPENING.format(files=" ".join([*formal.ALWAYS, *files]))
    return opening.replace("From DLC", "From mathcomp Require Import ring.\nFrom DLC", 1) + LEMMAS + text, questions


@pytest.fixture(scope="module")
def found():
    """What the kernel says of them, in one run."""
    text, questions = written()
    said = answers("refutations.v", [*questions.values()], {**shipped(), "refutations.v": text}, a_prover())
    return {what: said[question] for what, question in questions.items()}


@pytest.mark.parametrize("what", OTHERS)
def test_a_part_that_is_false_is_refuted(found, what):
    """Over every ordered, or every real closed, field."""
    assert found[what].proved, found[what].said
