"""Gradient descent converges to the global minimum at a linear rate (Theorem 1).

Statement. Let Phi be a target, Phi_F = ||Phi||_F, and let gradient descent with learning rate eta start from N layers,
with end-to-end matrix W(0) and imbalances B_j(0), such that for some c > 0

    margin          sigma_min(Phi) - ||W(0) - Phi||_F >= c,
    balance         ||B_j(0)||_F <= delta for every j,  where  delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N}),
    learning rate   0 < eta <= c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}).

Then for every eps > 0

    l(T) <= eps   for every   T >= ln(l(0)/eps) / (eta c^{2(N-1)/N}).

Equivalently (take eps equal to the right side), at every step T >= 0, which is what a run can be held to:

    l(T) <= l(0) exp(-eta c^{2(N-1)/N} T).

Depth one. At N = 1 more is true: L(t+1) = (1 - eta)^2 L(t) exactly.

Twice the rate. Under the same hypotheses the loss falls nearly twice as fast,

    L(t+1) <= (1 - (2 - 1/800) eta c^{2(N-1)/N}) L(t),

so that T may be halved, but for a 1600th part. 2 - 1/2100 in its place is too much, at depth 2.

Proof. Induction over the steps t.

- While the loss has not risen, sigma_min(W(t)) >= c (``deficiency_margin``, DL-005) and |W(t) - Phi|_2 <= Phi_F.
- The imbalances drift by at most delta in all, and so stay below 2 delta (``proof_ledger``, DL-012, rows 14 and 15).
- So each step lowers the loss, L(t+1) <= L(t) - eta/2 c^{2(N-1)/N} ||G(t)||_F^2 (``descent_lemma``, DL-003). As
  ||G||_F^2 = 2 L, this is L(t+1) <= (1 - eta c^{2(N-1)/N}) L(t), and 1 - x <= exp(-x).

The formal proof (``claims/formal/linear_rate.v``; every depth, all widths, every real closed field, no axioms)
differs in two places.

- Norms and singular values of layers. The paper compares the singular vectors of neighbouring layers. Here, for any x,
  the ratios of norms along the product, |W_{k+1} ... W_1 x|^2 / |W_k ... W_1 x|^2, fall from one layer to the next by
  at most the layers' imbalance (Cauchy and Schwarz), so that the norm of the product bounds those of the layers. For
  sigma_min of A = W_N ... W_2 it starts from y = A^T (A A^T)^{-1} v in place of a least singular vector.
- The remainder of a step. W(t+1) - W(t) is telescoped twice, which leaves a sum over pairs of layers, in place of the
  expansion over all sets of layers. As (1 + 1/(4N))^N is between 5/4 and 4/3, no roots of 4 or 8 are needed.

It closes with room: the loss falls by 63/32 eta c^{2(N-1)/N} in each step, where the theorem claims 1.

Proof of twice the rate. The rows "first order" and "descent" of ``proof_ledger``: each step takes 2 kept / (1 + rho)
eta sigma_min(W)^{2(N-1)/N} of L at least, rho = (N-1) max ||B_j||_F / c^{2/N}, and at these constants rho < 1/1990 and
kept > 1 - 1/8000.

What is open. The best factor, between 2 - 1/800 and 2 - 1/2100; of it Coq's kernel has checked 63/32.

Hypotheses. As stated. No width may be a bottleneck and Phi has full rank, since the margin is positive.

Checked by Coq's kernel, for every depth and width: the rate at every step, with 63/32 for its 1, and balance; T and
its logarithm in ``linear_rate_complete`` (DL-021). There sigma_min(A) >= s is said as s |x| <= |A x|.

Source. ACGH19 (arXiv:1810.02281), Theorem 1.

Differs from the source. The form for every step, and what is said of depth one, are written out here; the rest is the
source's but for the wording. The formal proof differs in the two places told above.

Not covered here: runs to T at depth 3 and more (``linear_rate_complete``; single steps at every depth are in
``descent_lemma``).
"""

from claims.suite import ACGH19, Claim, Status

CLAIM = Claim(
    uid="DL-004",
    title="Linear rate of convergence",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 1"),),
    items=("4", "4.8"),
    status=Status.THEOREM,
    hypotheses=("margin", "balance", "learning rate", "width"),
    uses=("DL-003", "DL-005", "DL-012"),
)
