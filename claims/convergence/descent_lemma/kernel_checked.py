"""The descent lemma, its invariants and the derivative of the loss, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, Phi_F = y^N, sigma = s^N.

FLOW = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (s c : R) (G : 'M[R]_(d n.+1, d 0%N)),
(forall j : nat, (j.+1 < n.+1)%N -> imbalance W j = 0) -> 0 < s -> 0 <= c -> c ^+ 2 = s ^+ n.+1 ->
sigma_min_ge (end_to_end n.+1 W) c ->
s ^+ n * sqnorm G <= \sum_(0 <= j < n.+1) sqnorm (layer_gradient G W j)
"""

LEMMA_SEVEN = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y s eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
0 < x -> x <= y -> 0 <= eta -> delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
norm Phi <= y ^+ n.+1 -> norm (residual Phi W) <= y ^+ n.+1 ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta) ->
x <= s -> sigma_min_ge (end_to_end n.+1 W) (s ^+ n.+1) ->
sqnorm (residual Phi (descent_step eta Phi W))
<= sqnorm (residual Phi W) - 63%:R / 32%:R * (eta * s ^+ (2 * n)) * sqnorm (residual Phi W)
"""

NORMS_AFTER = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
0 < x -> x <= y -> 0 <= eta -> delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
norm Phi <= y ^+ n.+1 -> norm (residual Phi W) <= y ^+ n.+1 ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta) ->
forall (m : R) (j : nat), 0 <= m -> m ^+ n.+1 = 4%:R * y ^+ n.+1 -> (j < n.+1)%N ->
bounded (descent_step eta Phi W j) (m ^+ 2)
"""

DRIFT_AFTER = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (eta m : R) (G : 'M[R]_(d n.+1, d 0%N)) (W : weights R d) (j : nat),
0 < m -> (forall i : nat, (i < n.+1)%N -> bounded (W i) (m ^+ 2)) -> (j.+1 < n.+1)%N ->
norm (imbalance (gradient_step eta G W) j - imbalance W j) <= 2%:R * (eta ^+ 2 * m ^+ (2 * n) * norm G ^+ 2)
"""

EVERY_STEP = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta kd ke rho : R) (Phi : 'M[R]_(d n.+1, d 0%N))
       (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
16%:R <= kd -> 27%:R <= ke -> 0 <= rho -> rho * (1 + 2%:R / kd) <= 2%:R - 27%:R / ke ->
kd * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> ke * (eta * n.+1%:R * y ^+ (n + n)) <= 1 ->
eta * (y ^+ n.+1) ^+ 2 <= delta -> has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
forall (t : nat) (s : R), x <= s -> sigma_min_ge (end_to_end n.+1 (descent eta Phi W0 t)) (s ^+ n.+1) ->
sqnorm (residual Phi (descent eta Phi W0 t.+1))
<= (1 - rho * (eta * s ^+ (n + n))) * sqnorm (residual Phi (descent eta Phi W0 t))
"""

ONE_LAYER = """
forall (R : realDomainType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d) (j : nat)
       (W' : weights R d),
(j < N)%N -> (forall l : nat, l != j -> W' l = W l) ->
sqnorm (residual Phi W') = sqnorm (residual Phi W)
  + inner (layer_gradient (residual Phi W) W j) (W' j - W j) *+ 2
  + sqnorm (product W j.+1 N *m (W' j - W j) *m product W 0 j)
"""

ALL_LAYERS = r"""
forall (R : realDomainType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (V W : weights R d) (e : R),
exists rest : 'M[R]_(d N, d 0%N),
let G := residual Phi W in let P := \sum_(0 <= j < N) product W j.+1 N *m V j *m product W 0 j in
let W' := fun j => W j + e *: V j in
residual Phi W' = G + e *: P + e ^+ 2 *: rest
/\ sqnorm (residual Phi W') = sqnorm G + 2%:R * e * (\sum_(0 <= j < N) inner (layer_gradient G W j) (V j))
     + e ^+ 2 * (sqnorm (P + e *: rest) + 2%:R * inner G rest)
"""

MET = r"""
forall (R : rcfType) (n : nat), let K : R := n.+1%:R in let Phi := target n.+1 (1 : R) in
exists (x eta delta : R) (W : weights R ones),
[/\ 0 < x <= 1, 0 < eta, delta * (256%:R * K ^+ 3 * 1 ^+ (2 * n)) = x ^+ (2 * n + 2),
    eta * (6144%:R * K ^+ 3 * 1 ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) &
[/\ norm Phi <= 1 ^+ n.+1, norm (residual Phi W) <= 1 ^+ n.+1,
    forall j, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta,
    sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1) & 0 < sqnorm (residual Phi W)]]
"""


@formal
def test_flow() -> None:
    """Statement 1 as the inequality between S and ||G||_F^2. Leaves out: the flow, and the factor N where W is
    square; sigma_min as a number."""
    proved("descent_lemma.v", "flow_inequality", FLOW)


@formal
def test_lemma_seven() -> None:
    """Statement 2 at Theorem 1's own constants, without the norms, and with 63/64 for 1/2. Leaves out: c > Phi_F,
    which no margin allows; residuals bounded in the spectral norm only; sigma_min as a number."""
    proved("descent_lemma.v", "lemma_seven", LEMMA_SEVEN)


@formal
def test_norms_after_a_step() -> None:
    """Statement 3 with 4 for 9/4: |W_j(t+1)|_2 <= m, m^N = 4 Phi_F. Leaves out: 9/4; c > Phi_F; residuals bounded in
    the spectral norm only; the root as a real power."""
    proved("descent_lemma.v", "norms_after", NORMS_AFTER)


@formal
def test_drift_in_a_step() -> None:
    """Statement 3 with 2 for 2^{1/2}, for any M that bounds the layers. Leaves out: 2^{1/2}; that (5 Phi_F^2)^{1/(2N)}
    is such an M."""
    proved("descent_lemma.v", "drift_after", DRIFT_AFTER)


@formal
def test_every_step_of_a_run() -> None:
    """Lemma 1 at every step of Theorem 1, with sigma_min(W(t)), whatever the constants kd and ke. Leaves out:
    sigma_min as a number."""
    proved("linear_rate.v", "descent_with_sigma", EVERY_STEP)


@formal
def test_derivative_in_one_layer() -> None:
    """Twice the loss is a quadratic in one layer, with gradient D_j. Leaves out: nothing."""
    proved("step.v", "derivative_of_the_loss", ONE_LAYER)


@formal
def test_derivative_in_all_layers() -> None:
    """The derivative along any direction V of all layers at once is sum_j <D_j, V_j>. Leaves out: that the rest is a
    polynomial in e, and so bounded near e = 0."""
    proved("descent_lemma.v", "expansion", ALL_LAYERS)


@formal
def test_hypotheses_can_be_met() -> None:
    """Those of statements 2 and 3 at once, at every depth, with y = 1, sigma = c and a loss. Leaves out: layers that
    are not balanced."""
    proved("statements_met.v", "one_step_met", MET)
