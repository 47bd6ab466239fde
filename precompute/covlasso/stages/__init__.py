"""Paths among thousands of sources: stages of few events among few of them, each proved."""
