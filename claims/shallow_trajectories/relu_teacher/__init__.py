"""One ReLU unit learns a ReLU unit: a linear rate from every start but those on one ray.

Statement. Let x ~ N(0, I) in R^d, d >= 1, s(z) = max(z, 0), w* not 0, and

    l(w) = 1/2 E (s(w.x) - s(w*.x))^2,   grad l = w/2 - K(w, w*)                          (K as in DL-043),

th the angle of w and w*, kappa(th) = (pi - th - sin th)/2pi as in DL-044, rho = E 1(w.x > 0) (s(w.x) - s(w*.x))^2.

    One point.     Let w be not 0. Then  <grad l, w - w*> >= rho >= 2 |grad l|^2,
                                         <grad l, w - w*> >= kappa(th) |w - w*|^2,
                   each an equality where th = 0, the second one where th = pi too.
    One step.      Let 0 < eta < 4, w not 0. Then  |w' - w*|^2 <= (1 - eta (2 - eta/2) kappa(th)) |w - w*|^2,
                   and so |w' - w*| <= |w - w*|. If eta <= 2 and 0 < th < pi, then th' < th.
    Linear rate.   Let 0 < eta <= 2, w_0 not 0, th_0 < pi. Then for every t

                       |w_t - w*|^2 <= (1 - eta (2 - eta/2) kappa(th_0))^t |w_0 - w*|^2 -> 0.

    On the ray.    From w_0 = -c w*, c > 0: w_t = -c (1 - eta/2)^t w* for 0 < eta <= 2, as long as this is not 0, and
                   l(w_t) decreases to |w*|^2/4 > 0 for eta < 2.

If |w_0 - w*| < |w*| then th_0 < pi/2, so kappa(th_0) > 1/4 - 1/(2 pi). From a random start with a density the
probability of th_0 < pi is 1 for d >= 2. For d = 1 the ray is half of the line: 1/2 if the density is even.

Sharp. In one point, neither the factor 1 of rho, nor the 2, nor the factor 1 of kappa can be larger. For every eta in
(2, 4) the rate fails: from w_0 = r w* with suitable r > eta/(eta - 2) a step leads to the ray. At eta = 4,
w' = 2w* - w for w = r w*, 0 < r < 2: a cycle of period two. Beyond 4 the distance grows there.

Hypotheses. "Gaussian data"; "step size", eta <= 2; "angle below pi", th_0 < pi; "start not zero".

Source. T17 (cited from memory): convergence for |w_0 - w*| < |w*|, so with a probability of about 1/2 from a small
ball.

Differs from the source. Here that ball is not needed, and 1/2 becomes 1 for d >= 2. The inequalities and the rate are
this project's.

Proof of one point. On {w.x > 0} let e = s(w.x) - s(w*.x). Where w*.x > 0, e (w - w*).x = e^2. Elsewhere e = w.x and
e (w - w*).x >= (w.x)^2 = e^2. So <grad l, w - w*> = E 1(w.x > 0) e (w - w*).x >= rho. For a unit vector a,
<grad l, a>^2 = (E 1(w.x > 0) e a.x)^2 <= rho a^T M(w, w) a = rho/2. And

    <grad l, w - w*> = (w - w*)^T M(w, w*) (w - w*) + w^T M(w, -w*) w + J_1(w, -w*),

of which the first is >= kappa |w - w*|^2 (DL-044) and the others are >= 0.

Proof of one step. |w' - w*|^2 = |w - w*|^2 - 2 eta <grad l, w - w*> + eta^2 |grad l|^2, and |grad l|^2 is at most half
of the inner product. w' = a hat w + b w* with a = |w| (1 - eta/2) + eta |w*| sin th/2pi and b = eta (pi - th)/2pi; both
are positive for eta <= 2 and 0 < th < pi, so w' lies between w and w*.

Proof of the linear rate. th_t <= th_0, so kappa(th_t) >= kappa(th_0). w_t is not 0, since b > 0.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import T17

CLAIM = Claim(
    uid="DL-047",
    title="A ReLU unit learns another",
    statement=__doc__,
    sources=(T17, DLC.at("DL-047")),
    items=("12.3.1", "12.3.2"),
    status=Status.THEOREM,
    hypotheses=("Gaussian data", "step size", "angle below pi", "start not zero"),
    uses=("DL-043", "DL-044"),
)
