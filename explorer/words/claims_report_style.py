"""Looks of the claims report, and the few lines that draw its plots in the reader's light or dark."""

from explorer.theme import DARK, FONT, LIGHT, Palette


def _variables(colours: Palette) -> str:
    return (
        f"--ground:{colours.ground};--ink:{colours.ink};--faint:{colours.faint};--line:{colours.line};"
        f"--accent:{colours.accent}"
    )


STYLE = (
    f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    f"body{{margin:0;background:var(--ground);color:var(--ink);font:17px/1.55 {FONT}}}"
    "main{max-width:76rem;margin:0 auto;padding:1.5rem 1rem 4rem}p,dl{max-width:46rem}"
    "h1{line-height:1.2}h2{margin-top:3rem;border-top:1px solid var(--line);padding-top:1.5rem}"
    "a{color:var(--accent)}dt{color:var(--faint);margin-top:.5rem}dd{margin:0}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;"
    "border-bottom:1px solid var(--line)}th[scope=row]{min-width:15rem}"
    "summary{cursor:pointer;margin:.6rem 0}"
    "@media print{details>*{display:block}}"
)

DRAW = """
const dark = matchMedia("(prefers-color-scheme: dark)");
function draw() {
  for (const [name, looks] of Object.entries(PLOTS)) {
    const figure = looks[dark.matches ? "dark" : "light"];
    Plotly.react(`plot-${name}`, figure.data, figure.layout, {displaylogo: false, responsive: true});
  }
}
dark.addEventListener("change", draw);
draw();
"""
