"""Reads wheels from stdin (lengths as 4 bytes each, then the name and the wheel) and answers each with one line of JSON:
what zipfile reads, what pip unpacks, and what pip installs."""

import hashlib
import json
import logging
import os
import struct
import sys
import tempfile
import zipfile

from pip._internal.models.scheme import Scheme
from pip._internal.operations.install.wheel import install_wheel
from pip._internal.utils.unpacking import unpack_file

logging.disable(logging.CRITICAL)
SCHEMES = ["site-packages", "headers", "scripts", "data"]


def digest(content):
    return hashlib.sha256(content).hexdigest()


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
                    found.append([inside, "file", digest(file.read())])
    return found


def read(wheel, _name, _root):
    with zipfile.ZipFile(wheel) as archive:
        return [[i.filename, "file", digest(archive.read(i))] for i in archive.infolist() if not i.is_dir()]


def unpack(wheel, _name, root):
    unpack_file(wheel, os.path.join(root, "unpacked", "here"))
    return [[name.removeprefix("here/"), *rest] for name, *rest in on_disk(os.path.join(root, "unpacked"))]


def install(wheel, name, root):
    target = os.path.join(root, "installed", "here")
    site, headers, scripts, data = [os.path.join(target, one) for one in SCHEMES]
    for folder in (site, headers, scripts, data):
        os.makedirs(folder)
    scheme = Scheme(platlib=site, purelib=site, headers=headers, scripts=scripts, data=data)
    install_wheel(name, wheel, scheme, name, pycompile=False, warn_script_location=False)
    return [[name.removeprefix("here/"), *rest] for name, *rest in on_disk(os.path.join(root, "installed"))]


def attempt(how, wheel, name, root):
    try:
        return {"files": how(wheel, name, root)}
    except BaseException as error:  # every refusal is an answer
        return {"error": repr(error)}


def exactly(count):
    found = sys.stdin.buffer.read(count)
    return found if len(found) == count else sys.exit(0)


answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
while True:
    name_bytes, wheel_bytes = struct.unpack(">II", exactly(8))
    file_name = exactly(name_bytes).decode()
    body = exactly(wheel_bytes)
    with tempfile.TemporaryDirectory() as root:
        wheel = os.path.join(root, file_name)
        with open(wheel, "wb") as file:
            file.write(body)
        name = file_name.split("-", 1)[0]
        answer = {how.__name__: attempt(how, wheel, name, root) for how in (read, unpack, install)}
    print(json.dumps(answer), file=answers, flush=True)
