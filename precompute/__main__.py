"""`python -m precompute COMMAND`."""

from precompute.cli import main

main()
