"""The engine: an Ollama server as typed values, events and errors, and nothing of any page."""

from components.engine.admission import Demand
from components.engine.background_loop import BackgroundLoop
from components.engine.call import Call, Message
from components.engine.client import Engine
from components.engine.context import (
    LEAST_ANSWER,
    PICTURE_TOKENS,
    Calibration,
    choose_num_ctx,
    fits,
)
from components.engine.default_model import is_tiny, ranked
from components.engine.events import (
    ContextChosen,
    Event,
    Finished,
    Stage,
    StageBegan,
    Text,
    Thought,
)
from components.engine.exceptions import UNREADABLE
from components.engine.hosts import Host, Hosts
from components.engine.machine import free_memory, memory
from components.engine.model import Loaded, Model, has_cloud_name
from components.engine.model_details import Details
from components.engine.model_management import Management
from components.engine.options import DEFAULT_NUM_PREDICT, Options
from components.engine.pull_progress import PullProgress
from components.engine.statistics import Statistics
from components.engine.suggestions import Suggestion, suggestions
from components.engine.supervised_loop import described, repeated

__all__ = [
    "DEFAULT_NUM_PREDICT",
    "LEAST_ANSWER",
    "PICTURE_TOKENS",
    "UNREADABLE",
    "BackgroundLoop",
    "Calibration",
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
    "Suggestion",
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
