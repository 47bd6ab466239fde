"""Which files of an atlas its claims are judged from, and whether they still are what was judged."""

from collections.abc import Callable
from pathlib import Path

from precompute.atlas import schema
from precompute.atlas.contract import schema_robustness, schema_unseen
from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.atlas.contract.schema_survival import SURVIVAL
from precompute.atlas.files import file_digest
from precompute.atlas.store import Atlas

_OF_MODEL = (
    schema.MODEL, schema.CATEGORIES, schema.LOGITS, schema.DEPENDENCIES, schema.CONTROL,
    schema.EVALUATION, SURVIVAL,
)  # fmt: skip
_OF_LINK = (schema.LINK, schema.DEPENDENCIES, schema.EVALUATION)
_OF_EXPERIMENT = (schema_unseen.EXPERIMENT, schema_unseen.METRICS)
_OF_CUT = (schema_robustness.CUT, schema_robustness.CUT_SIDES, schema_robustness.GAIN)


def files(atlas: Atlas) -> dict[str, Path]:
    """Every file that the claims are judged from, by its place in the atlas."""
    found = [atlas.file(schema.IMAGES)]
    for pattern, last, tables in (
        ("models/*", schema.MODEL, _OF_MODEL),
        ("links/*", schema.LINK, _OF_LINK),
        ("unseen/*", schema_unseen.EXPERIMENT, _OF_EXPERIMENT),
        ("cut/*", schema_robustness.CUT, _OF_CUT),
    ):
        for finished in sorted(atlas.root.glob(f"{pattern}/{last.file}")):
            found += [finished.with_name(table.file) for table in tables]
    return {path.relative_to(atlas.root).as_posix(): path for path in found}


def digests(atlas: Atlas, digest: Callable[[Path], str] = file_digest) -> dict[str, str]:
    """Their content: SHA-256 by place; `digest` may be one that remembers."""
    return {place: digest(path) for place, path in files(atlas).items() if path.exists()}


def table_file(atlas: Atlas) -> Path:
    """Where claims.parquet lies."""
    return atlas.file(CLAIMS)
