"""The table: one module a port, over one DynamoDB table whose keys are in `keys.py`.

Nothing is imported here: a Lambda loads only the modules it uses.
"""
