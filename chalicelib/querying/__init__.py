"""The query language of watches: from what a person types to the tree that is matched (`domain/query.py`).

Loaded only where a watch is kept or tried: what matches takes the tree from the table. docs/listening.md is
for who writes queries.
"""
