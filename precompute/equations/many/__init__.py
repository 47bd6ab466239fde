"""The same with very many categories, where two (n, n) matrices fit into memory and five do not."""
