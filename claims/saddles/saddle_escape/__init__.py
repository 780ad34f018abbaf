"""Descent never leaves a saddle by itself; noise r away it does, in log(1/r) steps at depth 2 and r^{2-N} beyond.

Statement. Let l = 1/2 ||W_N ... W_1 - Phi||_F^2 with N >= 2, s = |Phi|_2 > 0 and learning rate eta > 0. A prime is one
step of gradient descent: W_j' = W_j - eta D_j.

1. No motion. From a critical point gradient descent never moves.

2. Slow escape. Near zero no start leaves faster than this. Let m = max_j ||W_j||_F be the size of the largest layer.

    One step.     If eta m^{2N-2} <= 2, then  m' <= m (1 + eta s m^{N-2}).
    Escape time.  From m = r let T be the first step with m > R. If eta R^{2N-2} <= 2,
                  N = 2:   (1 + eta s)^T >= R / r,
                  N >= 3:  T >= (r^{2-N} - R^{2-N}) / ((N-2) eta s).

3. Fast escape, N = 2, any widths. The least eigenvalue of the Hessian at zero is -s. Let u, v be the largest singular
   pair of Phi, and let e = W_1 v + W_2^T u be the part of the weights that grows, f = W_1 v - W_2^T u the part that
   shrinks. Let K >= 1/2 and R > 0 with (1 + K)^2 R^2 <= s, let eta s <= 1, and let g = 1 + eta (s - (1 + K) R^2).

    One step.     If m <= R and |f| <= K |e|, then  |e'| >= g |e|  and  |f'| <= K |e'|.
    Escape time.  If that is so at the start, where e is e_0, and T is as in 2, then
                  g^{T-1} |e_0| <= 2 R.

   By 2 the rate is at most 1 + eta s, and g tends to that as R tends to 0: it is the rate of escape. In g
   (1 + K^2)^{1/2} will do for 1 + K. The 2 of the time is attained at T = 1.

4. Fast escape, N >= 3, widths 1 (or any widths along one singular pair). Let Phi > 0, R^N < Phi and all w_j in (0, R].
   Let m = min_j w_j, k = N - 2 and a = eta (Phi - R^N).

    One step.     m' >= m (1 + a m^k).
    Escape time.  From m = r some w_j is above R at a step
                  T <= 1 + (r^{-k} - R^{-k}) (1 + k a R^k) / (k a).

   With 2, where eta R^{2N-2} <= 2: T r^{N-2} stays between positive constants as r -> 0, if the largest w_j is at most
   a constant times the least at the start.

5. Other strict saddles, of any function with an L-Lipschitz Hessian H. At the saddle let -c < 0 be the least eigenvalue
   of H, h the largest, and q a unit eigenvector of -c. Let g = 1 + eta c and eta h <= 2 + eta c. Let y_t be the vector
   from the saddle to step t, |y_0| = r, and |<q, y_0>| >= K r with K > 0. Let v = L r (g^t - 1) / (2 c).

    Both ways.    While v < 1,
                  r g^t (1 + K - 1 / (1-v))  <=  |<q, y_t>|  <=  |y_t|  <=  r g^t / (1-v).
    So far.       While v <= K/8,
                  6/7 K r g^t  <=  |<q, y_t>|  <=  |y_t|  <=  8/7 r g^t.

   The upper bound is approached as eta -> 0, in one dimension. For N layers, where |W_j|_2 <= M and ||W - Phi||_F <= b
   within that distance, this L will do, and equal scalar layers attain it:

    L = 3 N^{1/2} (N-1) M^{2N-3} + N^{-1/2} (N-1) (N-2) b M^{N-3}.

Hypotheses. "noise": r > 0. "start": e_0 != 0 in 3, w_j of one sign in 4; otherwise a start may be drawn to the saddle.
"learning rate": the bounds on eta in 2, 3 and 5.

Source. JGNKJ17 (arXiv:1703.00887) for the algorithm and the log. That -s is the least eigenvalue at zero in 3 is
DL-007.

Differs from the source. The two-sided bounds are this project's.

Proof of 2, one step. With A = W_{j+1:N} and C = W_{1:j-1} the gradient is D_j = A^T A W_j C C^T - A^T Phi C^T.

- W_j - eta A^T A W_j C C^T is no longer than W_j: its components in the singular bases of A and C are multiplied by
  1 - eta x with 0 <= x <= m^{2N-2}.
- The pull eta A^T Phi C^T is at most eta s m^{N-1}.

Proof of 2, escape time. For N = 2 multiply. For k = N - 2 >= 1 a step lets m^{-k} fall by at most k eta s, since
(1 + x)^{-k} >= 1 - k x.

Proof of 3. Multiply the step by v and u:  e' = (1 + eta s) e - eta h,  f' = (1 - eta s) f + eta h',  where

    |h|, |h'|  <=  R^2 (|W_1 v| + |W_2^T u|)  <=  R^2 (1 + K) |e|.

This gives |e'| >= g |e|. The cone |f| <= K |e| is kept since R^2 (1 + K)^2 <= 2 K s. Inside, |e| <= 2 R.

Proof of 4. While all w_j are in (0, R], W <= R^N and a product of N - 1 of the w_j is at least m^{N-1}: one step. So a
step lets m^{-k} fall by at least k a / (1 + k a R^k), since (1 + x)^{-k} <= 1 / (1 + k x).

Proof of 5. All eigenvalues of I - eta H are in [-g, g], so |y'| <= g |y| + eta L |y|^2 / 2, and
|<q, y'>| >= g |<q, y>| - eta L |y|^2 / 2.

- Upper bound. Y_t = r g^t / (1 - v_t) has Y_{t+1} = g Y_t / (1 - eta L Y_t / 2) >= g Y_t + eta L Y_t^2 / 2. Induction.
- Lower bound. So |<q, y_t>| + Y_t grows by the factor g at least, from (1 + K) r on.
- L. With V of length 1 and v_j = ||V_j||_F the third derivative of l along V is at most 3 e_1 M^{N-1} 2 e_2 M^{N-2} +
  6 e_3 b M^{N-3}, where e_k are the elementary symmetric functions of the v_j, which are largest at v_j = N^{-1/2}; a
  symmetric trilinear form is largest on its diagonal.
"""

from claims.suite import DLC, JGNKJ17, Claim, Status

CLAIM = Claim(
    uid="DL-025",
    title="Escape from saddles",
    statement=__doc__,
    sources=(JGNKJ17.at("Algorithm 2, Theorem 3"), DLC.at("DL-025")),
    items=("7.4",),
    status=Status.THEOREM,
    hypotheses=("noise", "start", "learning rate"),
    uses=("DL-007",),
)
