"""Reads wheels from stdin (lengths as 4 bytes each, then the name and the wheel) and answers each with one line of JSON:
what the library installer installs, and what `wheel unpack` writes. Both go by RECORD, which pip does not."""

import os
import sys
import zipfile

import installer
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from wheel_stdin import on_disk, serve
from wheel._commands.unpack import unpack as wheel_unpack

SCHEMES = {"purelib": "site-packages", "platlib": "site-packages", "headers": "headers", "scripts": "scripts", "data": "data"}


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


# What the libraries print is not an answer.
sys.stderr = open(os.devnull, "w")
sys.stdout = sys.stderr
serve(install, unpack)
