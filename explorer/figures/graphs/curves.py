"""How one line of a small graph runs, in pixels. Places are complex numbers, y down.

`curves.js` says the same for the page, whose width only the browser knows; a test holds both together.
"""

from explorer.figures.graphs.rules import RULES

Curve = tuple[complex, complex, complex, complex]  # Bézier: start, two control points, end


def curve(a: complex, b: complex, bow: float = 0.0, out: float = 0.0) -> Curve:
    """From a to b: bent to one side by `bow`, a part of its length, or level at both ends, with its middle
    moved to the right by `out`."""
    if bow:
        bend = (a + b) / 2 - 1j * bow * (b - a)
        return a, bend, bend, b
    middle = (a.real + b.real) / 2 + out
    return a, complex(middle, a.imag), complex(middle, b.imag), b


def arrow(line: Curve, radius: float, width: float) -> tuple[Curve, tuple[complex, ...]]:
    """The line up to the head of an arrow that stops at its end's rim, and the head's three corners."""
    a, p, q, b = line
    ahead = (b - q) / (abs(b - q) or 1.0)
    long = RULES.head + width
    tip = b - ahead * (radius + RULES.rim)
    neck = tip - ahead * long
    wing = 1j * ahead * RULES.wing * long
    return (a, p, q, neck), (tip, neck + wing, neck - wing)


def along(t: float, line: Curve) -> complex:
    """A place on the line, t from 0 to 1."""
    s = 1 - t
    a, p, q, b = line
    return s**3 * a + 3 * s * s * t * p + 3 * s * t * t * q + t**3 * b


def word_places(
    written: list[tuple[Curve, float, float]], names: list[tuple[complex, float]]
) -> list[complex]:
    """Where the words of some lines (line, its middle for this, width of the word) stand: there, or at the
    next place along the line that covers no other word, nor one of these names (middle, width)."""
    taken, found = list(names), []
    for line, middle, wide in written:
        places = [along(middle + off, line) for off in RULES.tries]
        place = next((place for place in places if _free(place, wide, taken)), places[0])
        taken.append((place, wide))
        found.append(place)
    return found


def _free(place: complex, wide: float, taken: list[tuple[complex, float]]) -> bool:
    return all(
        abs(place.imag - other.imag) > RULES.high
        or abs(place.real - other.real) > (wide + width) / 2 + RULES.wide
        for other, width in taken
    )
