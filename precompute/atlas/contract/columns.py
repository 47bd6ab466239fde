"""What tables of an atlas are made of: the kinds of columns, each with its meaning in the file."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Table:
    """One parquet file of the atlas: where it lies, what it holds and its columns. Rows that differ in
    the column `apart` share no row group, so that reading one of its values reads nothing else."""

    file: str
    meaning: str
    schema: pa.Schema
    apart: str | None = None

    @property
    def columns(self) -> list[str]:
        return self.schema.names


def column(name: str, kind: pa.DataType, meaning: str, nullable: bool = False) -> pa.Field:
    """A column of any type; `nullable` where a row may have no value."""
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning})


def category(name: str, meaning: str) -> pa.Field:
    """Index of a logit."""
    return column(name, pa.int32(), meaning)


def number(name: str, meaning: str, nullable: bool = False) -> pa.Field:
    """A float32."""
    return column(name, pa.float32(), meaning, nullable)


def text(name: str, meaning: str, nullable: bool = False) -> pa.Field:
    """A string."""
    return column(name, pa.string(), meaning, nullable)


def count(name: str, meaning: str, nullable: bool = False) -> pa.Field:
    """A whole number, int64."""
    return column(name, pa.int64(), meaning, nullable)
