"""What dependencies between 18,710 characters look like: measured once, told on the page Learn.

Every figure is of all 54,599 pictures of `demo --characters`: 36,651 to fit on, 17,948 held out, 22
typefaces; solved in float64 over all categories. About zero is the paper's problem. The cosines between
pictures are of 1,500 of the common Chinese characters.
"""

from dataclasses import dataclass

MAKE = """\
apt-get install fontconfig fonts-noto-cjk fonts-wqy-zenhei fonts-wqy-microhei fonts-arphic-ukai \\
    fonts-arphic-uming fonts-lxgw-wenkai fonts-ipafont fonts-dejavu-core fonts-symbola
pip install --no-deps rapidocr==3.10.0
python -m precompute demo --characters --center --atlas characters
streamlit run app.py -- --atlas characters"""

WHAT = (
    "PP-OCRv6 (small) reads lines of text: 18,710 categories, all made of 120 features. The "
    "program draws each character in up to three typefaces of your machine, a little different "
    "each time in size, place, rotation, contrast, blur and noise; one of the three is held out, "
    "so no glyph is on both sides. Of the steps of a line that one counts where the network is "
    "surest of a character."
)

SOURCES = (
    "Measured on 54,599 pictures in 22 typefaces, 36,651 of them to fit on: equations of 8 parents, "
    "refit, judged on the others. By lot: with the parents of another character. Radicals and "
    "variants: Unihan 15.0; components: kfcd/chaizi (CC BY 3.0). These figures are not those of "
    "an atlas that you have open."
)


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a title, and a text with its figures beside what they must be read with."""

    title: str
    text: str


FINDINGS = (
    Finding(
        "What it reads",
        "Top-1 is 95 % on the common Chinese characters (those of GB 2312), 42 % on other Chinese "
        "ones, 64 % on kana, and 6 % on what is neither these nor ASCII. Errors resemble what was "
        "drawn: it takes 😗 for ③ and Ũ for U.",
    ),
    Finding(
        "A quarter is one category",
        "5,112 of the 18,710 have the same weights up to a factor (cosine above 0.99): rare "
        "characters, pictures, accented letters, as if the network had never met them. Each is "
        "written in any other with R² near 1, which says nothing of characters. What follows is about "
        "the other 13,598.",
    ),
    Finding(
        "A good R² is cheap",
        "With 120 features, eight random characters already reach a median R² of 0.89, and the "
        "parents of another character 0.87. CovLasso reaches 0.91 as in the paper and 0.93 about the "
        "mean (`--center`). The eight most correlated characters beat both: 0.96.",
    ),
    Finding(
        "About zero, one alphabet writes all",
        "Without `--center` equations spend their parents on what all logits share: 仲 is a parent of "
        "88 % of all characters, and 96 % are nobody's parent. About the mean the favourite, 內, has "
        "48 %, and 85 % are nobody's.",
    ),
    Finding(
        "Components and radicals",
        "About the mean the strongest parent shares a component with its target in 33 % of Chinese "
        "characters (by lot 3 %), and the radical in 25 % (2 %); about zero in 17 % (3 %) and 14 % (2 "
        "%). The most correlated character does in 78 % and 61 %.",
    ),
    Finding(
        "Look-alikes, in whatever script",
        "About the mean 水 (water) is written with 冰 (ice) and 永, 未 with 末, 己 with 已, ★ with ☆, and "
        "the kana カ (ka) with the Chinese 力 (strength), which looks the same and sounds otherwise.",
    ),
    Finding(
        "Shape counts more than sound",
        "Among a character's eight most correlated are its small or large form in 61 % of kana, its "
        "simplified, traditional or other variant in 49 %, its other case in 39 %, and the kana of "
        "the same sound in only 11 %. Among its parents about the mean they are rare: 14, 11, 2 and 4 "
        "% (pairs dealt by lot: 5, 0, 0 and 1 %).",
    ),
    Finding(
        "Fonts leave hardly a trace",
        "The family of the typeface explains 0.6 % of the variance of logits of common Chinese "
        "characters (dealt by lot 0.05 %). One character in two typefaces has centred logits with a "
        "mean cosine of 0.74, two characters in one typeface 0.01. Equations about the mean hold in "
        "every family: R² 0.89 to 0.92.",
    ),
)
