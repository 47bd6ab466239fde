"""The atlas on disk: one folder of parquet tables (`files.py`), read with a check.

Every file carries `schema_version` and `made_from`: the options and the SHA-256 of the files it was
computed from. A file whose `made_from` equals what a run would write is fresh, anything else is stale;
tables are byte-for-byte reproducible, so a recomputed file with the same content leaves what follows
it fresh.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import CUT_MARK
from precompute.atlas.files import read_metadata, replacing, safe_name, stamp, write_rows
from precompute.atlas.head import Head
from precompute.atlas.schema import SCHEMA_VERSION, Table
from precompute.errors import UserError

# Metadata of a logits.parquet without logits: SHA-256 of the head that makes them.
HEAD_DIGEST = "head"


class Atlas:
    """One folder of results for one set of images (design: the atlas on disk)."""

    def __init__(self, root: str | Path):
        self.root = Path(root)
        self._head: tuple[tuple[str, str], Head] | None = None  # the last that was read

    def file(self, table: Table, folder: str = "") -> Path:
        """Where a table lies; `folder` is '', 'models/<model>', 'links/<a>--<b>' ..."""
        return self.root / folder / table.file

    @staticmethod
    def model_folder(model: str) -> str:
        return f"models/{safe_name(model)}"

    def models(self) -> list[str]:
        """Names of the models whose every table is there, in alphabetical order."""
        folders = sorted(self.root.glob(f"models/*/{schema.MODEL.file}"))
        return [
            self.read(schema.MODEL, folder=f"models/{f.parent.name}")["name"][0] for f in folders
        ]

    def plain_models(self) -> list[str]:
        """Those that nobody changed on purpose, and whose equations give no weight to a target's own
        images: what networks are compared by."""
        weight = {
            model: self.read(schema.MODEL, model, columns=["weight_positives"]).iat[0, 0]
            for model in self.models()
            if CUT_MARK not in model
        }
        return [model for model, share in weight.items() if share == 0]

    def read(
        self,
        table: Table,
        model: str | None = None,
        *,
        folder: str | None = None,
        columns: list[str] | None = None,
        filters: list[tuple] | None = None,
    ) -> pd.DataFrame:
        """One table as a frame, or those of its rows that pairs of column, comparison and value let
        through (pyarrow's `filters`). Raises UserError if it is missing or of another schema version."""
        path = self._checked(table, self._folder(model, folder))
        return pq.read_table(path, columns=columns, filters=filters).to_pandas()

    def write(
        self,
        table: Table,
        data: pd.DataFrame,
        made_from: dict,
        folder: str = "",
        told: dict[str, str] | None = None,
    ) -> None:
        """Write one table atomically, in the contract's columns and types; `told` is further metadata.

        Raises ValueError for a missing column or an empty value where the contract has none.
        """
        rows = pa.Table.from_pandas(data, schema=table.schema, preserve_index=False)
        with replacing(self.file(table, folder)) as temporary:
            write_rows(
                rows.replace_schema_metadata(stamp(made_from) | (told or {})),
                temporary,
                table.apart,
            )

    def remove(self, table: Table, folder: str = "") -> None:
        """Take a table away if it is there. Raises UserError where that is forbidden."""
        path = self.file(table, folder)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"Cannot replace {path}: {error.strerror or error}.") from error

    def check(self, table: Table, folder: str) -> None:
        """Raises UserError if a table is missing or of another schema version."""
        self._checked(table, folder)

    def stale(self, table: Table, made_from: dict, folder: str = "") -> str | None:
        """Why a table must be computed (again), or None when what is there is what would be written.
        Raises UserError if it is of another schema version: nobody's results are written over."""
        if not self.file(table, folder).exists():
            return "missing"
        found = read_metadata(self._checked(table, folder))
        before = json.loads(found.get("made_from", "{}"))
        changed = [
            key for key in made_from if before.get(key) != json.loads(json.dumps(made_from[key]))
        ]
        changed += [key for key in before if key not in made_from]
        return f"changed: {', '.join(changed)}" if changed else None

    def head(self, model: str) -> Head | None:
        """The last layer of a model that keeps features in place of logits; None where it keeps logits."""
        folder = self.model_folder(model)
        made = read_metadata(self._checked(schema.LOGITS, folder)).get(HEAD_DIGEST)
        if made is None:
            return None
        if self._head is None or self._head[0] != (folder, made):
            rows = pq.read_table(self._checked(schema.HEAD, folder), columns=["weights", "bias"])
            weights = _matrix(rows["weights"].combine_chunks())
            self._head = (folder, made), Head(weights, rows["bias"].to_numpy())
        return self._head[1]

    def iter_logits(
        self, model: str, split: str | None = None, batch_size: int = 1024
    ) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
        """(image_ids, labels (B,), logits (B, n) float32) of one split, in file order, streamed."""
        head = self.head(model)
        if head is None:
            for ids, labels, logits in self._streamed(schema.LOGITS, model, split, batch_size):
                yield ids, labels, logits.astype(np.float32)
        else:
            for ids, labels, features in self.iter_features(model, split, batch_size):
                yield ids, labels, head.logits(features, np.float32)

    def iter_features(
        self, model: str, split: str | None = None, batch_size: int = 1024
    ) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
        """The same with features (B, d) float16, of a model that keeps them in place of logits."""
        return self._streamed(schema.FEATURES, model, split, batch_size)

    def logits(
        self, model: str, split: str | None = None
    ) -> tuple[list[str], np.ndarray, np.ndarray]:
        """(image_ids, labels (N,) int32, logits (N, n)) of one split, all in memory: float16 as they are
        stored, float32 where they are made of features."""
        head = self.head(model)
        table = schema.LOGITS if head is None else schema.FEATURES
        parts = list(self._streamed(table, model, split, 1024))
        ids = [image for part, _, _ in parts for image in part]
        labels = np.concatenate([np.empty(0, np.int32), *(labels for _, labels, _ in parts)])
        if not parts:
            return ids, labels, np.empty((0, 0), np.float16)
        vectors = np.concatenate([vectors for _, _, vectors in parts])
        return ids, labels, vectors if head is None else head.logits(vectors, np.float32)

    def _streamed(
        self, table: Table, model: str, split: str | None, batch_size: int
    ) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
        """image_ids, labels and the vectors of a table with those of every image, in the order of its
        logits."""
        rows = self.read(schema.LOGITS, model, columns=["image_id", "label"])
        inside = np.ones(len(rows), dtype=bool)
        if split is not None:
            inside = rows["image_id"].isin(self._ids_of(split)).to_numpy()
        ids, labels, start = rows["image_id"].to_numpy(), rows["label"].to_numpy(), 0
        column = table.columns[-1]
        file = pq.ParquetFile(self._checked(table, self.model_folder(model)))
        # Group by group: one reader of all keeps what it has read, 40 MB of every thousand images of 21,841
        # categories.
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(batch_size, row_groups=[group], columns=[column]):
                keep = start + np.flatnonzero(inside[start : start + len(batch)])
                if len(keep):
                    yield ids[keep].tolist(), labels[keep], _matrix(batch[column])[keep - start]
                start += len(batch)

    def image_ids(self, model: str, split: str) -> list[str]:
        """The images of one split whose logits the model has, in file order."""
        rows = self.read(schema.LOGITS, model, columns=["image_id"])
        wanted = self._ids_of(split)
        return [i for i in rows["image_id"] if i in wanted]

    def _ids_of(self, split: str) -> set[str]:
        images = self.read(schema.IMAGES)
        return set(images["image_id"][images["split"] == split])

    def _folder(self, model: str | None, folder: str | None) -> str:
        return self.model_folder(model) if model is not None else folder or ""

    def _checked(self, table: Table, folder: str) -> Path:
        path = self.file(table, folder)
        if not path.exists():
            raise UserError(f"{path} is missing. Run `python -m precompute run` or `demo` first.")
        found = read_metadata(path).get("schema_version")
        if found != str(SCHEMA_VERSION):
            raise UserError(
                f"{path} has schema version {found}, this program reads {SCHEMA_VERSION}. "
                "Compute the atlas again into a new folder with --atlas."
            )
        return path


def _matrix(column: pa.FixedSizeListArray) -> np.ndarray:
    return column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), -1)
