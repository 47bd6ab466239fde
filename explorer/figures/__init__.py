"""From frames to pictures: Plotly figures, small graphs, the map."""
