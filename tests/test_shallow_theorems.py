"""Trajectories of shallow models as theorems: their definitions in the kernel, and what it refuses."""

from fractions import Fraction

import pytest
from formal import compiled, spoilt

from claims.command_line.counterexample_files import counterexample_files
from claims.counterexamples import formal
from claims.counterexamples.check import read
from claims.counterexamples.constants import real
from claims.counterexamples.derivatives import composed, derivative
from claims.counterexamples.formal import stated
from claims.counterexamples.formal_gaussian import GAUSSIAN, PLACES, ratio
from claims.counterexamples.formal_shallow import FACTORS, LEAKY
from claims.counterexamples.formal_shallow import factors as factors_in_coq
from claims.counterexamples.formal_terms import numbers, polynomial_term, q, rows, sequence
from claims.counterexamples.rationals import constant
from claims.counterexamples.relu_units import units
from claims.counterexamples.shallow_models import Perceptron, Samples, product, sensing

ENTRIES = {uid: read(entry.path) for uid, entry in counterexample_files().items() if "DLX-051" <= uid <= "DLX-062"}

SPOILT = [
    ("DLX-051", "0", "shallow", "scale"),
    ("DLX-051", "1/2", "shallow", "scale"),
    ("DLX-051", "1", "shallow", "maps", 0, 2, 0),
    ("DLX-051", "1", "shallow", "truth", 1, 0),
    ("DLX-051", "(3*root + 2*pi)/(3*root + 4*pi)", "certificate", "factor"),
    ("DLX-051", "-1", "certificate", "direction", 1, 0),
    ("DLX-051", "(6*root + 7*pi)/(12*root + 21*pi)", "certificate", "value"),
    ("DLX-052", "-1/4", "shallow", "scale"),
    ("DLX-052", "1", "shallow", "maps", 1, 0, 0),
    ("DLX-052", "2", "shallow", "truth", 0, 0),
    ("DLX-052", "(1)/(pi + 2)", "certificate", "factor"),
    ("DLX-052", "1", "certificate", "direction", 0, 0),
    ("DLX-052", "(pi + 2)/(4*pi + 5)", "certificate", "value"),
    ("DLX-053", "2", "shallow", "scale"),
    ("DLX-053", "2", "shallow", "maps", 0, 0, 0),
    ("DLX-053", "4/5", "shallow", "truth", 0, 0),
    ("DLX-053", "3", "certificate", "learning_rate"),
    ("DLX-053", "1", "certificate", "factors", 1),
    ("DLX-053", "3/5", "certificate", "directions", 0, 0, 0),
    ("DLX-053", "1/4", "certificate", "value"),
    ("DLX-054", "1/2", "shallow", "scale"),
    ("DLX-054", "1", "shallow", "maps", 0, 2, 0),
    ("DLX-054", "4/5", "shallow", "truth", 0, 0),
    ("DLX-054", "(4*pi)/(pi + 2)", "certificate", "learning_rate"),
    ("DLX-054", "1", "certificate", "factors", 1),
    ("DLX-054", "-3/5", "certificate", "directions", 1, 0, 0),
    ("DLX-054", "(pi + 1)/(17*pi)", "certificate", "value"),
    ("DLX-055", "-1/2", "shallow", "scale"),
    ("DLX-055", "2", "shallow", "maps", 0, 0, 0),
    ("DLX-055", "-1", "shallow", "truth", 2, 0),
    ("DLX-055", "1", "certificate", "direction", 2, 0),
    ("DLX-056", "4/3", "shallow", "slope"),  # another slope from 0 to 1 would do, as for DLX-059
    ("DLX-056", 8, "shallow", "pairs"),
    ("DLX-056", "2", "shallow", "data", 0, 0),
    ("DLX-056", "1", "shallow", "labels", 1),
    ("DLX-056", "-2", "shallow", "labels", 1),
    ("DLX-056", "1/3", "certificate", "learning_rate"),
    ("DLX-056", "every", "certificate", "learning_rate"),
    ("DLX-056", "2", "certificate", "factors", 1),
    ("DLX-056", "21/4", "certificate", "directions", 1, 2, 0),
    ("DLX-056", "1/2", "certificate", "value"),
    ("DLX-056", "2", "certificate", "value"),
    ("DLX-057", "1/2", "shallow", "slope"),
    ("DLX-057", 8, "shallow", "pairs"),
    ("DLX-057", "-1", "shallow", "data", 0, 0),
    ("DLX-057", "2", "shallow", "labels", 0),
    ("DLX-057", "1", "certificate", "learning_rate"),
    ("DLX-057", "2", "certificate", "factors", 0),
    ("DLX-057", "0", "certificate", "directions", 0, 3, 0),
    ("DLX-057", "1/2", "certificate", "value"),
    ("DLX-058", "1/2", "shallow", "slope"),
    ("DLX-058", "-1", "shallow", "data", 1, 0),
    ("DLX-058", "2", "shallow", "truth", 0, 0),
    ("DLX-058", "1", "certificate", "learning_rate"),
    ("DLX-058", "2", "certificate", "factors", 0),
    ("DLX-058", "2", "certificate", "directions", 0, 1, 0),  # at its kink
    ("DLX-058", "1", "certificate", "value"),
    ("DLX-058", "3/2", "certificate", "value"),
    ("DLX-059", "-1/2", "shallow", "slope"),
    ("DLX-059", "3", "shallow", "data", 1, 0),
    ("DLX-059", "2", "shallow", "truth", 0, 0),
    ("DLX-059", "3/5", "certificate", "learning_rate"),
    ("DLX-059", "-4/5", "certificate", "learning_rate"),
    ("DLX-059", "2", "certificate", "factors", 0),
    ("DLX-059", "1", "certificate", "directions", 1, 0, 0),
    ("DLX-059", "1/16", "certificate", "value"),
    ("DLX-059", "5/8", "certificate", "value"),
    ("DLX-060", "3", "shallow", "target"),
    ("DLX-060", "-2", "shallow", "target"),
    ("DLX-060", "1", "certificate", "value"),
    ("DLX-060", "3", "certificate", "value"),
    ("DLX-060", "2", "certificate", "point", 0, 0),
    ("DLX-060", "-1", "certificate", "kept", 0, 0),
    ("DLX-060", "0", "certificate", "kept", 1, 0),
    ("DLX-061", "1/2", "shallow", "diagonal", 1),
    ("DLX-061", "-1", "shallow", "diagonal", 0),
    ("DLX-061", "0", "shallow", "measured"),
    ("DLX-061", "1/5", "certificate", "point", 1, 0),
    ("DLX-061", "1/100", "certificate", "value"),
    ("DLX-061", "1/20000", "certificate", "value"),
    ("DLX-061", "1", "certificate", "kept", 0, 0),
    ("DLX-062", "1/3", "shallow", "diagonal", 1),
    ("DLX-062", "0", "shallow", "diagonal", 0),
    ("DLX-062", "2", "shallow", "measured"),
    ("DLX-062", "2", "certificate", "start"),
    ("DLX-062", "-3", "certificate", "start"),
    ("DLX-062", "1/2", "certificate", "point", 0, 0),
    ("DLX-062", "1", "certificate", "point", 1, 0),
    ("DLX-062", "2", "certificate", "value"),
]


