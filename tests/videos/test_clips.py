"""The clips themselves: files that a phone can play, with captions that fit and say what is said."""

from __future__ import annotations

import datetime as dt
import shutil
import struct
from pathlib import Path

import pytest

from selfcare.videos import packs
from selfcare.videos.packs import FILES, PACKS, Video

VIDEOS = [pytest.param(video, id=video.id) for video in packs.catalogue()]
NEVER_DUE = dt.date(2026, 1, 1)


def boxes(data: bytes) -> list[tuple[str, bytes]]:
    """The boxes of an MP4, or of one box: (kind, content) in order."""
    found, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", data[at + 8 : at + 16])[0], 16
        found.append((kind.decode("latin-1"), data[at + head : at + size]))
        at += size or len(data)
    return found


def inside(data: bytes, *way: str) -> list[bytes]:
    """The contents of every box at the end of this way."""
    for kind in way[:-1]:
        data = b"".join(content for name, content in boxes(data) if name == kind)
    return [content for name, content in boxes(data) if name == way[-1]]


def seconds_of(film: bytes) -> float:
    """What the movie header says, version 0."""
    (header,) = inside(film, "moov", "mvhd")
    scale, length = struct.unpack(">II", header[12:20])
    return float(length) / float(scale)


def tracks(film: bytes) -> dict[str, str]:
    """Kind of track → its codec."""
    found = {}
    for track in inside(film, "moov", "trak"):
        (handler,) = inside(track, "mdia", "hdlr")
        (samples,) = inside(track, "mdia", "minf", "stbl", "stsd")
        found[handler[8:12].decode()] = samples[12:16].decode()
    return found


@pytest.mark.parametrize("video", VIDEOS)
def test_a_phone_can_play_it_and_begins_before_it_has_all(video: Video) -> None:
    film = (FILES / f"{video.id}.mp4").read_bytes()
    assert tracks(film) == {"vide": "avc1", "soun": "mp4a"}
    order = [kind for kind, _content in boxes(film)]
    assert order.index("moov") < order.index("mdat"), (
        "the index comes after the film: nothing plays until all is there"
    )
    assert seconds_of(film) == pytest.approx(video.seconds, abs=0.5)
    assert 20 <= video.seconds <= 45
    assert len(film) < 500_000


@pytest.mark.parametrize("video", VIDEOS)
def test_its_pictures_are_small_enough_for_a_list(video: Video) -> None:
    for ending in (".webp", "-card.webp"):
        picture = (FILES / f"{video.id}{ending}").read_bytes()
        assert picture[:4] == b"RIFF"
        assert picture[8:12] == b"WEBP"
        assert len(picture) < 12_000


@pytest.mark.parametrize("video", VIDEOS)
def test_captions_and_transcript_agree_word_for_word(video: Video) -> None:
    cues = packs.read_cues((FILES / f"{video.id}.{video.language}.vtt").read_text("utf-8"))
    assert " ".join(cue.text for cue in cues).split() == " ".join(video.transcript).split()


@pytest.mark.parametrize("video", VIDEOS)
def test_every_caption_lies_inside_the_film_and_can_be_read_in_time(video: Video) -> None:
    for track in video.captions:
        before = 0.0
        for cue in packs.read_cues((FILES / f"{video.id}.{track.language}.vtt").read_text("utf-8")):
            assert before <= cue.start < cue.end <= video.seconds
            # 20 characters a second is what adults follow with ease; slower readers have the transcript.
            assert len(cue.text) / (cue.end - cue.start) <= 20, cue
            before = cue.end


def test_the_packs_are_complete() -> None:
    assert packs.check_packs(today=NEVER_DUE) == []
    assert len(packs.catalogue()) >= 4


def test_nobody_has_approved_them_yet_and_nothing_says_otherwise() -> None:
    assert all(not video.reviewed_by for video in packs.catalogue())
    assert [packs.approved(video) for video in packs.catalogue()] == [None] * len(packs.catalogue())


def changed(tmp_path: Path, name: str, old: str, new: str) -> list[str]:
    """What the check says after one change to one pack."""
    shutil.copytree(PACKS, tmp_path / "packs")
    source = tmp_path / "packs" / name
    text = source.read_text("utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), "utf-8")
    return packs.check_packs(today=NEVER_DUE, folder=tmp_path / "packs")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('owner = "Selfcare"\n', "", "has no owner"),
        ('licence = "MIT"', 'licence = " "', "should be words"),
        ("review_date = 2027-03-01", "review_date = 2025-03-01", "has passed"),
        ("review_date = 2027-03-01", 'review_date = "soon"', "should be a date"),
        ('"msk_pain"', '"msk_pian"', "no condition 'msk_pian'"),
        ('id = "pacing"', 'id = "pacing-2"', "is not its file's name"),
        ("On some days your pain is stronger.", "Some days hurt more.", "says something else"),
        ("seconds = 42", "seconds = 30", "inside the video"),
        ('language = "en"', 'language = "xx"', "has no name"),
        ('title = "', "title = ", "pacing.toml"),
    ],
)
def test_the_check_finds_what_is_wrong_with_a_pack(tmp_path: Path, old: str, new: str, said: str) -> None:
    problems = changed(tmp_path, "pacing.toml", old, new)
    assert any(said in problem for problem in problems), problems


def test_a_translation_with_a_line_missing_is_found(tmp_path: Path) -> None:
    problems = changed(tmp_path, "small-steps.toml", '  "Elige menos de 7 días.",\n', "")
    assert any("another number of lines" in problem for problem in problems), problems


def test_a_folder_without_packs_is_a_problem(tmp_path: Path) -> None:
    assert packs.check_packs(today=NEVER_DUE, folder=tmp_path) == ["videos: there are no packs"]
