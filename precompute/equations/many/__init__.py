"""The same with very many categories, where one (n, n) matrix fits into memory and five do not."""
