"""The rule of every claim: what is measured, and the thresholds that it is measured against."""
