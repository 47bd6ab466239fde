"""What categories have to do with each other in the eyes of people, as far as WordNet and names tell."""
