"""The statements of the theory, item by item: what a survey of it names, whether a claim covers it or not.

The survey is N. Cohen, Understanding optimization in deep learning by analyzing trajectories of gradient descent
(offconvex.org, 2018). A claim says which items it covers in ``Claim(items=...)``; nothing here names a claim.
"""

from __future__ import annotations

from dataclasses import dataclass

SURVEY = (
    "N. Cohen, Understanding optimization in deep learning by analyzing trajectories of gradient descent, "
    "https://www.offconvex.org/2018/11/07/optimization-beyond-landscape/"
)


@dataclass(frozen=True)
class Section:
    """A part of the theory; ``items`` are (number, short title, key of the source), DLC for what is this project's."""

    number: str
    title: str
    items: tuple[tuple[str, str, str], ...]


ATLAS = (
    Section("1", "Whitening", (("1", "White data: regression on a target", "ACGH19"),)),
    Section(
        "2",
        "Balancedness",
        (
            ("2.1", "Gradient flow conserves every imbalance", "ACH18"),
            ("2.2", "The exact law of one step of descent", "DLC"),
            ("2.3", "2 delta-balanced along the trajectory", "ACGH19"),
            ("2.4", "Balanced layers share a spectrum", "ACH18"),
            ("2.5", "Nearly balanced layers, near spectra", "ACGH19"),
            ("2.6", "The product bounds the layers' norms", "ACGH19"),
            ("2.7", "Units of homogeneous (ReLU) networks", "DHL18"),
        ),
    ),
    Section(
        "3",
        "Deficiency margin",
        (
            ("3.1", "Nothing nearer the target is singular", "ACGH19"),
            ("3.2", "Distance to the nearest singular matrix", "ACGH19"),
            ("3.3", "Critical points below are global minima", "ACGH19"),
            ("3.4", "What a positive margin needs", "ACGH19"),
        ),
    ),
    Section(
        "4",
        "Linear rate of convergence",
        (
            ("4", "Theorem 1: convergence at a linear rate", "ACGH19"),
            ("4.1", "The rate of gradient flow", "ACGH19"),
            ("4.2", "Descent along the trajectory", "ACGH19"),
            ("4.3", "Descent in a step, anywhere in a set", "ACGH19"),
            ("4.4", "The invariants of the induction", "ACGH19"),
            ("4.5", "The total drift of the imbalance", "DLC"),
            ("4.6", "The remainder of second order", "DLC"),
            ("4.7", "The constants close", "DLC"),
            ("4.8", "Depth 1", "ACGH19"),
        ),
    ),
    Section(
        "5",
        "Every hypothesis is needed",
        (
            ("5.1", "No margin: negative eigenvalues", "ACGH19"),
            ("5.2", "No margin, every depth, width 1", "DLC"),
            ("5.3", "The boundary: zero weights", "ACGH19"),
            ("5.4", "No balance: one step onto a saddle", "DLC"),
            ("5.5", "No balance: divergence", "ACGH19"),
            ("5.6", "A learning rate too large: cycles", "DLC"),
            ("5.7", "A bottleneck", "EY36"),
            ("5.8", "The ablation matrix", "DLC"),
        ),
    ),
    Section(
        "6",
        "Initialisation",
        (
            ("6.1", "Random layers are nearly balanced", "ACGH19"),
            ("6.2", "The margin of a random network", "ACGH19"),
            ("6.3", "Balanced initialisation", "ACGH19"),
            ("6.4", "Theorem 2: from a balanced start", "ACGH19"),
            ("6.5", "The trade-off in the deviation", "ACGH19"),
        ),
    ),
    Section(
        "7",
        "Saddles",
        (
            ("7.1", "Zero: a strict saddle at depth 2 only", "K16"),
            ("7.2", "No poor local minima", "K16"),
            ("7.3", "Which saddles are strict", "K16"),
            ("7.4", "How long escape from a saddle takes", "ACGH19"),
        ),
    ),
    Section(
        "8",
        "End-to-end dynamics",
        (
            ("8.1", "The flow of the product of the layers", "ACH18"),
            ("8.2", "Depth is a preconditioner", "ACH18"),
            ("8.3", "One output", "ACH18"),
            ("8.4", "The end-to-end field is no gradient", "ACH18"),
            ("8.5", "Implicit acceleration", "ACH18"),
        ),
    ),
    Section(
        "9",
        "Modes",
        (
            ("9.1", "Modes learn apart", "SMG14"),
            ("9.2", "Depth 2 in closed form", "SMG14"),
            ("9.3", "Every depth, and infinite depth", "SMG14"),
            ("9.4", "Learning in stages", "SMG14"),
        ),
    ),
    Section(
        "10",
        "Residual networks",
        (
            ("10.1", "From the identity eigenvalues part", "BHL18"),
            ("10.2", "Positive definite targets converge", "BHL18"),
            ("10.3", "A negative eigenvalue fails", "BHL18"),
            ("10.4", "Theorem 1 near the identity", "ACGH19"),
        ),
    ),
    Section(
        "11",
        "Shallow models: landscapes",
        (
            ("11.0", "The common form of the objectives", "DLC"),
            ("11.1.1", "Factorisation: every critical point", "BNS16"),
            ("11.1.2", "Factorisation: the Hessian's spectrum", "DLC"),
            ("11.1.3", "Factorisation: global, or strict", "BNS16"),
            ("11.1.4", "Factorisation: local maxima", "DLC"),
            ("11.1.5", "Factorisation: columns beyond the rank", "DLC"),
            ("11.1.6", "Factorisation: asymmetric, by a lift", "BNS16"),
            ("11.2.1", "Completion has no isometry", "GLM16"),
            ("11.2.2", "Completion: when M is determined", "DLC"),
            ("11.2.3", "Completion: a poor strict minimum", "DLC"),
            ("11.2.4", "Completion: incoherent, by chance benign", "GLM16"),
            ("11.3.1", "Tensors: every critical point", "GHJY15"),
            ("11.3.2", "Tensors: even order", "GHJY15"),
            ("11.3.3", "Tensors: odd order, a poor maximum", "DLC"),
            ("11.3.4", "Tensors: the power map", "DLC"),
            ("11.3.5", "Tensors: fewer, or not orthogonal", "DLC"),
            ("11.4.1", "Phase retrieval: the mean landscape", "SQW16"),
            ("11.4.2", "Phase retrieval: a finite certificate", "DLC"),
            ("11.4.3", "Phase retrieval: 2n-1 do not suffice", "DLC"),
            ("11.4.4", "Phase retrieval: some x is lost", "DLC"),
            ("11.4.5", "Phase retrieval: by chance benign", "SQW16"),
            ("11.5.1", "Quadratic units: second order is global", "DL18"),
            ("11.5.2", "Quadratic units with signs", "SJL17"),
            ("11.5.3", "Quadratic units: width and convexity", "DLC"),
            ("11.5.4", "Quadratic units: the Gaussian mean", "DLC"),
            ("11.5.5", "Quadratic units: generic data", "DL18"),
            ("11.6.1", "Spin glass: signs at the maxima", "DLC"),
            ("11.6.2", "Spin glass: how many critical points", "CS13"),
            ("11.6.3", "Spin glass: what is independent", "CHMBL15"),
            ("11.6.4", "Spin glass: mean numbers", "B17"),
            ("11.6.5", "Spin glass: index against energy", "DLC"),
            ("11.7.1", "Sensing: strict below 1/5", "BNS16"),
            ("11.7.2", "Sensing of rank one: sharp at 1/2", "ZSL19"),
            ("11.7.3", "Sensing: poor above 1/2", "ZJSL18"),
            ("11.7.4", "Sensing: the case 1/2", "DLC"),
            ("11.7.5", "Sensing of higher rank", "Z21"),
            ("11.7.6", "Sensing: columns beyond the rank", "Z21"),
            ("11.7.7", "Sensing: Gaussian measurements", "BNS16"),
            ("11.8.1", "Depth three is not strict", "DLC"),
            ("11.8.2", "No poor minima is not enough", "DLC"),
            ("11.8.3", "Nor strictness with it", "LSJR16"),
            ("11.8.4", "Nor a rate", "DLC"),
            ("11.8.5", "Units that are not linear", "YSJ19"),
        ),
    ),
    Section(
        "12",
        "Shallow models: trajectories",
        (
            ("12.1.1", "ReLU units: the arc-cosine kernels", "CS09"),
            ("12.1.2", "ReLU units: the gated covariance", "DLC"),
            ("12.2.1", "Convolution: the loss in closed form", "BG17"),
            ("12.2.2", "Convolution: every critical point", "BG17"),
            ("12.2.3", "Convolution: a linear rate", "DLC"),
            ("12.2.4", "Convolution: on the ray that fails", "DLC"),
            ("12.2.5", "Convolution: patches that overlap", "BG17"),
            ("12.2.6", "Convolution: finite samples", "DLC"),
            ("12.3.1", "One ReLU: one-point convexity", "DLC"),
            ("12.3.2", "One ReLU: a linear rate", "T17"),
            ("12.3.3", "One leaky unit: any realisable data", "DLC"),
            ("12.4.1", "ReLU teachers: two units at an angle", "DLC"),
            ("12.4.2", "ReLU teachers: orthonormal units", "ZSJBD17"),
            ("12.4.3", "ReLU teachers: an explicit ball", "ZSJBD17"),
            ("12.5", "ReLU teachers: symmetric units", "T17"),
            ("12.6.1", "Identity mapping: two phases", "LY17"),
            ("12.6.2", "Identity mapping: an exact identity", "DLC"),
            ("12.6.3", "Identity mapping: not one-point convex", "DLC"),
            ("12.7.1", "Separable data: finitely many updates", "BGMS18"),
            ("12.7.2", "Separable data: how sharp that is", "DLC"),
            ("12.8.1", "Small start: full observation", "LMZ18"),
            ("12.8.2", "Small start: the flow in closed form", "DLC"),
            ("12.8.3", "Small start: commuting sensing", "DLC"),
            ("12.8.4", "Small start: finite samples", "LMZ18"),
            ("12.8.5", "Small start: quadratic activation", "LMZ18"),
            ("12.9.1", "Unbalanced factors: exact laws", "DHL18"),
            ("12.9.2", "Unbalanced factors: convergence", "DHL18"),
            ("12.9.3", "Rank one from equal norms: Oja's flow", "DLC"),
            ("12.10.1", "Trajectories are bounded", "CLC18"),
            ("12.10.2", "Spectra: moments of finite size", "LC18"),
            ("12.10.3", "Spectra: the best single step", "DLC"),
            ("12.10.4", "Spectra: the risk in the limit", "LC18"),
            ("12.10.5", "Spectra: classification in the limit", "LC18"),
        ),
    ),
)

