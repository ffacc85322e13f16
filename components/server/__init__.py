"""The server that `make run` starts: `python -m components.server`."""

from components.server.app import create_app

__all__ = ["create_app"]
