"""Analyses that run whether or not anyone watches."""

from components.jobs.runner import Runner

__all__ = ["Runner"]
