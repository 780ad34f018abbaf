"""Statements 1 to 4, checked by Coq's kernel; N = M + 1."""

from claims.suite import formal
from claims.suite.prover import proved

FIRST_ORDER_OF_THE_PRODUCT = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d),
exists Q : 'M[{poly R}]_(d N, d 0%N), forall t,
end_to_end N (gradient_step t G W) = end_to_end N W - t *: velocity G W + t ^+ 2 *: at_number Q t
"""

END_TO_END_DYNAMICS = r"""
forall (R : comRingType) (d : nat -> nat) (M : nat) (W : weights R d) (G : 'M[R]_(d M.+1, d 0%N)),
(forall j, (j < M)%N -> imbalance W j = 0) ->
let H := W M *m (W M)^T in let K := (W 0%N)^T *m W 0%N in let A := end_to_end M.+1 W in
[/\ velocity G W = powers_flow M.+1 H K G, A *m A^T = power H M.+1 & A^T *m A = power K M.+1]
"""

PRECONDITIONER_SYMMETRIC = """
forall (R : comRingType) (m n N : nat) (H : 'M[R]_m) (K : 'M[R]_n) (G F : 'M[R]_(m, n)),
H^T = H -> K^T = K -> inner F (powers_flow N H K G) = inner (powers_flow N H K F) G
"""

RATE_OF_DESCENT = r"""
forall (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d),
inner G (velocity G W) = \sum_(0 <= j < N) sqnorm (layer_gradient G W j)
"""

PRECONDITIONER_EIGENVALUES = r"""
forall (R : comRingType) (m n N : nat) (H : 'M[R]_m) (K : 'M[R]_n) (u : 'cV[R]_m) (v : 'cV[R]_n) (s r : R),
K^T = K -> H *m u = s *: u -> K *m v = r *: v ->
powers_flow N H K (u *m v^T) = (\sum_(0 <= j < N) s ^+ (N - j.+1) * r ^+ j) *: (u *m v^T)
"""

ONE_OUTPUT = r"""
forall (R : realFieldType) (d : nat -> nat) (M : nat) (W : weights R d) (G : 'M[R]_(d M.+1, d 0%N)),
d M.+1 = 1%N -> (forall j, (j < M)%N -> imbalance W j = 0) ->
let A := end_to_end M.+1 W in let h := sqnorm (W M) in
h ^+ M.+1 = sqnorm A /\ velocity G W = h ^+ M *: (G + (M%:R * (inner G A / sqnorm A)) *: A)
"""

BALANCE_IS_NEEDED = r"""
forall (R : realFieldType),
let W := scalars (fun j => if j == 2%N then 2%:R else 1 : R) in
velocity (1%:M : 'M[R]_(ones 3, ones 0)) W = 9%:R%:M /\
powers_flow 3 (W 2%N *m (W 2%N)^T) ((W 0%N)^T *m W 0%N) (1%:M : 'M[R]_(ones 3, ones 0)) = 21%:R%:M
"""


@formal
def test_first_order_of_the_product() -> None:
    """What `velocity` is: minus dW/dt. Over any commutative ring. Leaves out: that flow exists."""
    proved("end_to_end_dynamics.v", "first_order_of_the_product", FIRST_ORDER_OF_THE_PRODUCT)


@formal
def test_flow_of_the_product() -> None:
    """With the roots, over any commutative ring, for all widths. Leaves out: that H and K are semidefinite."""
    proved("end_to_end_dynamics.v", "end_to_end_dynamics", END_TO_END_DYNAMICS)


@formal
def test_symmetric() -> None:
    """As a map of matrices. Leaves out: nothing."""
    proved("end_to_end_dynamics.v", "preconditioner_symmetric", PRECONDITIONER_SYMMETRIC)


@formal
def test_rate_of_descent() -> None:
    """Of any layers, so that the map is positive semidefinite. Leaves out: the least eigenvalue."""
    proved("end_to_end_dynamics.v", "rate_of_descent", RATE_OF_DESCENT)


@formal
def test_eigenvalues() -> None:
    """One for each pair of eigenvectors. Leaves out: that H and K have as many as their sizes."""
    proved("end_to_end_dynamics.v", "preconditioner_eigenvalues", PRECONDITIONER_EIGENVALUES)


@formal
def test_one_output() -> None:
    """Any real field, W = 0 and N = 1 too (x / 0 = 0). Leaves out: one input, by transposition."""
    proved("end_to_end_dynamics.v", "one_output", ONE_OUTPUT)


@formal
def test_balance_is_needed() -> None:
    """A control, proved: W_N W_N^T and W_1^T W_1 stand for N-th roots under balance only; without it they give 21 for
    9 at N = 3. Leaves out: the N-th roots themselves without balance."""
    proved("end_to_end_dynamics.v", "balance_is_needed", BALANCE_IS_NEEDED)
