"""Shallow trajectories: the analyses of gradient descent that the survey names beside deep linear networks.

Asked. Where landscapes are not benign, or where a benign landscape promises no rate, the trajectory itself can be
followed. For which shallow models do the conclusions hold, and with what constants?

True. At depth two, and at any depth, the imbalance and the product bound the layers, with explicit constants: gradient
flow stays bounded. Linear regression on random data can be followed in time, exactly for finite data and in the limit;
its best single step leaves the risk (p + 1)/(n + p + 1).

Read them in this order.

    DL-057  bounded_trajectories  imbalance and product bound the layers   uses DL-002
    DL-058  learning_spectra      linear regression on random data         uses none
    DL-059  best_single_step      the best single step of descent          uses DL-058
"""
