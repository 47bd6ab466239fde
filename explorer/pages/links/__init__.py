"""One network's categories in the logits of another."""
