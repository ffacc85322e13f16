"""Find an Ollama on this computer or build a private one, start it, and end it with the app.

Public: `locate` and its `Located`; `OllamaProcess`, a server that the app starts; `start_private`,
the private one with its model; `first_model`, a model worth reading for it; `problem`, why the last
setup failed. `root` is the private Ollama's folder (`Settings.ollama_folder`).
"""

from components.engine.private import first_model
from components.engine.private.folder import Folder, problem
from components.engine.private.locate import Located, locate
from components.engine.private.ollama_process import OllamaProcess
from components.engine.private.start import start_private

__all__ = [
    "Folder",
    "Located",
    "OllamaProcess",
    "first_model",
    "locate",
    "problem",
    "start_private",
]
