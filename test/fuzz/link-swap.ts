/**
 * The link-swap race: something unpacks in a folder, over and over, while another process swaps the folders it writes in
 * for links to a sentinel folder. Counts the rounds in which anything appeared, changed or went in the sentinel.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tgz } from '../support/pkg.ts';
import { tree } from '../support/tree.ts';
import { entry } from '../support/tar.ts';

const FOLDERS = ['a', 'b', 'a/deep', 'c'];
const FILES_EACH = 8;
/** Milliseconds of sleep before a folder or file is opened or made, so that the other process gets to run in between. */
const PAUSE = 0.1;

/** Entries go from folder to folder, so that each is entered again and again. */
export const racePackage: Buffer = tgz({
  entries: Array.from({ length: FILES_EACH }, (_, file) =>
    FOLDERS.map((folder) =>
      entry({ name: `package/${folder}/f${file}.js`, body: `${folder} ${file}\n`.repeat(20) }),
    ),
  ),
});

/** Unpacks the bytes into a folder that is not there. What it throws ends the round, and is counted by its code. */
export type Unpacker = (bytes: Buffer, destination: string) => void;

export interface RaceOptions {
  readonly rounds: number;
  /** Milliseconds after which no further round starts; no bound unless given. */
  readonly budget?: number;
  /** Whether to stop at the first round that writes outside. */
  readonly untilOutside?: boolean;
  readonly unpack: Unpacker;
}

export interface RaceResult {
  readonly rounds: number;
  /** Rounds that ended with the package in place. */
  readonly unpacked: number;
  /** Rounds that threw, by the code of the error. */
  readonly stopped: Readonly<Record<string, number>>;
  /** Folders that were swapped for a link meanwhile. */
  readonly swaps: number;
  /** Rounds after which the sentinel folder was not as before. */
  readonly outside: number;
  /** Rounds that left a temporary folder, since it was away when it should have been removed. */
  readonly leftovers: number;
}

/** Runs the race in a temporary arena, which is removed afterwards. */
export async function race(options: RaceOptions): Promise<RaceResult> {
  const arena = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-race-')));
  const sentinel = join(arena, 'sentinel');
  const parent = join(arena, 'work', 'parent');
  mkdirSync(parent, { recursive: true });
  mkdirSync(join(arena, 'aside'));
  mkdirSync(join(arena, 'done'));
  const attacker = new URL('./link-swap-attacker.mjs', import.meta.url).pathname;
  // Held, since the attacker moves the folder itself as well.
  const held = openSync(parent, constants.O_RDONLY | constants.O_DIRECTORY);
  const child = spawn(process.execPath, [attacker, arena, ...FOLDERS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  try {
    await once(child.stdout, 'data');
    const counts = rounds(options, { arena, sentinel, parent, real: `/proc/self/fd/${held}` });
    writeFileSync(join(arena, 'stop'), '');
    await once(child, 'close');
    const { swaps } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { swaps: number };
    return { ...counts, swaps };
  } finally {
    child.kill('SIGKILL');
    closeSync(held);
    rmSync(arena, { recursive: true, force: true });
  }
}

function rounds(
  options: RaceOptions,
  at: { arena: string; sentinel: string; parent: string; real: string },
): Omit<RaceResult, 'swaps'> {
  const stopped: Record<string, number> = {};
  let unpacked = 0;
  let outside = 0;
  let leftovers = 0;
  let round = 0;
  let before = makeSentinel(at.sentinel);
  const stop = Date.now() + (options.budget ?? Number.POSITIVE_INFINITY);
  while (round < options.rounds && Date.now() < stop) {
    const name = `out-${round++}`;
    const marker = join(at.real, name.replace('out-', 'next-'));
    writeFileSync(marker, '');
    const resume = pauseBeforeOpening();
    try {
      options.unpack(racePackage, join(at.parent, name));
      unpacked++;
    } catch (error) {
      const code = String((error as { code?: unknown }).code ?? error);
      stopped[code] = (stopped[code] ?? 0) + 1;
    } finally {
      resume();
    }
    rmSync(marker);
    rmSync(join(at.real, name), { recursive: true, force: true });
    if (setAside(at.real, join(at.arena, 'done', String(round))) > 0) leftovers++;
    if (tree(at.sentinel).join('\n') === before) continue;
    outside++;
    if (options.untilOutside === true) break;
    before = makeSentinel(at.sentinel);
  }
  return { rounds: round, unpacked, stopped, outside, leftovers };
}

/** Makes the moments of the race wide, for every unpacker alike: on a busy machine a whole round may fit in one time slice. */
function pauseBeforeOpening(): () => void {
  const { mkdirSync: make, openSync: open, writeFileSync: write, renameSync: rename } = fs;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const paused =
    <Args extends unknown[], Value>(act: (...args: Args) => Value) =>
    (...args: Args): Value => {
      Atomics.wait(cell, 0, 0, PAUSE);
      return act(...args);
    };
  Object.assign(fs, {
    mkdirSync: paused(make),
    openSync: paused(open),
    writeFileSync: paused(write),
    renameSync: paused(rename),
  });
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, {
      mkdirSync: make,
      openSync: open,
      writeFileSync: write,
      renameSync: rename,
    });
    syncBuiltinESMExports();
  };
}

/** Moves what is left to where the attacker does not look, in one step: removing it would be a race of its own. */
function setAside(folder: string, prefix: string): number {
  const left = readdirSync(folder);
  for (const [index, name] of left.entries()) {
    try {
      renameSync(join(folder, name), `${prefix}-${index}`);
    } catch {
      // The attacker has it in hand, and puts it back.
    }
  }
  return left.length;
}

/** A folder with something to lose, and with places that paths of the package lead to. */
function makeSentinel(sentinel: string): string {
  rmSync(sentinel, { recursive: true, force: true });
  for (const folder of [...FOLDERS, ...FOLDERS.map((one) => `package/${one}`)])
    mkdirSync(join(sentinel, folder), { recursive: true });
  for (const file of ['keep.txt', 'a/keep.txt', 'package/a/keep.txt'])
    writeFileSync(join(sentinel, file), 'must stay as it is\n');
  return tree(sentinel).join('\n');
}
