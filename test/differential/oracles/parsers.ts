/** Extractors that run in this process: what npm and Yarn, pnpm, and others read with. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { Parser } from 'tar';
import { extract, type Extract } from 'tar-stream';
import { FileMapBuilder, type FileMap, type Oracle } from './file-map.ts';
import { root } from './root.ts';

// As npm and Yarn use it: not strict, so what it only warns of is lost without a word.
function nodeTar(tgz: Buffer, parser: Parser): FileMap {
  const map = new FileMapBuilder();
  let failure: Error | undefined;
  parser.on('error', (error: Error) => void (failure = error));
  parser.on('entry', (entry) => {
    const pieces: Buffer[] = [];
    entry.on('data', (piece: Buffer) => void pieces.push(Buffer.from(piece)));
    entry.on('end', () => {
      if (entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'ContiguousFile')
        map.file(entry.path, entry.mode, Buffer.concat(pieces));
      else if (entry.type !== 'Directory') map.other(entry.path, entry.type);
    });
    entry.resume();
  });
  parser.end(tgz);
  if (failure) throw failure;
  return map.files;
}

async function tarStream(tgz: Buffer, reader: Extract): Promise<FileMap> {
  const map = new FileMapBuilder();
  const tar = gunzipSync(tgz);
  await new Promise<void>((resolve, reject) => {
    reader.on('entry', (header, stream, next) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: unknown) => void pieces.push(Buffer.from(piece as Buffer)));
      stream.on('end', () => {
        if (header.type === 'file') map.file(header.name, header.mode, Buffer.concat(pieces));
        else if (header.type !== 'directory') map.other(header.name, String(header.type));
        next();
      });
      stream.on('error', reject);
    });
    reader.on('finish', resolve);
    reader.on('error', reject);
    reader.end(tar);
  });
  return map.files;
}

async function modernTar(tgz: Buffer): Promise<FileMap> {
  const map = new FileMapBuilder();
  for (const { header, data } of await unpackTar(gunzipSync(tgz))) {
    if (header.type === 'file') map.file(header.name, header.mode, data ?? new Uint8Array());
    else if (header.type !== 'directory') map.other(header.name, String(header.type));
  }
  return map.files;
}

// Without types of their own. Of these versions, what is used is as in today's.
const requireHere = createRequire(import.meta.url);
const older = {
  nodeTar: requireHere('tar-6') as { Parse: typeof Parser },
  tarStream: requireHere('tar-stream-1') as { extract: typeof extract },
};

// The package does not export its parser, so it is taken by its place. The benchmark is who depends on it.
const requireFromBench = createRequire(join(root, 'bench/package.json'));
const { parseTarball } = requireFromBench(
  join(dirname(requireFromBench.resolve('@pnpm/store.cafs')), 'parseTarball.js'),
) as {
  parseTarball: (tar: Buffer) => {
    files: Map<string, { offset: number; mode: number; size: number }>;
  };
};

function pnpm(tgz: Buffer): FileMap {
  const map = new FileMapBuilder();
  const tar = gunzipSync(tgz);
  for (const [path, { offset, mode, size }] of parseTarball(tar).files)
    map.file(`package/${path}`, mode, tar.subarray(offset, offset + size));
  return map.files;
}

export const parsers: readonly Oracle[] = [
  { name: 'node-tar', read: (tgz) => nodeTar(tgz, new Parser()) },
  // Of npm 10 until late, of Yarn 3, and in the worker of Yarn 4.
  { name: 'node-tar 6', read: (tgz) => nodeTar(tgz, new older.nodeTar.Parse()) },
  { name: 'tar-stream', read: (tgz) => tarStream(tgz, extract()) },
  // Of Yarn classic.
  { name: 'tar-stream 1', read: (tgz) => tarStream(tgz, older.tarStream.extract()) },
  { name: 'modern-tar', read: modernTar },
  { name: 'pnpm', read: pnpm },
];
