"""What landscapes do not explain: half of the conjecture fails for deep networks, and both halves leave descent open.

Statement. The landscape conjecture for a loss has two halves: no local minimum is poor (all are global), and every
other critical point is strict (its Hessian has a negative eigenvalue). Descent with learning rate eta > 0 is
w(t+1) = w(t) - eta f'(w(t)).

1. Depth 3 is not strict. For N >= 3 and Phi != 0 the loss 1/2 ||W_N ... W_1 - Phi||_F^2 has a critical point, W_j = 0,
   with Hessian 0, that is no local minimum (DL-007). So the second half is false for deep linear networks, while the
   first is true (DL-023).

2. No poor minima is not enough. Let N >= 3 be odd and f(w) = 1/2 (w^N + 1)^2, the loss of N equal layers of width 1 and
   Phi = -1, as a function of one number. The critical points are -1, which is global, and 0, which is no local minimum.
   But if 0 < eta < 1/(2N), so 1/6 for N = 3, from every w(0) in (0, 1]

       0 < w(t+1) < w(t),   w(t) -> 0,   f(w(t)) > 1/2 for ever;   N = 3:  1/w(t) >= 1/w(0) + 3 eta t.

   1/(2N) is best possible: at eta = 1/(2N), w = 1 goes to 0, where f = 1/2, and beyond it to negative numbers.

3. Nor is strictness with it.
   (a) Two layers have no poor minimum and only strict saddles (DL-023, DL-024). From W_1 = W_2 = I, with Phi symmetric
       and some eigenvalues negative, l(t) is at least half the sum of their squares for ever, under every learning rate
       (DL-006).
   (b) f(u) = 1/4 (u^2 - 1)^2 has the critical points +-1, global, and 0, strict. Under every learning rate

           u(0)^2 = 1 + 2/eta:         u(t+1) = -u(t): a cycle of two;
           u(0)^2 > 1 + 2/eta:         |u(t)| -> infinity, by a factor of eta u(0)^2 - 1 - eta > 1 a step at least;
           1 < u(0)^2 < 1 + 2/eta:     |u(1)| < |u(0)|.

   By LSJR16 (cited) descent converges to a strict saddle from almost no start, if the gradient has a Lipschitz constant
   L < 1/eta. That allows (a), one start for each Phi. It does not speak of (b), an open set of starts: the gradient of
   a quartic has no Lipschitz constant.

4. Nor a rate. f(u) = u^4/4 is matrix factorisation with n = k = 1 and M = 0, one column more than the rank. Its minimum
   is unique and degenerate, there is no other critical point, and if eta u(0)^2 <= 1/2,

       1/(u(0)^{-2} + 6 eta t)  <=  u(t)^2  <=  1/(u(0)^{-2} + 2 eta t)   for every t:

   f falls like t^{-2}, which no C rho^t, rho < 1, bounds. 6, 1/2 and 2 are best possible.

5. Non-linear units. Let w_2 relu(w_1 x + b_1) + b_2 be fitted to the data (x, y) = (-1, 1), (0, 0), (1, 1), l half the
   sum of the squared errors. (w_1, b_1, w_2, b_2) = (1, 2, 0, 2/3) is a local minimum, l = 1/3, and l = 1/4 at
   (1, 0, 1/2, 1/2). So with one relu unit the first half is false.

Hypotheses. "learning rate": eta < 1/(2N) in 2, eta u(0)^2 <= 1/2 in 4.

Sources. 1: K16 (arXiv:1605.07110), as in DL-007. 3: LSJR16 (arXiv:1602.04915). 5: YSJ19 (arXiv:1802.03487), cited from
memory, for poor minima of non-linear networks.

Differs from the source. The instance of 5, 2, (b) of 3 and 4 are this project's.

Proof of 2. f' = N w^{N-1}(w^N + 1), so w' = w (1 - x) with x = N eta w^{N-2}(w^N + 1), which is in (0, 1), as
w^{N-2}(w^N + 1) <= 2. The limit is a fixed point, so 0; f - 1/2 = w^N (w^N + 2)/2, of the sign of w near 0. For N = 3,
1/w' - 1/w = x / (w (1 - x)) >= x/w >= 3 eta.

Proof of 3 (b). u' = u (1 + eta - eta u^2). The factor is -1 at u^2 = 1 + 2/eta, below -1 and falling beyond it, and in
(-1, 1) between 1 and there. f'' is -1 at 0 and unbounded.

Proof of 4. With x = eta u^2 in [0, 1/2], u'^{-2} = u^{-2}(1 - x)^{-2}, and 1 + 2x <= (1 - x)^{-2} <= 1 + 6x:

    (1 + 6x)(1 - x)^2 - 1 = x (1 - 2x)(4 - 3x),   1 - (1 + 2x)(1 - x)^2 = x^2 (3 - 2x).

Proof of 5. Where b_1 > |w_1| the unit is on at all of the data. With a = w_1 w_2 and c = w_2 b_1 + b_2 the output is
a x + c, and l = 1/3 + a^2 + 3/2 (c - 2/3)^2.
"""

from claims.suite import DLC, K16, Claim, Status
from claims.suite.sources import LSJR16, YSJ19

CLAIM = Claim(
    uid="DL-042",
    title="What landscapes do not explain",
    statement=__doc__,
    sources=(K16.at("Corollary 2.4"), LSJR16, YSJ19, DLC.at("DL-042")),
    items=("11.8.1", "11.8.2", "11.8.3", "11.8.4", "11.8.5"),
    status=Status.THEOREM,
    hypotheses=("learning rate",),
    uses=("DL-006", "DL-007", "DL-023", "DL-024"),
)
