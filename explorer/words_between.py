"""Help texts of the pages on links, unseen categories and live images."""

HELP = {
    # links
    "source": "The network whose logits are the sources. The target network is the one chosen at the "
    "side of the page.",
    "graph": "Left: the category in the target network. Right: the categories of the source network "
    "that it is written in, strongest where the arrow is widest. The shape of a dot says in which "
    "network's own equation the same source takes part. Click a source to see its own link.",
    "agreement": "Coefficient of every source in three equations of the same category: between the "
    "networks (at the slider), inside the target network and inside the source network (at their "
    "chosen sparsity). Empty: it takes no part.",
    "truth": "Each dot is a held-out image that both networks have seen: what the source network's "
    "logits say through the equation against what the target network says, in logits. The band is one "
    "standard deviation of the logit.",
    "distribution": "Explained share of every category's variance on images that no fit saw, at the "
    "sparsity that cross-validation chose. Grey: the same search on shuffled targets, where there is "
    "nothing to find.",
    "best": "The categories that the source network predicts best and worst. A row opens its equation.",
    "pairs": "Median over categories of the held-out R², for every ordered pair of networks that the "
    "atlas has linked; row: target, column: source.",
    "same": "Categories whose strongest source is the same category of the other network, where it was "
    "allowed as a source (`--allow-same`): near 100 % where both networks know what they see.",
    "shared_images": "Held-out images that both networks have seen.",
    "consensus": "In how many networks of this label set a dependency appears, each at its own chosen "
    "sparsity, and whether they agree on its sign. Read from consensus.parquet.",
    "mean": "Mean coefficient over all networks compared; one that lacks the dependency counts as 0.",
    "by_model": "Coefficient of every source of this category in every network; empty where it takes no "
    "part.",
    # live image
    "picture": "Pictures that came with scikit-image and scikit-learn, or one of your own.",
    "upload": "At most 8 MB and 40 million pixels. The picture stays in this machine's memory while "
    "the page is open, and is stored nowhere.",
    "networks": "Networks of the atlas whose weights are on this machine. Each is loaded when it first "
    "looks, which takes a few seconds.",
    "ranking": "The largest logits of every network with their softmax probability; beside them what "
    "the category's own equation says, given the picture's other logits. A row asks about its category.",
    "answers": "The network's own logit of this category; what its own equation makes of its other "
    "logits; and what the logits of another network make of it through a link. Equations stand at the "
    "sparsity that cross-validation chose.",
    "off": "Difference to the network's own logit, in standard deviations of that logit on held-out "
    "images.",
    "terms": "Coefficient times the source's logit on this picture; the terms add up to the prediction.",
    "every": "Each dot is a category: what its equation says against what the network says. On the "
    "dotted line they agree.",
}
