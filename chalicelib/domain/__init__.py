"""Rules: pure. Time and data come in, a decision with its reason goes out."""
