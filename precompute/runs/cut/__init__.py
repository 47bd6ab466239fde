"""Cutting dependencies of a model: what `cut` does, from the pairs to a model of its own."""
