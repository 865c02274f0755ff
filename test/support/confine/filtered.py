"""Starts a program under a filter for system calls, as containers and sandboxes have one, and as another user.

usage: filtered.py USER LIST PROGRAM...   USER: a number, or 0 to stay. LIST: container, no-landlock, inherited, none. x64 only.
inherited: root hands capabilities on, and may not give up any for good (no setpcap).
"""
import ctypes, os, struct, sys

user, which, program = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
EPERM, ENOSYS = 1, 38

# What the default list of Docker lets no container do that is not privileged.
CONTAINER = {
    number: EPERM
    for number in [
        *[103, 134, 136, 139, 153, 155, 156, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177],
        *[179, 180, 212, 227, 237, 238, 246, 248, 249, 250, 272, 279, 298, 304, 308, 312, 313, 320, 321, 323],
        *[425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442],
    ]
}
LISTS = {'none': {}, 'inherited': {}, 'no-landlock': {444: ENOSYS}, 'container': {**CONTAINER, 435: ENOSYS}}
# The capabilities that Docker leaves to root.
KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
CLONE, NEW_NAMESPACES = 56, 0x7E020000
ALLOW, FAIL = 0x7FFF0000, 0x00050000


def step(code, value, yes=0, no=0):
    return struct.pack('=HBBI', code, yes, no, value)


steps = [step(0x20, 0)]
for number, error in LISTS[which].items():
    steps += [step(0x15, number, 0, 1), step(0x06, FAIL | error)]
if which == 'container':
    steps += [step(0x15, CLONE, 0, 3), step(0x20, 16), step(0x45, NEW_NAMESPACES, 0, 1), step(0x06, FAIL | EPERM)]
steps += [step(0x06, ALLOW)]
code = ctypes.create_string_buffer(b''.join(steps))
libc = ctypes.CDLL(None, use_errno=True)
if which == 'container':
    for capability in range(64):
        if capability not in KEPT:
            libc.prctl(24, capability, 0, 0, 0)
if which == 'inherited':
    SETPCAP, VERSION = 8, struct.pack('=II', 0x20080522, 0)
    held = ctypes.create_string_buffer(24)
    libc.syscall(125, VERSION, held)
    low, high = struct.unpack('=6I', held.raw)[1::3]
    libc.syscall(126, VERSION, struct.pack('=6I', low, low, low, high, high, high))
    for capability in range(64):
        if capability != SETPCAP:
            libc.prctl(47, 2, capability, 0, 0)
    libc.prctl(24, SETPCAP, 0, 0, 0)
    low &= ~(1 << SETPCAP)
    libc.syscall(126, VERSION, struct.pack('=6I', low, low, low, high, high, high))
if user:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
if libc.prctl(38, 1, 0, 0, 0) != 0:
    sys.exit('no_new_privs')
filter = struct.pack('=H6xQ', len(steps), ctypes.addressof(code))
if libc.prctl(22, 2, filter, 0, 0) != 0:
    sys.exit('seccomp: %s' % os.strerror(ctypes.get_errno()))
os.execvp(program[0], program)
