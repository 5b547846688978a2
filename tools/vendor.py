"""Copy browser assets from the npm registry into the tree: ``python tools/vendor.py``.

``package.json`` names exact versions and, under ``vendored``, the files wanted of each package;
``package-lock.json`` holds the integrity of each tarball. The files land flat in
``static/vendor/<name>-<version>/`` beside a ``VENDOR.toml`` with their SHA-256 and licence, all
of it committed: only whoever changes a version needs npm.

After changing a version, renew the lock first::

    npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/cmis/interfaces/ui/static/vendor"
MANIFEST = VENDOR / "VENDOR.toml"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package at one version, with the files wanted of it and the tarball's integrity."""

    name: str
    version: str
    integrity: str
    licence: str
    files: tuple[str, ...]

    @property
    def folder(self) -> str:
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}"


def wanted(root: Path = ROOT) -> list[Package]:
    """The packages of package.json joined with the integrities of the lock.

    Raises:
        SystemExit: a version is not exact, or the lock is older than package.json.
    """
    manifest = json.loads((root / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = []
    for name, version in sorted(manifest["dependencies"].items()):
        if not version[:1].isdigit():
            sys.exit(f"package.json: {name} {version!r} is not an exact version")
        locked = lock.get(f"node_modules/{name}", {})
        if locked.get("version") != version:
            sys.exit(f"package-lock.json is older than package.json for {name}: renew the lock")
        files = tuple(manifest["vendored"][name])
        packages.append(Package(name, version, locked["integrity"], locked["license"], files))
    return packages


def fetch(package: Package, folder: Path) -> Path:
    """``npm pack`` into ``folder``; the tarball whose SHA-512 agrees with the lock.

    Raises:
        SystemExit: the bytes received are not the bytes locked.
    """
    before = set(folder.iterdir())
    command = ["npm", "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (tarball,) = set(folder.iterdir()) - before
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        sys.exit(f"{package.name}@{package.version}: sha512-{digest} is not {package.integrity}")
    return tarball


def unpack(package: Package, tarball: Path, target: Path) -> list[Path]:
    """Copy the named files, flat, into ``target``; the only members ever read are the named."""
    target.mkdir(parents=True)
    copied = []
    with tarfile.open(tarball) as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                sys.exit(f"{package.name}: {name} is not a file of the package")
            path = target / PurePosixPath(name).name
            path.write_bytes(member.read())
            copied.append(path)
    return copied


def entry(path: Path, package: Package) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return (
        "[[file]]\n"
        f'path = "{path.relative_to(VENDOR).as_posix()}"\n'
        f'sha256 = "{digest}"\n'
        f'package = "{package.name}"\n'
        f'version = "{package.version}"\n'
        f'licence = "{package.licence}"\n'
    )


def faults(vendor: Path = VENDOR) -> list[str]:
    """What differs between VENDOR.toml and the files that lie there; empty when all agree."""
    listed = {
        item["path"]: item["sha256"]
        for item in tomllib.loads((vendor / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
    }
    present = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(vendor.rglob("*"))
        if path.is_file() and path.name != "VENDOR.toml"
    }
    found = [f"{path}: not listed in VENDOR.toml" for path in present.keys() - listed.keys()]
    found += [f"{path}: listed but missing" for path in listed.keys() - present.keys()]
    found += [
        f"{path}: changed since it was vendored"
        for path in listed.keys() & present.keys()
        if listed[path] != present[path]
    ]
    return sorted(found)


def main() -> None:
    packages = wanted()
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        tarballs = [(package, fetch(package, Path(scratch))) for package in packages]
        # Only now, with every tarball proven, is the old tree replaced.
        if VENDOR.exists():
            shutil.rmtree(VENDOR)
        for package, tarball in tarballs:
            copied = unpack(package, tarball, VENDOR / package.folder)
            entries += [entry(path, package) for path in copied]
            print(f"{package.folder}: {len(copied)} files")
    header = "# Written by tools/vendor.py; do not edit. A test recomputes every hash.\n\n"
    MANIFEST.write_text(header + "\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
