"""Every network of the atlas."""
