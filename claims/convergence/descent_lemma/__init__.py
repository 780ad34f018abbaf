"""Each step of gradient descent lowers the loss by at least half of what gradient flow would.

Statement. L = 1/2 ||W - Phi||_F^2, G = W - Phi, Phi_F = ||Phi||_F, depth N, D_j the gradient of layer j.

1. Flow, exactly balanced weights: -dL/dt = sum_j ||D_j||_F^2 >= sigma_min(W)^{2(N-1)/N} ||G||_F^2, and N times that
   where d_0 = d_N is the smallest width and W is invertible.
2. Single step (Lemma 7). If |W_j|_2 <= (4 Phi_F)^{1/N} for every j, |W - Phi|_2 <= Phi_F, the weights are 2 delta-
   balanced with delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N}), sigma_min(W) >= c > 0, and
   eta <= c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}), then
   L(t+1) <= L(t) - eta/2 sigma_min(W(t))^{2(N-1)/N} ||G(t)||_F^2.
3. The invariants that carry 2 along a trajectory (Lemma 2), one step at a time: after a step from such a state
   |W_j|_2 <= (4 Phi_F)^{1/N} still, and each ||B_j||_F has moved by at most 2 eta^2 M^{2(N-1)} ||G||_F^2 with
   M^2 = (8 Phi_F^2)^{1/N}. So the inequality of 2 (Lemma 1) holds at every step of Theorem 1.

Hypotheses. As stated; every state in the set is meant, not only those on trajectories.
Source. ACGH19 (arXiv:1810.02281), Lemmas 1, 2 and 7; 1 from the eigenvalues in ACH18 (arXiv:1802.06509), Claim 1.
"""

from claims.suite import ACGH19, ACH18, Claim, Status

CLAIM = Claim(
    uid="DL-003",
    title="Descent lemma",
    statement=__doc__,
    sources=(ACGH19.at("Lemmas 1, 2, 7"), ACH18.at("Claim 1")),
    items=("4.1", "4.2", "4.3", "4.4"),
    status=Status.THEOREM,
    hypotheses=("norms", "residual", "balance", "margin", "learning rate"),
)
