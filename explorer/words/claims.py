"""What the page of the claims and its report say around the verdicts."""

TITLE = "The paper's claims on trial"
LEDE = (
    "Nine claims of the paper's abstract, each judged on every network by a rule that was fixed before "
    "any result was looked at. Only the abstract and the introduction were at hand: the tests are in the "
    "paper's spirit, and reproduce none of its tables."
)
MISSING = (
    "Judge the claims of this atlas with `python -m precompute claims`. It reads what is there already, "
    "and takes seconds."
)


def stale(changed: list[str]) -> str:
    """That tables have changed since the verdicts."""
    some = ", ".join(changed[:2]) + (f" and {len(changed) - 2} more" if len(changed) > 2 else "")
    return f"Since these verdicts the atlas has changed ({some}). Run python -m precompute claims again."
