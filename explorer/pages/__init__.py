"""One folder a page: the page itself, named like its folder, and the parts that only it has."""
