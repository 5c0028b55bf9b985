"""Make the clips of the video library from their packs: `python -m tools.make_videos [ID …]`.

Needs what a fresh machine lacks, so its outputs are committed: ffmpeg (libx264, aac), a Chromium (PATH or
$CHROMIUM), Playwright, and a voice: `py-nanotts` (Pico, a British voice; `pip install py-nanotts`) or else
`espeak-ng`. For each pack in selfcare/videos/packs/ it writes into static/video/: ID.mp4 (854 × 480, H.264
and AAC, faststart), ID.webp (poster), ID-card.webp (picture for the list), and one ID.LANGUAGE.vtt for the
captions and each translation. It then writes the length into the pack.
"""

from __future__ import annotations

import array
import html
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tools.video import PICTURES
from tools.video.brushes import DARK, HEIGHT, WIDTH, after, group, word

try:
    from py_nanotts import NanoTTS
except ImportError:  # the voice is a matter of taste; espeak-ng says the same words
    NanoTTS = None

ROOT = Path(__file__).resolve().parent.parent
PACKS, OUT = ROOT / "selfcare" / "videos" / "packs", ROOT / "static" / "video"
FRAMES_A_SECOND = 15
RATE = 16_000
LEAD, BETWEEN_LINES, TAIL, END = 0.7, 0.45, 0.7, 1.0
"""Silence in seconds: before a scene's first line, between lines, after its last, and at the very end."""
FADE = 0.6
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


@dataclass(frozen=True)
class Line:
    """One spoken sentence: its samples and when it is heard, in seconds from the start of the clip."""

    text: str
    sound: array.array[int]
    start: float

    @property
    def end(self) -> float:
        return self.start + len(self.sound) / RATE


@dataclass(frozen=True)
class Scene:
    """One picture with its words and lines, `start` to `end` in seconds."""

    picture: Callable[[float], str]
    words: list[str]
    lines: list[Line]
    start: float
    end: float


def spoken(text: str) -> array.array[int]:
    """The sentence as 16 kHz mono samples, its own silence cut away."""
    if NanoTTS is not None:
        samples = array.array("h", NanoTTS().speak(text, voice="en-GB", speed=0.9, pitch=0.97))
    else:
        said = subprocess.run(
            ["espeak-ng", "-v", "en-gb", "-s", "140", "--stdout", text], check=True, capture_output=True
        ).stdout
        raw = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", "-", "-ar", str(RATE), "-ac", "1", "-f", "s16le", "-"],
            input=said,
            check=True,
            capture_output=True,
        ).stdout
        samples = array.array("h", raw)
    heard = [i for i in range(0, len(samples), 80) if max(map(abs, samples[i : i + 80])) > 120]
    return samples[max(0, heard[0] - 400) : heard[-1] + 1200]


def scenes_of(pack: dict[str, Any]) -> list[Scene]:
    scenes, at = [], 0.0
    for given in pack["scenes"]:
        start, lines = at, []
        at += LEAD
        for text in given["says"]:
            line = Line(text, spoken(text), at)
            lines.append(line)
            at = line.end + BETWEEN_LINES
        at += TAIL - BETWEEN_LINES
        scenes.append(Scene(PICTURES[given["picture"]], given["words"], lines, start, at))
    last = scenes[-1]
    scenes[-1] = Scene(last.picture, last.words, last.lines, last.start, math.ceil(at + END))
    return scenes


def words_of(scene: Scene, t: float) -> str:
    shown, y, drawn = after(t, 0.15, 0.8), 92.0, ""
    for line in scene.words:
        big = len(line) <= 18
        drawn += word(54, y, html.escape(line), 46 if big else 28, DARK, font_weight=700 if big else 400)
        y += 56
    return group(drawn, opacity=shown, transform=f"translate(0 {10 * (1 - shown):.1f})")


def frame(scenes: list[Scene], at: float) -> str:
    """What is on the screen `at` seconds: the scene, and over the first moments of it the last one going."""
    index = next(i for i, scene in enumerate(scenes) if at < scene.end or scene is scenes[-1])
    scene = scenes[index]
    t = at - scene.start
    drawn = scene.picture(t) + words_of(scene, t)
    if index and t < FADE:
        last = scenes[index - 1]
        length = last.end - last.start
        drawn += group(last.picture(length + t) + words_of(last, length), opacity=1 - after(t, 0, FADE))
    return drawn


def shots(page: Page, scenes: list[Scene]) -> Iterator[bytes]:
    frames = round(scenes[-1].end * FRAMES_A_SECOND)
    for i in range(frames):
        page.evaluate(
            "inner => { document.querySelector('svg').innerHTML = inner }", frame(scenes, i / FRAMES_A_SECOND)
        )
        yield page.screenshot(type="jpeg", quality=95)
        if i % 60 == 0:
            print(f"\r  frame {i} of {frames}", end="", flush=True, file=sys.stderr)
    print("\r" + " " * 40, end="\r", file=sys.stderr)


