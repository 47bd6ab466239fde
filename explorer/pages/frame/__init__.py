"""What stands around every page: the side, the search, the links in equations, the welcome."""
