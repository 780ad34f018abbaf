"""Expectations of ReLU units of Gaussian data: three kernels, a mean, and two derivatives.

Statement. Let x ~ N(0, I) in R^d, d >= 1, s(z) = max(z, 0), and u, v in R^d not 0, at the angle th in [0, pi]. Then

    J_0 = P(u.x > 0, v.x > 0)   = (pi - th) / (2 pi)
    J_1 = E s(u.x) s(v.x)       = |u| |v| (sin th + (pi - th) cos th) / (2 pi)
    J_2 = E s(u.x)^2 s(v.x)^2   = |u|^2 |v|^2 (3 sin th cos th + (pi - th)(1 + 2 cos^2 th)) / (2 pi)
    E s(u.x)                    = |u| / (2 pi)^{1/2}

and, with hat u = u/|u| and p = v - (v.hat u) hat u,

    K = dJ_1/du = E 1(u.x > 0) s(v.x) x = (|v| sin th hat u + (pi - th) v) / (2 pi)
    d^2 J_1/du^2                        = |p| (I - hat u hat u^T + hat p hat p^T) / (2 pi |u|),   0 if p = 0.

At th = 0 the kernels are 1/2, |u|^2/2 and 3|u|^4/2 for u = v; at th = pi they are 0. In dimension 1 there is no other
angle.

Hypotheses. "Gaussian data". "u not zero", in the derivatives: at u = 0, J_1 has none.

Source. CS09.

Differs from the source. The source's kernel k_n is 2 J_n. The derivatives are this project's.

Proof. Rotations keep N(0, I), so u and v lie in the plane of the first two coordinates, u along the first. In polar
coordinates the density is r exp(-r^2/2) dr dphi / (2 pi), both units are active for th - pi/2 < phi < pi/2, and

    J_n = |u|^n |v|^n/(2 pi) int_0^infinity r^{2n+1} exp(-r^2/2) dr int_{th-pi/2}^{pi/2} (cos phi cos(phi - th))^n dphi,

whose first integral is 2^n n!. For th = 0 and pi the same holds, and for d = 1 by adding a coordinate.

J_1 depends on u by |u| and u.v only, and

    dJ_1/d|u| = |v| sin th / (2 pi),   dJ_1/d(u.v) = (pi - th) / (2 pi)

give K by the chain rule, once more the second derivative. At th = 0 and pi both are limits.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import CS09

CLAIM = Claim(
    uid="DL-043",
    title="Expectations of ReLU units",
    statement=__doc__,
    sources=(CS09, DLC.at("DL-043")),
    items=("12.1.1",),
    status=Status.THEOREM,
    hypotheses=("Gaussian data", "u not zero"),
)
