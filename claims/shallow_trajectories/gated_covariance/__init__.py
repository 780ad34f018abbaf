"""The covariance of Gaussian data where two units are active, and its least eigenvalue.

Statement. Let x ~ N(0, I) in R^d, d >= 1, and u, v in R^d not 0, at the angle th in [0, pi]. Then

    M(u, v) = E 1(u.x > 0, v.x > 0) x x^T = ((pi - th) I + sin th R) / (2 pi),

where R swaps hat u and hat v and is 0 off their plane. With K = dJ_1/du (DL-043)

    M(u, v) v = K(u, v),   dK/dv = M(u, v).

For d >= 2 the eigenvalues are

    (pi - th + sin th) / (2 pi)     once, along hat u + hat v,
    (pi - th) / (2 pi)              d - 2 times, off the plane,
    (pi - th - sin th) / (2 pi)     once, along hat u - hat v.

For d = 1 the only one is 1/2 at th = 0 and 0 at th = pi. So for every d

    M(u, v) >= kappa(th) I,   kappa(th) = (pi - th - sin th) / (2 pi),

no larger number would do, at any th, and kappa decreases strictly from 1/2 at th = 0 to 0 at th = pi. If th < pi then
M is positive definite.

Hypotheses. "Gaussian data". "angle below pi", in the last sentence.

Source. This project's.

Proof. As in DL-043 u and v lie in the plane of the first two coordinates, hat u = (1, 0). The others are independent
of whether both units are active: J_0 = (pi - th)/(2 pi) on the diagonal and 0 elsewhere. In the plane

    M = 2/(2 pi) int_{th - pi/2}^{pi/2} (cos phi, sin phi)^T (cos phi, sin phi) dphi = ((pi - th) I + sin th R) / (2 pi)

with R = [[cos th, sin th], [sin th, -cos th]], a reflection that swaps (1, 0) and (cos th, sin th), so that it is
m m^T - n n^T for the unit vectors m along hat u + hat v and n along hat u - hat v. Then
M v = ((pi - th) v + |v| sin th hat u) / (2 pi). K is a function of |u|, |v| and u.v, whose chain rule gives dK/dv.
2 pi kappa' = -1 - cos th < 0 for th < pi.
"""

from claims.suite import DLC, Claim, Status

CLAIM = Claim(
    uid="DL-044",
    title="The gated covariance",
    statement=__doc__,
    sources=(DLC.at("DL-044"),),
    items=("12.1.2",),
    status=Status.THEOREM,
    hypotheses=("Gaussian data", "angle below pi"),
    uses=("DL-043",),
)
