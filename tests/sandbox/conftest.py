from tests.sandbox.workers import workers

__all__ = ["workers"]
