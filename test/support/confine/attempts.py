"""What a hostile script tries. Prints what came of each attempt: "done", or the name of the error."""
import ctypes, errno, fcntl, json, os, resource, signal, socket, sys

outside, inside = sys.argv[1:3]
# Of a process of this user that is not confined, and a port and an abstract socket of such a one.
other, port, name = int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
CLONE, UNSHARE = (220, 97) if os.uname().machine == 'aarch64' else (56, 272)
CLONE_NEWUSER = 0x10000000


def out(path):
    return os.path.join(outside, path)


def into(path):
    return os.path.join(inside, path)


def write(path, flags=os.O_WRONLY | os.O_CREAT):
    file = os.open(path, flags, 0o644)
    os.write(file, b'x')
    os.close(file)


def call(*args):
    if libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in args]) < 0:
        raise OSError(ctypes.get_errno(), 'call')


def connect(family, address):
    one = socket.socket(family, socket.SOCK_STREAM)
    one.connect(address)
    one.close()


def datagram():
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.sendto(b'x', ('127.0.0.1', 9))


def read(path):
    with open(path, 'rb') as file:
        file.read(1)


def device():
    os.mknod(into('device'), 0o600 | 0o020000, os.makedev(1, 3))
    os.unlink(into('device'))


def swap():
    # renameat2 with RENAME_EXCHANGE, which moves one file in and one out.
    write(into('swapped'))
    libc.renameat2.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    if libc.renameat2(-100, into('swapped').encode(), -100, out('victim').encode(), 2) != 0:
        raise OSError(ctypes.get_errno(), 'renameat2')


def overlay():
    # In a user namespace, whose root everybody is. To be made, it empties outside/work, or makes that.
    child = os.fork()
    if child == 0:
        try:
            for folder in ('lower', 'upper'):
                os.makedirs(into(folder), exist_ok=True)
            call(UNSHARE, CLONE_NEWUSER)
            name, keys = b'overlay', {'lowerdir': into('lower'), 'upperdir': into('upper'), 'workdir': out('.')}
            made = libc.syscall(430, name, 0)
            for key, value in keys.items():
                libc.syscall(431, made, 1, key.encode(), value.encode(), 0)
            libc.syscall(431, made, 6, None, None, 0)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    if os.path.exists(out('work/kept')):
        raise OSError(errno.EPERM, 'overlay')


