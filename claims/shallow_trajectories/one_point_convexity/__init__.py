"""A layer of ReLU units: an exact identity for <grad l, U - U*>, and why it can be negative close to the identity.

Statement. Let u_1, ..., u_K and u*_1, ..., u*_K be vectors in R^d, f(x) = sum_j s(u_j.x) with s(z) = max(z, 0), f* the
same of the u*_j, and l(U) = 1/2 E (f - f*)^2 for any distribution or sample of x with finite second moments. Units that
are 0 on x may have any slope in [0, 1] there. (LY17's model is d = K, u_j = e_j + w_j.)

1. The identity.

       <grad l, U - U*>  =  2 l + E (f - f*) D,    D = sum_j |u*_j.x| at those x where unit j is on and u*_j is off,
                                                       or the other way round;    D >= 0.

   So U is one-point convex, <grad l, U - U*> >= 2 l, if D = 0 wherever f < f*. In any case

       <grad l, U - U*>  >=  2 l - (2 l E D^2)^{1/2},

   with equality for K = 1 where u.x < 0 < u*.x; a critical point has 2 l <= E D^2.

2. It fails in every spectral ball around the identity, where x ~ N(0, I). Let U* = I, K = 3m, U = (1 - g/K) R, and
   let R turn each block of three by phi about (1, 1, 1), so that g = sum_j (|u*_j| - |u_j|). Then

       <grad l, U - U*> / ||U - U*||_F^2 -> rho_0(phi) - g / (4 pi) as K -> infinity, and
       rho_0(phi) -> 1/4 - 1/(2 pi) as phi -> 0.

   So it is negative for all large K if g > 4 pi rho_0(phi), positive if g < 4 pi rho_0(phi); the limit of 4 pi rho_0 is
   pi - 2. For every g > pi - 2 and every r > 0 there are phi and K with ||U - I||_2 < r and <grad l, U - U*> < 0.
   With tan(phi/2) = 3^{1/2} t all entries of U are rational, and the ratio is for example

       -0.0239... at K = 150, t = 1/12, g = 2, where ||U - I||_2 < 0.3,
       -0.0616... at K = 30000, t = 1/70, g = 2, where ||U - I||_2 < 0.05,

   and below -0.06 for t = 1/70, g = 2 at every K = 3m >= 10^6.

Hypotheses. "realisable labels": f* is a sum of units; "output weights one"; "homogeneous unit": s(z) = s'(z) z, all
in 1. "large potential": g > 4 pi rho_0(phi), in 2.

Source. This project; the model, the potential g and one-point convexity where g is small are LY17's (Theorem 3.1, cited
from memory).

Differs from the source. The identity and 2 are this project's. That 2 fails only for large g is no contradiction to
LY17's two phases (DL-051).

Proof of 1. The gradient's block j is E (f - f*) s'(u_j.x) x, so that

    <grad l, U - U*>  =  E (f - f*) (f - sum_j s'(u_j.x) u*_j.x),    f* - sum_j s'(u_j.x) u*_j.x  =  D,

because s(u*_j.x) - s'(u_j.x) u*_j.x is 0 where the two patterns agree, and |u*_j.x| where they do not (for a slope a in
[0, 1] at u_j.x = 0: (1 - a) or a times that). The rest is Cauchy and Schwarz.

Proof of 2. Let c = 1 - g/K and r_0, r_1, r_2 the first row of R's block. Each unit contributes the same. The K - 3
units of other blocks are orthogonal, to u_j as their teachers to e_j, and contribute (K - 3)(c - 1)(c - r_0)/(2 pi):
this is -(g/(2 pi))(1 - r_0) in the limit, and |u_j - e_j|^2 -> 2 (1 - r_0). The unit's own block gives the rest, rho_0.
||U - I||_2 <= 2 sin(phi/2) + g/K.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import LY17

CLAIM = Claim(
    uid="DL-052",
    title="One-point convexity near the identity",
    statement=__doc__,
    sources=(DLC.at("DL-052"), LY17.at("Theorem 3.1")),
    items=("12.6.2", "12.6.3"),
    status=Status.THEOREM,
    hypotheses=("realisable labels", "output weights one", "homogeneous unit", "large potential"),
    uses=("DL-051",),
)