PAPERS = {
    "ACGH19": "Arora, Cohen, Golowich, Hu 2019",
    "ACH18": "Arora, Cohen, Hazan 2018",
    "B17": "Breiding 2019",
    "BG17": "Brutzkus, Globerson 2017",
    "BGMS18": "Brutzkus, Globerson, Malach, Shalev-Shwartz 2018",
    "BHL18": "Bartlett, Helmbold, Long 2018",
    "BNS16": "Bhojanapalli, Neyshabur, Srebro 2016",
    "CHMBL15": "Choromanska, Henaff, Mathieu, Arous, LeCun 2015",
    "CLC18": "Chitour, Liao, Couillet 2018",
    "CS09": "Cho, Saul 2009",
    "CS13": "Cartwright, Sturmfels 2013",
    "DHL18": "Du, Hu, Lee 2018",
    "DL18": "Du, Lee 2018",
    "DLC": "this project",
    "EY36": "Eckart, Young 1936",
    "GHJY15": "Ge, Huang, Jin, Yuan 2015",
    "GLM16": "Ge, Lee, Ma 2016",
    "K16": "Kawaguchi 2016",
    "LC18": "Liao, Couillet 2018",
    "LMZ18": "Li, Ma, Zhang 2018",
    "LSJR16": "Lee, Simchowitz, Jordan, Recht 2016",
    "LY17": "Li, Yuan 2017",
    "SJL17": "Soltanolkotabi, Javanmard, Lee 2019",
    "SMG14": "Saxe, McClelland, Ganguli 2014",
    "SQW16": "Sun, Qu, Wright 2018",
    "T17": "Tian 2017",
    "YSJ19": "Yun, Sra, Jadbabaie 2019",
    "Z21": "Zhang 2021",
    "ZJSL18": "Zhang, Josz, Sojoudi, Lavaei 2018",
    "ZSJBD17": "Zhong, Song, Jain, Bartlett, Dhillon 2017",
    "ZSL19": "Zhang, Sojoudi, Lavaei 2019",
}
"""Who stands behind a key, for people to read."""

TITLES = {number: title for section in ATLAS for number, title, _ in section.items}
"""Short titles by number."""
