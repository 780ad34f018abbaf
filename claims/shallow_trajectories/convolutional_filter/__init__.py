"""One filter on patches: its loss, all its critical points, and a poor minimum where patches overlap.

Statement. Let x have k independent patches x[i] ~ N(0, I) in R^d, k, d >= 1, f_w(x) = (1/k) sum_i s(w.x[i]),
s(z) = max(z, 0), |w*| = 1 (for other lengths everything scales with |w*|), and l(w) = E (f_w - f_{w*})^2. Let r = |w|,
th the angle of w and w*, phi = pi - th,

    S = (pi + k - 1)/(pi k),   c_s = (k - 1)/(pi + k - 1),   h(th) = pi - sin th - (pi - th) cos th.

h increases strictly, from 0 to pi.

    Loss.      l = (r^2/2 + 1/2 - 2 J_1(w, w*))/k + (k - 1)(r - 1)^2/(2 pi k)          (J_1 as in DL-043)
                 = S (r - 1)^2/2 + r h(th)/(pi k).
               So l = 0 for w = w* only.
    Gradient.  For w not 0,  grad l = S w - ((sin th + k - 1) hat w + (pi - th) w*)/(pi k).
    Hessian.   For w not 0 it has the eigenvalue S along w, for d >= 2 also
               S - (k - 1 + 2 sin th)/(pi k r) across w in the plane of w and w*, and
               S - (k - 1 + sin th)/(pi k r) across this plane, d - 2 times.
    Critical.  At 0 there is no gradient. Elsewhere these points are critical and no others: w* and, for k >= 2,
               w_s = -c_s w*; for k = 1 only w*. The Hessian at w* is S along w* and 1/k across. At w_s it is S along w*
               and 0 across.
    Saddle.    l(w_s) = (2k + pi - 2)/(2k (pi + k - 1)). Where r = c_s,
               l(w) = l(w_s) - c_s (sin phi - phi cos phi)/(pi k),   phi^3/pi^2 <= sin phi - phi cos phi <= phi^3/3.
               So for d >= 2 w_s is a saddle, without negative curvature. On the ray l = l(w_s) + S (r - c_s)^2/2, so
               for d = 1 it is a strict local minimum.
    Zero.      l(0) = S/2. For k >= 2, l(w) < l(0) if 0 < r < 2 c_s, so that 0 is a strict local maximum, and
               l(-2 c_s w*) = l(0). For k = 1, l(e w*) = l(0) + e^2/2 - e for e > 0, and l(0) + e^2/2 for e < 0.

So w* is the only local minimum if d >= 2 (and if k = 1). Not so where patches overlap:

    Overlap.   Let k = d = 2, x ~ N(0, I) in R^3, with the patches (x_1, x_2) and (x_2, x_3), and w* = (1, b).
               If b = -1 then -c w* is a strict local minimum,
               c = (3 sqrt 3 + 2 pi)/(3 sqrt 3 + 5 pi),   l = (6 sqrt 3 + 7 pi)/(12 sqrt 3 + 20 pi),
               and the Hessian has the eigenvalues 5/12 + sqrt 3/(4 pi) along w* and
               (14 pi^2 + 7 sqrt 3 pi - 9)/(12 pi (3 sqrt 3 + 2 pi)) across.
               For -20/13 <= b <= -13/20 there is exactly one local minimum besides w*. For b >= -63/100 and for
               b <= -100/63 there is none.

Sharp. 1/3 and 1/pi^2 are the limits at phi = 0 and pi, and 2 c_s is the largest radius. At b = -16/25 there is another
minimum still.

Hypotheses. "Gaussian data"; "patches apart"; "dimension two or more", for the only local minimum.

Source. BG17 (cited from memory: loss, gradient, critical points, and that overlap has poor minima).

Differs from the source. The Hessians, what is said at w_s and at 0, the exact minimum for b = -1 and the ranges of b
are this project's.

Proof. By independence E f_w f_v = J_1(w, v)/k + (k - 1) |w| |v|/(2 pi k), and J_1 = r (pi - h)/(2 pi). Derivatives in
r and th give gradient and Hessian. Across w in the plane grad l is -(pi - th) sin th/(pi k), not 0 for 0 < th < pi; on
the line of w* it is S (r - 1) for th = 0 and S (r - c_s) for th = pi. l - l(0) = S r^2/2 - r (S - h/(pi k)), h <= pi.
The quotient (sin phi - phi cos phi)/phi^3 decreases: its derivative is -n/phi^4,

    n = 3 sin phi - 3 phi cos phi - phi^2 sin phi,   n' = phi (sin phi - phi cos phi) >= 0.

Proof for overlap. l(r u) = a r^2 - 2 c r + l(0) for unit vectors u, a and c > 0 functions of u. So minima of l are
those of -c^2/a on the circle; balls follow its derivative around, for all b of a range. x reversed exchanges b and 1/b.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import BG17

CLAIM = Claim(
    uid="DL-045",
    title="A filter on patches",
    statement=__doc__,
    sources=(BG17, DLC.at("DL-045")),
    items=("12.2.1", "12.2.2", "12.2.5"),
    status=Status.THEOREM,
    hypotheses=("Gaussian data", "patches apart", "dimension two or more"),
    uses=("DL-043", "DL-044"),
)
