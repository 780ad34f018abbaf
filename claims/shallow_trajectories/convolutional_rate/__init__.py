"""One filter on patches that do not overlap: a linear rate from every start but those on one ray.

Statement. Let x have k independent patches x[i] ~ N(0, I) in R^d, k, d >= 1, f_w(x) = (1/k) sum_i s(w.x[i]),
s(z) = max(z, 0), |w*| = 1 (for other lengths everything scales with |w*|), and l(w) = E (f_w - f_{w*})^2, so that

    l(w) = (|w|^2/2 + 1/2 - 2 J_1(w, w*))/k + (k - 1) (|w| - 1)^2/(2 pi k)                 (J_1 as in DL-043).

Let r = |w|, th the angle of w and w*, S = (pi + k - 1)/(pi k), p = 1 - eta S, and

    h(th) = pi - sin th - (pi - th) cos th,   0 <= h <= pi th^2/2.

Take steps w' = w - eta grad l, 0 < eta <= 1/S.

    One step.   Let w be not 0 and th < pi. Then w' is not 0,

            w' = a hat w + b w*,   a = p r + eta (sin th + k - 1)/(pi k) >= 0,   b = eta (pi - th)/(pi k) > 0,
            tan(th'/2) <= a/(a + b) tan(th/2),   a + b <= p r + eta S,
            -eta h(th)/(pi k) <= r' - 1 - p (r - 1) <= -eta (th - sin th)/(pi k).

    Linear rate. Let w_0 be not 0, th_0 < pi, R = max(r_0, 1) and q = 1 - eta (pi - th_0)/(pi k R). Then 0 <= q < 1, and
        for every t

            th_t decreases,   tan(th_t/2) <= q^t tan(th_0/2),   r_t <= 1 + p^t (R - 1) <= R,
            |r_t - 1| <= p^t |r_0 - 1| + (2 eta/k) tan(th_0/2)^2 sum_{s < t} p^{t-1-s} q^{2s},

        so that w_t -> w*, at a linear rate, since |w - w*| <= |r - 1| + 2 r^{1/2} tan(th/2).

    On the ray. Let c_s = (k - 1)/(pi + k - 1). From w_0 = -c_0 w*, c_0 > 0, descent stays on the ray while c_t > 0:
        c_{t+1} = p c_t + (1 - p) c_s. So w_t -> -c_s w* for k >= 2; for k = 1, w_t -> 0.

    Near the ray. Let k >= 2, phi = pi - th, 0 < phi_0 < F <= pi/2, and T the first step with phi_T > F. With
        m = min(r_0, c_s), M = max(r_0, c_s) + 2F/(pi + k - 1) and C = cot(phi_0/2) - cot(F/2),

            pi k m C sin(F)/(2 F) <= eta T <= eta + pi k M C/(F cot(F/2)).

        So eta T is about pi k c_s/phi_0 from near -c_s w*: a power of 1/phi_0, not log(1/phi_0) as at strict saddles.

R costs a transient only: in the t-th factor q may have 1 + p^{t+1} (R - 1) for R. At eta = 1/S it has no R.

Sharp. At th_0 -> 0, r_0 = 1 the factor of the tangent tends to 1 - eta/k = q, and 1/k is the Hessian's eigenvalue
across w*. With pi for pi - th_0, or 1 for R, the rate is refuted. At eta = 2/S w* (1 + e) and w* (1 - e) are a
cycle, for 0 < e < 1; for every eta in (1/S, 2/S) some start r w* falls on the ray, for k >= 2 on -c_s w* exactly. For
k = 1, eta = 4 exchanges -w*/2 and 3w*/2.

Hypotheses. "Gaussian data"; "patches apart"; "step size", eta <= 1/S; "angle below pi", th_0 < pi; "start not zero".

Measured, not proved: with as few samples as n = 60 descent on samples finds w* too; for k = 1 the time to leave the
neighbourhood of the ray grows as log(1/phi_0) only.

Source. BG17 (cited from memory: O(1/eps^2) steps).

Differs from the source. The linear rate and the escape times are this project's.

Proof of one step. w' is a combination of hat w and w* with a >= 0 and b > 0, so

    tan(th'/2) = a sin th/(r' + a cos th + b),   a + b cos th <= r' <= a + b.

The denominator is at least (a + b)(1 + cos th). Since sin th <= th, a + b = p r + eta S - eta (th - sin th)/(pi k) is
at most p r + eta S; a + b cos th = p r + eta S - eta h/(pi k); and h' = (pi - th) sin th <= pi th.

Proof of the linear rate. a/(a + b) = 1 - b/(a + b), a + b <= R, and th_t <= th_0. h <= 2 pi tan(th/2)^2. Add up.

Proof near the ray. cot(phi'/2) = (r' + a cos phi - b)/(a sin phi), and r' >= a - b, so cot(phi/2) falls by at most
2b/(a sin phi); by the one step it falls by at least b/(a + b) cot(phi/2). And b = eta phi/(pi k), where phi/sin phi
increases and phi cot(phi/2) decreases. As long as phi <= F, m <= r, m <= a and a + b <= M: r' >= a + b cos th =
p r + (1 - p) c_s + eta (sin phi - phi cos phi)/(pi k), of which the last part is >= 0 as far as pi/2.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import BG17

CLAIM = Claim(
    uid="DL-046",
    title="One filter learns at a linear rate",
    statement=__doc__,
    sources=(BG17, DLC.at("DL-046")),
    items=("12.2.3", "12.2.4", "12.2.6"),
    status=Status.THEOREM,
    hypotheses=("Gaussian data", "patches apart", "step size", "angle below pi", "start not zero"),
    uses=("DL-043", "DL-045"),
)
