"""Shallow trajectories: the analyses of gradient descent that the survey names beside deep linear networks.

Asked. Where landscapes are not benign, or where a benign landscape promises no rate, the trajectory itself can be
followed. Eight papers did so for shallow models: which of their conclusions hold, with what constants, and which of
their hypotheses are needed?

Read them in this order.

    DL-043  relu_expectations        expectations of ReLU units of Gaussian data       uses none
    DL-044  gated_covariance         the covariance where two units are active         uses DL-043
    DL-045  convolutional_filter     one filter on patches: loss, critical points      uses DL-043
    DL-046  convolutional_rate       a linear rate from almost every start             uses DL-045
    DL-047  relu_teacher             one unit: a linear rate from almost every start   uses DL-044
    DL-048  leaky_unit               one leaky unit fits any realisable data           uses none
    DL-049  relu_teachers            several units: strong convexity near the truth    uses DL-044
    DL-050  symmetric_units          several units that stay alike                     uses DL-049
    DL-051  identity_mapping         a residual layer: the potential and two phases    uses DL-050
    DL-052  one_point_convexity      a residual layer: an identity, and what fails     uses DL-051
    DL-053  separable_data           finitely many updates on separable data           uses none
    DL-054  small_initialization     a full matrix of factors from a small start       uses none
    DL-055  commuting_sensing        what a small start is for                         uses DL-054
    DL-056  unbalanced_factorization  two numbers, and one column                      uses none
    DL-057  bounded_trajectories     imbalance bounds depth two                        uses DL-002
    DL-058  learning_spectra         linear regression with random data                uses none
    DL-059  best_single_step         the best single step of descent                   uses DL-058
"""
