"""Help texts, the glossary, citations, and how names and numbers are written."""
