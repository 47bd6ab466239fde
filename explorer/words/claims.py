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


def counted(n_tests: int) -> str:
    """How many tests were made, and what that does to intervals."""
    return (
        f"{n_tests} intervals are compared with thresholds here. Each is widened (Bonferroni) so that with "
        "95 % confidence none of them misses. A claim holds where the whole interval reaches its threshold "
        "and does not hold where all of it stays short of a lower one; in between it holds partly. An "
        "interval that allows both leaves the claim undecided on these images: that, too, counts as what "
        "cannot be tested with this atlas."
    )


def stale(changed: list[str]) -> str:
    """That tables have changed since the verdicts."""
    some = ", ".join(changed[:2]) + (f" and {len(changed) - 2} more" if len(changed) > 2 else "")
    return f"Since these verdicts the atlas has changed ({some}). Run python -m precompute claims again."
