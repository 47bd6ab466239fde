"""Readers of an atlas's files; nothing here knows Streamlit."""
