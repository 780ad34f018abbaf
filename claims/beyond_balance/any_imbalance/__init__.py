"""Two layers converge at a linear rate that the imbalance alone promises: no margin, no balance.

Setting. W_1 is h x n and W_2 is m x h, W = W_2 W_1, G = W - Phi, L = 1/2 ||G||_F^2, D = W_2^T W_2 - W_1 W_1^T. Let
lam_1 >= ... >= lam_h be the eigenvalues of D, lam_k = 0 for k > h and k < 1, sig_k likewise beyond a matrix's size, and
x^+ = max(x, 0). S = ||D_1||_F^2 + ||D_2||_F^2, D_j the gradient of layer j.

Statement.
1. The gap lemma. Let mu = lam_m(D)^+ and nu = (-lam_h(D))^+. Then

       (sig_m(W_2)^2 - mu)(sig_m(W_2)^2 + nu) >= sig_m(W)^2,

   so that sig_m(W_2)^2 >= f(mu, nu, sig_m(W)), f(mu, nu, s) = (mu - nu + ((mu + nu)^2 + 4 s^2)^{1/2})/2. The same of
   W_1, -D and n: mu' = (-lam_{h-n+1}(D))^+, nu' = lam_1(D)^+.

2. The rate of gradient flow. With alpha = f(mu, nu, sig_m(W)) + f(mu', nu', sig_n(W))

       -dL/dt = S >= 2 alpha L,    alpha >= alpha_0 = mu + mu',

   and D, so alpha_0, is constant: L(t) <= e^{-2 alpha_0 t} L(0). alpha_0 > 0 where h >= m + n and (W_1, W_2^T) has rank
   m + n: for almost every start, and every target. For square W with D = 0, alpha = 2 sigma_min(W).

3. One output and one input, m = n = 1. With Delta = lam_1^+ + (-lam_h)^+ and any h

       ||W_1||^2 + ||W_2||^2 = (Delta^2 + 4 W^2)^{1/2} = alpha,    dL/dt = -2 alpha L.

4. Norms. |W_2|_2^2 <= (lam_1 + (lam_1^2 + 4 |W|_2^2)^{1/2})/2, |W_1|_2^2 <= (-lam_h + (lam_h^2 + 4 |W|_2^2)^{1/2})/2.

5. One step of descent, from any state: if eta (|W_1|_2^2 + |W_2|_2^2 + |G|_2) <= 1, then

       L(t+1) <= L(t) - (eta/3) S <= (1 - 2/3 eta alpha) L(t).

6. Descent for all time. Let alpha_0(0) > 0, C = |Phi|_2 + (2 L(0))^{1/2}, d = 3/2 |D(0)|_2 and

       0 < eta <= min(1 / (d + (d^2 + 4 C^2)^{1/2} + (2 L(0))^{1/2}), alpha_0(0) / (12 L(0))).

   Then for every t,  L(t) <= (1 - eta alpha_0(0)/3)^t L(0)  and  ||D(t) - D(0)||_F <= 3 eta L(0). A form for one side:
   if m eigenvalues of D(0) are at least mu > 0, eta <= 1/(9 (|Phi|_2 + ||G(0)||_F + |D(0)|_2)) and 4 eta L(0) <= mu,
   then L(t+1) <= (1 - eta mu/2) L(t).

Proof of 1. Let a = sig_m(W_2)^2 > 0 (else mu = sig_m(W) = 0), W_2 W_2^T y = a y, |y| = 1, e = W_2^T y / a^{1/2} and
T = W_1 W_1^T: |e| = 1, e^T D e = a - e^T T e, and |W^T y|^2 = a e^T T e >= sig_m(W)^2. Where mu = 0, e^T D e >= -nu
gives it. Else W_2 is injective on the top m eigenvectors of D, for v^T D v <= 0 where W_2 v = 0; so their span has a
v = e + g with W_2 g = 0. Where g = 0, e^T D e >= mu gives it. Else compress to the span of e and g, in which
W_2^T W_2 is a e e^T: for a 2 x 2 matrix D' = a e e^T - T' with the eigenvalues mu', -nu'

    (a - mu')(a + nu') = a e^T T' e + det T' >= a e^T T e,

and mu' >= mu, as v is in the span, 0 <= nu' <= nu.

Proof of 2. S = ||W_2^T G||_F^2 + ||G W_1^T||_F^2 >= (sig_m(W_2)^2 + sig_n(W_1)^2) ||G||_F^2. The rank: D is
(W_2^T, W_1) diag(I_m, -I_n) (W_2^T, W_1)^T, so that Sylvester's law counts m positive and n negative eigenvalues.

Proof of 3. For W_1 = p, W_2 = q^T the eigenvalues of D that are not 0 solve x^2 - t x - g = 0, where t = |q|^2 - |p|^2
and g = |q|^2 |p|^2 - (q.p)^2.

Proof of 4. Of 1 with the largest singular value: e^T D e <= lam_1.

Proof of 5. W(t+1) = W - eta V + eta^2 D_2 D_1, V = D_2 W_1 + W_2 D_1, <G, V> = S. With Q = |W_1|_2^2 + |W_2|_2^2,
x = eta Q and g = eta |G|_2: |<G, D_2 D_1>| <= |G|_2 S / 2, ||V||_F^2 <= Q S, and D_2 D_1 = G W_1^T D_1 = D_2 W_2^T G
has ||D_2 D_1||_F <= |G|_2 (Q S)^{1/2} / 2. So L falls by eta S kept at least,

    kept = 1 - g/2 - (x/2) (1 + g/2)^2 >= 1/3 + 3/8 (g - 2/3)^2 + g^3/8   for x + g <= 1.

Proof of 6. D(t+1) - D(t) = eta^2 (D_2^T D_2 - D_1 D_1^T), so that ||D(t) - D(0)||_F <= eta^2 sum S <= 3 eta L(0)
<= alpha_0/4 <= |D(0)|_2/2: by Weyl alpha_0(t) >= alpha_0(0)/2, and by 4 the condition of 5 holds at every step. In the
last form only D_1 takes from the m eigenvalues, at most 2 eta L(0) <= mu/2 altogether, and S >= ||D_1||_F^2 >= mu L.

Hypotheses. Two layers; that the imbalance has a gap, and the learning rate, in 6. Sharp: 3, so alpha in 2. At 21/10 of
6's learning rate the loss can rise. The last form needs a limit of eta L(0): without one it is false, at one of 1480
steps past a saddle. Open: whether 1/2 does for 1/3 in 5 (no larger number does); whether 6 needs alpha_0(0)/(12 L(0))
in its first form.
Source. The rate from the imbalance: MTVM21 (arXiv:2105.06351), cited from memory. Checked by Coq's kernel: 5, and 6 in
its last form.
Differs from the source. The lemma in this form, its proof and 3 to 6 are this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import MTVM21

CLAIM = Claim(
    uid="DL-069",
    title="Two layers of any imbalance",
    statement=__doc__,
    sources=(MTVM21, DLC.at("DL-069")),
    items=("13.8.1", "13.8.2", "13.8.3"),
    status=Status.THEOREM,
    hypotheses=("two layers", "gap of the imbalance", "learning rate"),
    uses=("DL-002",),
)
