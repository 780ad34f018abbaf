"""Saddles: where gradient descent can stop, and how it gets away.

The loss 1/2 ||W_N ... W_1 - Phi||_F^2 is not convex in the layers. All layers zero is a critical point, from which no
learning rate moves them. Two questions: are there critical points that trap descent for good, and how long does it take
to leave the others?

What is true. Nothing traps it for good: every local minimum is global, and every other critical point is a saddle,
whatever the widths. But saddles differ. With two layers each has a direction of negative curvature, along which noise
grows geometrically: escape from a distance r takes of the order of log(1/r) steps. From three layers on some saddles
have no negative curvature at all, zero among them; there escape takes of the order of r^{2-N} steps.

What is needed for it. The square loss, or another convex one if no width is below min(d_0, d_N). Noise, since without
it nothing leaves a saddle; a start that is not drawn to the saddle; a small learning rate.

In what order to read.

    saddle_at_zero  DL-007  zero: strict at depth 2, flat from depth 3 on
    poor_minima     DL-023  no poor local minimum; three explicit ways down
    strict_saddles  DL-024  which saddles have negative curvature, and how much
    saddle_escape   DL-025  how long it takes to leave a saddle, from both sides

DL-023 uses DL-020, the least loss of any weights; DL-024 uses DL-020 and DL-023; DL-025 uses DL-007.

What is open. An upper bound on the escape time for matrices at N >= 3: the one here is for scalars, or along one
singular pair. A condition for strictness at depth >= 3 that is needed as well as enough is in the chapter on stability:
here a middle of full rank is enough, is not needed, and no smaller rank is enough.
"""
