"""Claims on the tests' own atlas: every claim has its rows, and every kind of atlas its table."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from precompute.atlas import schema
from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.atlas.contract.schema_robustness import GAIN
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.claims.catalogue import BY_ID
from precompute.claims.claim import FAILS, HOLDS, UNTESTABLE, VERDICTS
from precompute.claims.rows import of_claim
from precompute.claims.summary import networks, sentence
from precompute.equations.fit import FitOptions
from precompute.runs.claims.run import judge_claims
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource
from tests.precompute.runs.watched import Heard
from tests.support.cuts import write_cut
from tests.support.planting import plant


@pytest.fixture(scope="module")
def table(linked_atlas) -> pd.DataFrame:
    return linked_atlas.read(CLAIMS)


def of(table: pd.DataFrame, claim: str) -> pd.DataFrame:
    return table[table["claim"] == claim]


def test_every_claim_is_judged_on_all_it_speaks_of(table, linked_atlas):
    models = linked_atlas.models()
    assert set(table["claim"]) == set(BY_ID)
    assert set(table["verdict"]) <= set(VERDICTS)
    assert table["why"].str.len().gt(5).all()
    for claim in ("within", "survival", "redundancy", "sparsity", "unrelated"):
        assert of(table, claim)["model"].tolist() == models
    between = of(table, "between")
    assert sorted(zip(between["model"], between["source"], strict=True)) == [
        (models[0], models[1]), (models[1], models[0]),
    ]  # fmt: skip
    assert of(table, "architectures")["model"].isna().all()


def test_the_figure_is_that_of_the_evaluation(table, linked_atlas):
    for row in of(table, "within").itertuples():
        evaluation = linked_atlas.read(schema.EVALUATION, row.model)
        readable = evaluation[evaluation["readable"]]
        assert row.value == pytest.approx(readable["r2_refit"].median(), abs=1e-5)
        assert row.n_categories == len(readable)
        beside = json.loads(row.yardsticks)
        assert beside["as many random parents"] == pytest.approx(readable["random_r2"].median())
    for row in of(table, "between").itertuples():
        folder = f"links/{row.model}--{row.source}"
        evaluation = linked_atlas.read(schema.EVALUATION, folder=folder)
        readable = evaluation[evaluation["readable"]]
        assert row.value == pytest.approx(readable["r2_refit"].median(), abs=1e-4)


def test_all_tests_are_counted(table):
    assert (table["n_tests_in_all"] == table["n_tests"].sum()).all()
    tested = table[table["verdict"] != UNTESTABLE]
    assert len(tested) and (tested["low"] <= tested["low_alone"] + 1e-12).all()


def test_what_two_networks_cannot_tell_is_said(table):
    assert "3 families" in of(table, "architectures")["why"].iat[0]
    assert of(table, "unrelated")["why"].str.contains("2 networks of this label set").all()
    assert "no network whose dependencies were cut" in of(table, "cutting")["why"].iat[0]


def test_a_second_run_is_up_to_date_and_a_changed_table_is_not(linked_atlas, tmp_path):
    root = tmp_path / "atlas"
    shutil.copytree(linked_atlas.root, root)
    atlas, heard = Atlas(root), Heard()
    judge_claims(atlas, heard)
    assert heard.lines == ["atlas: claims is up to date"]
    model = atlas.models()[0]
    rows = atlas.read(schema.EVALUATION, model)
    atlas.write(schema.EVALUATION, rows.assign(random_r2=0.99), {}, Atlas.model_folder(model))
    again = judge_claims(atlas, heard)
    assert "claims (changed: files)" in heard.lines[-1]
    changed = again[(again["claim"] == "within") & (again["model"] == model)].iloc[0]
    assert json.loads(changed["yardsticks"])["as many random parents"] == pytest.approx(0.99)


def arrays(
    root, logits: np.ndarray, name: str = "anynet", truth: np.ndarray | None = None
) -> Atlas:
    """An atlas of one array of logits with names that WordNet does not know."""
    np.save(root / f"{name}.npy", logits.astype(np.float32))
    files = {}
    if truth is not None:
        np.save(root / "truth.npy", truth)
        files["truth"] = root / "truth.npy"
    labels = from_names([f"thing {k}" for k in range(logits.shape[1])])
    source = ArraySource(name, root / f"{name}.npy", labels, **files)
    ModelRun(Atlas(root / "atlas"), source, FitOptions(max_parents=8), Silent()).run()
    return Atlas(root / "atlas")


def test_one_array_without_labels_has_a_sensible_table(tmp_path):
    table = judge_claims(arrays(tmp_path, plant(seed=3).logits), Silent())
    assert set(table["claim"]) == set(BY_ID)
    why = table.set_index("claim")["why"]
    assert "link --all" in why["between"] and "STUDENT TEACHER" in why["unseen"]
    assert "families" in why["architectures"]


def test_three_categories_tell_nothing(tmp_path):
    logits = np.random.default_rng(0).normal(size=(200, 3))
    table = judge_claims(arrays(tmp_path, logits), Silent())
    assert set(table["verdict"]) == {UNTESTABLE}
    assert table.set_index("claim").loc["within", "why"].startswith("3 categories")


def test_shuffled_logits_do_not_hold(tmp_path):
    """The control that must fail: each category's logits are dealt anew over the images."""
    rng = np.random.default_rng(0)
    planted = plant(seed=0).logits[:, :24]
    table = judge_claims(arrays(tmp_path, rng.permuted(planted, axis=0)), Silent())
    assert of(table, "within")["verdict"].tolist() == [FAILS]


