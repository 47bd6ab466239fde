"""Experiments on unseen categories."""
