"""Python's tarfile and zipfile under the runner: `node run.mjs --batch -- python3 {suite}/examples/python_archives.py [FILTER]`.

FILTER is a filter of tarfile: data (the default), tar or fully_trusted. zipfile has no filters. Each line of standard input names
an archive and an empty folder, and each line of the output is a verdict. The runner itself looks at what is in the folder.
"""

import json
import sys
import tarfile
import zipfile

filter_name = sys.argv[1] if len(sys.argv) > 1 else "data"


def unpack(archive, out):
    if zipfile.is_zipfile(archive) and archive.endswith((".zip", ".whl")):
        with zipfile.ZipFile(archive) as file:
            file.extractall(out)
    else:
        with tarfile.open(archive) as file:
            file.extractall(out, filter=filter_name)


for line in sys.stdin:
    task = json.loads(line)
    try:
        unpack(task["archive"], task["out"])
        answer = {"verdict": "accept"}
    except Exception as error:
        answer = {"verdict": "reject", "reason": repr(error)}
    print(json.dumps({"archive": task["archive"], **answer}), flush=True)
