"""Print a SAM template as the plain CloudFormation that AWS makes of it.

    .venv-local/bin/python -m infra.expand build/prod-.../sam.json > expanded.json

For cfn-lint, which by itself looks into a Serverless function or API hardly at all. Runs in the virtual
environment of the emulator, which has the translator that AWS publishes.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any


class _NoManagedPolicies:
    """The translator asks IAM for these; we use none."""

    def load(self) -> dict[str, str]:
        return {}


def expand(template: Any) -> Any:
    """`template` is changed: a function's code becomes an address in S3, as at deployment."""
    from samtranslator.translator.transform import transform

    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/deployment.zip"
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    return transform(template, {}, _NoManagedPolicies())


if __name__ == "__main__":
    print(json.dumps(expand(json.loads(Path(sys.argv[1]).read_text())), indent=1))
