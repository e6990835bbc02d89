"""Where an HTTP request ends, whatever pieces it comes in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.intake import MOST_BODY, MOST_HEAD, Intake

HEAD = b"POST /login HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
REQUESTS = (
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    HEAD + b"content-LENGTH:  11 \r\n\r\nname=Anna&a",
    HEAD + b"Content-Length: 0\r\n\r\n",
    CHUNKED + b"0\r\n\r\n",
    CHUNKED + b"5;a=b\r\nname=\r\n4\r\nAnna\r\n0\r\n\r\n",
    CHUNKED + b"A\r\n\r\n0\r\n\r\n123\r\n0\r\nTrailer: x\r\n\r\n",  # the data look like an end
)


def intake_of(*pieces: bytes) -> Intake:
    intake = Intake()
    for piece in pieces:
        intake.add(piece)
    return intake


@pytest.mark.parametrize("request_bytes", REQUESTS)
def test_a_request_is_complete_with_its_last_byte(request_bytes: bytes) -> None:
    intake = Intake()
    for number, byte in enumerate(request_bytes):
        assert not intake.is_complete, request_bytes[:number]
        intake.add(bytes([byte]))
    assert intake.is_complete and not intake.is_too_long
    assert bytes(intake.data) == request_bytes


@pytest.mark.parametrize("request_bytes", REQUESTS)
@pytest.mark.parametrize("following", [b"", b"G", REQUESTS[0]])
def test_it_is_complete_in_one_piece_too_also_with_the_next_behind_it(
    request_bytes: bytes, following: bytes
) -> None:
    assert intake_of(request_bytes + following).is_complete


@pytest.mark.parametrize(
    "too_long",
    [
        b"GET /" + b"a" * MOST_HEAD,
        HEAD + b"Content-Length: 999999999999\r\n\r\n",
        CHUNKED + b"FFFFFF\r\n" + b"a" * (MOST_BODY + 1),
        CHUNKED + b"0\r\n" + b"a: b\r\n" * MOST_BODY,
    ],
)
def test_what_is_too_long_is_cut_off(too_long: bytes) -> None:
    intake = intake_of(too_long)
    assert intake.is_complete and intake.is_too_long


def test_endless_chunks_become_a_body_that_is_too_long() -> None:
    intake = intake_of(CHUNKED + b"FFFFFF\r\n" + b"a" * (MOST_BODY + 1))
    assert intake.as_request.startswith(HEAD + b"Content-Length: 131")
    assert b"chunked" not in intake.as_request
    assert intake_of(REQUESTS[4]).as_request == REQUESTS[4]


@pytest.mark.parametrize("size", [b"", b"x", b"-1", b"1 2"])
def test_chunks_that_are_none_are_the_parsers_business(size: bytes) -> None:
    assert intake_of(CHUNKED + size + b"\r\n\r\n").is_complete


def test_a_client_that_waits_to_be_asked_is() -> None:
    intake = intake_of(HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert intake.wants_to_be_asked
    intake.add(b"a=")
    assert not intake.wants_to_be_asked
    assert not intake_of(REQUESTS[1][:-1]).wants_to_be_asked


@given(st.sampled_from(REQUESTS), st.lists(st.integers(0, 120), max_size=6))
def test_the_pieces_do_not_matter(request_bytes: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(request_bytes), *(min(cut, len(request_bytes)) for cut in cuts)})
    pieces = [request_bytes[begin:end] for begin, end in pairwise(places)]
    assert not intake_of(*pieces[:-1]).is_complete
    assert intake_of(*pieces).is_complete


@given(st.binary(max_size=300))
def test_anything_at_all_is_taken_in(rubbish: bytes) -> None:
    intake = intake_of(rubbish, b"\r\n\r\n")
    assert bytes(intake.data).startswith(rubbish)
