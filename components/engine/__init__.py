"""The engine: an Ollama server as typed values, events and errors, and nothing of any page."""

from components.engine.admission import Demand
from components.engine.background_loop import BackgroundLoop, repeated
from components.engine.call import DEFAULT_NUM_PREDICT, Call, Message, Options
from components.engine.client import Engine
from components.engine.context import LEAST_ANSWER, PICTURE_TOKENS, choose_num_ctx, fits
from components.engine.events import (
    ContextChosen,
    Event,
    Finished,
    Stage,
    StageBegan,
    Statistics,
    Text,
    Thought,
)
from components.engine.exceptions import UNREADABLE, described
from components.engine.hosts import Host, Hosts
from components.engine.model import Details, Loaded, Model, has_cloud_name
from components.engine.model_choice import free_memory, is_tiny, memory, ranked, suggestions
from components.engine.model_management import Management
from components.engine.model_pull import PullProgress

__all__ = [
    "DEFAULT_NUM_PREDICT",
    "LEAST_ANSWER",
    "PICTURE_TOKENS",
    "UNREADABLE",
    "BackgroundLoop",
    "Call",
    "ContextChosen",
    "Demand",
    "Details",
    "Engine",
    "Event",
    "Finished",
    "Host",
    "Hosts",
    "Loaded",
    "Management",
    "Message",
    "Model",
    "Options",
    "PullProgress",
    "Stage",
    "StageBegan",
    "Statistics",
    "Text",
    "Thought",
    "choose_num_ctx",
    "described",
    "fits",
    "free_memory",
    "has_cloud_name",
    "is_tiny",
    "memory",
    "ranked",
    "repeated",
    "suggestions",
]
