/*
 * A filter of system calls for bubblewrap. A network namespace cuts off no Unix socket that has a path: Docker's, that of an SSH
 * agent, D-Bus. So a program in the cage gets sockets of IP and netlink only, which end in its own namespace. It is the program of
 * seccomp(2), in the classic BPF of the kernel.
 */

interface Machine {
  /** AUDIT_ARCH_… of linux/audit.h. */
  readonly architecture: number;
  /** Number of socket(2). */
  readonly socket: number;
}

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: { architecture: 0xc000003e, socket: 41 },
  arm64: { architecture: 0xc00000b7, socket: 198 },
};

/** The same everywhere. A ring opens sockets without socket(2). */
const IO_URING_SETUP = 425;

/** From this number on, x64 has the calls of x32: the same ones by other numbers. */
const X32 = 0x40000000;

const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;

/** Offsets in `struct seccomp_data`; of an argument, the lower half. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

const KILL_PROCESS = 0x80000000;
const ALLOW = 0x7fff0000;
const ERROR = 0x00050000;
const EACCES = 13;
const ENOSYS = 38;

const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_NOT_BELOW = 0x35;
const RETURN = 0x06;

type Instruction = readonly [code: number, then: number, otherwise: number, operand: number];

/** Undefined for processors whose calls have numbers that are not known here. */
export function socketFilter(processor: string = process.arch): Buffer | undefined {
  const machine = MACHINES[processor];
  return machine === undefined ? undefined : assembled(instructions(machine));
}

/** Jumps count from the next instruction on. */
function instructions({ architecture, socket }: Machine): readonly Instruction[] {
  return [
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_IF_EQUAL, 1, 0, architecture],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER],
    [JUMP_IF_NOT_BELOW, 7, 0, X32],
    [JUMP_IF_EQUAL, 6, 0, IO_URING_SETUP],
    [JUMP_IF_EQUAL, 0, 4, socket],
    [LOAD, 0, 0, FIRST_ARGUMENT],
    [JUMP_IF_EQUAL, 2, 0, AF_INET],
    [JUMP_IF_EQUAL, 1, 0, AF_INET6],
    [JUMP_IF_EQUAL, 0, 2, AF_NETLINK],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, ERROR | ENOSYS],
    [RETURN, 0, 0, ERROR | EACCES],
  ];
}

/** Each as `struct sock_filter`; both processors are little-endian. */
function assembled(all: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(all.length * 8);
  for (const [index, [code, then, otherwise, operand]] of all.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(then, index * 8 + 2);
    bytes.writeUInt8(otherwise, index * 8 + 3);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  }
  return bytes;
}
