/*
 * Runs the programs of a trial. A program may write outside its folder, which is what the trial tests. So if bubblewrap is installed and
 * the kernel allows it, everything else is read-only for the program, and it reaches neither the network nor a socket of the machine.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespaceFilter } from '@tarwarden/confine';
import { isWithin, realAsFar } from '@tarwarden/host';

export interface Cage {
  readonly confined: boolean;
  /** Returns the exit code. Undefined if the program did not end by itself. */
  run(command: ProbeCommand, options: CageOptions): Promise<number | undefined>;
}

export type ProbeCommand = readonly [string, ...string[]];

export interface CageOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The only writable folder. By default, that of the cage. */
  readonly root?: string;
}

const BUBBLEWRAP = '/usr/bin/bwrap';
const TIMEOUT_MS = 30_000;
const GRACE_MS = 2000;

/** bubblewrap reads the filter of system calls from this descriptor. */
const FILTER_DESCRIPTOR = 3;

/** Folders in which programs have named pipes and sockets. */
const MEETING_PLACES = ['/run', '/var/run', '/tmp', '/var/tmp'];

/** /proc is read-only: root could write settings of the kernel in /proc/sys, even without capabilities, such as a program to run at crashes. */
const READ_ONLY = '--ro-bind / / --dev /dev --proc /proc --remount-ro /proc'.split(' ');

/** Without dropped capabilities, a program of root could mount everything writable again. */
const ALONE =
  '--cap-drop ALL --unshare-net --unshare-pid --unshare-ipc --unshare-uts --new-session --die-with-parent'.split(
    ' ',
  );

/**
 * @param root A private folder. It is writable, unless a run names a folder in it.
 * @param needed Files and folders that programs have to read.
 */
export async function cageFor(root: string, needed: readonly string[] = []): Promise<Cage> {
  const wrapper = wrapperFor(root, needed);
  const confined =
    wrapper !== undefined && (await wrapper(['/bin/true'], { cwd: root, env: {} })) === 0;
  return {
    confined,
    run: confined ? wrapper : async (command, options) => start(command, options, []),
  };
}

type RunInCage = Cage['run'];

function wrapperFor(root: string, needed: readonly string[]): RunInCage | undefined {
  const filter = namespaceFilter();
  if (filter === undefined || !existsSync(BUBBLEWRAP)) return undefined;
  const empty = hidden(needed);
  const args = (writable: string): string[] => [
    ...READ_ONLY,
    ...empty.flatMap((folder) => ['--tmpfs', folder]),
    '--bind',
    writable,
    writable,
    ...empty.flatMap((folder) => ['--remount-ro', folder]),
    ...ALONE,
    '--seccomp',
    String(FILTER_DESCRIPTOR),
  ];
  return async (command, options) => {
    const descriptor = descriptorOf(filter, root);
    try {
      const confining = args(options.root ?? root);
      return await start([BUBBLEWRAP, ...confining, ...command], options, [descriptor]);
    } finally {
      closeSync(descriptor);
    }
  };
}

/** The folders that the programs do not need, which are hidden. */
function hidden(needed: readonly string[]): string[] {
  const places = needed.flatMap((path) => [path, realAsFar(path)]);
  return MEETING_PLACES.filter(
    (folder) =>
      lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true &&
      !places.some((path) => isWithin(folder, path)),
  );
}

let filters = 0;

/** Opens a file with the filter, and removes its name. Each program needs its own descriptor, to read from the start. */
function descriptorOf(bytes: Buffer, folder: string): number {
  const file = join(folder, `.filter-${(filters += 1)}`);
  writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
  const descriptor = openSync(file, 'r');
  rmSync(file);
  return descriptor;
}

async function start(
  [file, ...args]: ProbeCommand,
  { cwd, env }: CageOptions,
  descriptors: readonly number[],
): Promise<number | undefined> {
  return new Promise((resolve) => {
    // The program gets a process group, so that its children end with it.
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe', ...descriptors],
      detached: true,
    });
    child.stderr?.resume();
    const timer = setTimeout(() => kill(child.pid), TIMEOUT_MS);
    const end = (code: number | undefined): void => {
      clearTimeout(timer);
      kill(child.pid);
      resolve(code);
    };
    child.once('error', () => end(undefined));
    // bubblewrap can end before its program, which then still holds the pipe, unless it has closed it.
    child.once('close', (code) => end(code ?? undefined));
    child.once('exit', () => {
      kill(child.pid);
      setTimeout(() => child.stderr?.destroy(), GRACE_MS).unref();
    });
  });
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
