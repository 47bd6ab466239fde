"""Learn: worked examples, a tour, and every word."""
