"""Wheels from stdin, each as two lengths of 4 bytes, then its name and the wheel; an answer to each, one line of JSON."""

import hashlib
import json
import os
import struct
import sys
import tempfile


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


def attempt(how, wheel, root):
    try:
        return {"files": how(wheel, root)}
    except BaseException as error:  # every refusal is an answer
        return {"error": repr(error)}


def exactly(count):
    found = sys.stdin.buffer.read(count)
    return found if len(found) == count else sys.exit(0)


def serve(*ways):
    """Answers what each way, called with the path of the wheel and a folder of its own, gives."""
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
            answer = {how.__name__: attempt(how, wheel, root) for how in ways}
        print(json.dumps(answer), file=answers, flush=True)
