/* The files of the verdict store: immutable, authenticated, named by time. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { isPrivate } from './cache-directory.ts';

/** The largest segment that we write is smaller; ignore larger files. Bytes. */
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;
/** The most files read in one folder. */
const FILES_MAX = 512;
/** The most combinations of rule set and policy whose verdicts are kept. */
const CONTEXTS_MAX = 8;
/** Prefix of contexts that are never dropped. */
export const KEPT_PREFIX = 'kept-';
/** Age after which an abandoned temporary file is removed. Milliseconds. */
const STALE_MS = 60 * 60 * 1000;

const HEADER = 'tarwarden verdicts 2\n';
const LINE = /^[0-9a-f]{64} /;

interface Segments {
  readonly files: readonly string[];
  /** Key (64 hex digits) to value (one line of JSON), oldest segment first. */
  readonly entries: Map<string, string>;
}

/**
 * Reads every segment of a folder that was written with this key. Other segments are skipped: a cache that came from elsewhere may
 * contain forged ones. `keyOf` is called only if there are segments; without a key, all of them are skipped.
 */
export function readSegments(directory: string, keyOf: () => Buffer | undefined): Segments {
  const files = segmentNames(directory);
  const entries = new Map<string, string>();
  const key = files.length === 0 ? undefined : keyOf();
  if (key === undefined) return { files, entries };
  for (const file of files) {
    const body = readSegment(join(directory, file), macIn(directory, key));
    if (body === undefined) continue;
    for (const line of body.split('\n')) {
      if (LINE.test(line)) entries.set(line.slice(0, 64), line.slice(65));
    }
  }
  return { files, entries };
}

/** The names of the segments in a folder, oldest first. */
function segmentNames(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.seg'));
    return names.sort().slice(-FILES_MAX);
  } catch {
    // The folder does not exist yet.
    return [];
  }
}

function readSegment(path: string, mac: Mac): string | undefined {
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  const end = text.length - 65;
  if (end < HEADER.length || !text.startsWith(HEADER)) return undefined;
  const body = text.slice(0, end);
  const [written, own] = [Buffer.from(text.slice(end)), Buffer.from(`${mac(body)}\n`)];
  return written.length === own.length && timingSafeEqual(written, own) ? body : undefined;
}

/** The text of a regular file that only this user can write and that is no link. Undefined for every other. Never throws. */
function readPrivateFile(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const stat = fstatSync(fd);
    if (!stat.isFile() || !isPrivate(stat) || stat.size > SEGMENT_BYTES_MAX) return undefined;
    return readFileSync(fd, 'utf8');
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Adds one segment; other processes see all of it or nothing. Returns its path. Throws on I/O errors. */
export function writeSegment(
  directory: string,
  entries: ReadonlyMap<string, string>,
  key: Buffer,
): string {
  let body = HEADER;
  for (const [key, value] of entries) body += `${key} ${value}\n`;
  const name = `${String(Date.now()).padStart(15, '0')}-${randomBytes(6).toString('hex')}`;
  const path = join(directory, `${name}.seg`);
  const temporary = join(directory, `${name}.tmp`);
  try {
    writeFileSync(temporary, `${body}${macIn(directory, key)(body)}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    renameSync(temporary, path);
    return path;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes segments that a merged one replaces, and temporary files of killed processes. */
export function removeSegments(directory: string, files: readonly string[]): void {
  for (const file of files) unlinkQuietly(join(directory, file));
  for (const name of readdirSync(directory).slice(0, FILES_MAX)) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(directory, name);
    if (Date.now() - (modified(path) ?? Date.now()) > STALE_MS) unlinkQuietly(path);
  }
}

/** Removes the contexts that were written longest ago, so that old rule sets do not pile up. */
export function dropOldContexts(root: string): void {
  const contexts = readdirSync(root)
    .filter((name) => !name.startsWith(KEPT_PREFIX))
    .slice(0, FILES_MAX)
    .map((name) => join(root, name))
    .sort((a, b) => (modified(b) ?? 0) - (modified(a) ?? 0));
  for (const context of contexts.slice(CONTEXTS_MAX))
    rmSync(context, { recursive: true, force: true });
}

function modified(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another process was first.
  }
}

/** 64 hex digits for the text of a segment. */
type Mac = (body: string) => string;

/** The name of the folder counts too: a segment that is moved to the folder of another policy is not believed there. */
function macIn(directory: string, key: Buffer): Mac {
  const context = basename(directory);
  return (body) => createHmac('sha256', key).update(`${context}\n${body}`).digest('hex');
}
