"""The HTTP API: what a program asks of the same server, jobs and store as the pages.

`routes` holds the table of operations, which Starlette's routes and the OpenAPI document are both
made of. `operations` does what they say, by way of `components.scripting`.
"""

from components.server.api.routes import api_routes

__all__ = ["api_routes"]
