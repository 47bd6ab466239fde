"""The processes that work on one run together: one, unless torchrun has started several."""
