"""Phase retrieval: benign in the mean and under a finite certificate, poor with 2n - 1 vectors, lost with fewer.

Statement. Let x in R^n, x != 0, X = |x|^2. From the squares (a.x)^2 find +-x by minimising

    f(z) = 1/4 E ((a.z)^2 - (a.x)^2)^2,   or 1/4 sum over m vectors a in its place.

With N = z z^T - x x^T this is 1/4 <N, T N>, T Y = E a a^T <a a^T, Y>. A critical point is strict if the Hessian H has
a negative eigenvalue, and poor if it is a local minimum other than +-x.

1. The mean over Gaussian a. f(z) = 1/4 (3 |z|^4 - 2 X |z|^2 - 4 <x, z>^2 + 3 X^2) and
   H = (3 |z|^2 - X) I + 6 z z^T - 2 x x^T. The critical points are, for every n,

        0                              f = 3 X^2 / 4   -X (n - 1 times), -3 X
        +-x                            f = 0           2 X (n - 1 times), 6 X
        z orthogonal to x,             f = 2 X^2 / 3   -2 X along x, 2 X along z, 0 (n - 2 times, tangent)
        |z|^2 = X / 3 (n >= 2)

   So all but +-x are strict. For n >= 3 they are not all isolated, nor nondegenerate.

2. A certificate for finitely many vectors. For every Y of rank at most 2

        2 |Y|^2 <= <Y, E(a a^T <a a^T, Y>)> <= 4 |Y|^2,   both attained for n >= 2:

   restricted isometry with delta = 1/3 after scaling. Any weighted sum T = sum w a a^T <a a^T, .> on Sym(n) whose
   largest eigenvalue is less than 3 times the least has every critical point but +-x strict. The mean has the ratio
   1 + n/2 for n >= 2 (and 1 for n = 1), which is less than 3 iff n <= 3. Finitely many vectors can be as good as the
   mean: for every n, with weight 2^n on e_1, ..., e_n and weight 1 on the 2^{n-1} vectors (1, +-1, ..., +-1),

        sum w ((a.z)^2 - (a.x)^2)^2 = 2^{n+1} f(z),   f the mean;

   n = 2: weights 4, 4, 1, 1 on (1,0), (0,1), (1,1), (1,-1), and 8 f.

3. 2n - 1 vectors are not enough for the landscape. n = 2, a = (2, 0), (0, 2), (1, 1), any two of them independent,
   x = (1, 1): z = (1, -1) is a strict local minimum of the sum with f = 4 and H = [[28, -4], [-4, 28]], of eigenvalues
   24 and 32. There are nine critical points: +-x, +-(1, -1), four saddles with f = 32/5, and 0.

4. Fewer vectors, or others. With m <= 2n - 2 vectors, whichever, some x is lost: there are x != 0 and z != +-x with
   (a.x)^2 = (a.z)^2 for all of them. With 2n - 1, any n of them independent, no x is. No number of vectors with entries
   +-1 tells e_1 from e_2, n >= 2.

5. At random (cited from memory). For complex z in C^n and m >= C n log^3 n complex Gaussian vectors, with high
   probability every local minimum is x up to a phase and every other critical point is strict.
   Open here: C is hidden in the source, so that no instance can refute this; it is sampled only. Seen, descent from one
   Gaussian start, 1000 steps, 60 draws each: complex n = 6, recovery in 0, 39 and 59 of 60 at m/n = 2, 4, 8; real
   n = 12, in 4, 32, 53 and 58 of 60 at m/n = 2, 3, 5, 8.

Hypotheses. "x not zero", in 1. "eigenvalue ratio" below 3, in the second part of 2. "2n - 1 vectors", "any n
independent", in the second sentence of 4.

Source. 1 and 5: SQW16 (arXiv:1602.06664). Not covered: the largest ratio that would do in 2, between 3 and 3.88 for n =
2: at 3.88 there is a poor minimum (a search found some down to 3.3).

Differs from the source. 2 to 4 are this project's; the source's C in 5 is hidden.

Proof of 1. Isserlis' formula gives E (a.u)^2 (a.v)^2 = |u|^2 |v|^2 + 2 <u, v>^2, and so f. The gradient is
(3 |z|^2 - X) z - 2 <x, z> x.

- If <x, z> = 0 then z = 0 or 3 |z|^2 = X.
- Else 3 |z|^2 = X would leave x = 0; so z = c x, and 3 c^2 X - X - 2 X = 0 gives c = +-1.

On x, z and their orthogonal complement H is block diagonal, which gives the eigenvalues.

Proof of 2. T Y = 2 Y + tr(Y) I, and tr(Y)^2 <= 2 |Y|^2 for two eigenvalues, with equality where they are equal; tr = 0
where they are opposite. A ratio r < 3 is delta = (r - 1) / (r + 1) < 1/2 after scaling, for Y of any rank, so sensing
of rank one (DL-041) applies. The identity: sum w (a.u)^4 has the coefficients 2^n + 2^{n-1} of u_i^4, 6 * 2^{n-1} of
u_i^2 u_j^2 and no others, so it is 3 * 2^{n-1} |u|^4; polarisation gives the rest.

Proof of 4. Split the vectors into two groups of at most n - 1; let u != 0 be orthogonal to the first and v != 0 to the
second, x = u + v, z = u - v; with -v for v if x were 0. Conversely, (a.x)^2 = (a.z)^2 says that each a is orthogonal
to x - z or to x + z; of 2n - 1 vectors n are orthogonal to one of these, which is then 0. (a.e_i)^2 = 1 for entries
+-1.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import SQW16

CLAIM = Claim(
    uid="DL-038",
    title="Phase retrieval",
    statement=__doc__,
    sources=(SQW16, DLC.at("DL-038")),
    items=("11.4.1", "11.4.2", "11.4.3", "11.4.4", "11.4.5"),
    status=Status.THEOREM,
    hypotheses=("x not zero", "eigenvalue ratio", "2n - 1 vectors", "any n independent"),
    uses=("DL-041",),
)
