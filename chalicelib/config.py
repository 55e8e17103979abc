"""Everything this program reads from its environment, read once, on first use.

`infra/resources.yaml` sets these (section Globals); `tests/conftest.py` sets them for tests.
"""

import os
from dataclasses import dataclass
from functools import cache

from chalicelib.tasks import QUEUES

QUEUE_NAMES = QUEUES


@dataclass(frozen=True, slots=True)
class Settings:
    """`queue_urls` and `dead_urls` by logical queue name (`tasks.py`).

    `region` is the one we run in, as Lambda says. `http_allow` are the exact host:port pairs that the guard
    of `http.py` lets through although they lie inside the network; only the local run and tests set it. The
    `sso_...` are "" where the organisation has no sign-in of its own; `webhook_url`, where sources call us,
    is told to the console and to who asks hubs to call.
    """

    stage: str
    table_name: str
    bucket_name: str
    queue_urls: dict[str, str]
    dead_urls: dict[str, str]
    secrets_path: str
    user_pool_id: str
    user_client_id: str
    jwks_url: str
    token_issuer: str
    region: str
    sso_host: str
    sso_client_id: str
    sso_provider: str
    sso_callback: str
    webhook_url: str
    http_allow: frozenset[tuple[str, int]]


@cache
def settings() -> Settings:
    """Raises KeyError naming every missing variable at once."""
    names = [
        "STAGE",
        "TABLE_NAME",
        "BUCKET_NAME",
        "SECRETS_PATH",
        "USER_POOL_ID",
        "USER_CLIENT_ID",
        "JWKS_URL",
        "TOKEN_ISSUER",
    ]
    urls = [f"{queue.upper()}_QUEUE_URL" for queue in QUEUE_NAMES]
    dead = [f"{queue.upper()}_DEAD_URL" for queue in QUEUE_NAMES]
    if missing := [name for name in names + urls + dead if not os.environ.get(name)]:
        raise KeyError(f"missing from the environment: {', '.join(missing)}")
    stage, table, bucket, path, pool, client, jwks, issuer = (os.environ[name] for name in names)
    return Settings(
        stage=stage,
        table_name=table,
        bucket_name=bucket,
        queue_urls=dict(zip(QUEUE_NAMES, (os.environ[name] for name in urls), strict=True)),
        dead_urls=dict(zip(QUEUE_NAMES, (os.environ[name] for name in dead), strict=True)),
        secrets_path=path.rstrip("/"),
        user_pool_id=pool,
        user_client_id=client,
        jwks_url=jwks,
        token_issuer=issuer,
        region=os.environ.get("AWS_REGION", ""),
        sso_host=os.environ.get("SSO_HOST", ""),
        sso_client_id=os.environ.get("SSO_CLIENT_ID", ""),
        sso_provider=os.environ.get("SSO_PROVIDER", ""),
        sso_callback=os.environ.get("SSO_CALLBACK", ""),
        webhook_url=os.environ.get("WEBHOOK_URL", ""),
        http_allow=_pairs(os.environ.get("HTTP_ALLOW", "")),
    )


def _pairs(text: str) -> frozenset[tuple[str, int]]:
    """`127.0.0.1:4570,localhost:4571` as pairs."""
    found = (pair.rpartition(":") for pair in text.split(",") if pair)
    return frozenset((host, int(port)) for host, _, port in found)
