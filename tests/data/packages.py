#!/usr/bin/env python3
"""Turns a Debian package index into NDJSON produce records, one per package: {"key": name, "timestamp": ..., "value": {...}}.

usage: packages.py [FILE] > records.ndjson
Without FILE the index is what `apt-cache dumpavail` prints; where that is empty, /var/lib/dpkg/status is taken and said so.
A record's value holds every field of the paragraph, in its order; the key is the package's name. Timestamps are one
second apart from 2026-01-01, so that look-ups by time have one right answer.
"""
import datetime
import json
import subprocess
import sys


def index():
    if len(sys.argv) > 1:
        return open(sys.argv[1], encoding="utf-8", errors="replace")
    try:
        out = subprocess.run(["apt-cache", "dumpavail"], stdout=subprocess.PIPE, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        out = b""
    if out.count(b"\nPackage: ") < 1000:
        print("apt-cache has no index here: taking the installed packages of /var/lib/dpkg/status", file=sys.stderr)
        return open("/var/lib/dpkg/status", encoding="utf-8", errors="replace")
    return out.decode("utf-8", "replace").splitlines(keepends=True)


def paragraphs(lines):
    fields, last = {}, None
    for line in lines:
        line = line.rstrip("\n")
        if not line:
            if fields:
                yield fields
            fields, last = {}, None
        elif line[0] in " \t":
            if last is not None:
                fields[last] += "\n" + line.strip()
        elif ":" in line:
            last, value = line.split(":", 1)
            fields[last] = value.strip()
    if fields:
        yield fields


def main():
    write = sys.stdout.write
    at = datetime.datetime(2026, 1, 1)
    for fields in paragraphs(index()):
        if "Package" in fields:
            record = {"key": fields["Package"], "timestamp": at.isoformat() + "Z", "value": fields}
            write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            at += datetime.timedelta(seconds=1)


main()
