"""The command line: parses, calls the pipeline, and turns a UserError into one line and exit code 2."""

import os
import sys

import typer
from rich.console import Console

from precompute.commands.claims import claims
from precompute.commands.cut import cut
from precompute.commands.demo import demo
from precompute.commands.export import export
from precompute.commands.figure import figure
from precompute.commands.link import link
from precompute.commands.ood import ood
from precompute.commands.run import run
from precompute.commands.unseen import unseen
from precompute.errors import UserError
from precompute.team.torchrun import n_processes

app = typer.Typer(
    name="precompute",
    help="Neural dependencies of a classifier: computed once, then explored with `streamlit run app.py`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

INTERRUPTED = 130


@app.callback()
def only_one_command_shares(context: typer.Context) -> None:
    """Several processes of any other command would each do all of it."""
    if n_processes() > 1 and context.invoked_subcommand != "run":
        if not _leads():
            sys.exit(2)
        raise UserError(
            f"'{context.invoked_subcommand}' does not share its work among {n_processes()} processes, only "
            "'run' does. Start it without torchrun."
        )


for command in (demo, run, link, unseen, ood, cut, claims, export, figure):
    app.command()(command)


def main() -> None:
    """Run the command line; bad input ends with one line and exit code 2, Ctrl-C with 130."""
    errors = Console(stderr=True)
    try:
        code = app(standalone_mode=False)
    except UserError as error:
        _say(errors, str(error))
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        # Bad options: which library's class of error it is changes from one typer to the next.
        if not hasattr(error, "format_message"):
            raise
        if _leads():
            _say(errors, error.format_message())
        code = getattr(error, "exit_code", 2)
    # Some versions of typer raise on Ctrl-C, others return this code.
    if code == INTERRUPTED and _leads():
        errors.print("Interrupted. The same command goes on where this one stopped.")
    sys.exit(code or 0)


def _leads() -> bool:
    """Of what all processes of torchrun find out alike, the first speaks for them."""
    return os.environ.get("RANK", "0") == "0"


def _say(errors: Console, text: str) -> None:
    errors.print(f"Error: {text}", markup=False, emoji=False, highlight=False, soft_wrap=True)
