"""Beyond balance: dynamics and data for which Theorem 1 and its balanced starts are not enough.

Asked. What do singular values do under any loss? Must norms stay bounded where a loss has no minimum? What replaces
balance at depth two, and what at any depth? Does Theorem 1 need white data? And what is known of a random start of any
depth exactly?

Read them in this order.

    DL-067  singular_value_dynamics  singular values and vectors under any loss, and the bias to low rank; uses DL-026
    DL-068  norms_to_infinity        matrix completion whose every norm goes to infinity; uses DL-009
    DL-069  any_imbalance            two layers: a rate from the imbalance alone; uses DL-002
    DL-070  lambda_balanced          two layers: the flow in closed form; uses DL-002, DL-069
    DL-071  bounded_descent          from every start the layers stay bounded, and descent rests; uses DL-012, DL-057,
                                     DL-062, DL-072
    DL-072  general_data             Theorem 1 for data that are not white; uses DL-005, DL-012, DL-013
    DL-073  gaussian_products        exact moments of a random start, orthogonal starts, width one
"""
