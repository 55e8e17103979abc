"""The API: what the console does, for programs. Read `web/operations.py` first: it is the whole of it.

`gate.py` lets a request in and an answer out; each module named in the table holds the models of its
resource and one function an operation, which calls what the console's pages call. `openapi.py` tells the
world, from the same table and the same models. Pydantic is loaded by these modules alone.
"""
