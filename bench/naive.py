"""What a Streamlit chat usually is: `st.write_stream`; for comparison only.

Over Ollama's client, or with BENCH_TOKENS over a generator of as many tokens at the same rate,
which costs next to nothing: what is left is the price of showing them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import ollama
import streamlit as st

from bench.pacing import RATE, token


def generated(tokens: int) -> Iterator[str]:
    """Write `tokens` tokens at RATE."""
    began = time.monotonic()
    for number in range(tokens):
        time.sleep(max(began + number / RATE - time.monotonic(), 0))
        yield token(number)


def answered() -> Iterator[str]:
    """Write what the server writes."""
    client = ollama.Client(os.environ["OLLAMA_HOST"], trust_env=False)
    messages = [{"role": "user", "content": "Write."}]
    for part in client.chat(os.environ["BENCH_MODEL"], messages, stream=True):
        yield part.message.content or ""


if st.button("Analyse"):
    tokens = int(os.environ.get("BENCH_TOKENS", "0"))
    st.write_stream(generated(tokens) if tokens else answered())
