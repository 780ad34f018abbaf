"""What theorems promise, as functions: hypotheses as Comparisons, limits, rate, number of steps."""