def complaints(text, files):
    """What Coq says of a text, under the imports of its files."""
    files = dict.fromkeys([*formal.ALWAYS, *files])
    return compiled(formal.OPENING.format(files=" ".join(files)) + text, files)


def test_what_is_not_so_is_refused():
    """Each changed number; the entries themselves pass by the same tactics."""
    text, files, told = "", {}, []
    for number, change in enumerate(SPOILT):
        for fails, entry in ((True, spoilt(ENTRIES, *change)), (False, ENTRIES[change[0]])):
            try:
                theorem = stated(entry | {"uid": f"DLX-{'9' if fails else '8'}{number:02}"})
            except ValueError as error:
                assert fails
                told.append(f"{change}: {error}")
                continue
            files |= dict.fromkeys(theorem.files)
            text += f"{theorem.definitions}Goal {theorem.statement}.\n"
            text += f"Proof. {'Fail ' * fails}solve [{theorem.proof}]. Abort.\n"
    assert len(told) < len(SPOILT) / 4, told
    assert complaints(text, files) == ""


@pytest.mark.parametrize("uid", sorted({change[0] for change in SPOILT}))
def test_every_number_of_a_certificate_is_changed_once(uid):
    """And of the model: so none is left out of the theorem."""
    changed = {change[2:4] for change in SPOILT if change[0] == uid}
    entry = ENTRIES[uid]
    keys = {(part, key) for part in ("shallow", "certificate") for key in entry[part]}
    assert keys - {("shallow", "model"), ("certificate", "kind")} == changed, uid


