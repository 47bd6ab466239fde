"""One reader's connection to the dashboard without a browser: Streamlit's own protocol."""

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(frozen=True)
class Answer:
    """What came of one rerun."""

    seconds: float  # from the request to the end of the script
    received: int  # bytes
    title: str | None  # the page's heading
    error: str | None  # the first exception that the page shows


class Session:
    """A connection over which pages are asked for."""

    def __init__(self, socket):
        self._socket = socket

    async def rerun(self, page: str, query: str = "") -> Answer:
        """Ask for a page of the dashboard and wait until its script has ended."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        start, received, title, error = time.perf_counter(), 0, None, None
        await self._socket.send(message.SerializeToString())
        while True:
            data = await self._socket.recv()
            received += len(data)
            answer = ForwardMsg.FromString(data)
            kind = answer.WhichOneof("type")
            element = answer.delta.new_element if kind == "delta" else None
            if element is not None and element.HasField("exception"):
                error = error or element.exception.message
            if element is not None and element.heading.tag == "h1":
                title = element.heading.body
            if kind == "script_finished":
                return Answer(time.perf_counter() - start, received, title, error)


@asynccontextmanager
async def open_session(address: str):
    """A connection to the dashboard at `address` until the block ends."""
    url = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    async with websockets.connect(url, subprotocols=["streamlit"], max_size=None) as socket:
        yield Session(socket)
