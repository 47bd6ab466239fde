"""Cutting dependencies: fine-tuning a network so that chosen categories leave the equations of others."""
