"""HOW WE FIND WHAT A BRAND KNOWS: its pages cut into passages, the words of both stemmed, SQLite's full-text
index over them. Loaded where a brand has knowledge, and nowhere else."""
