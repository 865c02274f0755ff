/*
 * A filter for system calls, for what Landlock has no right for: characters that are put into the terminal's input, keyrings,
 * limits of other processes, namespaces of users, file systems that are made and what file systems do by calls of their own; sockets, and memory and
 * queues that programs share by numbers. It sees numbers and no paths.
 */

export interface Machine {
  /** As audit.h numbers architectures. */
  readonly audit: number;
  readonly calls: {
    readonly ioctl: number;
    readonly prctl: number;
    readonly seccomp: number;
    readonly capget: number;
    readonly capset: number;
    readonly socket: number;
    readonly socketpair: number;
    readonly prlimit: number;
    readonly clone: number;
    readonly unshare: number;
    readonly setns: number;
    /** add_key, request_key, keyctl. */
    readonly keys: readonly number[];
    /** Of System V, and queues of POSIX. */
    readonly shared: readonly number[];
  };
  /** As fcntl.h of the architecture has it. */
  readonly noFollow: number;
}

/** The architectures whose numbers are known; undefined elsewhere, where nothing can be confined. */
export function machineOf(arch: string): Machine | undefined {
  return MACHINES[arch];
}

const MACHINES: Readonly<Record<string, Machine | undefined>> = {
  x64: {
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
      keys: [248, 249, 250],
      shared: [29, 30, 31, 64, 65, 66, 67, 68, 69, 70, 71, 220, 240, 241],
    },
    noFollow: 0o400000,
  },
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

/** These have the same number on every architecture. */
const IO_URING_SETUP = 425;
/** Its flags lie in memory, which a filter does not see. Whoever uses it goes on with clone. */
const CLONE3 = 435;
/**
 * In a namespace of its own everybody is root, and reaches parts of the kernel that are otherwise root's: these have
 * had more holes than others.
 */
const CLONE_NEWUSER = 0x10000000;
/**
 * open_tree, fsopen, fsconfig, fsmount, fspick, mount_setattr, open_tree_attr. Landlock denies mounting alone: to be made, an
 * overlay empties and makes folders where its options say.
 */
const FILE_SYSTEMS = [428, 430, 431, 432, 433, 442, 467];
/** On x64, calls with pointers of 32 bits have numbers from here on. */
const X32 = 0x40000000;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** Of btrfs and of bcachefs, which make and remove folders by them (subvolumes), with whole trees in them (snapshots). */
const OF_FILE_SYSTEMS = [0x9400, 0xbc00];
const KIND_OF_IOCTL = 0xff00;
/** FICLONE, FICLONERANGE, FIDEDUPERANGE: numbered like those of btrfs, of every file system, and for files that are open to write. */
const COPYING = [0x40049409, 0x4020940d, 0xc0189436];
/** A second name (ocfs2), and what keeps a file from being written again, or makes a folder an encrypted one. */
const CHANGING = [0x40186f04, 0x40806685, 0x800c6613];
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_SEQPACKET = 5;
const KIND_OF_SOCKET = 0xf;
const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

/** Offsets in what the filter is given: the call, the architecture, the lower halves of the arguments. */
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

type Step = readonly [
  code: number,
  value: number,
  yes?: string | undefined,
  no?: string | undefined,
];

/** The filter as the kernel takes it. `sockets`: whether the program may open any. */
export function filter(machine: Machine, { sockets }: { readonly sockets: boolean }): Buffer {
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
            // Sockets can be opened by it, unseen by this filter. Whoever uses it goes on without.
            [IF_EQUAL, IO_URING_SETUP, 'unknown'],
            ...calls.shared.map((call): Step => [IF_EQUAL, call, 'unknown']),
            [IF_EQUAL, calls.socket, 'socket'],
            [IF_EQUAL, calls.socketpair, 'socketpair'],
          ] as const)),
      [IF_EQUAL, 0, 'allow', 'allow'],
    ],
    ioctl: [
      [LOAD, argument(1)],
      ...COPYING.map((one): Step => [IF_EQUAL, one, 'allow']),
      ...[TIOCSTI, TIOCLINUX, ...CHANGING].map((one): Step => [IF_EQUAL, one, 'forbidden']),
      [AND, KIND_OF_IOCTL],
      ...OF_FILE_SYSTEMS.map((one): Step => [IF_EQUAL, one, 'forbidden']),
      [IF_EQUAL, 0, 'allow', 'allow'],
    ],
    // Both have them first.
    flags: [
      [LOAD, argument(0)],
      [IF_ANY_BIT, CLONE_NEWUSER, 'forbidden', 'allow'],
    ],
    // A process may set its own.
    prlimit: [
      [LOAD, argument(0)],
      [IF_EQUAL, 0, 'allow', 'forbidden'],
    ],
    // Asking for the machine's addresses reaches nobody else.
    socket: [
      [LOAD, argument(0)],
      [IF_EQUAL, AF_NETLINK, undefined, 'noSocket'],
      [LOAD, argument(2)],
      [IF_EQUAL, NETLINK_ROUTE, 'allow', 'noSocket'],
    ],
    // One of a pair of datagrams can be sent to whatever listens at a path, as the system's log does.
    socketpair: [
      [LOAD, argument(0)],
      [IF_EQUAL, AF_UNIX, undefined, 'noSocket'],
      [LOAD, argument(1)],
      [AND, KIND_OF_SOCKET],
      [IF_EQUAL, SOCK_STREAM, 'allow'],
      [IF_EQUAL, SOCK_SEQPACKET, 'allow', 'noSocket'],
    ],
  };
  return assemble(steps, ends);
}

function assemble(
  blocks: Readonly<Record<string, readonly Step[]>>,
  ends: Readonly<Record<string, number>>,
): Buffer {
  const places = new Map<string, number>();
  let length = 0;
  for (const [name, steps] of Object.entries(blocks)) {
    places.set(name, length);
    length += steps.length;
  }
  for (const name of Object.keys(ends)) places.set(name, length++);
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
    to === undefined ? 0 : (places.get(to) ?? 0) - at - 1;
  for (const step of Object.values(blocks).flat())
    put(step[0], step[1], jump(step[2]), jump(step[3]));
  for (const value of Object.values(ends)) put(RETURN, value);
  return bytes;
}
