"""A step of gradient descent in floating point is near the exact one, entry by entry, in whatever order it is computed.

Statement. One step on kappa/2 ||W X - Y||_F^2, X of shape d_0 x m, or on kappa/2 ||W - Phi||_F^2, is

    W_j+ = W_j - eta D_j,    D_j = kappa A_j^T (W X - Y) (C_j X)^T   or   kappa A_j^T (W - Phi) C_j^T,

with A_j = W_N ... W_{j+1} and C_j = W_{j-1} ... W_1. Let M_j be D_j with every entry in absolute value and nothing
subtracted, u = 2^{-p} the unit of a format, tau its largest error of underflow, g(n) = n u / (1 - n u), and

    n_j = (d_{j+1} + ... + d_N) + (d_1 + ... + d_{N-1}) + (d_0 + m, with data) + (d_0 + ... + d_{j-2}) + 1 + q,

where the last sum of dimensions is empty for j = 1. Then in this format, rounding to nearest,

    |computed W_j+ - W_j+| <= (1 + u) (eta g(n_j) M_j + U_j) + u |W_j+| + tau,    entry by entry,

U_j the part of underflow, as in ``solvers.descent.rounded_step``, for every algorithm that

- sums over one index at a time, by sums of products, in any association of the matrices and any order of the terms,
  with or without fused multiply-adds, sub-products being shared, recomputed or formed beforehand (X X^T, Y X^T, say);
- subtracts Y, or what has become of it, at any place; multiplies by eta and the parts of kappa at any place, in at most
  q roundings; and subtracts the result from W_j once.

tau is the smallest normal number where what is subnormal may be flushed to zero, and u times it where not. Where the
factors of products are rounded to p' bits first (TF32), 1 + g(n_j) is multiplied by 1 + g'(2 c_j) with u' = 2^{-p'} for
u and c_j the number of indices summed over, and tau without flushing is u' times the smallest normal number.

The counts n_j are the least: with n_j - 1 for n_j the bound is broken at each of the shapes tried, d_N <- ... <- d_0 =
1<-1 with m = 1, 1<-2 with m = 3, 2<-3<-2 with m = 2 and with a target, 2<-2<-2<-2 with a target, every layer; so are
the bounds that leave out any one of the sums of dimensions, the subtraction, q, u |W_j+|, U_j or tau altogether. The
largest error seen there is 0.989 of the bound. Not sharp, or not known to be: what is of second order in u, and U_j,
beside which the last tau alone is not seen to be needed.

A smaller M_j, right for whoever forms the residual first, with g(d_0 + ... + d_{N-1} + 1) (|W_N| ... |W_1| |X| + |Y|)
and the other roundings on |W X - Y| only, is false: forming X X^T and Y X^T first breaks it.

Hypotheses. "numbers of the format": every number given is one, and none is subnormal where such are flushed. "no
overflow": every product is finite in every association. "one subtraction" from W_j. "scalings": at most q. "one index
at a time": no products of Strassen's kind. Besides, n_j u < 1 and c k^2 tau < 1/2.

Source. This project. The model of rounding and its lemmas are Higham's, Accuracy and Stability of Numerical
Algorithms, 2nd ed., Sections 2.2 and 3.1.

Proof. A monomial of eta D_j passes, on the way to a sum over an index of dimension k, at most one product and k - 1
additions, whatever their order. Which indices are summed over does not depend on the association: a product of factors
i..l sums over the dimensions strictly between, S(i, l) = S(i, k) + d_k + S(k, l). They are d_{j+1}, ..., d_N for A_j^T;
d_{N-1}, ..., d_1 and with data d_0 for W X; m; and d_0, ..., d_{j-2} for C_j^T. What becomes of Y passes some of them.
With a subtraction and q multiplications a monomial is multiplied by at most n_j factors 1 + d, |d| <= u, whose product
is 1 + t, |t| <= g(n_j), since (1 - a u)(1 - b u) >= 1 - (a + b) u. The subtraction from W_j of x for eta D_j gives
(W_j - x)(1 + d) + e, off by at most (1 + u) |x - eta D_j| + u |W_j+| + tau.

Underflow. With nu(A) the largest of 1, the row sums and the column sums of |A|, let the errors of underflow in computed
factors L, R be at most a, b in units of the products of their nu. Then that of L R is at most a + b + k a b + 2 k tau,
and 1 + k times it at most (1 + k a)(1 + k b)(1 + 2 k^2 tau): by induction, at most 1/(1 - 2 c k^2 tau) after c
operations, c <= 3 N + 1 + 2 q. A difference has the larger of both errors, and one more.
"""

from claims.suite import DLC, Claim, Status

CLAIM = Claim(
    uid="DL-060",
    title="One step in any floating-point format",
    statement=__doc__,
    sources=(DLC.at("DL-060"),),
    items=("14.1",),
    status=Status.THEOREM,
    hypotheses=("numbers of the format", "no overflow", "one subtraction", "scalings", "one index at a time"),
)
