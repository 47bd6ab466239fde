"""Under every equation its evidence in one sentence and a way to copy it, as the tables have them."""

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.evidence.in_one_sentence import in_one_sentence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.session import cache
from explorer.tables.network import Network
from explorer.words.equation_text import as_latex, as_text
from explorer.words.formatting import percent, plain
from tests.support.pages import header

CHOICE = "readable"


def evidence_of(root, pair: NetworkPair, target: int) -> Evidence:
    subject = Subject(pair, target)
    position = subject.path.position_of_size(subject.chosen)
    return Evidence.at(subject, position, False, *cache.shared_holdout(root, pair))


def test_the_category_page_says_it_and_copies_the_equation(linked_atlas, open_page):
    network = cache.network(linked_atlas.root, linked_atlas.models()[0], CHOICE)
    app = open_page("category", root=linked_atlas.root, category=network.name_of(2))
    assert header(app) == network.name_of(2)
    found = evidence_of(linked_atlas.root, NetworkPair.within(network), 2)
    agreed = cache.consensus(linked_atlas.root, network.info["label_set"], CHOICE)
    said = in_one_sentence(found, agreed)
    assert f"Explains {percent(found.figures.r2, 0)} of" in said
    assert found.refit and f"(refit {percent(found.refit.figures.r2, 0)}; " in said
    assert "of 2 networks" in said and "half-samples" in said and "the dense map" in said
    assert plain(said, 1500) in [text.value for text in app.markdown]
    codes = [code.value for code in app.code]
    written = (found.subject.name, found.equation, found.subject.intercept(found.equation))
    assert as_text(*written) in codes and as_latex(*written) in codes


def test_a_link_has_its_sentence_without_other_networks(linked_atlas, open_page):
    root, models = linked_atlas.root, linked_atlas.models()
    target, source = (cache.network(root, model, CHOICE) for model in models)
    folder = cache.linked_pairs(root)[target.name, source.name]
    pair = NetworkPair.between(target, source, cache.link(root, folder, CHOICE))
    app = open_page(
        "links", root=root, model=target.name, source=source.name, category=target.name_of(3)
    )
    assert not app.exception
    said = in_one_sentence(evidence_of(root, pair, 3))
    assert " networks" not in said
    assert plain(said, 1500) in [text.value for text in app.markdown]


def test_away_from_the_choice_stability_and_agreement_are_not_said(linked_atlas):
    network: Network = cache.network(linked_atlas.root, linked_atlas.models()[0], CHOICE)
    subject = Subject(NetworkPair.within(network), 2)
    held_out = cache.shared_holdout(linked_atlas.root, subject.pair)
    found = Evidence.at(subject, subject.path.position_of_size(1), True, *held_out)
    agreed = cache.consensus(linked_atlas.root, network.info["label_set"], CHOICE)
    said = in_one_sentence(found, agreed)
    assert len(found.equation) != subject.chosen
    assert "(refit; " in said and "1 random parent " in said
    assert "half-samples" not in said and " networks" not in said
