"""Fetch the front-end libraries that pages load, or check that they are what the manifest says.

python -m deploy.vendor           fetch again, by npm's own client, and write the manifest
python -m deploy.vendor --check   compare the files with the manifest; exit 1 where they differ
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

PACKAGES = {
    "socket.io-client": {
        "version": "4.8.4",
        "folder": "socket.io",
        "files": ("dist/socket.io.esm.min.js", "LICENSE"),
    },
}
"""What is taken from which package. Raising a version here and running this is all that an update needs."""


def fetch() -> None:
    """Put the files of every package in place and write down their digests."""
    listed = []
    for name, wanted in PACKAGES.items():
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["npm", "pack", "--silent", f"{name}@{wanted['version']}"], cwd=place, check=True)
            [packed] = Path(place).glob("*.tgz")
            with tarfile.open(packed) as archive:
                archive.extractall(place, filter="data")
            listed += [_take(Path(place) / "package", name, wanted, file) for file in wanted["files"]]
    MANIFEST.write_text(json.dumps(listed, indent=2) + "\n")


def problems() -> list[str]:
    """What differs between the files and the manifest, a sentence each."""
    listed = {entry["file"]: entry for entry in json.loads(MANIFEST.read_text())}
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {MANIFEST.name}
    wrong = [f"{file} is not in the manifest." for file in sorted(found - listed.keys())]
    wrong += [f"{file} is missing." for file in sorted(listed.keys() - found)]
    for file in sorted(found & listed.keys()):
        if digest(VENDOR / file) != listed[file]["sha384"]:
            wrong.append(f"{file} is not the file that was fetched.")
    return wrong


def digest(path: Path) -> str:
    """SHA-384 in base64, as in an integrity attribute."""
    return base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def _take(package: Path, name: str, wanted: dict, file: str) -> dict[str, str]:
    target = VENDOR / wanted["folder"] / Path(file).name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package / file, target)
    if target.suffix == ".js":
        _drop_source_map(target)
    return {
        "file": str(target.relative_to(VENDOR)),
        "package": name,
        "version": wanted["version"],
        "sha384": digest(target),
    }


def _drop_source_map(path: Path) -> None:
    """The map is not shipped; a browser's tools would ask for it in vain."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("//# sourceMappingURL=")))


def main(arguments: list[str]) -> int:
    """Fetch, or check; the exit status says whether all is well."""
    if arguments != ["--check"]:
        fetch()
    wrong = problems()
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
