// A process that swaps folders for links to a sentinel folder, and back, as fast as it can, while something is unpacked.
// Usage: link-swap-attacker.mjs ARENA FOLDER…
//
// ARENA holds `sentinel`, `work/parent` (in which somebody unpacks), and `aside`, where real folders wait while a link
// stands in their place. FOLDER are the folders that the package has. Ends once `ARENA/stop` is there, and prints how
// many swaps were made, as JSON.

import { existsSync, lstatSync, readdirSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [arena = '', ...folders] = process.argv.slice(2);
const sentinel = join(arena, 'sentinel');
const parent = join(arena, 'work', 'parent');
const stop = join(arena, 'stop');
/** Longest that a link stands, in milliseconds. Most stand for far less. */
const HOLD = 0.4;

/** How eager it is with one temporary folder: some runs should come far, to be met at their end. By the name's last digit. */
const EAGERNESS = [1, 0.2, 0.04, 0.008];

let swaps = 0;
let moved = 0;
let seed = 1;

function random() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** @param {() => void} act */
function attempt(act) {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

function hold() {
  const until = performance.now() + HOLD * random() ** 2;
  while (performance.now() < until);
}

/** @param {string} folder */
function swap(folder) {
  // A name of its own each time: a folder that cannot go back stays there.
  const aside = join(arena, 'aside', String(moved));
  if (!attempt(() => renameSync(folder, aside))) return;
  moved += 1;
  if (attempt(() => symlinkSync(sentinel, folder))) {
    swaps += 1;
    hold();
    attempt(() => unlinkSync(folder));
  }
  attempt(() => renameSync(aside, folder));
}

/** @param {string} folder */
function isFolder(folder) {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** @returns {string[]} */
function names() {
  try {
    return readdirSync(parent);
  } catch {
    return [];
  }
}

process.stdout.write('ready\n');
for (let turn = 0; turn % 64 !== 0 || !existsSync(stop); turn += 1) {
  for (const name of names()) {
    // A link in the place that the package is to get.
    if (name.startsWith('next-') && random() < 0.001) {
      const planted = join(parent, name.replace('next-', 'out-'));
      if (attempt(() => symlinkSync(sentinel, planted))) {
        hold();
        attempt(() => unlinkSync(planted));
      }
    }
    if (!name.startsWith('.tarwarden-unpack-')) continue;
    const eagerness = EAGERNESS[Number.parseInt(name.slice(-1), 16) % EAGERNESS.length] ?? 1;
    const content = join(parent, name, 'package');
    for (const folder of folders) {
      const path = join(content, folder);
      if (random() < 0.5 * eagerness && isFolder(path)) swap(path);
    }
    if (random() < 0.1 * eagerness && isFolder(content)) swap(content);
    if (random() < 0.05 * eagerness) swap(join(parent, name));
  }
  if (random() < 0.001) swap(parent);
}
process.stdout.write(`${JSON.stringify({ swaps })}\n`);
