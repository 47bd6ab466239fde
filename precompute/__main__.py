"""`python -m precompute COMMAND`."""

from precompute.commands.cli import main

main()
