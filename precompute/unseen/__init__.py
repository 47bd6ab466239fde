"""Experiments on unseen categories: partition, maps, calibration, judgement."""
