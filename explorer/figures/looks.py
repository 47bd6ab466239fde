"""What Plotly figures share: names that are never markup, and colours that let others through."""


def safe(text: str) -> str:
    """Plotly reads a few HTML tags in text; names must not bring their own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def faded(colour: str, opacity: float) -> str:
    """A colour (#rrggbb) that lets others through, as Plotly wants it."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
