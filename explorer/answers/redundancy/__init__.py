"""What the page on redundancy asks: spectrum, small errors, and what dependencies agree with."""
