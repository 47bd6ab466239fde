"""The contract, table by table: `precompute.atlas.schema` holds it together."""
