"""The tables of one network whose dependencies were cut, beside its control."""

from dataclasses import dataclass

import pandas as pd

from precompute.atlas import schema
from precompute.atlas.contract import schema_robustness as contract
from precompute.atlas.store import Atlas


@dataclass(frozen=True)
class CutTables:
    """The row of cut.parquet, and the other tables of its folder."""

    info: dict
    pairs: pd.DataFrame
    sides: pd.DataFrame
    detection: pd.DataFrame
    gain: pd.DataFrame
    training: pd.DataFrame

    @property
    def name(self) -> str:
        """The cut network."""
        return str(self.info["cut_model"])


def read_cut(atlas: Atlas, folder: str) -> CutTables:
    """Read them. Raises UserError if one is missing or of another schema version."""

    def rows(table: schema.Table) -> pd.DataFrame:
        return atlas.read(table, folder=folder)

    return CutTables(
        info=rows(contract.CUT).iloc[0].to_dict(),
        pairs=rows(contract.PAIRS),
        sides=rows(contract.CUT_SIDES),
        detection=rows(contract.CUT_DETECTION),
        gain=rows(contract.GAIN),
        training=rows(contract.TRAINING),
    )
