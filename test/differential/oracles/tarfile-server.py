"""Reads archives from stdin (length as 4 bytes, then the .tgz) and answers each with one line of JSON."""

import hashlib
import io
import json
import struct
import sys
import tarfile


def files(data):
    found = []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for member in archive:
            if member.isreg():
                content = archive.extractfile(member).read()
                found.append([member.name, "file", member.mode, hashlib.sha256(content).hexdigest()])
            elif not member.isdir():
                found.append([member.name, "other", 0, ""])
    return found


while True:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        break
    body = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    try:
        answer = {"files": files(body)}
    except Exception as error:  # every refusal is an answer
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
