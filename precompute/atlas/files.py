"""Parquet files of an atlas: written whole or not at all, known by their bytes, with what they were made
from written inside."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from precompute.atlas.schema import SCHEMA_VERSION
from precompute.errors import UserError

_ROW_GROUP = 65_536  # rows


def safe_name(name: str, what: str = "A model") -> str:
    """A model's folder name: its own name with path separators made harmless. Raises UserError for a
    name that no folder can have; `what` is so called."""
    if name.strip(" .") == "" or any(not letter.isprintable() for letter in name):
        raise UserError(f"{what} cannot be called '{name}'. Give it a name of letters and digits.")
    return name.replace("/", "__").replace("\\", "__")


def digest(*parts: bytes | str) -> str:
    """SHA-256 over the parts, each closed off so that ('ab', 'c') differs from ('a', 'bc')."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part.encode() if isinstance(part, str) else part)
        state.update(b"\0")
    return state.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_writable(folder: Path) -> None:
    """Raises UserError where a folder, or the one that it is to be made in, takes no files: seen before the
    work whose result would have no place."""
    whole = folder.absolute()
    # Of os.path, as Path's own raise where a folder above may not be entered, or a name is too long.
    there = next(path for path in (whole, *whole.parents) if os.path.exists(path))
    if not os.path.isdir(there) or not os.access(there, os.W_OK | os.X_OK):
        raise UserError(
            f"Cannot write {folder}: {there} takes no files. Choose another folder with --atlas."
        )


@contextmanager
def replacing(path: Path, option: str = "--atlas") -> Iterator[Path]:
    """A temporary name beside `path` that becomes `path` if the block ends well, and goes if not.

    Raises UserError where the folder cannot be written; `option` is the one that names another folder.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")  # others write the same file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(
            f"Cannot write {path}: {error.strerror or error}. Choose another folder with {option}."
        ) from error
    finally:
        # A parent that is a file, or that may not be entered, cannot hold a leftover.
        if temporary.parent.is_dir() and os.access(temporary.parent, os.W_OK):
            temporary.unlink(missing_ok=True)


def write_rows(rows: pa.Table, path: Path, apart: str | None) -> None:
    """Write a parquet file; where `apart` names a column, each new value in it starts a row group of
    their own."""
    options = {"compression": "zstd"}
    if apart is None:
        pq.write_table(rows, path, row_group_size=_ROW_GROUP, **options)
        return
    values = rows[apart].to_numpy()
    cuts = np.flatnonzero(values[1:] != values[:-1]) + 1
    with pq.ParquetWriter(path, rows.schema, **options) as writer:
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
            writer.write_table(rows.slice(start, end - start), row_group_size=_ROW_GROUP)


def stamp(made_from: dict) -> dict[str, str]:
    """The metadata that every file carries."""
    return {
        "schema_version": str(SCHEMA_VERSION),
        "made_from": json.dumps(made_from, sort_keys=True),
    }


def read_metadata(path: Path) -> dict[str, str]:
    """A parquet file's own key-value metadata. Raises UserError if it is no parquet file."""
    try:
        found = pq.read_schema(path).metadata or {}
    except (pa.ArrowInvalid, OSError) as error:
        raise UserError(f"{path} is not a readable parquet file ({error}). Delete it.") from error
    return {key.decode(): value.decode() for key, value in found.items()}
