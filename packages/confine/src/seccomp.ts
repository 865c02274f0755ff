/*
 * Filters for system calls. Landlock has no rights for terminal input, keyrings, limits of other processes, user namespaces,
 * new file systems, the own calls of file systems, sockets, and shared memory and queues. A filter sees the number and the arguments
 * of a call, but no paths.
 */

const X64 = {
  /** The number of the architecture in linux/audit.h. */
  audit: 0xc000003e,
  calls: {
    ioctl: 16,
    prctl: 157,
    seccomp: 317,
    capget: 125,
    capset: 126,
    socket: 41,
    socketpair: 53,
    prlimit: 302,
    clone: 56,
    unshare: 272,
    setns: 308,
    /** add_key, request_key, keyctl. */
    keys: [248, 249, 250],
    /** Shared memory and queues of System V, and queues of POSIX. */
    shared: [29, 30, 31, 64, 65, 66, 67, 68, 69, 70, 71, 220, 240, 241],
  },
  /** O_NOFOLLOW in fcntl.h of the architecture. */
  noFollow: 0o400000,
};

export type KernelNumbers = Readonly<typeof X64>;

const MACHINES: Readonly<Record<string, KernelNumbers | undefined>> = {
  x64: X64,
  arm64: {
    audit: 0xc00000b7,
    calls: {
      ioctl: 29,
      prctl: 167,
      seccomp: 277,
      capget: 90,
      capset: 91,
      socket: 198,
      socketpair: 199,
      prlimit: 261,
      clone: 220,
      unshare: 97,
      setns: 268,
      keys: [217, 218, 219],
      shared: [180, 181, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197],
    },
    noFollow: 0o100000,
  },
};

/** The numbers of an architecture. They are undefined where they are not known: there, nothing can be confined. */
export function kernelNumbers(arch: string): KernelNumbers | undefined {
  return MACHINES[arch];
}

/** These have the same number on every architecture. */
const IO_URING_SETUP = 425;
/** Its flags are in memory, which a filter cannot see. Programs that use it fall back to clone. */
const CLONE3 = 435;
/** In a user namespace, a process is root and reaches more of the kernel. Those parts have had more holes than others. */
const CLONE_NEWUSER = 0x10000000;
/**
 * open_tree, fsopen, fsconfig, fsmount, fspick, mount_setattr, open_tree_attr. Landlock denies only the mount itself. An overlay that
 * is only created already empties and makes the folders that its options name.
 */
const FILE_SYSTEMS = [428, 430, 431, 432, 433, 442, 467];
/** On x64, the calls of x32 have the numbers from here on. */
const X32 = 0x40000000;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** btrfs and bcachefs make and remove subvolumes and snapshots by ioctl. These are the kinds of their requests. */
const SUBVOLUME_IOCTLS = [0x9400, 0xbc00];
const IOCTL_KIND = 0xff00;
/** FICLONE, FICLONERANGE, FIDEDUPERANGE. They have the kind of btrfs, but only change files that are open for writing. */
const COPY_IOCTLS = [0x40049409, 0x4020940d, 0xc0189436];
/** They give a file a second name (ocfs2), forbid further writes to it (fs-verity), or encrypt a folder (fscrypt). */
const CHANGE_IOCTLS = [0x40186f04, 0x40806685, 0x800c6613];
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_SEQPACKET = 5;
const SOCKET_KIND = 0xf;
const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

/** Offsets in `struct seccomp_data`: the call, the architecture, the lower half of an argument. */
const CALL = 0;
const ARCH = 4;
const argument = (index: number): number => 16 + 8 * index;

const LOAD = 0x20;
const AND = 0x54;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const FAIL = 0x00050000;

/** An instruction. `yes` and `no` name the blocks to jump to. Without a name, the next instruction follows. */
type Step = readonly [
  code: number,
  value: number,
  yes?: string | undefined,
  no?: string | undefined,
];

