"""Files in S3: put, read, linked to, removed. All names are of our own making."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.aws.backoff import attempts
from chalicelib.errors import WebspinError

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._/-]{0,199}")
_MISSING = {"NoSuchKey", "404"}


class Bucket:
    """Implements `ports.Bucket`. A name has letters, digits, `.`, `_`, `-` and `/`; ValueError else."""

    def __init__(self, s3: Callable[[], Any], name: str) -> None:
        self._s3 = s3
        self._name = name

    def put_once(self, name: str, body: bytes, kind: str) -> bool:
        from botocore.exceptions import ClientError

        call = {**self._at(name), "Body": body, "ContentType": kind, "IfNoneMatch": "*"}
        for _ in attempts():
            try:
                self._s3().put_object(**call)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "PreconditionFailed":
                    return False
                if code != "ConditionalRequestConflict":
                    raise
                if self.get(name) is not None:  # of two at once the other's was kept
                    return False
            else:
                return True
        raise WebspinError(f"{name} is not kept after several tries: others put it and failed")

    def put(self, name: str, body: bytes, kind: str) -> None:
        self._s3().put_object(**self._at(name), Body=body, ContentType=kind)

    def remove(self, names: Sequence[str]) -> None:
        for name in names:
            self._s3().delete_object(**self._at(name))

    def get(self, name: str) -> bytes | None:
        from botocore.exceptions import ClientError

        try:
            found = self._s3().get_object(**self._at(name))
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
        body: bytes = found["Body"].read()
        return body

    def names(self, prefix: str) -> list[str]:
        pages = self._s3().get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=_named(prefix))
        return sorted(entry["Key"] for page in pages for entry in page.get("Contents", ()))

    def link(self, name: str, *, seconds: int, save_as: str = "") -> str:
        asked = self._at(name)
        if save_as:
            asked["ResponseContentDisposition"] = f'attachment; filename="{_named(save_as)}"'
        link: str = self._s3().generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)
        return link

    def _at(self, name: str) -> dict[str, Any]:
        return {"Bucket": self._name, "Key": _named(name)}


def _named(name: str) -> str:
    if not _NAME.fullmatch(name) or ".." in name or "//" in name:
        raise ValueError("a file's name has letters, digits, . _ - and / between its parts")
    return name
