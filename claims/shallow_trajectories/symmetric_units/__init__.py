"""ReLU units that stay alike: descent in a plane, its saddle, convergence from one side, a poor minimum on the other.

Statement. Let K >= 2 units in R^K have the teachers e_1, ..., e_K, l as in DL-049, and W = x I + y (J - I), J of ones:
each unit has x along its own teacher and y along the others, not both 0.

1. Invariance. Gradient descent and gradient flow keep this form, for any learning rate. With
   al = (x^2 + (K-1) y^2)^{-1/2} and the angles th = acos(al x), ps = acos(al y), ph = acos(al^2 (2 x y + (K-2) y^2)),

       2 pi grad_x = pi x + (K-1)(x sin ph + (pi - ph) y)           - al x (sin th + (K-1) sin ps) - (pi - th),
       2 pi grad_y = pi y + (K-1) y sin ph + (pi - ph)(x + (K-2) y) - al y (sin th + (K-1) sin ps) - (pi - ps).

2. The line x = y > 0. There grad_x = grad_y = (K/2)(x - z), z = ((K-1)^{1/2} + pi - acos K^{-1/2}) / (pi K), and for
   0 < eta < 4/K descent tends to x = y = z as long as it stays on the half-line, which it does for eta <= 2/K. This is
   a strict saddle of l for every K: in the plane H has the eigenvalues

       K/2 along J,    -K / (2 pi z (K-1)^{1/2}) along I - J/K.

3. The order. For 0 < eta <= 2 pi/(pi + K - 2) a step keeps the sign of x - y, wherever it starts; for K = 2 no larger
   limit will do. So starts with y > x never come to (1, 0), nor do those with y = x.

4. Convergence (sampled). For eta = 4/(K+4) and half of it, starts with 0 <= y < x <= 1 come to (1, 0), and from some
   step on the distance shrinks by 1 - eta/20 a step. Each start that was drawn is proved to: balls follow it into the
   explicit ball of DL-049. Drawn with K = 2, 3, 5, 10, 50. That 0 <= y and x <= 1 are needed was not seen: starts with
   y < x and entries of any sign, up to size 6, were proved to come to (1, 0) too, one by one.

5. A poor minimum. For K = 2, starts with y > x come to (0, 1), the truth with its units exchanged. For K = 6, 7 and 8
   there is a strict local minimum of l in R^K, not the truth, near 2J/K - I, the truth reflected:

       K = 6:  x = -0.66339...,  y = 0.33070...,  l = 0.0556...
       K = 7:  x = -0.71262...,  y = 0.28349...,  l = 0.0622...
       K = 8:  x = -0.74932...,  y = 0.24806...,  l = 0.0677...

   Starts with y > x came there (sampled). For K = 3, 4, 5 such a point is critical and has a negative eigenvalue.

Hypotheses. "y below x", in 4; "learning rate", in 3; "y not negative" and "x at most 1", in 4.

Source. T17, Theorems 5 and 6 (cited from memory), has the formulas, the saddle and convergence of the flow. That l has
poor minima for K from 6 on is known from Safran and Shamir (2018; cited from memory).

Differs from the source. The order, the eigenvalues, the certified starts and 5 are this project's.

Proof of 1. All units have the length 1/al and the same angles, so that the gradient's blocks (DL-043) are alike.

Proof of 2. On the line ph = 0, al = 1/(x K^{1/2}), th = ps. Let p_k = e_k - (1, ..., 1)/K, |p_k|^2 = (K-1)/K. Along
A = I - J/K, of rows p_j, the M(w_i, w_j) = I/2 contribute |sum_j p_j|^2/2 = 0, the d^2 J_1/du^2 (w_j, w_k) are 0, and

    - sum_{j,k} (|p_k| |p_j|^2 + (p_j.p_k)^2/|p_k|) / (2 pi |w|)  =  -(K^2 |p|^3 + K |p|) / (2 pi z K^{1/2})

is what is left, since sum_k (p_j.p_k)^2 = |p_j|^2; ||A||^2 = K |p|^2. Along J it is K^3/2, and ||J||^2 = K^2.

Proof of 3. With t = x - y and b = ph + (K-1) sin ph - al (sin th + (K-1) sin ps),
2 pi t' = t (2 pi - eta b) + eta (ps - th). The sign of ps - th is that of t, and b < pi + K - 2, as
sin ph <= pi - ph and sin ph <= 1. For K = 2 and y = -x, b tends to pi as x grows.

Proof of 5. With m I <= H for all W within r of W_0 and |grad l(W_0)| < m r/2 there is a minimum within r, since l is
larger than l(W_0) on the sphere.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import T17

CLAIM = Claim(
    uid="DL-050",
    title="ReLU units that stay alike",
    statement=__doc__,
    sources=(T17.at("Theorems 5 and 6"), DLC.at("DL-050")),
    items=("12.5",),
    status=Status.THEOREM,
    hypotheses=("y below x", "learning rate", "y not negative", "x at most 1"),
    uses=("DL-049",),
)
