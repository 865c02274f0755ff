import { spawnSync } from 'node:child_process';
import { lstatSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import type { Command } from '@tarwarden/guard/run';
import { PERL } from './helper-source.ts';
import { ABI_MIN, FILE_RIGHTS, GRANTS, handled, type Denial, type GrantKind } from './rights.ts';
import { filter, kernelNumbers, type KernelNumbers } from './seccomp.ts';

/** A right of a program below a path. The path is absolute and without links, or `&` and the number of an open file. */
export interface Grant {
  readonly kind: GrantKind;
  readonly path: string;
}

/** The limits of a confined program. */
export interface Walls {
  readonly grants: readonly Grant[];
  /** Absolute paths without links that the program may only read, although they lie in folders that it may write. */
  readonly kept?: readonly string[];
  /** Whether it may read only the files and folders that a grant names. */
  readonly reading: boolean;
  readonly network: boolean;
  /** Its TMPDIR. The helper sets it, because tarwarden's own process must not use that folder. */
  readonly temporary: string;
}

/** A program of this machine that can confine itself, and the version of Landlock that the kernel has. */
export interface Helper {
  readonly command: Command;
  readonly abi: number;
  readonly machine: KernelNumbers;
}

/** The helper has an absolute path, because a repository may have put programs on the PATH. */
const HELPERS: readonly Command[] = ['/usr/bin/perl', '/bin/perl'].map((file) => ({
  file,
  args: ['-e', PERL, '--'],
}));

/**
 * The capabilities that root keeps: to own files (chown, dac_override, fowner, fsetid), to end processes and to become another
 * user. Of the others, perfmon would read the environment of all processes.
 */
const CAPABILITIES_KEPT = [0, 1, 3, 4, 5, 6, 7].reduce(
  (mask, capability) => mask + 2 ** capability,
  0,
);

/** Milliseconds for a helper to answer. */
const PROBE_MS = 20_000;
/** Node has no names for O_PATH and O_CLOEXEC. */
const O_PATH = 0o10000000;
const O_CLOEXEC = 0o2000000;

export interface HelperOptions {
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  readonly helpers?: readonly Command[];
}

/** The helper that confines programs, or the reason why nothing can be confined here. */
export function findHelper(options: HelperOptions = {}): Helper | { readonly problem: string } {
  const { platform = process.platform, arch = process.arch, helpers = HELPERS } = options;
  if (platform !== 'linux') return { problem: elsewhere(platform) };
  const machine = kernelNumbers(arch);
  if (machine === undefined)
    return { problem: `the system calls of ${arch} are not known to tarwarden` };
  const command = helpers.find(({ file }) => isSystemProgram(file));
  if (command === undefined)
    return {
      problem:
        'tarwarden needs /usr/bin/perl to confine a program, and there is none; install the package "perl" of this system',
    };
  const abi = probe(command);
  if (typeof abi === 'string') return { problem: abi };
  if (abi < 0) return { problem: missing(-abi) };
  if (abi < ABI_MIN)
    return {
      problem: `the kernel has version ${abi} of Landlock, which lets every file be emptied; version ${ABI_MIN} came with Linux 6.2`,
    };
  return { command, abi, machine };
}

/** The command that starts a program behind walls. */
export function confinedCommand(helper: Helper, program: Command, walls: Walls): Command {
  const { abi, machine, command } = helper;
  const denial: Denial = { reading: walls.reading, network: !walls.network };
  const { fs, net, scope, size } = handled(abi, denial);
  const keptRules = (walls.kept ?? []).map((path) => `kept:${path}`);
  const rules = [...keptRules, ...walls.grants.map(({ kind, path }) => `${GRANTS[kind]}:${path}`)];
  const numbers = [
    machine.calls.prctl,
    machine.calls.seccomp,
    machine.calls.capget,
    machine.calls.capset,
    machine.calls.unshare,
    O_PATH | O_CLOEXEC | machine.noFollow,
    FILE_RIGHTS,
    CAPABILITIES_KEPT,
    fs,
    net,
    scope,
    size,
  ];
  const steps = filter(machine, { sockets: walls.network }).toString('hex');
  return {
    file: command.file,
    args: [
      ...command.args,
      ...numbers.map(String),
      steps,
      walls.temporary,
      String(rules.length),
      ...rules,
      program.file,
      ...program.args,
    ],
  };
}

/** The reason why these paths cannot be kept as they are in folders that a program may write. Undefined if they can. */
export function whyNotKept(helper: Helper, keptPaths: readonly string[]): string | undefined {
  const walls = { grants: [], kept: keptPaths, reading: false, network: true, temporary: '/' };
  const { file, args } = confinedCommand(helper, { file: '/bin/true', args: [] }, walls);
  const options = { encoding: 'utf8', timeout: PROBE_MS, cwd: '/', env: {} } as const;
  const { status, stderr } = spawnSync(file, args, options);
  if (status === 0) return undefined;
  return (stderr ?? '')
    .trim()
    .replace(/^tarwarden: |; nothing was run$/g, '')
    .slice(0, 200);
}

/** Whether only root can have put the file there. */
function isSystemProgram(file: string): boolean {
  try {
    const { uid } = lstatSync(file);
    return uid === 0 && statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The version of Landlock, or the error number of the call as a negative number. A text if the helper gave no answer. */
function probe({ file, args }: Command): number | string {
  const { status, stdout, stderr } = spawnSync(file, [...args, 'probe'], {
    encoding: 'utf8',
    timeout: PROBE_MS,
    cwd: '/',
    env: {},
  });
  if (status !== 0 || !/^-?\d+$/.test(stdout))
    return `${file} could not ask the kernel for Landlock (${(stderr ?? '').trim().slice(0, 200)})`;
  return Number(stdout);
}

function missing(errno: number): string {
  const { ENOSYS, EOPNOTSUPP } = constants.errno;
  if (errno === ENOSYS)
    return 'the kernel, or what filters system calls here, has no Landlock (ENOSYS)';
  if (errno === EOPNOTSUPP) return 'Landlock is switched off in this kernel (EOPNOTSUPP)';
  return `the kernel does not offer Landlock (error ${errno})`;
}

function elsewhere(platform: NodeJS.Platform): string {
  if (platform === 'darwin')
    return 'it is done by Landlock, which macOS does not have. Its own sandbox-exec is marked deprecated, and is not used';
  if (platform === 'win32')
    return 'it is done by Landlock, which Windows does not have. In WSL 2 it works';
  return `it is done by Landlock, which ${platform} does not have`;
}
