"""One measurement of U U^T: how the error at the end depends on the size of the start, for flow and for descent.

Notation. f(U) = 1/4 (<A, U U^T> - y)^2, A = diag(1, beta), y > 0, U of 2 x 2, from U_0 = alpha Q, Q orthogonal. Of all
U U^T that fit, diag(y, 0) is meant. s_1 and s_2 are the diagonal entries of U U^T, r = s_1 + beta s_2 - y.

Statement.
1. The flow keeps U U^T diagonal, and for every real beta

       s_2 = alpha^{2(1 - beta)} s_1^beta   for ever.

   It ends at the only such point with r = 0. (From any U_0 with X_11 > 0, X = U U^T, the quotients X_22 / X_11^beta and
   X_12 / X_11^{(1 + beta)/2} are kept.)

2. Small starts. Let 0 <= beta < 1 and e = alpha^{2(1 - beta)} y^beta. The flow ends at

       y - beta e <= s_1 <= y,   e (1 - beta e / y)^beta <= s_2 <= e   (the lower bound where beta e <= y).

   So as alpha -> 0 it ends at diag(y, 0) with an error of the order alpha^{2(1 - beta)}, no higher one. For beta = 1/2
   and y = 1, s_1^{1/2} = (1 + alpha^2 / 16)^{1/2} - alpha / 4 and s_2 = alpha s_1^{1/2}: the error is of the order
   alpha, and alpha = 3 ends at diag(1/4, 3/2), exactly. For beta = 0, s_2 = alpha^2 for ever, for descent at any
   learning rate too. For beta = 1 every start ends at y/2 I.

3. Descent. Let 0 <= beta <= 1. A step with eta r < 1 does not lower s_2 / s_1^beta. If alpha^2 (1 + beta) <= y and
   eta <= 1/(2y) then r <= 0 for ever, s_1 and s_2 do not fall, |r| shrinks by 1 - 2 eta alpha^2 a step at least, and

       alpha^{2(1 - beta)} s_1^beta <= s_2 <= alpha^{2(1 - gamma)} s_1^gamma,
       gamma = ln(1 + beta eta y) / ln(1 + eta y).

   For 0 < beta < 1, gamma > beta, and gamma is the exponent of descent: at a fixed eta, ln s_2 at the end, over
   ln alpha, tends to 2 (1 - gamma) as alpha -> 0. So descent ends farther from diag(y, 0) than flow does, by a factor
   that is not bounded.

Hypotheses. "flow", in 1 and 2. "beta below 1" and "small alpha", for an end near diag(y, 0) in 2. "beta from 0 to 1",
"small start" (alpha^2 (1 + beta) <= y) and "learning rate", in 3. For beta = 1/2 the first sentence of 3 is true for
eta r <= 4 - 2^{3/2} = 1.17... too (but at 1, where s_1' = 0), and not from there to 4 + 2^{3/2}.

Source. This project. LMZ18 (arXiv:1712.09203) asks what a small start does where less than everything is seen.

Differs from the source. The source has the question; the statements are this project's.

Proof of 1. U' = -r A U, so X' = -r (A X + X A), and (log s_2)' = -2 beta r = beta (log s_1)'. Along the curve r grows
with s_1: its derivative is 1 + beta^2 s_2 / s_1.

Proof of 2. beta s_2 >= 0, so s_1 <= y and s_2 <= e; then s_1 = y - beta s_2 >= y - beta e.

Proof of 3. With x = eta r, s_1' = s_1 (1 - x)^2 and s_2' = s_2 (1 - beta x)^2, and (1 - x)^beta <= 1 - beta x
(Bernoulli). For r <= 0, with z = -x,

    r' = r (1 - 2 eta (s_1 + beta^2 s_2) - z eta (s_1 + beta^3 s_2)),

where s_1 + beta^3 s_2 <= s_1 + beta^2 s_2 <= s_1 + beta s_2 = y + r, so that the bracket is at least
1 - (2 - eta r) eta (y + r) >= 0. And (1 + beta z) <= (1 + z)^gamma for z <= eta y, since ln(1 + beta z) / ln(1 + z)
grows with z: phi(z) = (1 + z) ln(1 + z) is convex with phi(0) = 0, so that phi(beta z) <= beta phi(z). As long as r is
below -(1 - delta) y the same quotient at (1 - delta) eta y bounds s_2 from below; after that s_2 does not fall.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import LMZ18

CLAIM = Claim(
    uid="DL-055",
    title="One measurement, and the size of the start",
    statement=__doc__,
    sources=(DLC.at("DL-055"), LMZ18),
    items=("12.8.3",),
    status=Status.THEOREM,
    hypotheses=("flow", "beta below 1", "small alpha", "beta from 0 to 1", "small start", "learning rate"),
    uses=(),
)
