"""claims.parquet: what became of the paper's claims, from what it was judged, and when."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.atlas.files import read_metadata
from precompute.atlas.store import Atlas


@dataclass(frozen=True)
class JudgedClaims:
    """The table, `yardsticks` read; digests of the files it was judged from; when it was written."""

    rows: pd.DataFrame
    files: dict[str, str]
    written: datetime

    def changed(self, now: dict[str, str]) -> list[str]:
        """Files that are not as they were judged, or not there any more, or new; `now` are the digests of
        `precompute.atlas.claim_files`."""
        return sorted(
            place
            for place in self.files.keys() | now.keys()
            if self.files.get(place) != now.get(place)
        )


def read_claims(atlas: Atlas) -> JudgedClaims:
    """Read it. Raises UserError if it is missing or of another schema version."""
    rows = atlas.read(CLAIMS)
    file = atlas.file(CLAIMS)
    made_from = json.loads(read_metadata(file).get("made_from", "{}"))
    return JudgedClaims(
        rows.assign(yardsticks=rows["yardsticks"].map(json.loads)),
        made_from.get("files", {}),
        written(file),
    )


def written(file: Path) -> datetime:
    """When a file was written last."""
    return datetime.fromtimestamp(file.stat().st_mtime)
