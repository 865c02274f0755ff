/** What runs in the link-swap race: the unpacker of the core, and one that trusts paths, as the control. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Parser } from 'tar';
import { unpack } from '@tarwarden/host';
import type { Unpacker } from './link-swap.ts';

export const guarded: Unpacker = (bytes, destination) => {
  const result = unpack(bytes, destination, { checking: 'descriptor' });
  if (result.status !== 'unpacked') throw new Error('the package of the race was refused');
};

/** Paths looked at before each step, as on platforms that cannot do better. */
export const byPath: Unpacker = (bytes, destination) => {
  unpack(bytes, destination, { checking: 'path' });
};

/** The same shape (a private folder, exclusive creation, one rename), with plain paths: it has to lose the race. */
export const naive: Unpacker = (bytes, destination) => {
  const temporary = join(
    dirname(destination),
    `.tarwarden-unpack-${process.pid}-${randomBytes(16).toString('hex')}`,
  );
  const content = join(temporary, 'package');
  mkdirSync(temporary, { mode: 0o700 });
  mkdirSync(content);
  for (const [path, body] of filesOf(bytes)) {
    const file = join(content, path);
    makeFolders(content, dirname(path));
    writeFileSync(file, body, { flag: 'wx' });
  }
  // On failure nothing is removed: doing that by path would lose another race, and this one is about writing.
  renameSync(content, destination);
  rmdirSync(temporary);
};

/** One after the other: `recursive` would make the parent folder anew while it is away. */
function makeFolders(content: string, path: string): void {
  let folder = content;
  for (const part of path.split('/').filter((one) => one !== '.')) {
    folder = join(folder, part);
    if (!existsSync(folder)) mkdirSync(folder);
  }
}

function filesOf(bytes: Buffer): [path: string, body: Buffer][] {
  const files: [string, Buffer][] = [];
  const parser = new Parser();
  parser.on('entry', (entry) => {
    const pieces: Buffer[] = [];
    entry.on('data', (piece: Buffer) => void pieces.push(Buffer.from(piece)));
    entry.on('end', () => {
      files.push([entry.path.split('/').slice(1).join('/'), Buffer.concat(pieces)]);
    });
    entry.resume();
  });
  parser.end(bytes);
  return files;
}
