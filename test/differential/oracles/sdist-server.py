"""Unpacks sdists from stdin (length as 4 bytes, then the file) and answers each with one line of JSON.

The argument says how: `pip` by pip's own unpack_file, otherwise by tarfile with the filter of that name, or zipfile. The first
line says what is there: the version of pip, or of Python, or null where it cannot be done.
"""

import hashlib
import json
import os
import shutil
import struct
import sys
import tarfile
import tempfile
import zipfile

how = sys.argv[1]


def available():
    if how != "pip":
        return sys.version.split()[0] if hasattr(tarfile, "data_filter") else None
    try:
        import pip
        from pip._internal.utils.unpacking import unpack_file  # noqa: F401
    except ImportError:
        return None
    return pip.__version__


def unpack(file, folder):
    if how == "pip":
        from pip._internal.utils.unpacking import unpack_file

        unpack_file(file, folder)
    elif file.endswith(".zip"):
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
    else:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter=how)


def files(folder):
    found = []
    # pip takes off the first folder itself.
    above = "top" if how == "pip" else ""
    for here, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(here, name)
            shown = os.path.join(above, os.path.relpath(path, folder))
            if os.path.islink(path):
                found.append([shown, "link to " + os.readlink(path), 0, ""])
            elif os.path.isfile(path):
                with open(path, "rb") as content:
                    digest = hashlib.sha256(content.read()).hexdigest()
                found.append([shown, "file", os.stat(path).st_mode, digest])
            elif not os.path.isdir(path):
                found.append([shown, "special", 0, ""])
    return found


def answer(data):
    root = tempfile.mkdtemp(prefix="tarwarden-sdist-")
    try:
        ending = ".zip" if data[:2] == b"PK" else ".tar.gz"
        file = os.path.join(root, "fixture-1.0.0" + ending)
        with open(file, "wb") as archive:
            archive.write(data)
        folder = os.path.join(root, "out")
        os.mkdir(folder)
        unpack(file, folder)
        return {"files": files(folder)}
    except BaseException as error:  # every refusal is an answer
        return {"error": repr(error)}
    finally:
        shutil.rmtree(root, ignore_errors=True)


print(json.dumps(available()), flush=True)
while True:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        break
    body = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    print(json.dumps(answer(body)), flush=True)