def test_planted_equations_hold(tmp_path):
    """Twenty-four of thirty-two logits are sums of three others."""
    rng = np.random.default_rng(0)
    free = rng.normal(size=(600, 8))
    sums = np.stack([free[:, [k % 8, (k + 1 + k // 8) % 8]].sum(axis=1) for k in range(24)], axis=1)
    logits = np.hstack([free, sums + 0.05 * rng.normal(size=sums.shape)])
    table = judge_claims(arrays(tmp_path, logits), Silent())
    assert of(table, "within")["verdict"].tolist() == [HOLDS]


def test_weighted_and_cut_networks_are_left_out(linked_atlas, tmp_path):
    root = tmp_path / "atlas"
    shutil.copytree(linked_atlas.root, root)
    atlas = Atlas(root)
    model = atlas.models()[0]
    weighted = f"{model}+positives-0.3"
    shutil.copytree(root / Atlas.model_folder(model), root / Atlas.model_folder(weighted))
    row = atlas.read(schema.MODEL, model).assign(name=weighted, weight_positives=np.float32(0.3))
    atlas.write(schema.MODEL, row, {}, Atlas.model_folder(weighted))
    write_cut(atlas, model)
    table = judge_claims(atlas, Silent())
    assert not table["model"].dropna().str.contains("+", regex=False).any()


def test_every_cut_network_has_a_verdict_beside_the_one_it_was_made_of(linked_atlas, tmp_path):
    shutil.copytree(linked_atlas.root, tmp_path / "atlas")
    atlas, heard = Atlas(tmp_path / "atlas"), Heard()
    model, other = atlas.models()
    few, many = write_cut(atlas, model, "few0"), write_cut(atlas, model, "many", gain=-0.02)
    rows = of(judge_claims(atlas, heard), "cutting")
    assert rows[["model", "source", "verdict"]].to_numpy().tolist() == [
        [model, few, HOLDS], [model, many, FAILS],
    ]  # fmt: skip
    assert networks(rows) == [model]
    assert sentence(rows, BY_ID["cutting"]) == "Holds for 1, does not hold for 1 of 2 cut networks."
    found = of_claim(rows, BY_ID["cutting"])
    assert found.rows["subject"].tolist() == [few, many] == found.of(model)["subject"].tolist()
    assert found.of(many)["subject"].tolist() == [many] and found.of(other).empty
    folder = f"cut/{many}"
    atlas.write(
        GAIN, atlas.read(GAIN, folder=folder).assign(gain=0.03, low=0.02, high=0.04), {}, folder
    )
    again = of(judge_claims(atlas, heard), "cutting")
    assert "claims (changed: files)" in heard.lines[-1]
    assert again["verdict"].tolist() == [HOLDS, HOLDS]
