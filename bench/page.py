"""The page as its websocket sees it: a client that clicks and reads, and paints nothing.

A browser on the same two cores takes processor time from the model, which says something about
this computer and nothing about the page; this client takes next to none. It speaks Streamlit's own
protocol, of the version that is installed.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

_TAG = re.compile(r"<[^>]*>")

#: Seconds without a message after which a bench fails, instead of waiting for what does not come.
_SILENCE_SECONDS = 120.0


def letters(text: str) -> int:
    """Count what markdown cannot change."""
    return sum(one.isascii() and one.isalpha() for one in text)


class PageClient:
    """One session of the app at `address` (http://host:port), from its first run on.

    `headers` go with the request for the websocket, as a reverse proxy adds them.
    """

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self._opening = connect(
            address.replace("http://", "ws://") + "/_stcore/stream",
            origin=address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            close_timeout=0.1,
        )
        self._socket: ClientConnection = self._opening.__enter__()
        self._query = ""
        self.buttons: dict[str, str] = {}  # the id of each button on the page, by its label
        self._values: dict[str, str] = {}  # of fields of text and choices, by the widget's id
        self._seen: dict[tuple[int, ...], int] = {}
        self._received = 0  # bytes
        self._cached: set[str] = set()  # hashes of messages that are not sent again
        self._has_ended = False  # whether the last run has, and no other follows it at once

    def close(self) -> None:
        """End the session."""
        self._opening.__exit__(None, None, None)

    def run(
        self, *, click: str | None = None, query: str | None = None, page: str | None = None
    ) -> None:
        """Ask for a run of the page, with the button `click` clicked; does not wait for it.

        The values of the widgets go with it, as a browser sends them. `page` is the address of
        another page, empty for the first.
        """
        message = BackMsg()
        if page is not None:
            message.rerun_script.page_name = page
        message.rerun_script.cached_message_hashes.extend(self._cached)
        if query is not None:
            self._query = query
        message.rerun_script.query_string = self._query
        widgets = message.rerun_script.widget_states.widgets
        for widget, value in self._values.items():
            widgets.add(id=widget, string_value=value)
        if click is not None:
            widgets.add(id=self.buttons[click], trigger_value=True)
        self._socket.send(message.SerializeToString())

    def paint(self, page: str, query: str | None = None) -> int:
        """Run a page to its end; return the bytes of what was sent."""
        before, self._has_ended = self._received, False
        self.run(query=query, page=page)
        messages = self._messages()
        while not self._has_ended:
            next(messages)
        return self._received - before

    def until_button(self, label: str) -> None:
        """Read until the button `label` is on the page and the run has ended."""
        self.buttons.pop(label, None)
        for kind in self._messages():
            if kind == "script_finished" and label in self.buttons:
                return

    def until(self, text: bytes) -> None:
        """Read until a message holds `text`."""
        for data in self._socket:
            if text in data:
                return

    def raw(self) -> Iterator[bytes]:
        """Give the messages as they are."""
        for data in self._socket:
            yield data if isinstance(data, bytes) else data.encode()

    def letters(self) -> Iterator[tuple[float, int]]:
        """Give the monotonic time and the letters of the analysis at each change of it.

        A finished block comes before the tail that it was is taken away: for that moment its
        letters are there twice, and that is no change.
        """
        last = (0.0, 0)
        for kind in self._messages():
            count = sum(self._seen.values())
            if kind == "delta" and count != last[1]:
                if 0 < last[1] <= count:
                    yield last
                last = (time.monotonic(), count)

    def _messages(self) -> Iterator[str]:
        while True:
            data = self._socket.recv(timeout=_SILENCE_SECONDS)
            message = ForwardMsg()
            message.ParseFromString(data)
            kind = message.WhichOneof("type") or ""
            self._received += len(data)
            if message.metadata.cacheable:
                self._cached.add(message.hash)
            if kind == "script_finished":
                self._has_ended = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            if kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta":
                self._take(message)
            yield kind

    def _take(self, message: ForwardMsg) -> None:
        path = tuple(message.metadata.delta_path)
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        self._seen.pop(path, None)
        if kind == "button":
            self.buttons[element.button.label] = element.button.id
        elif kind in ("text_input", "text_area"):
            field = getattr(element, kind)
            self._values[field.id] = field.value if field.set_value else field.default
        elif kind == "selectbox" and element.selectbox.options:
            box = element.selectbox
            chosen = box.raw_value if box.set_value else box.options[box.default]
            self._values[box.id] = chosen
        elif kind == "html" and "fr-analysis" in element.html.body[:40]:
            text = html.unescape(_TAG.sub("", element.html.body))
            self._seen[path] = letters(text)
