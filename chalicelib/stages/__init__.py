"""What happens, one file a stage, in the order of the pipeline:

    tick -> listen (polls), hear (webhooks) -> understand -> respond (+ alert) -> answer (a person) -> deliver
    wish -> plan (a person; single: one delivery of a post; brake) -> tick -> deliver (owners: what a case or
    a post makes of it) -> measure -> relate (the morning's list), teach (what corrections taught) -> evaluate
    (gather: the month's facts)

The order of effects is the design: each module's docstring says it, `tests/stages` crashes between
any two of them.
"""
