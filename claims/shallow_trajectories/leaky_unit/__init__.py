"""One leaky unit fits any realisable data.

Statement. Let s(z) = z for z > 0 and alpha z for z <= 0, 0 <= alpha <= 1, and s'(0) any number in [alpha, 1]. Let
x_1, ..., x_n in R^d be any samples, y_i = s(w*.x_i), and

    l(w) = sum_i (s(w.x_i) - y_i)^2 / (2n),   S = (1/n) sum_i x_i x_i^T,   lambda its largest eigenvalue,
    rho(w) = (1/n) sum_i s'(w.x_i) (s(w.x_i) - y_i)^2 >= 2 alpha l(w).

    One step.       For every w and eta >= 0:  |w' - w*|^2 <= |w - w*|^2 - eta (2 - eta lambda) rho(w).
    Interpolation.  Let alpha > 0, 0 < eta < 2/lambda. From every start and for every T
                    sum_{t < T} rho(w_t) <= |w_0 - w*|^2 / (eta (2 - eta lambda)),
                    sum_{t < T} l(w_t)   <= |w_0 - w*|^2 / (2 alpha eta (2 - eta lambda)),
                    so that l(w_t) -> 0, and one of the first T losses is at most a T-th of the last bound.

No distribution, no margin and no number of samples is asked for, and w* need not be unique. (If lambda = 0 all
samples are 0 and l = 0.)

Sharp. One sample and alpha = 1 is equality in one step, for every eta; the first sum then tends to its bound. At
eta = 2/lambda it alternates for ever. The power of alpha is right: with one sample x = 1, w* = 1, w_0 = -1 the second
sum is at least (2 - eta)/(4 (1 + alpha)) of its bound.

Hypotheses. "slopes at most 1", and not negative; "realisable", y_i = s(w*.x_i); "step size", eta < 2/lambda; "leaky",
alpha > 0.

Source. This project's. T17 (cited from memory) has Gaussian data and alpha = 0: DL-047.

Proof of one step. Let z = w.x_i, z* = w*.x_i, e = s(z) - s(z*). Then s'(z) e (z - z*) >= s'(z) e^2 for each sample: in

    s'(z) e (z - z* - e)

the last two factors are never of opposite signs, since s(z) and z - s(z) = (1 - alpha) min(z, 0) are both
non-decreasing in z. So <grad l, w - w*> >= rho. For a unit vector a, <grad l, a>^2 <= (1/n) sum (s'(z) e)^2 a^T S a <=
lambda rho, since s'(z)^2 <= s'(z). And |w' - w*|^2 = |w - w*|^2 - 2 eta <grad l, w - w*> + eta^2 |grad l|^2.

Proof of interpolation. Add the steps up; s' >= alpha.
"""

from claims.suite import DLC, Claim, Status

CLAIM = Claim(
    uid="DL-048",
    title="One leaky unit fits realisable data",
    statement=__doc__,
    sources=(DLC.at("DL-048"),),
    items=("12.3.3",),
    status=Status.THEOREM,
    hypotheses=("slopes at most 1", "realisable", "step size", "leaky"),
)