@pytest.mark.parametrize(
    ("uid", "left_out"), [("DLX-057", True), ("DLX-059", True), ("DLX-054", True), ("DLX-055", False)]
)
def test_what_a_title_says_of_data_and_rate_is_told(uid, left_out):
    """That data are separable, say, or that 4/5 is 2/lambda_max: no certificate has it, and no theorem says it."""
    assert ("the title says" in stated(ENTRIES[uid]).leaves_out) == left_out


SOME_ANGLES = """
Goal forall R : rcfType, exists (pi : R) (angle : R -> R), is_angle pi angle.
Proof.
move=> R; pose s : R := Num.sqrt 3%:R / 2%:R.
have s2 : s ^+ 2 = 3%:R / 4%:R by rewrite /s expr_div_n sqr_sqrtr ?ler0n // -natrX.
have apart (q c : R) : c != 0 -> q ^+ 2 - 3%:R / 4%:R = c -> (q == s) = false.
  by move=> c0 E; apply/eqP => qs; move: E c0; rewrite qs s2 subrr => <-; rewrite eqxx.
have s1 : (1 == s) = false by apply: (apart _ 4%:R^-1); [rewrite invr_eq0 pnatr_eq0|field].
have sh : (2%:R^-1 == s) = false by apply: (apart _ (- 2%:R^-1)); [rewrite oppr_eq0 invr_eq0 pnatr_eq0|field].
have s0 : (0 == s) = false.
  by apply: (apart _ (- (3%:R / 4%:R))); [rewrite oppr_eq0 mulf_neq0 ?invr_eq0 ?pnatr_eq0|ring].
have h1 : (2%:R^-1 == 1 :> R) = false by rewrite invr_eq1 pnatr_eq1.
have h0 : (0 == 2%:R^-1 :> R) = false by rewrite eq_sym invr_eq0 pnatr_eq0.
pose f (x : R) : R := if x == 1 then 0 else if x == s then 1 else if x == 2%:R^-1 then 2%:R else 3%:R.
exists 6%:R, (fun x => if 0 <= x then f x else 6%:R - f (- x)).
have half : 6%:R / 2%:R = 3%:R :> R by field.
have f0 : f 0 = 3%:R by rewrite /f s0 h0 eq_sym oner_eq0.
split; rewrite ?ltr_nat //.
- by rewrite ler01 lexx f0 /f eqxx half.
- by rewrite -/s divr_ge0 ?sqrtr_ge0 ?ler0n // /f eqxx eq_sym s1; field.
- by rewrite invr_ge0 ler0n /f h1 sh eqxx; field.
move=> x /andP [x0 _]; rewrite oppr_ge0 x0 opprK; case: ifP => // small.
have -> : x = 0 by apply/eqP; rewrite eq_le small x0.
by rewrite oppr0 f0; ring.
Qed.
"""


def test_what_is_supposed_of_angles_can_be_met():
    """By some numbers in any field, so that no theorem about units is empty; the true ones are met by pi and arccos."""
    opening = "From mathcomp Require Import ring.\n"
    assert complaints(opening + SOME_ANGLES, GAUSSIAN) == ""


# Definitions: what the models of the checker are, in numbers, Coq computes.

FACTORED = [
    ({"model": "product", "target": "5/3"}, product, ["1/2", "-3"]),
    ({"model": "sensing", "diagonal": ["2", "1/3", "0"], "measured": "3/2"}, sensing, ["1/2", "-3", "2/5"]),
]


@pytest.mark.parametrize(("model", "read_by_checker", "point"), FACTORED, ids=lambda each: str(each)[:20])
def test_objectives_of_factors_are_the_checkers(model, read_by_checker, point):
    """Objective, error and every derivative, at a point; and another value is refused."""
    f, at = read_by_checker(model), [Fraction(text) for text in point]
    objective, error, _ = factors_in_coq(model)
    there = {name: constant(x) for name, x in zip(f.names, at, strict=True)}

    def value(polynomial):
        return composed(polynomial, there).get((), Fraction(0))

    expected = {f"({objective})": value(f.objective), f"({error})": value(f.error)}
    for i, name in enumerate(f.names):
        expected[f"(slope_by {i} ({objective}))"] = value(derivative(f.objective, name))
    text = ""
    for term, found in expected.items():
        text += f"Goal check_value {term} {numbers(at)} {q(found)}. Proof. by vm_compute. Qed.\n"
        text += f"Goal ~~ check_value {term} {numbers(at)} {q(found + 1)}. Proof. by vm_compute. Qed.\n"
    assert len({*expected.values()}) > 2
    assert complaints(text, FACTORS) == ""


