/*
 * Runs what is tried. It cannot be trusted to keep to its folder: that is the question. So, where bubblewrap is installed
 * and the kernel lets it, the program sees everything else read-only, and reaches neither the network nor a socket of the machine.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespaceFilter } from '@tarwarden/confine';
import { isWithin, realAsFar } from '@tarwarden/host';

export interface Cage {
  readonly confined: boolean;
  /** The exit code; undefined where it did not end by itself. */
  run(command: Command, options: CageOptions): Promise<number | undefined>;
}

export type Command = readonly [string, ...string[]];

export interface CageOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The only folder that may be written to; that of the cage unless given. */
  readonly root?: string;
}

const BUBBLEWRAP = '/usr/bin/bwrap';
const TIMEOUT_MS = 30_000;
const GRACE_MS = 2000;

/** Where bubblewrap finds the filter of system calls. */
const FILTER_DESCRIPTOR = 3;

/** Where programs leave named pipes and sockets for each other. */
const MEETING_PLACES = ['/run', '/var/run', '/tmp', '/var/tmp'];

/** Settings of the kernel in /proc/sys are root's to write, also without any right of root: a program for its crashes among them. */
const READ_ONLY = [
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
  '--remount-ro',
  '/proc',
] as const;

/** Started by root, bubblewrap would leave its program the right to mount everything writable again. */
const ALONE = [
  '--cap-drop',
  'ALL',
  '--unshare-net',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--new-session',
  '--die-with-parent',
] as const;

/**
 * @param root A private folder, which may be written to unless a run names one in it.
 * @param needed Files and folders that programs are read from.
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

type Run = Cage['run'];

function wrapperFor(root: string, needed: readonly string[]): Run | undefined {
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

/** Those that nothing is run from. */
function hidden(needed: readonly string[]): string[] {
  const places = needed.flatMap((path) => [path, realAsFar(path)]);
  return MEETING_PLACES.filter(
    (folder) =>
      lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true &&
      !places.some((path) => isWithin(folder, path)),
  );
}

let filters = 0;

/** A file without a name: each program reads its filter from the beginning. */
function descriptorOf(bytes: Buffer, folder: string): number {
  const file = join(folder, `.filter-${(filters += 1)}`);
  writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
  const descriptor = openSync(file, 'r');
  rmSync(file);
  return descriptor;
}

async function start(
  [file, ...args]: Command,
  { cwd, env }: CageOptions,
  descriptors: readonly number[],
): Promise<number | undefined> {
  return new Promise((resolve) => {
    // A group of its own, so that what it starts ends with it.
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
    // bubblewrap ends before what it started has: that still holds the pipe, unless it has closed it.
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
