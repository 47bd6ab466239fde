"""Whether cutting dependencies makes a network more robust: tested where an atlas has a cut network."""

from precompute.atlas.contract.schema_robustness import CUT_MARK
from precompute.claims.trial import Trial


def trial(models: list[str]) -> Trial:
    """`models` are all names of the atlas. The schema has no table of out-of-distribution figures of a cut
    network and of its control, so there is nothing yet that could judge one."""
    cut = [name for name in models if CUT_MARK in name]
    if not cut:
        return Trial(
            untestable="The atlas has no network whose dependencies were cut, and so no control that was "
            "fine-tuned the same way without cutting."
        )
    return Trial(
        untestable=f"{cut[0]} was cut, but the atlas holds no out-of-distribution figures of it and of its "
        "control."
    )