DATA, A = [["1", "2"], ["-3", "1/2"], ["1/5", "-1"]], "1/3"
GENTLE = {"model": "samples", "slope": A, "data": DATA, "truth": [["1"], ["-2"]]}
PAIRS = {"model": "perceptron", "slope": A, "pairs": 2, "data": DATA, "labels": ["1", "-1", "1"]}
LIVELY = [["3", "1/2"], ["-1", "2"], ["1/3", "1"], ["2", "-1/2"]]


def fractions(matrix):
    return [[Fraction(x) for x in row] for row in matrix]


ON_DATA = f"{q(Fraction(A))} {rows(fractions(DATA))}"
SAMPLES = f"3 2 {ON_DATA} {rows(fractions(GENTLE['truth']))}"
NETWORK = f"3 2 {ON_DATA} 2 {q(Fraction(1, 2))} {rows([[Fraction(x)] for x in PAIRS['labels']])}"
LISTS = {
    "samples": (Samples(GENTLE), [["1/2"], ["4"]], f"list_samples_gradient {SAMPLES}", f"list_samples_loss {SAMPLES}"),
    "perceptron": (Perceptron(PAIRS), LIVELY, f"list_turn_gradient {NETWORK}", f"list_hinge_loss {NETWORK}"),
}


@pytest.mark.parametrize("model", LISTS)
def test_gradients_and_losses_of_leaky_units_are_the_checkers(model):
    """At a point with units of both signs, for every sample; the theorems tie the lists to matrices over a field."""
    f, point, gradient, loss = LISTS[model]
    at = fractions(point)
    shape, found = f"{len(at)} {len(at[0])}", [f.gradient(at, i) for i in range(f.pass_)]
    text = f"Goal Qeq_bool ({loss} {rows(at)}) {q(f.loss(at))}. Proof. by vm_compute. Qed.\n"
    for i, expected in enumerate(found):
        text += f"Goal same {shape} ({gradient} {i} {rows(at)}) {rows(expected)}. Proof. by vm_compute. Qed.\n"
        other = [[expected[0][0] + 1, *expected[0][1:]], *expected[1:]]
        text += f"Goal ~~ same {shape} ({gradient} {i} {rows(at)}) {rows(other)}. Proof. by vm_compute. Qed.\n"
    assert any(any(map(any, expected)) for expected in found)
    assert complaints(text, LEAKY) == ""


def test_derivatives_of_gaussian_units_are_the_checkers():
    """Loss, gradient and Hessian where units stand at angles that bring the root of 3; and another loss is refused."""
    z = [[Fraction(2)], [Fraction(2)]]
    f = units(ENTRIES["DLX-051"]["shallow"], real("(pi)/(root + 1)"), z)
    maps, c = sequence(map(rows, f.maps)), ratio("(pi)/(root + 1)")
    at, scale = f"3 2 {maps} {rows(f.truth)} {c} {rows(z)}", q(f.scale)

    def pair(value):
        return f"({polynomial_term(value.top, PLACES)}, {polynomial_term(value.bottom, PLACES)})"

    def same(found, value, below):
        first = f"Mul (multiple {scale} ({found})) {pair(value)}.2"
        return f"is_nought (Sub ({first}) (Mul (Mul (Var 0) {below}) {pair(value)}.1))"

    loss = f"is_nought (gap_of_loss 3 2 {scale} {maps} {rows(f.truth)} {c} {{}} {rows(z)})"
    goals = [loss.format(pair(f.loss())), "~~ " + loss.format(pair(f.loss() + real("1")))]
    goals += [same(f"gradient_in {at} {i}", value, f"{c}.2") for i, (value,) in enumerate(f.gradient())]
    for i, row in enumerate(f.hessian()):
        goals += [same(f"hessian_in {at} {i} {j}", value, f"{c}.1") for j, value in enumerate(row)]
    assert "root" in str(f.gradient())
    assert len(goals) == 8
    assert complaints("".join(f"Goal {goal}. Proof. by vm_compute. Qed.\n" for goal in goals), GAUSSIAN) == ""


def test_a_step_goes_down_the_gradient():
    """Of all factors at once, by a number."""
    goal = "forall (R : realFieldType) (eta : R) f u i, factors_descent eta f u 1 i = u i - eta * eval u (slope_by i f)"
    assert complaints(f"Goal {goal}. Proof. by []. Qed.\n", FACTORS) == ""
    assert "Error" in complaints(f"Goal {goal.replace(' - ', ' + ')}. Proof. by []. Qed.\n", FACTORS)