/** The filter of a confined program. `sockets`: whether the program may open any. */
export function filter(machine: KernelNumbers, { sockets }: { readonly sockets: boolean }): Buffer {
  const { audit, calls } = machine;
  const ends: Record<string, number> = {
    allow: ALLOW,
    forbidden: FAIL | EPERM,
    noSocket: FAIL | EACCES,
    unknown: FAIL | ENOSYS,
  };
  const steps: Record<string, readonly Step[]> = {
    start: [
      [LOAD, ARCH],
      [IF_EQUAL, audit, undefined, 'unknown'],
      [LOAD, CALL],
      [IF_AT_LEAST, X32, 'unknown'],
      [IF_EQUAL, calls.ioctl, 'ioctl'],
      [IF_EQUAL, calls.prlimit, 'prlimit'],
      [IF_EQUAL, calls.clone, 'flags'],
      [IF_EQUAL, calls.unshare, 'flags'],
      [IF_EQUAL, CLONE3, 'unknown'],
      ...[calls.setns, ...calls.keys, ...FILE_SYSTEMS].map((call): Step => [
        IF_EQUAL,
        call,
        'forbidden',
      ]),
      ...(sockets
        ? []
        : ([
            // A ring opens sockets without socket(2). Programs that use it work without it.
            [IF_EQUAL, IO_URING_SETUP, 'unknown'],
            ...calls.shared.map((call): Step => [IF_EQUAL, call, 'unknown']),
            [IF_EQUAL, calls.socket, 'socket'],
            [IF_EQUAL, calls.socketpair, 'socketpair'],
          ] as const)),
      [IF_EQUAL, 0, 'allow', 'allow'],
    ],
    ioctl: [
      [LOAD, argument(1)],
      ...COPY_IOCTLS.map((request): Step => [IF_EQUAL, request, 'allow']),
      ...[TIOCSTI, TIOCLINUX, ...CHANGE_IOCTLS].map((request): Step => [
        IF_EQUAL,
        request,
        'forbidden',
      ]),
      [AND, IOCTL_KIND],
      ...SUBVOLUME_IOCTLS.map((kind): Step => [IF_EQUAL, kind, 'forbidden']),
      [IF_EQUAL, 0, 'allow', 'allow'],
    ],
    // clone and unshare have their flags in the first argument.
    flags: [
      [LOAD, argument(0)],
      [IF_ANY_BIT, CLONE_NEWUSER, 'forbidden', 'allow'],
    ],
    // A process may set its own limits.
    prlimit: [
      [LOAD, argument(0)],
      [IF_EQUAL, 0, 'allow', 'forbidden'],
    ],
    // A route socket lists the addresses of this machine, and reaches no other program.
    socket: [
      [LOAD, argument(0)],
      [IF_EQUAL, AF_NETLINK, undefined, 'noSocket'],
      [LOAD, argument(2)],
      [IF_EQUAL, NETLINK_ROUTE, 'allow', 'noSocket'],
    ],
    // A datagram socket of a pair can send to a socket at a path, for example the system's log.
    socketpair: [
      [LOAD, argument(0)],
      [IF_EQUAL, AF_UNIX, undefined, 'noSocket'],
      [LOAD, argument(1)],
      [AND, SOCKET_KIND],
      [IF_EQUAL, SOCK_STREAM, 'allow'],
      [IF_EQUAL, SOCK_SEQPACKET, 'allow', 'noSocket'],
    ],
  };
  return assemble(steps, ends);
}

/** The program that the kernel takes: the blocks one after the other, and then a return for each end. Jumps only go forward. */
function assemble(
  blocks: Readonly<Record<string, readonly Step[]>>,
  ends: Readonly<Record<string, number>>,
): Buffer {
  const starts = new Map<string, number>();
  let length = 0;
  for (const [name, steps] of Object.entries(blocks)) {
    starts.set(name, length);
    length += steps.length;
  }
  for (const name of Object.keys(ends)) starts.set(name, length++);
  const bytes = Buffer.alloc(length * 8);
  let at = 0;
  const put = (code: number, value: number, yes = 0, no = 0): void => {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(yes, at * 8 + 2);
    bytes.writeUInt8(no, at * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, at * 8 + 4);
    at++;
  };
  const jump = (to: string | undefined): number =>
    to === undefined ? 0 : (starts.get(to) ?? 0) - at - 1;
  for (const step of Object.values(blocks).flat())
    put(step[0], step[1], jump(step[2]), jump(step[3]));
  for (const value of Object.values(ends)) put(RETURN, value);
  return bytes;
}
