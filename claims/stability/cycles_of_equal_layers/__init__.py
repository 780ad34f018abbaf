"""Equal scalar layers of any depth: descent converges up to the edge, and beyond it there is one positive cycle of two.

Notation. N >= 2 equal layers w > 0 of width 1, Phi > 0: w' = w - eta w^{N-1} (w^N - Phi). In z = w / Phi^{1/N} with
a = eta Phi^{2-2/N} this is

    z' = f(z) = z - a z^{N-1} (z^N - 1).

The sharpness at the minimum is N Phi^{2-2/N}, so that the edge, eta times it = 2, is a = 2/N. Of a cycle x > y > 0 let
c = y/x. Its multipliers are the eigenvalues of the derivative of two steps in the space of all N layers.

Statement.
1. One cycle.   Every x > y > 0 are a cycle of exactly one problem, with (Phi, eta) as in ``learning_rate_needed``
   (DL-019, 1). There is a positive cycle of two if and only if a > 2/N, and then one only. With c = e^{-2h}, h > 0,

       a = 2 (sinh h / sinh Nh) cosh((2N-1)h)^{2-2/N} / cosh((N-1)h)^{1-2/N},    d ln a/dh >= 2(N-1) tanh((N-1)h),

   so that a rises from 2/N to infinity.

2. Multipliers.   With E = eta x^{2N-2} = (1 + c^{N-1}) / (c^{N-1} (1 + c + ... + c^{N-1})),

       along the equal layers:   (1 - (N-1)(1-c) - N E) (1 + (N-1)(1/c - 1) - N E c^{2N-2}),
       across, N - 1 times:      5 - 2 (c + 1/c),  whatever N: in (-1, 1) if and only if c + 1/c < 3.

   For N = 2, ..., 12 the cycle is stable if and only if 2/N < a < a_N, where along is -1, and c + 1/c < 3 there:

       N          2        3        4        5        6        8        12
       a_N N/2    1.23607  1.24461  1.24717  1.24838  1.24908  1.24985  1.25052.

   As N -> infinity with c = e^{-2s/N} fixed s > 0, a N/2 -> s cosh(2s)^2 / (sinh s cosh s), and along is -1 there at a
   value of 1.25165. For N = 3 {1, 4/5} at eta = 1025/976 has along -7953633/14884000 and across 9/10.

3. Up to the edge.   Let 0 < a <= 2/N and 0 < z_0 < Z, where Z > 1 is the zero of f there. Then z_t -> 1. For
   a = 2/N, unless some z_t = 1,    t (z_t - 1)^2 -> 3 / (8 (N-1) (5N-4)),    so there is no linear rate at the edge.
   For a > 2/N z_t -> 1 only where some z_t = 1; and from Z it goes to 0 for every a.

4. From the identity.   Let Phi be symmetric, positive definite and W_1(0) = ... = W_N(0) = I (any size). If

       eta lambda_max^{2-2/N} <= 2/N    and    eta (1 - lambda_min) < 1,

   then W(t) -> Phi. 2/N is sharp: for every N >= 2 and every a > 2/N some Phi = lambda < 1 with eta lambda^{2-2/N} = a
   and eta (1 - lambda) < 1 has a cycle of two from the identity. At eta (1 - lambda) = 1 the eigenvalue lambda is 0
   from step 1 on.

Proof of 1. The formulas for Phi and eta are those of DL-019, where they are necessary too. They give a in c, and then
in h. By sinh Nh = sinh h sum_k cosh((N-1-2k)h), N coth Nh - coth h is a mean of m tanh(mh) over |m| <= N-1, so at most
(N-1) T, T = tanh((N-1)h) <= tanh((2N-1)h). So d ln a/dh >= (2-2/N)(2N-1) T - (1-2/N)(N-1) T - (N-1) T = 2(N-1) T.

Proof of 2. The Hessian at equal layers has w^{2N-2} + r w^{N-2} off the diagonal and w^{2N-2} on it, r = w^N - Phi:
along 1 - eta (N w^{2N-2} + (N-1) r w^{N-2}), across 1 + eta r w^{N-2}. At x, y: 1 - eta r x^{N-2} = y/x = c, and 1/c at
y. So across is (2-c)(2-1/c).

Proof of 3. f > z on (0, 1), f < z beyond 1, and f(z)/z falls: f > 0 up to Z, where f = 0. On [0, 1],

    f - 1  <=  (1-z) (2 z^{N-1} - 1)  <=  .145/(N-1)  <  ln 2 / (2N-2)  <=  2^{1/(2N-2)} - 1  <=  Z - 1:

the first as 1 - z^N <= N (1-z), the second with z = e^{-s/(N-1)} and max s (2 e^{-s} - 1) < .145, the last as
Z^{N-2} (Z^N - 1) = 1/a >= N/2 >= 2 - 2^{(N-2)/(2N-2)}. So f maps [0, Z] to itself. By 1 it has no cycle of two there,
and a map of an interval without one converges from everywhere (Coppel), to 0 or 1; not to 0, as f > z near it. At
a = 2/N f'(1) = -1 and two steps move z - 1 = e to e - S e^3 + .., S = f''^2/2 + f'''/3 = 8(N-1)(5N-4)/3: 1/e^2 grows by
2S in two steps. (S > 0 says too that the cycle is stable just beyond the edge.) For a > 2/N |f'(1)| > 1: no orbit comes
near 1 and stays without being 1.

Proof of 4. Each eigenvalue lambda has a w of its own, w(0) = 1 (``residual_networks``, DL-032): a <= 2/N and
z_0 = lambda^{-1/N}, and f(z_0) > 0, which says z_0 < Z where z_0 > 1, is eta (1 - lambda) < 1. For the cycle take that
of 1 for a, scaled to x = 1: eta (1 - lambda) = 1 - c < 1.

Hypotheses. "a above 2/N", of 1; "a at most 2/N" and "below Z", of 3; "edge" and "eta (1 - lambda_min) below 1", of 4.

Open. Whether the cycle is stable on one interval of a for every N.

Source. This project. BHL18 (arXiv:1802.06093) has 4 for smaller learning rates. Coppel's theorem is cited from memory:
W. A. Coppel, The solution of equations by iteration, Proceedings of the Cambridge Philosophical Society 51 (1955).
"""

from claims.suite import BHL18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-065",
    title="Cycles of equal layers",
    statement=__doc__,
    sources=(DLC.at("DL-065"), BHL18),
    items=("13.4.3", "13.4.4", "13.4.5"),
    status=Status.THEOREM,
    hypotheses=("a above 2/N", "a at most 2/N", "below Z", "edge", "eta (1 - lambda_min) below 1"),
    uses=("DL-019", "DL-032"),
)
