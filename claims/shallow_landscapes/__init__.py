"""Shallow landscapes: the six examples of the landscape conjecture, and what landscapes do not explain.

Asked. Gradient descent finds global minima of functions that are far from convex. Is that because their landscapes
are benign, without poor local minima and with a direction of descent at every saddle? Six models were the evidence:
matrix factorisation, sensing and completion, phase retrieval, orthogonal tensors, networks with quadratic activation;
the spherical spin glass stood for networks in general.

True. Four of the first six have one form, f(U) = 1/4 <U U^T - M, T(U U^T - M)>. With T the identity every critical
point and every Hessian can be written down, and the landscape is benign for any symmetric M and any number of
columns. It stays so while T is near enough to the identity, and how near is known exactly for rank one: a distance
below 1/2. The mean over Gaussian data is benign for phase retrieval and quadratic activation, though for many columns
it is farther from the identity than that. Orthogonal tensors of even order are benign on the sphere; in odd order a
poor maximum catches a uniform start with probability exactly 2^{-d}.

Needed. Each hypothesis, by an exact instance: a distance of 1/2 + 10^{-9} for sensing, 2n - 1 vectors for phase
retrieval, two entries of six missing for completion, twice as many samples as quadratic units. At the distance 1/2
itself there is a point of second order that is no minimum, whatever is said of it elsewhere. Of random polynomials on
the sphere all critical points can be found with proof: their mean numbers are as predicted, and the index is not
ordered by the energy.

What it does not explain. A benign landscape promises neither convergence from every start nor a rate; from three
layers on linear networks are not benign in this sense, and yet learn; and networks with kinks have poor minima.

Open. Constants that sources hide (completion, phase retrieval, sensing, generic perturbations: sampled here only);
that a distance below 1/2 suffices for every rank; for few samples the exact number.

Read them in this order.

    DL-035  matrix_factorization  T the identity: critical points and Hessians    uses DL-023, DL-024
    DL-041  matrix_sensing        T near the identity, sharp                      uses none
    DL-036  matrix_completion     T a mask: what entries determine, a poor minimum  uses DL-035
    DL-038  phase_retrieval       T a mean over vectors, or few of them           uses DL-041
    DL-039  quadratic_activation  any convex function of U U^T                    uses DL-035
    DL-037  tensor_decomposition  sums of powers on the sphere                    uses none
    DL-040  spin_glass            random polynomials on the sphere                uses DL-037
    DL-042  landscape_limits      what landscapes do not explain                  uses DL-006, DL-007, DL-023, DL-024

DL-006 (``margin_needed``), DL-007 (``saddle_at_zero``), DL-023 (``poor_minima``) and DL-024 (``strict_saddles``) are
of deep linear networks. ``experiments.phase_plane`` draws two landscapes, ``experiments.recovery`` counts how often
descent recovers a matrix.
"""
