"""The fixtures of the stages, for whole stories on real servers."""

from tests.stages.conftest import feeds

__all__ = ["feeds"]
