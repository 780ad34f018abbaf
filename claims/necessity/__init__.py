"""necessity."""
