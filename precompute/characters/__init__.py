"""Characters of many writing systems, drawn from fonts, and a recogniser that knows 18,708 of them."""
