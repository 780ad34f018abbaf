"""The papers whose statements are verified, and this project where a statement is its own."""

from claims.suite.claim import Source

ACGH19 = Source(
    "ACGH19",
    "Sanjeev Arora, Nadav Cohen, Noah Golowich, Wei Hu",
    "A Convergence Analysis of Gradient Descent for Deep Linear Neural Networks",
    "ICLR 2019",
    "arXiv:1810.02281",
)
ACH18 = Source(
    "ACH18",
    "Sanjeev Arora, Nadav Cohen, Elad Hazan",
    "On the Optimization of Deep Networks: Implicit Acceleration by Overparameterization",
    "ICML 2018",
    "arXiv:1802.06509",
)
DHL18 = Source(
    "DHL18",
    "Simon S. Du, Wei Hu, Jason D. Lee",
    "Algorithmic Regularization in Learning Deep Homogeneous Models: Layers are Automatically Balanced",
    "NeurIPS 2018",
    "arXiv:1806.00900",
)
BHL18 = Source(
    "BHL18",
    "Peter L. Bartlett, David P. Helmbold, Philip M. Long",
    "Gradient descent with identity initialization efficiently learns positive definite linear transformations "
    "by deep residual networks",
    "ICML 2018",
    "arXiv:1802.06093",
)
K16 = Source(
    "K16",
    "Kenji Kawaguchi",
    "Deep Learning without Poor Local Minima",
    "NeurIPS 2016",
    "arXiv:1605.07110",
)
SMG14 = Source(
    "SMG14",
    "Andrew M. Saxe, James L. McClelland, Surya Ganguli",
    "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    "ICLR 2014",
    "arXiv:1312.6120",
)
LB18 = Source(
    "LB18",
    "Thomas Laurent, James von Brecht",
    "Deep Linear Networks with Arbitrary Loss: All Local Minima Are Global",
    "ICML 2018",
    "arXiv:1712.01473",
)
JGNKJ17 = Source(
    "JGNKJ17",
    "Chi Jin, Rong Ge, Praneeth Netrapalli, Sham M. Kakade, Michael I. Jordan",
    "How to Escape Saddle Points Efficiently",
    "ICML 2017",
    "arXiv:1703.00887",
)
DLC = Source(
    "DLC",
    "The Deep Linear Claims developers",
    "Deep Linear Claims",
    "this project",
    "deep-linear-claims 0.1.0",
)
