"""Products of random layers in exact numbers: Gaussian layers, orthogonal layers, layers of width one.

Setting. W = W_N ... W_1 with widths d_0, ..., d_N >= 1 and N >= 1. G = W - Phi, D_j is the gradient of the loss in W_j.

Statement. In 1 to 3 all entries of all layers are independent N(0, s^2).

1. Moments. With products over j = 0, ..., N,

       E ||W||_F^2 = s^{2N} prod d_j,
       E ||W||_F^4 = s^{4N} (prod d_j (d_j + 2) + 2 prod d_j (d_j - 1)) / 3,
       E tr (W W^T)^2 = s^{4N} (prod d_j (d_j + 2) - prod d_j (d_j - 1)) / 3.

2. Width must grow like depth. For equal widths d the quotient rho = E ||W||_F^4 / (E ||W||_F^2)^2 is

       rho = ((1 + 2/d)^{N+1} + 2 (1 - 1/d)^{N+1}) / 3,

   so that with x = (N + 1)/d

       (1 + 2/d)^{N+1} / 3 <= rho <= (e^{2x} + 2 e^{-x}) / 3,

   the right side being its limit as d grows at that x. At d = 1 it is 3^N. In any case
   P(||W||_F^2 >= E ||W||_F^2 / 2) >= 1 / (4 rho).

3. Width one. For d_0 = ... = d_N = 1, s = 1 and every real q > 0

       E |w|^q = (2^{q/2} Gamma((q + 1)/2) / pi^{1/2})^N,

   and so P(|w| >= e^{-N/10}) <= (882/1000)^N. Better: (858/1000)^N, from q = 2/3.

4. Orthogonal start. For d_0 = ... = d_N, b > 0 and W_j = b Q_j, Q_j orthogonal, every imbalance is 0, every
   W_j ... W_i has all its singular values equal to b^{j-i+1}, ||D_j||_F = b^{N-1} ||G||_F, and the first statement of
   DL-003 for square layers is an equality:

       sum_j ||D_j||_F^2 = N sigma_min(W)^{2(N-1)/N} ||G||_F^2.

Proof of 1. Let A be d x n with independent N(0, 1) entries, M positive semidefinite. By Wick's formula

       E (tr A M A^T)^2 = d^2 (tr M)^2 + 2 d tr M^2,    E tr (A M A^T)^2 = d (tr M)^2 + d (d + 1) tr M^2,

so a layer takes the two moments through the matrix d [[d, 2], [1, d + 1]], and all these matrices have the same
eigenvectors, (1, 1) of d (d + 2) and (2, -1) of d (d - 1). The start is (d_0^2, d_0).

Proof of 2. 1 + y <= e^y. The probability is the inequality of Paley and Zygmund: with X = ||W||_F^2,
E X <= E X / 2 + (E X^2 P(X >= E X / 2))^{1/2}.

Proof of 3. |w|^q is a product of N independent numbers of one law, and P(|w| >= t) <= E |w|^q / t^q (Markov).

Proof of 4. W_j W_j^T = W_j^T W_j = b^2 I.

Hypotheses. 1 to 3: normal and independent entries. 4: square layers, orthogonal up to one factor.
Source. 3 with q = 1: S18 (arXiv:1809.08587); cited from memory.
Differs from the source. The source's theorem about descent is not encoded; all but 3 with q = 1 is this project's. Not
sharp: the 1/4 in 2, for which 2 is refuted; in 3 the best base by Markov's inequality is the least over q (Chernoff's),
0.8577, and what is known from below here is the base P(|w| >= e^{-1/10}) = 0.365... of N = 1.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import S18

CLAIM = Claim(
    uid="DL-073",
    title="Products of random layers in exact numbers",
    statement=__doc__,
    sources=(S18, DLC.at("DL-073")),
    items=("13.12.1", "13.12.2", "13.12.3"),
    status=Status.THEOREM,
    hypotheses=("normal entries", "independent entries", "square layers", "one factor"),
)
