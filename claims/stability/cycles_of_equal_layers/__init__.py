"""Equal scalar layers of any depth: descent converges up to the edge, and beyond it there is one positive cycle of two.

Notation. N >= 2 equal layers w > 0 of width 1, Phi > 0: w' = w - eta w^{N-1} (w^N - Phi). In z = w / Phi^{1/N} with
a = eta Phi^{2-2/N} this is

    z' = f(z) = z - a z^{N-1} (z^N - 1).

The sharpness at the minimum is N Phi^{2-2/N}, so that the edge, eta times it = 2, is a = 2/N. Of a cycle x > y > 0 let
c = y/x. Its multipliers are the eigenvalues of the derivative of two steps in the space of all N layers.

Statement.
1. One cycle.   Every x > y > 0 are a cycle of exactly one problem, with (Phi, eta) as in ``learning_rate_needed``
   (DL-019, 1). There is a positive cycle of two if and only if a > 2/N, and then one only. With c = e^{-2h}, h > 0,

       a = 2 sinh(h) cosh((2N-1)h)^{2-2/N} / (sinh(N h) cosh((N-1)h)^{1-2/N}),
       a'/a >= 2(N-1) tanh((N-1)h),

   so that a rises from 2/N to infinity.

2. Multipliers.   With E = eta x^{2N-2} = (1 + c^{N-1}) / (c^{N-1} (1 + c + ... + c^{N-1})),

       along the equal layers:   (1 - (N-1)(1-c) - N E) (1 + (N-1)(1/c - 1) - N E c^{2N-2}),
       across, N - 1 times:      5 - 2 (c + 1/c),  whatever N: in (-1, 1) if and only if c + 1/c < 3.

   For every N along falls strictly with c, from 1 at the edge to -infinity, and c + 1/c < 3 as long as it is >= -1. So
   the cycle is stable if and only if 2/N < a < a_N, where along is -1: a_N N/2 is 1.23607 for N = 2, 1.24461 for 3,
   1.24717 for 4, 1.24838 for 5, 1.24908 for 6, 1.24985 for 8, 1.25052 for 12. As N -> infinity with c = e^{-2s/N},
   s > 0 fixed, a N/2 -> s cosh(2s)^2 / (sinh(s) cosh(s)), which is 1.25165 where the limit of along is -1. The cycle of
   1 and 4/5 for N = 3, at eta = 1025/976, has along -7953633/14884000 and across 9/10.

3. Up to the edge.   Let 0 < a <= 2/N and 0 < z_0 < Z, where Z > 1 is the zero of f there. Then z_t -> 1. For
   a = 2/N, unless some z_t = 1,    t (z_t - 1)^2 -> 3 / (8 (N-1) (5N-4)),    so there is no linear rate at the edge.
   For a > 2/N, z_t -> 1 only where some z_t = 1; and from Z it goes to 0 for every a.

4. From the identity.   Let Phi be symmetric, positive definite and W_1(0) = ... = W_N(0) = I (any size). If

       eta lambda_max^{2-2/N} <= 2/N    and    eta (1 - lambda_min) < 1,

   then W(t) -> Phi. 2/N is sharp: for every N >= 2 and every a > 2/N some Phi = lambda < 1 with eta lambda^{2-2/N} = a
   and eta (1 - lambda) < 1 has a cycle of two from the identity. At eta (1 - lambda) = 1 the eigenvalue lambda is 0
   from step 1 on.

Proof of 1. The formulas for Phi and eta are those of DL-019, where they are necessary too. They give a in c, and then
in h. By sinh(N h) = sinh(h) sum_k cosh((N - 1 - 2k) h), N coth(N h) - coth(h) is a mean of m tanh(m h) over |m| <= N-1,
so at most (N-1) T, T = tanh((N-1)h) <= tanh((2N-1)h). So

    a'/a  >=  (2 - 2/N) (2N-1) T - (1 - 2/N) (N-1) T - (N-1) T  =  2(N-1) T.

Proof of 2. The Hessian at equal layers has w^{2N-2} + r w^{N-2} off the diagonal and w^{2N-2} on it, r = w^N - Phi:
along 1 - eta (N w^{2N-2} + (N-1) r w^{N-2}), across 1 + eta r w^{N-2}. At x, y: 1 - eta r x^{N-2} = y/x = c, and 1/c at
y. So across is (2 - c) (2 - 1/c). In h, with A = N-1, C = cosh(A h) and T = tanh(A h), let

    g = 2N sinh(h) cosh(A h) / sinh(N h),      K = cosh(2 A h) + 2A sinh(h) sinh((2A+1) h),
    so that    along = 1 - 4A (A-1) sinh(h)^2 + g^2 - 2 g K,
    0  <=  g'/g = coth(h) + A T - N coth(N h)  <=  A T,      K'  >=  2A sinh(2 A h) = 4A C^2 T,

the bounds on g'/g as in the proof of 1. By sinh(N h) >= N sinh(h), g <= 2C and g - K <= 2C - 2 C^2 + 1 <= 1. So
(g'/g) (g-K) < K', and along falls with h: its derivative is at most 2 g ((g'/g) (g-K) - K'). At c + 1/c = 3, where
sinh(h) = 1/2, along <= -9: there C >= 5^{1/2}/2 and K >= 2 C^2 + 1, and of g (g - 2K), convex in g, the values at g = 2
and g = 2C are at most -10.

Proof of 3. f > z on (0, 1), f < z beyond 1, and f(z)/z falls: f > 0 up to Z, where f = 0. On [0, 1],

    f - 1  <=  (1-z) (2 z^{N-1} - 1)  <=  .145/(N-1)  <  ln 2 / (2N-2)  <=  2^{1/(2N-2)} - 1  <=  Z - 1:

the first as 1 - z^N <= N (1-z), the second with z = e^{-s/(N-1)} and max s (2 e^{-s} - 1) < .145, the last as
Z^{N-2} (Z^N - 1) = 1/a >= N/2 >= 2 - 2^{(N-2)/(2N-2)}. So f maps [0, Z] to itself. By 1 it has no cycle of two there,
and a map of an interval without one converges from everywhere (Coppel), to 0 or 1; not to 0, as f > z near it. At
a = 2/N f'(1) = -1 and two steps move z - 1 = e to e - S e^3 + .., S = f''^2/2 + f'''/3 = 8(N-1)(5N-4)/3: 1/e^2 grows by
2S in two steps. (S > 0 says too that the cycle is stable just beyond the edge.) For a > 2/N, |f'(1)| > 1: no orbit
comes near 1 and stays there without being 1.

Proof of 4. Each eigenvalue lambda has a w of its own, w(0) = 1 (``residual_networks``, DL-032): a <= 2/N and
z_0 = lambda^{-1/N}, and f(z_0) > 0, which says z_0 < Z where z_0 > 1, is eta (1 - lambda) < 1. For the cycle take that
of 1 for a, scaled to x = 1: eta (1 - lambda) = 1 - c < 1.

Hypotheses. "a above 2/N", of 1; "a at most 2/N" and "below Z", of 3; "edge" and "eta (1 - lambda_min) below 1", of 4.

Open. What there is beyond a_N.

Source. This project. BHL18 (arXiv:1802.06093) has 4 for smaller learning rates. Coppel's theorem is cited from memory:
Coppel, The solution of equations by iteration, Proceedings of the Cambridge Philosophical Society 51 (1955).

Differs from the source. 1 to 3, and 4 up to the edge, are this project's.
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
