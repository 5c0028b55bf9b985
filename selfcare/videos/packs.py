"""The packs of the video library: one TOML file a video, checked and read into memory.

A pack holds its facts (owner, licence, version, reviewer, review date) and its words. ``scenes[].says`` is
the one source of the narration, the captions and the transcript; ``tools/make_videos.py`` makes the files
under ``static/video/`` from it.
"""

from __future__ import annotations

import datetime as dt
import html
import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config import ROOT
from selfcare.people.conditions import CONDITIONS
from selfcare.videos.languages import LANGUAGES

PACKS = Path(__file__).parent / "packs"
FILES = ROOT / "static" / "video"
URL = "/static/video/"

# Two lines of a caption on a phone; longer ones cover the picture and go by too fast to read.
LONGEST_CAPTION = 84
FACTS = ("id", "title", "summary", "about", "try_as_goal", "owner", "made_by", "licence", "version")


@dataclass(frozen=True)
class Captions:
    """One caption track. ``reviewed_by`` is empty until a named person has read it."""

    language: str
    url: str
    lines: tuple[str, ...]
    reviewed_by: str

    @property
    def name(self) -> str:
        """The language in its own words."""
        return LANGUAGES[self.language].own_name


@dataclass(frozen=True)
class Video:
    """One video as its pack tells it. ``seconds`` is its length; with no ``conditions`` it is for all."""

    id: str
    title: str
    summary: str
    about: str
    conditions: tuple[str, ...]
    language: str
    seconds: int
    added: dt.date
    try_as_goal: str
    owner: str
    made_by: str
    licence: str
    version: str
    reviewed_by: str
    review_date: dt.date
    transcript: tuple[str, ...]
    captions: tuple[Captions, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which it can be followed: what is spoken, then the captions."""
        return tuple(dict.fromkeys((self.language, *(track.language for track in self.captions))))

    @property
    def language_names(self) -> tuple[str, ...]:
        """The same in their own words: English, Español."""
        return tuple(LANGUAGES[code].own_name for code in self.languages)

    @property
    def minutes(self) -> int:
        """The length rounded up to whole minutes."""
        return max(1, math.ceil(self.seconds / 60))

    @property
    def src(self) -> str:
        """Where the film is."""
        return self._file(".mp4")

    @property
    def poster(self) -> str:
        """Its first picture, 854 by 480."""
        return self._file(".webp")

    @property
    def card(self) -> str:
        """A picture for lists, 480 by 300."""
        return self._file("-card.webp")

    def _file(self, ending: str) -> str:
        return f"{URL}{self.id}{ending}?v={self.version}"

    def is_about(self, condition: str) -> bool:
        """Whether it suits somebody with this condition; a video for everyone suits all."""
        return not self.conditions or condition in self.conditions


def read_pack(source: Path) -> Video:
    """The video that a pack describes.

    :raises ValueError: it is no TOML, or a field is missing or of the wrong kind.
    """
    try:
        given = tomllib.loads(source.read_text("utf-8"))
        scenes = [tuple(scene["says"]) for scene in given["scenes"]]
        own = Captions(
            given["language"],
            f"{URL}{given['id']}.{given['language']}.vtt?v={given['version']}",
            tuple(line for lines in scenes for line in lines),
            given["reviewed_by"],
        )
        return Video(
            **{fact: _text(given[fact]) for fact in FACTS},
            conditions=tuple(given["conditions"]),
            language=given["language"],
            seconds=int(given["seconds"]),
            added=_day(given["added"]),
            reviewed_by=given["reviewed_by"],
            review_date=_day(given["review_date"]),
            transcript=tuple(" ".join(lines) for lines in scenes),
            captions=(own, *(_translation(given, track) for track in given.get("translations", []))),
        )
    except KeyError as missing:
        raise ValueError(f"{source.name}: has no {missing.args[0]}") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as problem:
        raise ValueError(f"{source.name}: {problem}") from None


def _translation(given: dict[str, Any], track: dict[str, Any]) -> Captions:
    url = f"{URL}{given['id']}.{track['language']}.vtt?v={given['version']}"
    return Captions(track["language"], url, tuple(track["says"]), track["reviewed_by"])


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} should be words")
    return value


def _day(value: Any) -> dt.date:
    if not isinstance(value, dt.date):
        raise TypeError(f"{value!r} should be a date")
    return value


@cache
def catalogue(folder: Path = PACKS) -> tuple[Video, ...]:
    """Every video, newest first, then by title. Read once a process.

    :raises ValueError: a pack cannot be read.
    """
    videos = [read_pack(source) for source in folder.glob("*.toml")]
    return tuple(sorted(videos, key=lambda video: (-video.added.toordinal(), video.title)))


def approved(video: Video) -> Video | None:
    """The video with only what a named reviewer has approved; None when that is nothing.

    Unreviewed content and translations never show in production.
    """
    if not video.reviewed_by:
        return None
    kept = tuple(track for track in video.captions if track.reviewed_by)
    return Video(**{**video.__dict__, "captions": kept})


def goal_idea(video_id: str) -> str | None:
    """The sentence that "Try this as a goal" starts from, or None where there is no such video."""
    return next((video.try_as_goal for video in catalogue() if video.id == video_id), None)


@dataclass(frozen=True)
class Cue:
    """One caption: its words, and from when to when it stands, in seconds."""

    start: float
    end: float
    text: str


def read_cues(text: str) -> list[Cue]:
    """The cues of a WebVTT file.

    :raises ValueError: it is no WebVTT, or a time cannot be read.
    """
    head, *blocks = re.split(r"\n{2,}", text.strip())
    if not head.startswith("WEBVTT"):
        raise ValueError("does not start with WEBVTT")
    cues = []
    for block in blocks:
        lines = [line for line in block.split("\n") if line]
        timing = next((i for i, line in enumerate(lines) if "-->" in line), None)
        if timing is None:
            raise ValueError(f"a cue has no time: {block!r}")
        start, _arrow, end = lines[timing].split()[:3]
        cues.append(Cue(_seconds(start), _seconds(end), html.unescape(" ".join(lines[timing + 1 :]))))
    return cues


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def check_packs(today: dt.date | None = None, folder: Path = PACKS, files: Path = FILES) -> list[str]:
    """What is wrong with the packs, one sentence each; an empty list when all is well.

    A missing reviewer is no problem here (the label says so, and production leaves the video out); a missing
    field, a review date that has passed, a missing file, and captions that differ from the transcript are.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    problems: list[str] = []
    sources = sorted(folder.glob("*.toml"))
    if not sources:
        problems.append("videos: there are no packs")
    for source in sources:
        try:
            video = read_pack(source)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        problems += [f"{source.name}: {said}" for said in _wrong(video, source.stem, today, files)]
    return problems


def _wrong(video: Video, stem: str, today: dt.date, files: Path) -> list[str]:
    said = []
    if video.id != stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", video.id):
        said.append(f"its id {video.id!r} is not its file's name")
    if video.review_date < today:
        said.append(f"its review date {video.review_date} has passed")
    if not 1 <= video.seconds <= 3600:
        said.append(f"{video.seconds} seconds is no length of a short video")
    said += [f"there is no condition {code!r}" for code in video.conditions if code not in CONDITIONS]
    for ending in (".mp4", ".webp", "-card.webp"):
        if not (files / f"{video.id}{ending}").is_file():
            said.append(f"static/video/{video.id}{ending} is missing")
    for track in video.captions:
        wrong = _wrong_captions(video, track, files)
        said += [f"captions in {track.language!r}: {problem}" for problem in wrong]
    return said


def _wrong_captions(video: Video, track: Captions, files: Path) -> list[str]:
    if track.language not in LANGUAGES:
        return ["this language has no name in languages.py"]
    too_long = [line for line in track.lines if len(line) > LONGEST_CAPTION]
    said = [f"longer than {LONGEST_CAPTION} characters: {line!r}" for line in too_long]
    if len(track.lines) != len(video.captions[0].lines):
        said.append("it has another number of lines than the narration")
    try:
        cues = read_cues((files / f"{video.id}.{track.language}.vtt").read_text("utf-8"))
    except (OSError, ValueError) as problem:
        return [*said, f"its file cannot be read: {problem}"]
    if tuple(cue.text for cue in cues) != track.lines:
        said.append("its file says something else than the pack; make it again")
    before = 0.0
    for cue in cues:
        if not before <= cue.start < cue.end <= video.seconds:
            said.append(f"the cue at {cue.start} s does not lie in order inside the video")
        before = cue.end
    return said
