"""Runs the command it is given, and writes to descriptor 3, as JSON, what that cost.

wall: seconds until the command itself ended. cpu: seconds of processor time of it and of all that it started. peak:
bytes of the largest of these processes. left: a process was still running seconds later, and is not counted.
"""
import ctypes
import json
import os
import resource
import signal
import sys
import time

REPORT = 3
PR_SET_CHILD_SUBREAPER = 36
GRACE = 5

os.set_inheritable(REPORT, False)
if sys.platform == "linux":
    # A process that outlives its parent is handed to this one, and counts once it ended.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

start = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
status = os.waitpid(child, 0)[1]
wall = time.monotonic() - start


def give_up(*_):
    raise TimeoutError


signal.signal(signal.SIGALRM, give_up)
signal.alarm(GRACE)
left = False
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
except TimeoutError:
    left = True

used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
reading = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * unit, "left": left}
os.write(REPORT, json.dumps(reading).encode())
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
