// A temporary folder in which a command gets archives. Around the folders for its output are sentinels, and the sandbox notices if the
// command changes, adds or removes anything outside of these folders.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';

/** Folders above each output folder. A path that climbs fewer folders stays in the sandbox, where it is noticed. */
const LEVELS = 6;
/** A larger file is compared by its size and time only. */
const MAX_HASHED_BYTES = 16 * 1024 * 1024;
/** Files of one tree that are read. */
const MAX_FILES = 200_000;

/**
 * @typedef {{ path: string, executable?: boolean, sha512?: string, link?: string }} TreeFile
 */

export class Sandbox {
  /** @type {string} */
  root = realpathSync(mkdtempSync(join(tmpdir(), 'conformance-')));
  /** @type {string} */
  #level = this.root;
  /** @type {Set<string>} Folders that the command may change. */
  #free = new Set();
  /** @type {Map<string, string>} */
  #before = new Map();
  #count = 0;

  constructor() {
    for (const name of ['home', 'tmp']) this.#free.add(this.#folder(join(this.root, name)));
    this.#sentinel(this.root);
    for (let level = 1; level < LEVELS; level++) {
      this.#level = this.#folder(join(this.#level, `level-${level}`));
      this.#sentinel(this.#level);
    }
  }

  /** Variables for the command, so that it writes no files of its own elsewhere. */
  get environment() {
    const temporary = join(this.root, 'tmp');
    return { HOME: join(this.root, 'home'), TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  }

  /**
   * Copies an archive into the sandbox, and makes an empty folder for its files.
   * @param {string} file
   */
  add(file) {
    this.#count += 1;
    const folder = this.#folder(join(this.#level, `archive-${this.#count}`));
    this.#sentinel(folder);
    const archive = join(this.#folder(join(folder, 'in')), basename(file));
    copyFileSync(file, archive);
    const out = this.#folder(join(folder, 'out'));
    this.#free.add(out);
    return { archive, out };
  }

  /** Call it after the last `add`, and before the command starts. */
  seal() {
    this.#before = this.#snapshot();
  }

  /** @returns {string[]} Paths outside of the free folders that differ from what they were. */
  changes() {
    const after = this.#snapshot();
    const paths = new Set([...this.#before.keys(), ...after.keys()]);
    const changed = [...paths].filter((path) => this.#before.get(path) !== after.get(path));
    return [...changed, ...this.#replaced()].toSorted();
  }

  /** The command may remove a free folder. A link in its place leads to other folders, where nothing is compared. */
  #replaced() {
    return [...this.#free]
      .filter((folder) => ignoringErrors(() => lstatSync(folder))?.isDirectory() === false)
      .map((folder) => folder.slice(this.root.length + 1));
  }

  dispose() {
    for (const { file, stat } of walk(this.root))
      if (stat.isDirectory() && (stat.mode & 0o700) !== 0o700)
        ignoringErrors(() => chmodSync(file, 0o700));
    removeTree(this.root);
  }

  #snapshot() {
    /** @type {Map<string, string>} */
    const seen = new Map();
    for (const found of walk(this.root, this.#free)) {
      const { path, stat } = found;
      // The times of folders change when a file in a free folder does.
      const facts = stat.isDirectory()
        ? [stat.mode]
        : [stat.mode, stat.size, stat.mtimeMs, stat.nlink, contentOf(found)];
      seen.set(path.slice(this.root.length + 1), facts.join(' '));
    }
    return seen;
  }

  /** @param {string} path */
  #folder(path) {
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** @param {string} folder */
  #sentinel(folder) {
    writeFileSync(join(this.#folder(join(folder, 'sentinel')), 'secret'), 'secret\n');
  }
}

/**
 * The files and links below a folder. It follows no link. Folders are not listed.
 * @param {string} folder
 * @returns {TreeFile[]}
 */
export function treeIn(folder) {
  /** @type {TreeFile[]} */
  const files = [];
  for (const { path, file, stat } of walk(folder)) {
    if (stat.isDirectory()) continue;
    const below = path.slice(folder.length + 1).replaceAll(sep, '/');
    if (stat.isSymbolicLink()) files.push({ path: below, link: linkOf(file) });
    else
      files.push({
        path: below,
        executable: (stat.mode & 0o100) !== 0,
        sha512: stat.isFile() ? sha512Of(file) : 'not a regular file',
      });
    if (files.length > MAX_FILES) break;
  }
  return files;
}

/**
 * The bytes of all files below a folder.
 * @param {string} folder
 */
export function sizeOf(folder) {
  let bytes = 0;
  for (const { stat } of walk(folder)) bytes += stat.isFile() ? stat.size : 0;
  return bytes;
}

/**
 * Removes a folder with paths that are longer than the system takes, too.
 * @param {string} folder
 */
function removeTree(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Node names every file by its whole path; rm enters the folders.
    spawnSync('rm', ['-rf', '--', folder]);
    if (existsSync(folder)) console.error(`${folder} could not be removed`);
  }
}

/**
 * Removes what a command wrote at absolute paths.
 * @param {readonly string[]} targets
 * @returns {string[]} The targets that existed.
 */
export function removeTargets(targets) {
  const found = targets.filter((path) => existsSync(path));
  for (const path of found) rmSync(path, { recursive: true, force: true });
  return found;
}

/**
 * @typedef {object} Seen
 * @property {string} path
 * @property {Buffer} file  The same in bytes, since a name need not be UTF-8.
 * @property {import('node:fs').Stats} stat
 */

/**
 * Everything below a folder. It follows no link.
 * @param {string} folder
 * @param {ReadonlySet<string>} [without]
 * @returns {Generator<Seen>}
 */
function* walk(folder, without, bytes = Buffer.from(folder)) {
  const names = ignoringErrors(() => readdirSync(bytes, { encoding: 'buffer' })) ?? [];
  for (const name of names) {
    const path = join(folder, name.toString());
    if (without?.has(path)) continue;
    const file = Buffer.concat([bytes, Buffer.from(sep), name]);
    const stat = ignoringErrors(() => lstatSync(file));
    if (stat === undefined) continue;
    yield { path, file, stat };
    if (stat.isDirectory()) yield* walk(path, without, file);
  }
}

/** @param {Seen} seen */
function contentOf({ file, stat }) {
  if (stat.isSymbolicLink()) return linkOf(file);
  return stat.isFile() && stat.size <= MAX_HASHED_BYTES ? sha512Of(file) : '';
}

/** @param {Buffer} file */
function linkOf(file) {
  return ignoringErrors(() => readlinkSync(file)) ?? '';
}

/** @param {Buffer} file */
function sha512Of(file) {
  const bytes = ignoringErrors(() => readFileSync(file));
  return bytes === undefined ? 'unreadable' : createHash('sha512').update(bytes).digest('hex');
}

/**
 * The command can remove a file at any time, or leave files that the runner may not read.
 * @template Result
 * @param {() => Result} act
 * @returns {Result | undefined}
 */
function ignoringErrors(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
