"""Shallow trajectories: the analyses of gradient descent that the survey names beside deep linear networks.

Asked. Where landscapes are not benign, or where a benign landscape promises no rate, the trajectory itself can be
followed. For which shallow models do the conclusions hold, and with what constants?

True. Expectations over Gaussian data of ReLU units have closed forms. Near a teacher with several orthonormal units the
loss is strongly convex, in a ball whose radius is explicit; farther away one-point convexity fails, in every spectral
ball. Leaky units separate separable data after finitely many updates, of any width and in any order. At depth two, and
at any depth, imbalance and product bound the layers of a linear network, so that gradient flow stays bounded. Linear
regression on random data can be followed in time, exactly for finite data and in the limit; its best single step leaves
the risk (p + 1)/(n + p + 1).

Read them in this order.

    DL-043  relu_expectations     expectations of ReLU units of Gaussian data     uses none
    DL-044  gated_covariance      the covariance where two units are active       uses DL-043
    DL-049  relu_teachers         several units: strong convexity near the truth  uses DL-044
    DL-050  symmetric_units       several units that stay alike                   uses DL-049
    DL-051  identity_mapping      a residual layer: the potential and two phases  uses DL-049, DL-050
    DL-052  one_point_convexity   a residual layer: an identity, and what fails   uses DL-051
    DL-053  separable_data        finitely many updates on separable data         uses none
    DL-056  unbalanced_factorization  two factors that are not balanced  uses none
    DL-057  bounded_trajectories  imbalance and product bound the layers          uses DL-002
    DL-058  learning_spectra      linear regression on random data                uses none
    DL-059  best_single_step      the best single step of descent                 uses DL-058
"""
