"""Spherical spin glasses: how many critical points, how many on average, and no order of index by energy in three
dimensions.

Statement. Let f be homogeneous of degree p >= 2 on |u| = 1 in R^d, d >= 2. f is nondegenerate if the Riemannian Hessian
is regular at each critical point; N is the number of these. A spin glass is

    f(u) = sum J_{i_1 ... i_p} u_{i_1} ... u_{i_p},   J independent N(0, 1),   so that E f(u) f(v) = <u, v>^p.

1. Signs at the maxima. u is critical iff D f = p f u, and there

    trace of the Riemannian Hessian = Laplacian f - p (p + d - 2) f.

   So a harmonic f has f >= 0 at every local maximum and f <= 0 at every local minimum.

2. How many. If f is nondegenerate, N <= 2 ((p-1)^d - 1) / (p-2), and N <= 2d if p = 2, where equality holds.
   Equality at p = 3 and p = 4 is DL-037's, and at d = 2 that of Re (u_1 + i u_2)^p for every p. Moreover

    sum (-1)^index = 1 - (-1)^d,      d = 2:  N = 2p mod 4,      d = 3:  N = 2 mod 4.

3. What is independent. At a point u and for a spin glass, f, the Riemannian gradient (covariance p I) and

    M = (Riemannian Hessian + p f I) / (p (p-1))^{1/2}   on the tangent space

   are independent; M is a symmetric Gaussian matrix, of variances 2 on the diagonal and 1 off it.

4. Means. For a spin glass

    d = 2:   E N = 2 (3p-2)^{1/2};   E (maxima with f > 0) / E (maxima) = (1 + (p / (3p-2))^{1/2}) / 2.
    d = 3:   saddles  s = 4 (p-1)^{3/2} (3p-2)^{-1/2},   maxima 1 + s/2,   minima 1 + s/2,   so E N = 2 + 2s.

   On the circle also, for each f without multiple zeros or degenerate points: of the critical lines those with
   f f'' < 0 outnumber those with f f'' > 0 by the number of lines on which f vanishes, whose mean is p^{1/2}.

5. Index is not ordered by energy, in low dimension. u_1^4 + u_2^4 + u_3^4 / 4 has a strict maximum of value 1/4 below
   a saddle of value 1/2. The polynomial of degree 4 with integer coefficients (exponents: coefficient)

    400: 4, 301: -12, 220: 18, 211: 24, 202: 24, 121: 48, 112: 12, 040: -3, 031: -12, 022: -18, 013: -16, 004: 4

   is nondegenerate and has all its 13 critical lines real: 8 maxima, 12 saddles, 6 minima; a minimum of value 1.652...
   is above a saddle of value -2.0596... Nor is every f nondegenerate: u_1^3 on the circle is degenerate at e_2, which
   is neither maximum nor minimum.

Hypotheses. "harmonic": the signs of 1. "nondegenerate": 2. "variances": that each J has the variance 1, so that the
coefficient of u^e has p! / (e_1! ... e_d!): the means of 4.

Source. The model: CHMBL15 (arXiv:1412.0233), cited from memory. 2: CS13 (arXiv:1004.4953); proved below for d = 2, 3
and cited for other d. 4: B17 (arXiv:1701.07312) has E N for any d (its abstract is all that was read). Kac and Rice's
formula is used.

Differs from the source. In CHMBL15 d is large: its order of index by energy is asymptotic in d. The formulas of 4 and
the proofs are this project's.

Not covered. d -> infinity: counts by energy and index, and the layered structure that CHMBL15 argue from.

Proof of 1. Euler: u . D f = p f and u . D^2 f u = p (p-1) f. The trace of P (D^2 f - p f) P is the Laplacian less
p (p-1) f less p (d-1) f. At a maximum it is <= 0.

Proof of 2, d = 2, 3. Critical lines are the real zeros of a form of degree p (d = 2), or real zeros of a resultant of
degree p^2 - p + 1 (d = 3; ``solvers/shallow/critical_lines.py``), each with two points. Nondegenerate ones are simple,
and stay under small changes of f, after which all are. Zeros that are not real come in pairs. Poincare-Hopf.

Proof of 3. Derivatives of <u, v>^p at u = v = e_1 are the covariances; M is that of the second derivatives along
tangents alone, as those of the sphere's curvature are -p f I.

Proof of 4. Kac-Rice: E N = (volume of the sphere) (2 pi p)^{-(d-1)/2} E |det((p (p-1))^{1/2} M - p f I)|.

- d = 2: that is a normal number of variance 2 p (p-1) + p^2 = p (3p-2). It has the correlation -(p / (3p-2))^{1/2}
  with f; for two normal numbers with correlation r, E X^+ 1(Y > 0) = (1 + r)/2 E X^+.
- d = 3: M - x I, x = (p/(p-1))^{1/2} f, has the determinant y^2 - R with y normal of variance (2p-1)/(p-1) and R
  independent, exponential of mean 2. E (R - y^2)^+ = 2 E exp(-y^2/2) gives s, and E (y^2 - R) = 1/(p-1) gives 2.
  -f is a spin glass too, so maxima and minima have one mean.
- The circle: f^2 is largest on lines with f f'' < 0, least on those with f f'' > 0 and on zeros, by turns. Zeros of a
  stationary process with the correlation cos^p have the density p^{1/2} / pi.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import B17, CHMBL15, CS13

CLAIM = Claim(
    uid="DL-040",
    title="Spherical spin glasses",
    statement=__doc__,
    sources=(CHMBL15, CS13, B17, DLC.at("DL-040")),
    items=("11.6.1", "11.6.2", "11.6.3", "11.6.4", "11.6.5"),
    status=Status.THEOREM,
    hypotheses=("harmonic", "nondegenerate", "variances"),
    uses=("DL-037",),
)
