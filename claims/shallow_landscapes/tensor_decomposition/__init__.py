"""Orthogonal tensors on the sphere: every critical point; benign at even order, with one poor maximum at odd order.

Statement. Let a_1, ..., a_d be an orthonormal basis of R^d, lambda_i > 0 and p >= 3, and maximise

    f(u) = sum_{i <= d} lambda_i u_i^p,   u_i = <a_i, u>,   on |u| = 1.

1. Every critical point. u is critical iff lambda_i u_i^{p-2} = c := f(u) on its support, of size k say. Its Riemannian
   Hessian has the eigenvalues p (p-2) c, k-1 times, and -p c, d-k times. None is 0. So, for each support S,

    p even:  all signs, and c = (sum_{i in S} lambda_i^{-2/(p-2)})^{-(p-2)/2} > 0:   3^d - 1 points in all.
    p odd:   one sign on S, which is that of c, and |c| is the same:                 2 (2^d - 1) points.

   With index = number of negative eigenvalues, sum (-1)^index = 1 - (-1)^d, as Poincare-Hopf asks of a complete list.

2. Even order. The local maxima are +-a_i; every other critical point has a positive eigenvalue: no poor maximum if
   all lambda_i are equal. The values are lambda_i: a smaller lambda_i has a poor maximum at a_i.

3. Odd order, d >= 2. The local maxima are the a_i, and one more, a poor and strict one:

    u_i = -r lambda_i^{-1/(p-2)} for all i, r > 0:   f = -(sum lambda_i^{-2/(p-2)})^{-(p-2)/2} < 0,

   which is -d^{-1/2} at p = 3 and equal lambda_i = 1. The flow u' = D f - p f u keeps signs and has

    (ln |u_i / u_j|)' = p (lambda_i u_i^{p-2} - lambda_j u_j^{p-2}).

   The poor maximum's basin is the orthant of negative u_i. So from a uniform start the flow ends there with probability
   2^{-d} exactly, and else at a_i, where lambda_i^{1/(p-2)} u_i is the largest. At even p it ends at a_i or -a_i,
   where lambda_i^{1/(p-2)} |u_i| is. Ascent u + eta (D f - p f u), normalised, does the same if
   eta p^2 max lambda_i < 1 (enough, not sharp; at large eta signs are lost).

4. Power map, u -> D f(u) / |D f(u)|. With w_i = lambda_i^{1/(p-2)} |u_i| it maps w_i / w_j to (w_i / w_j)^{p-1}.
   It converges to +-a_i from any u at which w_i is the only largest one: at odd p to a_i, even from negative u.

5. Fewer, or not orthogonal. With fewer than d components, r < d, let u be orthogonal to all of them: f(u) = 0, u is
   critical and its Hessian is 0, so it is not strict. At even p it is a global minimum, at odd p no extremum.
   For unit a_1, a_2 in R^2 and f(u) = <a_1, u>^4 + <a_2, u>^4:

    |<a_1, a_2>| < 1/2:         two pairs of maxima;
    1/2 <= |<a_1, a_2>| < 1:    one pair, on the bisector of a_1 and +-a_2 (the smaller angle).

   a_1 itself is critical only if <a_1, a_2> is 0 or +-1. Three unit vectors at 60 degrees have f = 9/8 everywhere.

Hypotheses. "orthogonal" components, "complete": d of them, "positive" lambda_i, "order three" or more: 1-4. "even
order" and "equal weights": that all maxima are global.

Source. GHJY15 (arXiv:1503.02101), for 1 and 2.

Differs from the source. The source has them for p = 4 and equal lambda_i; all else is this project's. 5 is sharper than
a mere list of examples: 1/2 itself belongs to the second line, where the maxima are degenerate.

Not covered. Noise, and components that are nearly orthogonal. That GHJY15's stochastic gradient escapes.

Proof of 1. In the basis a_i, D f = p (lambda_i u_i^{p-1}), and D^2 f is diagonal, p (p-1) lambda_i u_i^{p-2}.

- D f = p f u says lambda_i u_i^{p-2} = f wherever u_i != 0. The support is not empty, so c != 0.
- So |u_i| = (|c| / lambda_i)^{1/(p-2)} on S, and |u| = 1 gives |c|. At even p, c > 0 and signs are free; at odd p
  u_i^{p-2} has the sign of u_i, so that all have the sign of c, which is free.
- D^2 f - p f is p (p-1) c - p c = p (p-2) c on S and -p c off it. Tangent vectors on S have k-1 dimensions.
- c > 0 has index d-k, c < 0 index k-1. Add up binomial coefficients: sum_k C(d,k) 2^k (-1)^{d-k} = 1 - (-1)^d for
  even p, sum_k C(d,k) ((-1)^{d-k} + (-1)^{k-1}) for odd p, where k >= 1.

Proof of 2 and 3. A maximum has no positive eigenvalue: c > 0 and k = 1, or c < 0 and k = d (at d = 1 the sphere has two
points, and neither is poor beside itself). u_i' = p u_i (lambda_i u_i^{p-2} - f) keeps signs and gives the law. Let
w_i = lambda_i^{1/(p-2)} u_i, with its sign if p is odd, and |u_i| for u_i if p is even.

- Not all negative (p odd), w_i the largest, alone (ties have measure 0). It grows against every other w_j, positive or
  negative, so u_i stays away from 0, and so does the rate p w_i^{p-2} (1 - (w_j / w_i)^{p-2}): all ratios go to 0.
- All negative: -u descends on f inside the positive orthant, where the law, with the other sign, makes all w_i equal.
- Ascent multiplies u_i by 1 + eta p (lambda_i u_i^{p-2} - f), which is positive, since |f| <= max lambda_i, and largest
  where the flow is fastest. On negative u it maps v = |w| to v (A - eta p v^{p-2}), A >= 1, which increases in v: the
  order is kept too, and ratios decrease to 1.

Proof of 4. lambda^{1/(p-2)} lambda u^{p-1} = (lambda^{1/(p-2)} u)^{p-1}, since 1/(p-2) + 1 = (p-1)/(p-2).

Proof of 5. D f and D^2 f have a factor <a_i, u> in each term, as p >= 3. With C = <a_1, a_2>, theta the angle from the
bisector and s = cos(2 theta),

    f = 3/4 + s C + (2 s^2 - 1)(2 C^2 - 1)/4,   df/dtheta = -2 sin(2 theta) (C + s (2 C^2 - 1)).

A zero with |s| < 1 needs |C| < |1 - 2 C^2|, that is |C| < 1/2 (or |C| > 1). D f(a_1) has 4 C^3 (a_2 - C a_1) beside
a_1.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import GHJY15

CLAIM = Claim(
    uid="DL-037",
    title="Orthogonal tensors on the sphere",
    statement=__doc__,
    sources=(GHJY15, DLC.at("DL-037")),
    items=("11.3.1", "11.3.2", "11.3.3", "11.3.4", "11.3.5"),
    status=Status.THEOREM,
    hypotheses=("orthogonal", "complete", "positive", "order three", "even order", "equal weights"),
)
