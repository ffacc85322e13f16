"""What a Streamlit chat usually is: `st.write_stream` over the client; for comparison only."""

from __future__ import annotations

import os

import ollama
import streamlit as st

client = ollama.Client(os.environ["OLLAMA_HOST"], trust_env=False)
if st.button("Analyse"):
    messages = [{"role": "user", "content": "Write."}]
    parts = client.chat(os.environ["BENCH_MODEL"], messages, stream=True)
    st.write_stream(part.message.content for part in parts)
