"""Figures on redundancy, and clouds of very many categories."""
