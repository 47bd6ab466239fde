"""The one door from the pipeline to the explorer: files as the buttons of its pages make them.

The explorer is imported when a command asks for a file, not before: what draws is the extra `app`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from precompute.atlas.store import Atlas
from precompute.errors import UserError

if TYPE_CHECKING:
    from explorer.files.category_file import CategoryFile


def dependencies_file(atlas: Atlas, model: str, choice: str, suffix: str) -> tuple[bytes, int]:
    """All dependencies of a model at a choice of the sparsity, in the format of `explorer.files.export`
    that ends so, and how many there are. Raises UserError where a table is missing or outdated."""
    with _app_installed():
        from explorer.files.export import FORMATS
        from explorer.tables.network import read_tables

    (write,) = (known.write for known in FORMATS if known.suffix == suffix)
    tables = read_tables(atlas, model, choice)
    return write(tables.edges, tables.categories), len(tables.edges)


def category_file(
    atlas: Atlas, model: str, category: str, choice: str, parents: float | None, refit: bool
) -> "CategoryFile":
    """See `explorer.files.category_file.read_category_file`."""
    with _app_installed():
        from explorer.files.category_file import read_category_file

    return read_category_file(atlas, model, category, choice, parents, refit)


def claims_report(atlas: Atlas) -> str:
    """See `explorer.files.claims_report`."""
    with _app_installed():
        from explorer.files.claims_report import read_claims_report

    return read_claims_report(atlas)


def pdf(page: str) -> bytes:
    """See `explorer.files.pdf`."""
    with _app_installed():
        from explorer.files import pdf

    return pdf.pdf(page)


@contextmanager
def _app_installed() -> Iterator[None]:
    """Raises UserError, in place of ModuleNotFoundError, where a library of the dashboard is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"Files are made by the dashboard's own code, which needs {error.name}. "
            "Install it: pip install -r requirements.txt"
        ) from error
