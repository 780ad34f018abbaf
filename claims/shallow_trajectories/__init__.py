"""Shallow trajectories: the analyses of gradient descent that the survey names beside deep linear networks.

Asked. Where landscapes are not benign, or where a benign landscape promises no rate, the trajectory itself can be
followed. For which shallow models do the conclusions hold, and with what constants?

True. Expectations over Gaussian data of ReLU units have closed forms. A filter on patches that do not overlap has no
poor minimum in two dimensions or more; where they overlap some teachers have one. One unit, and such a filter, learns
another at a linear rate from every start off one ray, and a leaky unit fits any data that such a unit can label. Near a
teacher with several orthonormal units the loss is strongly convex, in a ball whose radius is explicit; farther away
one-point convexity fails, in every spectral ball. Leaky units of any number separate separable data after finitely many
updates, in any order. Descent on U U^T comes to a matrix that it sees whole from small starts and large; where it sees
less, the error at the end is a power of the start's size. Two factors of a number whose sum is not 0, balanced or not,
converge from below at a linear rate after a wait that is explicit. At depth two, and at any depth, imbalance and
product bound the layers of a linear network, so that gradient flow stays bounded. Linear regression on random data can
be followed in time, exactly for finite data and in the limit; its best single step leaves the risk (p + 1)/(n + p + 1).

Read them in this order.

    DL-043  relu_expectations         expectations of ReLU units of Gaussian data     uses none
    DL-044  gated_covariance          the covariance where two units are active       uses DL-043
    DL-045  convolutional_filter      every critical point of a filter on patches     uses DL-043, DL-044
    DL-046  convolutional_rate        one filter on patches, off one ray              uses DL-043, DL-045
    DL-047  relu_teacher              one unit learns another, off one ray            uses DL-043, DL-044
    DL-048  leaky_unit                a leaky unit fits any realisable data           uses none
    DL-049  relu_teachers             several units: strong convexity near the truth  uses DL-044
    DL-050  symmetric_units           several units that stay alike                   uses DL-049
    DL-051  identity_mapping          a residual layer: the potential and two phases  uses DL-049, DL-050
    DL-052  one_point_convexity       a residual layer: an identity, and what fails   uses DL-051
    DL-053  separable_data            finitely many updates on separable data         uses none
    DL-054  small_initialization      small starts of U U^T, and when they matter     uses DL-039
    DL-055  commuting_sensing         one measurement: where small starts lead        uses none
    DL-056  unbalanced_factorization  two factors that are not balanced               uses none
    DL-057  bounded_trajectories      imbalance and product bound the layers          uses DL-002
    DL-058  learning_spectra          linear regression on random data                uses none
    DL-059  best_single_step          the best single step of descent                 uses DL-058

``experiments.every_angle`` draws DL-046 and DL-047: the steps from every angle, and those that are promised.
``experiments.learning_curves`` draws DL-058: spectra, and the risk against time, with their limits.
"""
