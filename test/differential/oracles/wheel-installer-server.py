"""Reads wheels from stdin (lengths as 4 bytes each, then the name and the wheel) and answers each with one line of JSON:
what the library installer installs, and what `wheel unpack` writes. Both go by RECORD, which pip does not."""

import hashlib
import json
import os
import struct
import sys
import tempfile
import zipfile

import installer
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from wheel._commands.unpack import unpack as wheel_unpack

SCHEMES = {"purelib": "site-packages", "platlib": "site-packages", "headers": "headers", "scripts": "scripts", "data": "data"}


def on_disk(root):
    found = []
    for folder, folders, files in os.walk(root):
        for name in files + [one for one in folders if os.path.islink(os.path.join(folder, one))]:
            path = os.path.join(folder, name)
            inside = os.path.relpath(path, root)
            if os.path.islink(path) or not os.path.isfile(path):
                found.append([inside, "other", ""])
            else:
                with open(path, "rb") as file:
                    found.append([inside, "file", hashlib.sha256(file.read()).hexdigest()])
    return found


class WouldWriteOutside(Exception):
    """This program may run as anybody, and installer stops at no path."""


def assert_inside(wheel, target, root):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not os.path.normpath(os.path.join(target, "scheme", name)).startswith(root + os.sep):
                raise WouldWriteOutside(name)


def install(wheel, root):
    folder = os.path.join(root, "installed")
    target = os.path.join(folder, "here")
    assert_inside(wheel, target, root)
    schemes = {scheme: os.path.join(target, name) for scheme, name in SCHEMES.items()}
    destination = SchemeDictionaryDestination(schemes, interpreter=sys.executable, script_kind="posix")
    with WheelFile.open(wheel) as source:
        source.validate_record(validate_contents=True)
        installer.install(source, destination, {})
    # What was written beside the place has another path, and is a difference.
    return [[name.removeprefix("here/"), *rest] for name, *rest in on_disk(folder)]


def unpack(wheel, root):
    folder = os.path.join(root, "unpacked")
    os.mkdir(folder)
    assert_inside(wheel, folder, root)
    wheel_unpack(wheel, folder)
    (top,) = os.listdir(folder)
    return [[name.removeprefix(top + "/"), *rest] for name, *rest in on_disk(folder)]


def attempt(how, wheel, root):
    try:
        return {"files": how(wheel, root)}
    except BaseException as error:  # every refusal is an answer
        return {"error": repr(error)}


def exactly(count):
    found = sys.stdin.buffer.read(count)
    return found if len(found) == count else sys.exit(0)


answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
sys.stderr = open(os.devnull, "w")
sys.stdout = sys.stderr
while True:
    name_bytes, wheel_bytes = struct.unpack(">II", exactly(8))
    file_name = exactly(name_bytes).decode()
    body = exactly(wheel_bytes)
    with tempfile.TemporaryDirectory() as root:
        wheel = os.path.join(root, file_name)
        with open(wheel, "wb") as file:
            file.write(body)
        answer = {how.__name__: attempt(how, wheel, root) for how in (install, unpack)}
    print(json.dumps(answer), file=answers, flush=True)
