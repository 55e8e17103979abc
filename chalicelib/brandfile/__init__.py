"""A brand as one file: read, checked, written and loaded. docs/brand-file.md explains the file.

`lines.py` (YAML with the line of everything), `values.py` and `forms.py` (what may stand where), `faults.py`
(what is wrong, in plain words), `file.py` (from file to brand), `load.py` (from brand to table). It needs
pydantic, so nothing loads it but what has a brand to change.
"""
