"""Leaky units on separable data: finitely many updates, whatever the width, the dimension, the order and the rate.

Statement. Let sg have the slopes 1 and al, 0 < al <= 1: sg(z) = z for z >= 0 and al z for z < 0; as sg'(0) take any
value in [al, 1], another each time if you like. Let k >= 1, v = 1 / sqrt(2k) and, for w_i, u_i in R^d,

    N(x) = v (sum_{i <= k} sg(w_i.x) - sum_{i <= k} sg(u_i.x)).

Stochastic gradient descent of the hinge loss max(0, 1 - y N(x)) takes samples (x, y), y = +-1, one at a time, in any
order. It makes an update of the w_i and u_i, with learning rate eta > 0, where y N(x) < 1; where y N(x) = 1 it makes
one or makes none. The output weights v stay. Let |x| <= rho for all samples, let some b have y <b, x> >= 1 for all of
them, B = |b|, and let R_0 = ||(W, U)||_F at the start.

1. Finitely many updates. Their number T satisfies

       T <= B^2 rho^2 / al + 2 B^2 / (eta al^2) + 2 R_0 B / (eta al).

   So going through finitely many samples again and again stops after at most floor(bound) + 1 passes, the clean one
   included, with y N(x) >= 1 on all of them. For another v > 0 write 2k v^2 eta for eta and (2k)^{1/2} v R_0 for R_0.

2. How sharp that is. At al = 1 each of the three factors 1, 2, 2 is the least: n orthonormal samples and W = 0 need
   T = n ceil(1 / eta), B^2 = n, which is the first term as eta -> infinity; the factors of the two others are attained
   in the limit of small steps along a circle (module sharpness). For smaller al:

   - The third term needs its 1/al, and its factor is attained too.
   - The first needs some power of 1/al: there are two samples with T > B^2 rho^2 and the two other terms small.
   - Of the second and third term together 1/al^2 is attained: for x = 1, y = 1 and all weights equal to -1 / (al
     (2k)^{1/2}), so that R_0 = 1/al, T = ceil(1 / (eta al^2)) against 1/al + 4 / (eta al^2).
   - Open: whether the second term needs 1/al^2 (that is, R_0 = 0), and whether the first needs 1/al and not less.

3. Without a hypothesis. Not separable: x = 1 with y = 1 and y = -1, al = 1/3, k = 2, all weights 5, eta = 1/2 is a
   cycle of two updates for ever. al = 0: where every unit is dead on x, the loss is 1 and nothing moves, for ever; the
   same from W = 0 with sg'(0) = 0. al > 1, or another v as it stands: the bound is exceeded.

Hypotheses. "separable": some b. "leaky slope": al > 0. "slope at most one": al <= 1. "slope at zero": al <= sg'(0)
<= 1. "output weights": v = 1 / sqrt(2k).

Proof. Let V = (b, ..., b, -b, ..., -b), |V| = (2k)^{1/2} B; let p and q be the means over the 2k units of sg' and of
sg'^2 at an update, so that al <= p and q <= p.

- Alignment. The update adds eta (2k)^{1/2} p y <b, x> >= eta (2k)^{1/2} p to <(W, U), V>.
- Length. Since sg'(z) z = sg(z), it adds 2 eta y N + eta^2 q |x|^2 <= 2 eta + eta^2 rho^2 p to ||(W, U)||_F^2.
- Sum. With P = sum p >= al T, and T <= P / al, Cauchy and Schwarz give, where eta P >= B R_0,

      (eta P / B - R_0)^2 <= R_0^2 + 2 eta P / al + eta^2 rho^2 P,

  which is (eta^2 P / B^2) (P - B^2 (rho^2 + 2 / (eta al)) - 2 R_0 B / eta) <= 0. Where eta P < B R_0, P is smaller
  still. Divide by al.
- Another v: multiplying all weights by c, v by 1/c and eta by c^2 changes no N and no update.

Source. BGMS18, Theorem 2, cited from memory.

Differs from the source. For rho = 1 the source has B^2/al^2 in the first term and a root beside the three. That is what
1 improves; the sharpness is this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import BGMS18

CLAIM = Claim(
    uid="DL-053",
    title="Finitely many updates on separable data",
    statement=__doc__,
    sources=(BGMS18.at("Theorem 2"), DLC.at("DL-053")),
    items=("12.7.1", "12.7.2"),
    status=Status.THEOREM,
    hypotheses=("separable", "leaky slope", "slope at most one", "slope at zero", "output weights"),
)
