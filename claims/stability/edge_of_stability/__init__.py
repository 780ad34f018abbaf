"""Two scalar layers at the edge of stability: every cycle of two, which are stable, and where descent is monotone.

Notation. l = (u v - Phi)^2 / 2, Phi > 0, learning rate eta > 0. Scaled by eta^{1/2}, with mu = eta Phi, a step is

    u' = u - R v,  v' = v - R u,  R = u v - mu;      p' = (1 - R) p,  q' = (1 + R) q    for p = u + v, q = u - v.

The minima R = 0 nearest to balance, u = v, have the sharpness 2 Phi, and eta 2 Phi > 2 means mu > 1: the edge.
The multipliers of a cycle are the eigenvalues of the derivative of a whole period; it is stable here if all are in
(-1, 1).

Statement.
1. All cycles of two.   They are
       (a)  u = v in {x, y},  x y = 1,  x^2 + y^2 = 1 + mu,  and its negative,    for mu > 1,
       (b)  u = v = +-(2 + mu)^{1/2},                                             for every mu,
       (c)  u = -v = +-(2 - mu)^{1/2},                                            for mu < 2,
   and no others. Multipliers along u = v (or u = -v), and across:
       (a)  9 - 2 (1 + mu)^2,  3 - 2 mu;     (b)  (5 + 2 mu)^2,  9;     (c)  (5 - 2 mu)^2,  9.
   So (a) is stable if and only if 1 < mu < 5^{1/2} - 1, and superstable (along = 0) at mu = 3/2^{1/2} - 1; (b) and (c)
   never are. Every rational x != 1 gives a rational cycle (a), as (5/4, 4/5) at mu = 481/400.

2. Balance.   b = u^2 - v^2 has b' = (1 - R^2) b. So no cycle, of any period, with b != 0 has all 0 < |R| < 2^{1/2}.
   2^{1/2} is sharp: for every 0 < mu < 2 there is a cycle of four with b != 0 and all |R| = 2^{1/2},

       (u, v) -> .. -> (-u, -v),    q^2 = 4 (2 - mu) / (4 + 8^{1/2}),    p^2 = 4 (2 + 2^{1/2}) - (3 + 8^{1/2}) q^2,

   and, up to signs, no other cycle of four that goes to its negative in two steps has p q != 0.

3. At mu = 2.   For u = v = x_0 = 2 cos s, x_t = (-1)^t 2 cos(3^t s). With D_t = sin(3^t s) / sin s the derivative
   of t steps is (-3)^t D_t along u = v and D_t across, so that D_t^2 (4 - x_0^2) = 4 - x_t^2: across nothing ever grows
   by more than 2 (4 - x_0^2)^{-1/2}. The Lyapunov exponents are, for almost every s, ln 3 and 0.

4. Monotone.   Let R_0 <= 0. If 2 mu + q_0^2 <= 1 then R_t <= 0 for all t. If 2 mu + q_0^2 > 1 then there are starts
   with this q_0 and R_0 < 0 < R_1. (In the first case, with p_0 != 0, R_t -> 0 at the rate of
   ``unbalanced_factorization``, DL-056, 2.)

5. Layers in pairs.   Descent on (x^2 y^2 - 1)^2 / 4 is that of four scalar layers (x, x, y, y), Phi = 1, with the
   same eta. b = x^2 - y^2 has b' = (1 - (eta r x y)^2) b, r = x^2 y^2 - 1. The sharpness phi at which the flow would
   end (``sharpness_along_descent``, DL-063) is 2 (b^2 + 4)^{1/2}: it does not rise if and only if b = 0 or
   eta |r x y| <= 2^{1/2}.

Proof of 1. After two steps p'' = (1 - R)(1 - R') p and q'' = (1 + R)(1 + R') q. If p q != 0, both products are 1;
their sum gives R R' = 0, their difference R + R' = 0: a fixed point. If q = 0, u = v = w goes to w (1 + mu - w^2), and
two steps lead back to w exactly where

    w (w^2 - mu) (w^2 - 2 - mu) (w^4 - (1 + mu) w^2 + 1) = 0.

If p = 0, w = u goes to w (1 - mu - w^2), and w (w^2 + mu) (w^2 - 2 + mu) (w^4 - (1 - mu) w^2 + 1) = 0, whose last
factor has no real root, as 1 - mu < 2. The derivative along is 1 +- mu - 3 w^2, across 1 + R, or 1 - R where p = 0.

Proof of 2. b = p q. Around a cycle b is multiplied by a product of numbers 1 - R^2, of absolute value below 1. If two
steps lead to the negative and p q != 0 then (1 - R)(1 - R') = -1 = (1 + R)(1 + R'), so R' = -R and R^2 = 2; R = u v -
mu and R' = u'v' - mu are then linear in p^2 and q^2.

Proof of 3. 2 cos s (3 - 4 cos^2 s) = -2 cos 3s. Across, 1 + R = x^2 - 1 = 1 + 2 cos 2s = sin 3s / sin s telescopes.
The s with |sin(3^t s)| < e^{-ct} have measure at most a constant times e^{-ct}, whose sum is finite: so ln |D_t| / t
tends to 0 for almost every s. (The mean of ln |1 + 2 cos 2s| is the logarithm of the Mahler measure of z^2 + z + 1,
which is 1.)

Proof of 4. With u v = mu + R, R'/R = (1 - R)^2 - 2 mu + mu R - q^2. As mu <= 1/2 it falls in R, for R <= 0, to
1 - 2 mu - q^2 at R = 0. And R >= -mu - q^2/4 >= -1/2, so that |q| does not grow. If 1 - 2 mu - q^2 < 0 it is so for
R < 0 near 0 too.

Proof of 5. e = eta r x y for the pair (x, y) in the pair law of DL-063. x_1 = x_2 = X, x_3 = x_4 = Y, X Y = 1,
X - Y = b: phi = 2/X + 2/Y = 2 (X + Y).

Seen, not proved. At mu = 21/20, 6/5 and 247/200 every start that was tried either ran away or ended at (a), so with
b = 0. At what values of mu more than these cycles attracts starts of positive measure is not examined.

Hypotheses. "mu below sqrt 5 - 1" and "mu above 1", of 1; "all |R| below sqrt 2", of 2; "2 mu + q_0^2 at most 1", of 4.

Source. CB22 (arXiv:2206.04172) has (a) and that it is superstable near mu = 1.121; ZWWZG22 (arXiv:2210.03294) has the
model of 5. Both are cited from memory.

Differs from the source. The rest, and that (a), (b), (c) are all, is this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import CB22, ZWWZG22

CLAIM = Claim(
    uid="DL-064",
    title="The edge of stability",
    statement=__doc__,
    sources=(CB22, ZWWZG22, DLC.at("DL-064")),
    items=("13.4.1", "13.4.2", "13.4.6"),
    status=Status.THEOREM,
    hypotheses=("mu above 1", "mu below sqrt 5 - 1", "all |R| below sqrt 2", "2 mu + q_0^2 at most 1"),
    uses=("DL-056", "DL-063"),
)
