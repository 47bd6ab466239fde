"""How many parents an equation has: the sizes, their cross-validated error, the choices with a name."""
