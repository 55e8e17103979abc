"""What happens, one file a stage, in the order of the pipeline:

    listen (polls), hear (webhooks) -> understand -> respond (+ alert) -> answer (a person) -> deliver

The order of effects is the design: each module's docstring says it, `tests/stages` crashes between
any two of them.
"""
