import { describe, expect, it } from 'vitest';
import { filter, kernelNumbers } from '../../../packages/confine/src/seccomp.ts';

const ALLOW = 0x7fff0000;
const failing = (errno: number): number => 0x00050000 | errno;
const [EPERM, EACCES, ENOSYS] = [failing(1), failing(13), failing(38)];

interface Call {
  readonly audit: number;
  readonly number: number;
  readonly args?: readonly number[];
}

/** Runs a filter as the kernel does. */
function answer(program: Buffer, { audit, number, args = [] }: Call): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  args.forEach((value, at) => data.writeUInt32LE(value, 16 + 8 * at));
  let register = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const code = program.readUInt16LE(at * 8);
    const value = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return value;
    if (code === 0x20) register = data.readUInt32LE(value);
    else if (code === 0x54) register = (register & value) >>> 0;
    else {
      const holds =
        code === 0x15
          ? register === value
          : code === 0x45
            ? (register & value) !== 0
            : register >= value;
      at += program.readUInt8(at * 8 + (holds ? 2 : 3));
    }
  }
  throw new Error('the filter has no end');
}

describe.each([
  [
    'x64',
    {
      ioctl: 16,
      socket: 41,
      socketpair: 53,
      read: 0,
      prlimit: 302,
      keyctl: 250,
      shmat: 30,
      clone: 56,
      unshare: 272,
      setns: 308,
    },
    0x40000003,
  ],
  [
    'arm64',
    {
      ioctl: 29,
      socket: 198,
      socketpair: 199,
      read: 63,
      prlimit: 261,
      keyctl: 219,
      shmat: 196,
      clone: 220,
      unshare: 97,
      setns: 268,
    },
    0x40000028,
  ],
] as const)('on %s', (arch, calls, other) => {
  const machine = kernelNumbers(arch)!;
  const { audit } = machine;
  const ask = (sockets: boolean, number: number, args?: readonly number[]): number =>
    answer(filter(machine, { sockets }), { audit, number, ...(args && { args }) });

  it.each([true, false])('lets nothing be put into a terminal (sockets: %s)', (sockets) => {
    expect(ask(sockets, calls.ioctl, [0, 0x5412])).toBe(EPERM);
    expect(ask(sockets, calls.ioctl, [0, 0x541c])).toBe(EPERM);
    expect(ask(sockets, calls.ioctl, [0, 0x5401])).toBe(ALLOW);
    expect(ask(sockets, calls.read)).toBe(ALLOW);
  });

  it.each([
    ['of this machine', 1],
    ['of IPv4', 2],
    ['of IPv6', 10],
    ['of packets', 17],
    ['to a virtual machine', 40],
  ])('lets no socket %s be opened without the network', (_, family) => {
    expect(ask(false, calls.socket, [family, 1, 0])).toBe(EACCES);
    expect(ask(true, calls.socket, [family, 1, 0])).toBe(ALLOW);
  });

  it('lets programs list the addresses of the machine, and talk to their children', () => {
    expect(ask(false, calls.socket, [16, 3, 0])).toBe(ALLOW);
    expect(ask(false, calls.socket, [16, 3, 9])).toBe(EACCES);
    expect(ask(false, calls.socketpair, [1, 1, 0])).toBe(ALLOW);
  });

  it('lets no datagram be sent to a path by one of a pair', () => {
    const SOCK_CLOEXEC = 0o2000000;
    expect(ask(false, calls.socketpair, [1, 5 | SOCK_CLOEXEC, 0])).toBe(ALLOW);
    expect(ask(false, calls.socketpair, [1, 2, 0])).toBe(EACCES);
    expect(ask(false, calls.socketpair, [1, 2 | SOCK_CLOEXEC, 0])).toBe(EACCES);
    expect(ask(false, calls.socketpair, [30, 1, 0])).toBe(EACCES);
    expect(ask(true, calls.socketpair, [1, 2, 0])).toBe(ALLOW);
  });

  it.each([
    ['a subvolume of btrfs', 0x5000940e],
    ['a snapshot of btrfs', 0x50009401],
    ['a snapshot of btrfs, once more', 0x50009417],
    ['a removed subvolume', 0x5000940f],
    ['a subvolume of bcachefs', 0x4020bc10],
    ['a second name in ocfs2', 0x40186f04],
    ['a sealed file', 0x40806685],
  ])('lets nobody make %s by a call of the file system', (_, request) => {
    expect(ask(true, calls.ioctl, [0, request])).toBe(EPERM);
    expect(ask(false, calls.ioctl, [0, request])).toBe(EPERM);
  });

  it('lets files be cloned', () => {
    for (const request of [0x40049409, 0x4020940d, 0xc0189436])
      expect(ask(true, calls.ioctl, [0, request])).toBe(ALLOW);
  });

  it.each([428, 430, 431, 432, 433, 442, 467])('lets nobody make a file system (%s)', (call) => {
    expect(ask(true, call)).toBe(EPERM);
    expect(ask(false, call)).toBe(EPERM);
  });

  it.each([true, false])('lets nobody be root of a namespace (sockets: %s)', (sockets) => {
    const [CLONE_NEWUSER, CLONE_NEWNS, SIGCHLD, CLONE_THREAD] = [0x10000000, 0x20000, 17, 0x10000];
    for (const call of [calls.clone, calls.unshare]) {
      expect(ask(sockets, call, [CLONE_NEWUSER])).toBe(EPERM);
      expect(ask(sockets, call, [CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD])).toBe(EPERM);
      expect(ask(sockets, call, [CLONE_THREAD | SIGCHLD])).toBe(ALLOW);
      expect(ask(sockets, call, [CLONE_NEWNS])).toBe(ALLOW);
    }
    expect(ask(sockets, calls.setns, [3, 0])).toBe(EPERM);
    expect(ask(sockets, 435)).toBe(ENOSYS);
  });

  it('lets nobody set limits of others, or ask for keys', () => {
    expect(ask(true, calls.prlimit, [0])).toBe(ALLOW);
    expect(ask(true, calls.prlimit, [1])).toBe(EPERM);
    expect(ask(true, calls.keyctl)).toBe(EPERM);
  });

  it('lets scripts share no memory by numbers', () => {
    expect(ask(true, calls.shmat)).toBe(ALLOW);
    expect(ask(false, calls.shmat)).toBe(ENOSYS);
  });

  it('leaves no other way to a socket', () => {
    expect(ask(false, 425)).toBe(ENOSYS);
    expect(ask(true, 425)).toBe(ALLOW);
    expect(ask(true, 0x40000000 + calls.socket)).toBe(ENOSYS);
    expect(answer(filter(machine, { sockets: true }), { audit: other, number: 0 })).toBe(ENOSYS);
  });
});

it('knows no other architecture', () => {
  expect(kernelNumbers('riscv64')).toBeUndefined();
});
