"""The engine: an Ollama server as typed values, events and errors, and nothing of any page."""

from components.engine.call import Call, Message
from components.engine.client import Engine
from components.engine.context import LEAST_ANSWER, Calibration, fits
from components.engine.events import (
    ContextChosen,
    Event,
    Finished,
    Stage,
    StageBegan,
    Text,
    Thought,
)
from components.engine.hosts import Host, Hosts
from components.engine.loop import BackgroundLoop
from components.engine.model import Loaded, Model
from components.engine.options import DEFAULT_NUM_PREDICT, Options
from components.engine.statistics import Statistics

__all__ = [
    "DEFAULT_NUM_PREDICT",
    "LEAST_ANSWER",
    "BackgroundLoop",
    "Calibration",
    "Call",
    "ContextChosen",
    "Engine",
    "Event",
    "Finished",
    "Host",
    "Hosts",
    "Loaded",
    "Message",
    "Model",
    "Options",
    "Stage",
    "StageBegan",
    "Statistics",
    "Text",
    "Thought",
    "fits",
]
