/* Changes that the writer of a cache may make to a file in it. */
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { putFile } from '../../support/put-file.ts';

/** Changes a cache. Each path is below the folder of the cache. */
export type Poison = (folder: string) => void;

/** A file below a folder, by the end of its path. */
export function find(folder: string, end: RegExp): string {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const path = all.find((each) => end.test(each) && lstatSync(join(folder, each)).isFile());
  if (path === undefined) throw new RangeError(`nothing ends with ${String(end)}`);
  return join(folder, path);
}

/** Changes a byte of a file. Its size, mode and times stay. */
export const changed =
  (end: RegExp): Poison =>
  (folder) => {
    const file = find(folder, end);
    const { atime, mtime, mode } = statSync(file);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    chmodSync(file, 0o644);
    writeFileSync(file, bytes);
    chmodSync(file, mode);
    utimesSync(file, atime, mtime);
  };
export const extended =
  (end: RegExp, text: string): Poison =>
  (folder) => {
    const file = find(folder, end);
    chmodSync(file, 0o644);
    appendFileSync(file, text);
  };
export const added =
  (path: string, text = 'evil\n'): Poison =>
  (folder) =>
    putFile(join(folder, path), text);
export const executable =
  (end: RegExp): Poison =>
  (folder) => {
    const file = find(folder, end);
    chmodSync(file, statSync(file).mode ^ 0o100);
  };
/** Moves a file or folder out of the cache, and leaves a link to the same content. */
export const linked =
  (end: RegExp): Poison =>
  (folder) => {
    const file = find(folder, end);
    chmodSync(dirname(file), 0o755);
    renameSync(file, join(folder, '..', 'moved'));
    symlinkSync(join(folder, '..', 'moved'), file);
  };
