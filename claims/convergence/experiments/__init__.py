"""The experiments of this chapter; ``python -m claims experiment`` runs them."""
