"""The map of a whole atlas: a Streamlit component that draws every category with WebGL."""
