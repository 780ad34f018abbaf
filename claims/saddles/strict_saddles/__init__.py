"""Two layers have strict saddles only; deeper networks do where the middle layers' product keeps full rank.

Statement. Let l = 1/2 ||W_N ... W_1 - Phi||_F^2 with N >= 2, any widths and any Phi. Let G = W - Phi,
p = min(d_1, ..., d_{N-1}) the least hidden width, and r = rank(W_{N-1} ... W_2), the rank of the middle; r = p for
N = 2. Take a critical point that is not a global minimum. It is strict if some eigenvalue of the Hessian H is negative.

1. Two layers, N = 2. Every such point is strict, for any widths and any Phi. How negative the least eigenvalue is:

    An idle unit.  For a unit vector v with v^T W_1 = 0 let c = |W_2 v|^2;
                   for one with W_2 v = 0 let c = |v^T W_1|^2. With s = |G|_2
                   the least eigenvalue is at most
                   (c - (c^2 + 4 s^2)^{1/2}) / 2  <=  -s^2 / (c + s).
    No such unit.  W is d_1 modes of Phi, a mode sigma among them below one
                   left out, sigma' > sigma, and some direction V has
                   <V, H V> = sigma^2 - sigma'^2 < 0.

2. A full middle, N >= 3. If r = p every such point is strict.

3. No smaller rank will do. For N >= 3, any hidden widths and any r < p there are targets, of rank above r, with a
   critical point at which l is not the least, no eigenvalue is negative, and the middle has rank r. In the target's
   singular bases: its r largest modes carried by diagonal layers, and everything else zero.

4. Below p the rank does not decide. At every r < p there are strict saddles too. With all widths 1 and Phi != 0 a
   critical point with l > 0 is strict if exactly two layers vanish, whichever they are. If more do its Hessian is zero.

Hypotheses. "middle rank": r = p, in 2; it holds by itself in 1. Any widths, any target.

Source. K16 (arXiv:1605.07110), Theorem 2.3 (iii)-(iv).

Differs from the source. The bounds of 1, 3 and 4 are this project's.

Tool. The second derivative of l along V is  <V, H V> = ||dW||_F^2 + 2 <G, d2W>,  where dW and d2W are the sums of the
products W_N ... W_1 with one factor and with two factors W_j replaced by V_j.

Proof of 1, an idle unit. Let v^T W_1 = 0, and let u, y be the largest singular pair of G. The direction
V = (v y^T, -a u v^T) has

    dW = W_2 v y^T,   d2W = -a u y^T,   <V, H V> = c - 2 a s,   ||V||^2 = 1 + a^2.

Their quotient is that of (1, a) in the form [[c, -s], [-s, 0]]. So the least eigenvalue of H is at most that of the
form, which is the bound. Where W_2 v = 0 take V = (-a v y^T, u v^T).

Proof of 1, no such unit. W_1 has full row rank and W_2 full column rank, which is case (c) of DL-023: W is d_1 modes,
not the largest, and V is its swap.

Proof of 2. Through the narrowest layer W_{N-1} ... W_2 = A B, with A of full column rank and B of full row rank.

- (B W_1, W_N A) is a critical point of two layers of width p, with the same W.
- Moves of W_1 and W_N alone move both factors at will, with no second-order term of their own.
- The least loss of the two layers is that of the deep network (DL-020), so the point is no global minimum of theirs
  either: 1 applies.

Proof of 3. G is minus the modes left, so <G, d2W> needs a path from an input that is left to an output that is left.
All layers are zero there: the path goes by V_1 into a place c that is carried, and by V_N out of it.

- Let x_c, m_c, z_c be the factors of W_1, the middle and W_N at c, so that x_c m_c z_c = sigma_c; let b_c be a column
  of V_N and a_c a row of V_1.
- The path contributes m_c b_c^T G a_c to <G, d2W>, and |G|_2 <= sigma_c since the modes carried are the largest.
- ||dW||_F^2 contains |b_c m_c x_c|^2 + |z_c m_c a_c|^2 >= 2 |m_c| sigma_c |b_c| |a_c|, which is no less than twice the
  path's size.

That l is lower arbitrarily near is DL-023's.

Proof of 4. In 3's point let W_1, ..., W_{N-2} carry one more mode, of sigma > 0, through an idle unit of each layer,
while W_{N-1} and W_N stay zero there. The point is still critical and the middle still has rank r.
Let V_{N-1} and V_N carry that mode on. One of them alone changes nothing, so dW = 0 and

    <V, H V> = 2 <G, d2W> = -2 sigma < 0.

With all widths 1 an entry of the Hessian has two variables. Where exactly two layers vanish, that of the two is -Phi
times the product of the others, and all else is 0; where three or more do, everything is 0.
"""

from claims.suite import DLC, K16, Claim, Status

CLAIM = Claim(
    uid="DL-024",
    title="Which saddles are strict",
    statement=__doc__,
    sources=(K16.at("Theorem 2.3"), DLC.at("DL-024")),
    items=("7.3",),
    status=Status.THEOREM,
    hypotheses=("middle rank",),
    uses=("DL-020", "DL-023"),
)
