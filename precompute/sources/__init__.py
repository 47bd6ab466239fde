"""Where logits come from; nothing here needs torch."""
