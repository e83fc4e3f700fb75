"""Says which known vulnerabilities the locked packages have, by pip-audit, or that this could not be asked.

Exit status 0 where every package was asked about and none is known to have any; 1 where one has, or nothing was found out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")


def main() -> int:
    """Ask of each lock and print what was found, a line each."""
    return max(_report(lock, _asked(lock)) for lock in LOCKS)


def _asked(lock: str) -> Sequence[Mapping[str, Any]]:
    """Return what pip-audit says of each package, or nothing where it could not ask."""
    program = str(Path(sys.executable).with_name("pip-audit"))
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    done = subprocess.run([program, *options, "-r", lock], capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except ValueError:
        print(*done.stderr.splitlines()[-1:], file=sys.stderr)
        return []


def _report(lock: str, packages: Sequence[Mapping[str, Any]]) -> int:
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        print(f"{lock}: not audited; the service that knows of vulnerabilities could not be reached")
        return 1
    for package in packages:
        if "skip_reason" in package:
            print(f"{lock}: {package['name']}: not audited ({package['skip_reason']})")
        for found in package.get("vulns", ()):
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{lock}: {package['name']} {package['version']}: {found['id']}, mended in {mended}")
    count = sum(len(package["vulns"]) for package in audited)
    print(f"{lock}: {count} known vulnerabilities in {len(audited)} of {len(packages)} packages that were audited")
    return 1 if count or len(audited) < len(packages) else 0


if __name__ == "__main__":
    sys.exit(main())