def in_child(action):
    """What came of it in a child, which is gone then."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except OSError as error:
            os._exit(error.errno)
    number = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if number != 0:
        raise OSError(number, 'child')


def clone_root():
    child = libc.syscall(ctypes.c_long(CLONE), *[ctypes.c_long(a) for a in (CLONE_NEWUSER | signal.SIGCHLD, 0, 0, 0, 0)])
    if child == 0:
        os._exit(0)
    if child < 0:
        raise OSError(ctypes.get_errno(), 'clone')
    os.waitpid(child, 0)


def datagram_to_path():
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b'x', out('datagrams'))


def snapshot():
    # BTRFS_IOC_SUBVOL_CREATE. Elsewhere the file system does not know it, which is an answer of its own.
    folder = os.open(outside, os.O_RDONLY)
    try:
        fcntl.ioctl(folder, 0x5000940e, bytearray(8) + b'subvolume'.ljust(4088, b'\0'))
    except OSError as error:
        if error.errno not in (errno.ENOTTY, errno.EOPNOTSUPP):
            raise
    finally:
        os.close(folder)


def mount():
    os.mkdir(into('mount'))
    call(165, b'none', into('mount').encode(), b'tmpfs', 0, 0)
    call(166, into('mount').encode(), 0)


def hold():
    # Beside those by which root owns files: chown, dac_override, fowner, fsetid, kill, setgid, setuid.
    with open('/proc/self/status') as file:
        held = {line[:6]: int(line[8:], 16) for line in file if line.startswith('Cap')}
    if not (held['CapPrm'] | held['CapEff']) & ~0xfb and not held['CapInh'] | held['CapAmb']:
        raise OSError(errno.EPERM, 'capabilities')


ATTEMPTS = {
    'write inside': lambda: write(into('file')),
    'move inside': lambda: (os.mkdir(into('folder')), os.rename(into('file'), into('folder/file'))),
    'write a new file': lambda: write(out('new')),
    'write a file that is there': lambda: write(out('victim'), os.O_WRONLY),
    'append to it': lambda: write(out('victim'), os.O_WRONLY | os.O_APPEND),
    'empty it': lambda: os.truncate(out('victim'), 0),
    'make a folder': lambda: os.mkdir(out('made')),
    'make a link': lambda: os.symlink('x', out('link')),
    'make a pipe': lambda: os.mkfifo(out('pipe')),
    'write through a link': lambda: (os.symlink(out('victim'), into('way')), write(into('way'), os.O_WRONLY)),
    'write through /proc/self/root': lambda: write('/proc/self/root' + out('victim'), os.O_WRONLY),
    'give a file a second name inside': lambda: (os.link(out('victim'), into('second')), write(into('second'))),
    'give a file a second name outside': lambda: (write(into('first')), os.link(into('first'), out('second'))),
    'move a file out': lambda: (write(into('going')), os.rename(into('going'), out('come'))),
    'move a file in': lambda: os.rename(out('movable'), into('movable')),
    'exchange two files': swap,
    'remove a file': lambda: os.unlink(out('removable')),
    'remove a folder': lambda: os.rmdir(out('empty')),
    'write to an open file': lambda: os.write(9, b'x'),
    'write in /dev/shm': lambda: (write('/dev/shm/tarwarden-attempt'), os.unlink('/dev/shm/tarwarden-attempt')),
    'make a device': device,
    'read the environment of another process': lambda: read('/proc/%d/environ' % other),
    'reach into another process': lambda: read('/proc/%d/mem' % other),
    'enter the root of another process': lambda: os.listdir('/proc/%d/root/' % other),
    'signal another process': lambda: os.kill(other, 0),
    'connect to an abstract socket': lambda: connect(socket.AF_UNIX, '\0' + name),
    'connect to a socket with a path': lambda: connect(socket.AF_UNIX, out('socket')),
    'connect by TCP': lambda: connect(socket.AF_INET, ('127.0.0.1', port)),
    'send a datagram': datagram,
    'talk to a child': lambda: socket.socketpair(),
    'hold capabilities': hold,
    'mount': mount,
    'empty a folder by a file system': overlay,
    'become root of a namespace': lambda: in_child(lambda: call(UNSHARE, CLONE_NEWUSER)),
    'start a root of a namespace': clone_root,
    'ask the file system for a folder': snapshot,
    'send a datagram to a path': datagram_to_path,
    'clone a mount': lambda: call(428, -100, outside.encode(), 1),
    'start a ring': lambda: call(425, 1, ctypes.create_string_buffer(120)),
    'set limits of another process': lambda: resource.prlimit(other, resource.RLIMIT_CORE, (0, 0)),
    'read a key of the user': lambda: call(250, 11, -4, 0, 0),
    'share memory by a number': lambda: call(29, 0, 4096, 0o1600),
    'type into the terminal': lambda: fcntl.ioctl(0, 0x5412, b'x'),
    'change modes': lambda: os.chmod(out('victim'), 0o600),
    'change times': lambda: os.utime(out('victim')),
    'read a file': lambda: read(out('victim')),
    'write to /dev/null': lambda: write('/dev/null', os.O_WRONLY),
}

found = {}
for title, attempt in ATTEMPTS.items():
    try:
        attempt()
        found[title] = 'done'
    except OSError as error:
        found[title] = errno.errorcode.get(error.errno, str(error.errno))
found['signals'] = 'done' if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL else 'changed'
print(json.dumps(found))
