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
BNS16 = Source(
    "BNS16",
    "Srinadh Bhojanapalli, Behnam Neyshabur, Nathan Srebro",
    "Global Optimality of Local Search for Low Rank Matrix Recovery",
    "NeurIPS 2016",
    "arXiv:1605.07221",
)
ZJSL18 = Source(
    "ZJSL18",
    "Richard Y. Zhang, Cédric Josz, Somayeh Sojoudi, Javad Lavaei",
    "How Much Restricted Isometry is Needed In Nonconvex Matrix Recovery?",
    "NeurIPS 2018",
    "arXiv:1805.10251",
)
ZSL19 = Source(
    "ZSL19",
    "Richard Y. Zhang, Somayeh Sojoudi, Javad Lavaei",
    "Sharp Restricted Isometry Bounds for the Inexistence of Spurious Local Minima in Nonconvex Matrix Recovery",
    "JMLR 2019",
    "arXiv:1901.01631",
)
Z21 = Source(
    "Z21",
    "Richard Y. Zhang",
    "Sharp Global Guarantees for Nonconvex Low-Rank Matrix Recovery in the Overparameterized Regime",
    "preprint 2021",
    "arXiv:2104.10790",
)
GLM16 = Source(
    "GLM16",
    "Rong Ge, Jason D. Lee, Tengyu Ma",
    "Matrix Completion has No Spurious Local Minimum",
    "NeurIPS 2016",
    "arXiv:1605.07272",
)
GHJY15 = Source(
    "GHJY15",
    "Rong Ge, Furong Huang, Chi Jin, Yang Yuan",
    "Escaping From Saddle Points: Online Stochastic Gradient for Tensor Decomposition",
    "COLT 2015",
    "arXiv:1503.02101",
)
SQW16 = Source(
    "SQW16",
    "Ju Sun, Qing Qu, John Wright",
    "A Geometric Analysis of Phase Retrieval",
    "Foundations of Computational Mathematics 2018",
    "arXiv:1602.06664",
)
DL18 = Source(
    "DL18",
    "Simon S. Du, Jason D. Lee",
    "On the Power of Over-parametrization in Neural Networks with Quadratic Activation",
    "ICML 2018",
    "arXiv:1803.01206",
)
SJL17 = Source(
    "SJL17",
    "Mahdi Soltanolkotabi, Adel Javanmard, Jason D. Lee",
    "Theoretical Insights into the Optimization Landscape of Over-parameterized Shallow Neural Networks",
    "IEEE Transactions on Information Theory 2019",
    "arXiv:1707.04926",
)
CHMBL15 = Source(
    "CHMBL15",
    "Anna Choromanska, Mikael Henaff, Michael Mathieu, Gérard Ben Arous, Yann LeCun",
    "The Loss Surfaces of Multilayer Networks",
    "AISTATS 2015",
    "arXiv:1412.0233",
)
CS13 = Source(
    "CS13",
    "Dustin Cartwright, Bernd Sturmfels",
    "The number of eigenvalues of a tensor",
    "Linear Algebra and its Applications 2013",
    "arXiv:1004.4953",
)
B17 = Source(
    "B17",
    "Paul Breiding",
    "How many eigenvalues of a random symmetric tensor are real?",
    "Transactions of the AMS 2019",
    "arXiv:1701.07312",
)
LSJR16 = Source(
    "LSJR16",
    "Jason D. Lee, Max Simchowitz, Michael I. Jordan, Benjamin Recht",
    "Gradient Descent Only Converges to Minimizers",
    "COLT 2016",
    "arXiv:1602.04915",
)
YSJ19 = Source(
    "YSJ19",
    "Chulhee Yun, Suvrit Sra, Ali Jadbabaie",
    "Small nonlinearities in activation functions create bad local minima in neural networks",
    "ICLR 2019",
    "arXiv:1802.03487",
)
CS09 = Source(
    "CS09",
    "Youngmin Cho, Lawrence K. Saul",
    "Kernel Methods for Deep Learning",
    "NIPS 2009",
    "proceedings.neurips.cc",
)
BG17 = Source(
    "BG17",
    "Alon Brutzkus, Amir Globerson",
    "Globally Optimal Gradient Descent for a ConvNet with Gaussian Inputs",
    "ICML 2017",
    "arXiv:1702.07966",
)
T17 = Source(
    "T17",
    "Yuandong Tian",
    "An Analytical Formula of Population Gradient for two-layered ReLU network and its Applications in Convergence and "
    "Critical Point Analysis",
    "ICML 2017",
    "arXiv:1703.00560",
)
ZSJBD17 = Source(
    "ZSJBD17",
    "Kai Zhong, Zhao Song, Prateek Jain, Peter L. Bartlett, Inderjit S. Dhillon",
    "Recovery Guarantees for One-hidden-layer Neural Networks",
    "ICML 2017",
    "arXiv:1706.03175",
)
LY17 = Source(
    "LY17",
    "Yuanzhi Li, Yang Yuan",
    "Convergence Analysis of Two-layer Neural Networks with ReLU Activation",
    "NeurIPS 2017",
    "arXiv:1705.09886",
)
BGMS18 = Source(
    "BGMS18",
    "Alon Brutzkus, Amir Globerson, Eran Malach, Shai Shalev-Shwartz",
    "SGD Learns Over-parameterized Networks that Provably Generalize on Linearly Separable Data",
    "ICLR 2018",
    "arXiv:1710.10174",
)
LMZ18 = Source(
    "LMZ18",
    "Yuanzhi Li, Tengyu Ma, Hongyang Zhang",
    "Algorithmic Regularization in Over-parameterized Matrix Sensing and Neural Networks with Quadratic Activations",
    "COLT 2018",
    "arXiv:1712.09203",
)
CLC18 = Source(
    "CLC18",
    "Yacine Chitour, Zhenyu Liao, Romain Couillet",
    "A Geometric Approach of Gradient Descent Algorithms in Linear Neural Networks",
    "preprint 2018",
    "arXiv:1811.03568",
)
LC18 = Source(
    "LC18",
    "Zhenyu Liao, Romain Couillet",
    "The Dynamics of Learning: A Random Matrix Approach",
    "ICML 2018",
    "arXiv:1805.11917",
)
AMG21 = Source(
    "AMG21",
    "El Mehdi Achour, François Malgouyres, Sébastien Gerchinovitz",
    "The Loss Landscape of Deep Linear Neural Networks: a Second-order Analysis",
    "JMLR 2024",
    "arXiv:2107.13289",
)
MC24 = Source(
    "MC24",
    "Pierre Marion, Lénaïc Chizat",
    "Deep Linear Networks for Regression Are Implicitly Regularized Towards Flat Minima",
    "NeurIPS 2024",
    "arXiv:2405.13456",
)
MM20 = Source(
    "MM20",
    "Rotem Mulayoff, Tomer Michaeli",
    "Unique Properties of Flat Minima in Deep Networks",
    "ICML 2020",
    "arXiv:2002.04710",
)
KNSC23 = Source(
    "KNSC23",
    "Itai Kreisler, Mor Shpigel Nacson, Daniel Soudry, Yair Carmon",
    "Gradient Descent Monotonically Decreases the Sharpness of Gradient Flow Solutions in Scalar Networks and Beyond",
    "ICML 2023",
    "arXiv:2305.13064",
)
CB22 = Source(
    "CB22",
    "Lei Chen, Joan Bruna",
    "Beyond the Edge of Stability via Two-step Gradient Updates",
    "ICML 2023",
    "arXiv:2206.04172",
)
ZWWZG22 = Source(
    "ZWWZG22",
    "Xingyu Zhu, Zixuan Wang, Xiang Wang, Mo Zhou, Rong Ge",
    "Understanding Edge-of-Stability Training Dynamics with a Minimalist Example",
    "ICLR 2023",
    "arXiv:2210.03294",
)
ZLM22 = Source(
    "ZLM22",
    "Liu Ziyin, Botao Li, Xiangming Meng",
    "Exact Solutions of a Deep Linear Network",
    "NeurIPS 2022",
    "arXiv:2202.04777",
)
ACHL19 = Source(
    "ACHL19",
    "Sanjeev Arora, Nadav Cohen, Wei Hu, Yuping Luo",
    "Implicit Regularization in Deep Matrix Factorization",
    "NeurIPS 2019",
    "arXiv:1905.13655",
)
RC20 = Source(
    "RC20",
    "Noam Razin, Nadav Cohen",
    "Implicit Regularization in Deep Learning May Not Be Explainable by Norms",
    "NeurIPS 2020",
    "arXiv:2005.06398",
)
MTVM21 = Source(
    "MTVM21",
    "Hancheng Min, Salma Tarmoun, René Vidal, Enrique Mallada",
    "On the Explicit Role of Initialization on the Convergence and Implicit Bias of Overparametrized Linear Networks",
    "ICML 2021",
    "arXiv:2105.06351",
)
DAP24 = Source(
    "DAP24",
    "Clémentine C. J. Dominé, Nicolas Anguita, Alexandra M. Proca, Lukas Braun, Daniel Kunin, Pedro "
    "A. M. Mediano, Andrew M. Saxe",
    "From Lazy to Rich: Exact Learning Dynamics in Deep Linear Networks",
    "ICLR 2025",
    "arXiv:2409.14623",
)
BRTW19 = Source(
    "BRTW19",
    "Bubacarr Bah, Holger Rauhut, Ulrich Terstiege, Michael Westdickenberg",
    "Learning Deep Linear Neural Networks: Riemannian Gradient Flows and Convergence to Global Minimizers",
    "Information and Inference 2022",
    "arXiv:1910.05505",
)
NRT21 = Source(
    "NRT21",
    "Gabin Maxime Nguegnang, Holger Rauhut, Ulrich Terstiege",
    "Convergence of Gradient Descent for Learning Linear Neural Networks",
    "preprint 2021",
    "arXiv:2108.02040",
)
S18 = Source(
    "S18",
    "Ohad Shamir",
    "Exponential Convergence Time of Gradient Descent for One-Dimensional Deep Linear Neural Networks",
    "COLT 2019",
    "arXiv:1809.08587",
)
DLC = Source(
    "DLC",
    "The Deep Linear Claims developers",
    "Deep Linear Claims",
    "this project",
    "deep-linear-claims 0.1.0",
)
