"""From moments to equations and their held-out truth; within a network and between two alike."""
