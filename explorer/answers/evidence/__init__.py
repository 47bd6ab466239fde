"""How well an equation holds on images that no fit saw: figures, intervals, worst images, and all of it."""
