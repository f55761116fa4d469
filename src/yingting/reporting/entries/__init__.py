"""The pages of entered figures, and what is computed from them."""
