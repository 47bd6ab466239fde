"""Whether a network still classifies when one category's logit is replaced by its equation: a curve."""
