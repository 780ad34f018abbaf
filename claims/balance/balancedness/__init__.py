"""Gradient flow keeps the imbalance of neighbouring layers, and a step of gradient descent moves it by O(eta^2).

Statement. B_j = W_{j+1}^T W_{j+1} - W_j W_j^T is the imbalance of layers j and j+1, D_j the gradient of layer j.

1. Flow. Under gradient flow dW_j/dt = -D_j of any differentiable loss of W = W_N ... W_1, every B_j is constant.

2. Descent. One step of gradient descent at learning rate eta gives, exactly,

       B_j(t+1) = B_j(t) + eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T).

   Hence, the gradients being those at step t,

       ||B_j(T) - B_j(0)||_F <= eta^2 sum_{t<T} (||D_{j+1}||_F^2 + ||D_j||_F^2).

3. Theorem 1. Under its hypotheses (delta-balanced at step 0: ||B_j||_F <= delta) the weights are 2 delta-balanced at
   every step. Sharper: they are (1 + 1/243) delta-balanced at every step; and not delta-balanced, at widths 1-1-2.

Proof of 1 and 2. D_j = W_{j+1:N}^T G W_{1:j-1}^T with G the loss's gradient in W, so

    W_{j+1}^T D_{j+1} = W_{j+1:N}^T G W_{1:j}^T = D_j W_j^T.

The terms of first order in B_j are this matrix and its transpose, once from W_{j+1}^T W_{j+1} and once, with the other
sign, from W_j W_j^T: they cancel. Of a step of descent the terms in eta^2 are left, and the triangle inequality adds
them up. Coq's kernel has checked both, in ``claims/formal/balancedness.v``; of statement 1 the algebra.

Proof of 3. Induction over the steps, with c the margin, Phi_F = ||Phi||_F and M^2 = (8 Phi_F^2)^{1/N}.

- In the set. While the loss has not risen, sigma_min(W) >= c (DL-005) and |W|_2 <= 2 Phi_F. So 2 delta-balanced layers
  have |W_j|_2 <= M (DL-010), and ||D_j||_F <= M^{N-1} ||W - Phi||_F.
- Descent. Each step lowers the loss L by at least eta/2 c^{2(N-1)/N} ||W - Phi||_F^2 (DL-003).
- Drift. So the bound of 2 is at most 4 eta M^{2(N-1)} L(0) / c^{2(N-1)/N} over all steps, where L(0) <= Phi_F^2 / 2. At
  the largest eta that is (8^{(N-1)/N} / 12) delta < delta, on top of the delta of step 0.
- Sharper. In the set a step lowers L by at least 3/4 eta S, S the sum of all ||D_j||_F^2 (DL-012, rows 6 and 10), so
  the bound of 2 is at most 4/3 eta L(0). The margin leaves L(0) <= (Phi_F - c)^2 / 2; with x = c/Phi_F <= 1 and N >= 2
  that is 2/3 x^{2-2/N} (1-x)^2 / 24 delta <= 2/3 (4/27) / 24 delta.

Hypotheses. None for 1 and 2: every depth, every width, any weights, any loss of W; checked for the white loss, with
covariances of every rank, with masks, and for arbitrary G. For 3 those of ``linear_rate`` (DL-004).

Source. 1: ACH18 (arXiv:1802.06509), Theorem 1, and DHL18 (arXiv:1806.00900), Theorem 2.2. 2: this project. 3: ACGH19
(arXiv:1810.02281), Lemma 2.

Differs from the source. 2 is this project's, and so is the sharper form of 3.
"""

from claims.suite import ACGH19, ACH18, DHL18, Claim, Status

CLAIM = Claim(
    uid="DL-002",
    title="Layers stay balanced",
    statement=__doc__,
    sources=(ACH18.at("Theorem 1"), DHL18.at("Theorem 2.2"), ACGH19.at("Lemma 2")),
    items=("2.1", "2.2", "2.3"),
    status=Status.THEOREM,
    hypotheses=("margin", "balance", "learning rate"),
    uses=("DL-003", "DL-005", "DL-010", "DL-012"),
)