def sound_track(scenes: list[Scene]) -> bytes:
    track = array.array("h", bytes(2 * RATE * round(scenes[-1].end)))
    for scene in scenes:
        for line in scene.lines:
            begin = round(line.start * RATE)
            track[begin : begin + len(line.sound)] = line.sound
    return track.tobytes()


def stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def captions(lines: list[Line], texts: list[str], end: float) -> str:
    """WebVTT, one cue a line; a cue stays up to 0.4 s after the voice, never into the next."""
    cues = ["WEBVTT"]
    for i, (line, text) in enumerate(zip(lines, texts, strict=True)):
        until = min(line.end + 0.4, lines[i + 1].start if i + 1 < len(lines) else end)
        cues.append(f"{i + 1}\n{stamp(line.start)} --> {stamp(until)}\n{html.escape(text, quote=False)}")
    return "\n\n".join(cues) + "\n"


def still(page: Page, inner: str, out: Path, view: tuple[int, int, int, int], size: tuple[int, int]) -> None:
    page.evaluate(
        "([inner, view]) => {"
        " const svg = document.querySelector('svg');"
        " svg.innerHTML = inner; svg.setAttribute('viewBox', view) }",
        [inner, " ".join(map(str, view))],
    )
    with tempfile.NamedTemporaryFile(suffix=".png") as png:
        png.write(page.screenshot())
        png.flush()
        x, y = size
        subprocess.run(
            [
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-i",
                png.name,
                "-vf",
                f"scale={x}:{y}:force_original_aspect_ratio=increase,crop={x}:{y}",
                "-c:v",
                "libwebp",
                "-quality",
                "72",
                str(out),
            ],
            check=True,
        )
    page.evaluate(f"document.querySelector('svg').setAttribute('viewBox', '0 0 {WIDTH} {HEIGHT}')")


def encode(pack: dict[str, Any], sound: str, seconds: int) -> list[str]:
    """The ffmpeg command: JPEG frames on its standard input, `sound` as raw samples, one MP4 out."""
    frames = f"-f image2pipe -c:v mjpeg -framerate {FRAMES_A_SECOND} -i -"
    samples = f"-f s16le -ar {RATE} -ac 1"
    video = "-vf format=yuv420p -c:v libx264 -profile:v main -preset veryslow -tune animation -crf 29"
    audio = "-af highpass=f=70,loudnorm=I=-18:TP=-2:LRA=7 -c:a aac -b:a 48k -ar 44100 -ac 1"
    end = f"-g {FRAMES_A_SECOND * 4} -t {seconds} -map_metadata -1 -fflags +bitexact -movflags +faststart"
    return [
        *("ffmpeg", "-v", "error", "-y", *frames.split(), *samples.split(), "-i", sound),
        *(*video.split(), *audio.split(), *end.split()),
        *(
            "-metadata",
            f"title={pack['title']}",
            "-metadata:s:a:0",
            "language=eng",
            str(OUT / f"{pack['id']}.mp4"),
        ),
    ]


def make(page: Page, source: Path) -> None:
    pack = tomllib.loads(source.read_text("utf-8"))
    name = pack["id"]
    print(f"{name}: {pack['title']}", file=sys.stderr)
    scenes = scenes_of(pack)
    lines = [line for scene in scenes for line in scene.lines]
    seconds = round(scenes[-1].end)
    (OUT / f"{name}.{pack['language']}.vtt").write_text(
        captions(lines, [line.text for line in lines], seconds), "utf-8"
    )
    for track in pack.get("translations", []):
        (OUT / f"{name}.{track['language']}.vtt").write_text(captions(lines, track["says"], seconds), "utf-8")
    settled = scenes[0].picture(3.6)
    still(page, settled, OUT / f"{name}.webp", (0, 0, WIDTH, HEIGHT), (WIDTH, HEIGHT))
    still(page, settled, OUT / f"{name}-card.webp", (334, 84, 520, 325), (480, 300))
    with tempfile.NamedTemporaryFile(suffix=".raw") as sound:
        sound.write(sound_track(scenes))
        sound.flush()
        encoder = subprocess.Popen(encode(pack, sound.name, seconds), stdin=subprocess.PIPE)
        assert encoder.stdin is not None
        for shot in shots(page, scenes):
            encoder.stdin.write(shot)
        encoder.stdin.close()
        if encoder.wait():
            raise SystemExit(f"ffmpeg failed on {name}")
    source.write_text(
        re.sub(r"(?m)^seconds = \d+$", f"seconds = {seconds}", source.read_text("utf-8"), count=1), "utf-8"
    )
    print(f"  {seconds} s, {(OUT / f'{name}.mp4').stat().st_size // 1024} KB", file=sys.stderr)


def main(wanted: list[str]) -> None:
    """Make the named clips, or all."""
    OUT.mkdir(parents=True, exist_ok=True)
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=BROWSER)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content(
            "<style>body{margin:0}svg{display:block}</style>"
            f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"></svg>'
        )
        for source in sorted(PACKS.glob("*.toml")):
            if not wanted or source.stem in wanted:
                make(page, source)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
