"""Several ReLU units near the truth: how strongly convex, in which explicit ball, and a linear rate there.

Statement. Let l(W) = 1/2 E (sum_j s(w_j.x) - sum_j s(w*_j.x))^2, x ~ N(0, I) in R^d, s(z) = max(z, 0), with K units w_j
(the rows of W) and K teachers w*_j != 0. H is the Hessian of l.

1. Two teachers at the angle th, of any lengths, d >= 2. At the truth H has the eigenvalues 1/2 +- m, for m each of
   (pi - th + sin th)/(2 pi), (pi - th - sin th)/(2 pi) and (d - 2 times) (pi - th)/(2 pi). So

       lambda_min  =  (th - sin th)/(2 pi),    th^3 (1 - th^2/20)/12pi  <=  lambda_min  <=  th^3/12pi.

2. K >= 2 orthonormal teachers, any d >= K. At the truth

       lambda_min  =  1/4 - 1/(2 pi)  =  0.0908...,    of multiplicity K (K-1)/2, for every K and d;

   its eigenvectors are, w*_j being e_j, A = O + D with O antisymmetric and D = -diag of the column sums of O. And

       lambda_max  =  the larger eigenvalue of [[(K-1+pi)/(2 pi), (K-1)^{1/2}/4], [(K-1)^{1/2}/4, (pi K + 2)/(4 pi)]]
                   <  K/4 + kappa,    kappa = 1/(2 pi) + pi/(4 (pi - 2)) = 0.847...,

   where kappa is the least number that does for every K. For K = 1, H = I/2.

3. An explicit ball. Let the teachers be orthonormal, K >= 2, 0 < r <= 1/4 and |w_j - w*_j| <= r/K for all j. Then

       (1/4 - (1/2 + 3r)/pi) I  <=  H  <=  (K/4 + kappa + 3r/pi) I.

   At r = 1/25, and for K = 1 too: (1/20) I <= H <= (K/4 + 9/10) I.

4. Descent. Let the teachers be orthonormal, ||W_0 - W*||_F <= 1/(25K) and 0 < eta <= 8/(K+4). Then

       ||W_t - W*||_F  <=  (1 - eta/20)^t ||W_0 - W*||_F.

   With 1/10 in place of 1/20 this is false, and so it is for eta = 8/(K+3), K >= 40.

5. The 1/K is needed. At W = (1 - s) W*, 0 < s < 1, H has the eigenvalue

       1/4 - (K-1) s/(2 pi (1-s))           if d > K >= 2,    negative iff s > pi/(2(K-1) + pi);
       1/4 - 1/(2 pi) - K s/(2 pi (1-s))       if K >= 3,        negative iff s > (pi - 2)/(2K + pi - 2).

   So a ball that is convex has a radius between (pi - 2)/(12 K) and (pi - 2)/(2K + pi - 2): 6 times as much.

Hypotheses. "orthonormal teachers", in 2 to 4; "ball", the radius r/K, in 3 and 4; "learning rate", in 4.

Source. ZSJBD17, Section 4 (cited from memory).

Differs from the source. The source has strong convexity near the truth for samples and general teachers, with constants
that depend on their condition. The statements here, with explicit constants, are this project's.

Proof of 1. H has the blocks I/2 and M = M(w*_1, w*_2), the gated covariance (DL-044); on (a, a) it is I/2 + M, on
(a, -a) I/2 - M. And t^3/6 - t^5/120 <= t - sin t <= t^3/6.

Proof of 2. M(e_j, e_k) = I/4 + R/(2 pi), R swapping e_j and e_k. With O the part of A off the diagonal of the first K
columns, B the other columns and c the column sums of A,

    <A, H A>  =  ||A||^2/4 + |c|^2/4 + ((tr A)^2 + tr A^2 - 2 sum_j A_jj^2)/(2 pi)    (traces of the first K columns)
              =  (1/4 - 1/(2 pi)) ||A||^2 + |c|^2/4 + (||O + O^T||^2/2 + (tr A)^2 + ||B||^2)/(2 pi).

All squares vanish iff B = 0, O is antisymmetric and D cancels its column sums (then tr A = 0). Above: no entry of H is
negative, and it has an eigenvector p I + q (J - I) with p, q > 0, J of ones, to the larger eigenvalue of the matrix,
which is H on these. That is the largest on the first K columns, since 2 a b <= a^2 x_b/x_a + b^2 x_a/x_b. On the others
the largest is (K+1)/4, which is less than <J, H J>/||J||^2 = (K+1)/4 + (K-1)/(pi K).

Proof of 3. Let delta = r/K. Three changes add up, in spectral norm:

    turning    Turning u by an angle t moves M(u, v) by at most (t + sin t)/(2 pi): the difference is one of two
               positive semidefinite matrices, each at most E x x^T where u.x and the turned u.x have those
               two signs, which is M(u, -u'). Two turnings by at most asin delta, K-1 blocks in a row.
    bending    d^2 J_1/du^2 is 1/(pi |u|)-Lipschitz in v: in p, G(p) = |p| (I - hat u hat u^T) + p p^T/|p| has the
               derivative c (I - hat u hat u^T) + q hat p^T + hat p q^T - c hat p hat p^T along a unit vector q,
               c = hat p.q, and the norm of that is (3|c| + (4 - 3c^2)^{1/2})/2 <= 2. K-1 terms of delta.
    own        the unit's own term d^2 J_1/du^2 (w_j, w*_j) has the norm |p|/(pi |w_j|) <= delta/(pi (1 - delta)).

With asin t <= t + t^2 their sum is at most delta/pi ((K-1)(2 + delta) + K/(1 - delta)) <= 3r/pi.

Proof of 4. On the ball, which is convex, W' - W* = (I - eta H') (W - W*) with H' a mean of Hessians, and
eta (K/4 + 9/10 + 1/20) <= 2. 1/10 > 1/4 - 1/(2 pi), and 8/(K+3) > 2/lambda_max.

Proof of 5. A = a e^T with e orthogonal to all teachers and sum_j a_j = 0; A antisymmetric with zero column sums.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import ZSJBD17

CLAIM = Claim(
    uid="DL-049",
    title="Several ReLU units near the truth",
    statement=__doc__,
    sources=(ZSJBD17.at("Section 4"), DLC.at("DL-049")),
    items=("12.4.1", "12.4.2", "12.4.3"),
    status=Status.THEOREM,
    hypotheses=("orthonormal teachers", "ball", "learning rate"),
    uses=("DL-044",),
)
