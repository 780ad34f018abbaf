"""Each step of gradient descent lowers the loss by at least half of what gradient flow would.

Statement. Let L = 1/2 ||W - Phi||_F^2, G = W - Phi, Phi_F = ||Phi||_F. Let N be the depth, D_j the gradient of layer
j, B_j the imbalance of layers j and j+1.

1. Flow. If the weights are exactly balanced (all B_j = 0), then under gradient flow

       -dL/dt = sum_j ||D_j||_F^2 >= sigma_min(W)^{2(N-1)/N} ||G||_F^2,

   and N times that where d_0 = d_N is the smallest width and W is invertible.

2. A single step (Lemma 7). Let c > 0, and

       norms           |W_j|_2 <= (4 Phi_F)^{1/N} for every j,
       residual        |W - Phi|_2 <= Phi_F,
       balance         ||B_j||_F <= 2 delta for every j,  where  delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N}),
       margin          sigma_min(W) >= c,
       learning rate   0 < eta <= c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}).

   Then  L(t+1) <= L(t) - eta/2 sigma_min(W(t))^{2(N-1)/N} ||G(t)||_F^2.

3. Invariants (Lemma 2), one step at a time. After a step from a state as in 2, with M^2 = (5 Phi_F^2)^{1/N},

       |W_j(t+1)|_2 <= (9/4 Phi_F)^{1/N},
       ||B_j(t+1) - B_j(t)||_F <= 2^{1/2} eta^2 M^{2(N-1)} ||G(t)||_F^2.

   With 2 for 9/4 the first is false (N = 2). Of the second as much as 999/1000 eta^2 Phi_F^{2-2/N} ||G||_F^2 is needed
   at every N >= 2, 6/5 of it at N = 4, 11/8 at N = 6.
   These carry 2 along a trajectory: its inequality (Lemma 1) holds at every step of Theorem 1.

Either of two hypotheses of 2 may be dropped: the norms follow from the others, and with the norms the bound on the
residual is not needed.

Proof of 1. In the bases that balanced layers share (``balanced_spectrum``, DL-009) every W_j is the same diagonal S,
and D_j has entries s_r^{N-j} G_rq s_q^{j-1}. Every term of the sum is large where W is square and invertible, and one
of them, j = 1 or j = N, is in any case.

Proof of 2 and 3. Rows 11 to 15 of the ledger (``proof_ledger``, DL-012). That the norms follow is its row 1, and that
the residual is not needed its rows 3 and 6. The drift is eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T), that is eta^2 (X - Y)
with X and Y positive semidefinite, so that ||X - Y||_F^2 <= ||X||_F^2 + ||Y||_F^2; and by row 9 both norms are
at most M^{2(N-1)} ||G||_F^2.

Hypotheses. As stated; in 2 and 3 every state in the set is meant, not only those on trajectories.

Source. ACGH19 (arXiv:1810.02281), Lemmas 1, 2 and 7; 1 from the eigenvalues in ACH18 (arXiv:1802.06509), Claim 1. From
any start at all: ``bounded_descent`` (DL-071).

Differs from the source. That the norms follow in 2, and that with the norms the residual is not needed, is this
project's. In 3 Lemma 2 has 4 for 9/4, 2 for 2^{1/2}, and M^2 = (8 Phi_F^2)^{1/N}.
"""

from claims.suite import ACGH19, ACH18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-003",
    title="Descent lemma",
    statement=__doc__,
    sources=(ACGH19.at("Lemmas 1, 2, 7"), ACH18.at("Claim 1"), DLC.at("DL-003")),
    items=("4.1", "4.2", "4.3", "4.4"),
    status=Status.THEOREM,
    hypotheses=("norms", "residual", "balance", "margin", "learning rate"),
    uses=("DL-009", "DL-012"),
)
