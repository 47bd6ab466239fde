"""ONNX files read, and shown more of, without the package onnx: what little of protobuf that takes.

A message is a chain of fields, each a number with its kind, and a value.
"""

from collections.abc import Iterator

_WHOLE, _BYTES = 0, 2
_WIDTH = {1: 8, 5: 4}  # bytes of the kinds that have a fixed width


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field: a whole number, or bytes. Raises ValueError for what is no
    message."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == _WHOLE:
            value, place = _varint(message, place)
            yield key >> 3, value
            continue
        if kind not in (_BYTES, *_WIDTH):
            raise ValueError(f"a field of kind {kind}")
        length, place = _varint(message, place) if kind == _BYTES else (_WIDTH[kind], place)
        if place + length > len(message):
            raise ValueError("a field that is cut short")
        yield key >> 3, message[place : place + length]
        place += length


def showing(model: bytes, tensors: tuple[str, ...]) -> bytes:
    """An ONNX file that has these inner tensors as outputs, too.

    Of two protobuf messages written one after the other, a reader makes one with the fields of both:
    nothing of the file need be understood. A model's field 7 is its graph, whose field 12 are its outputs,
    whose field 1 is their name.
    """
    outputs = b"".join(_field(12, _field(1, name.encode())) for name in tensors)
    return model + _field(7, outputs)


def _field(number: int, data: bytes) -> bytes:
    """A protobuf field of bytes: its number and kind, its length, seven bits a byte, and itself."""
    length, rest = [], len(data)
    while rest > 127:
        length.append(rest & 127 | 128)
        rest >>= 7
    return bytes([number << 3 | _BYTES, *length, rest]) + data


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value, shift = 0, 0
    while place < len(data):
        byte = data[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if not byte & 128:
            return value, place
    raise ValueError("a number that is cut short")
