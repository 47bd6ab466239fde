"""What the communities of a network are called."""

import numpy as np
import pandas as pd


def community_names(categories: pd.DataFrame, used: np.ndarray) -> dict[int, str]:
    """A word for every community: the WordNet hypernym that fits it best (highest F1 between having
    the hypernym and being a member), else its most depended-on category: `used` (n,) says in how many
    equations each category is a source. No word is used twice."""
    lines = categories["hypernyms"].map(lambda found: [] if found is None else list(found))
    members = categories["community"].value_counts()
    having: dict[str, int] = {}
    inside: dict[tuple[int, str], int] = {}
    for community, line in zip(categories["community"], lines, strict=True):
        for word in set(line):
            having[word] = having.get(word, 0) + 1
            inside[community, word] = inside.get((community, word), 0) + 1
    score = {
        key: 2 * count / (members[key[0]] + having[key[1]])
        for key, count in inside.items()
        if count > 1
    }
    names: dict[int, str] = {}
    for community, word in sorted(score, key=lambda key: (-score[key], key)):
        if community not in names and word not in names.values():
            names[community] = word
    for community in members.index:
        if community not in names:
            group = np.flatnonzero(categories["community"] == community)
            middle = group[np.argmax(used[group])]
            names[community] = f"around {categories['name'].iat[middle]}"
    return {int(community): names[community] for community in members.index}
