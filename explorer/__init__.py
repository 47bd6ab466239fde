"""The dashboard over an atlas: reads its tables, never imports torch."""
