/** Readers of zip: the two of Yarn, yauzl, Python, Info-ZIP, and libarchive. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fromBuffer, type Entry as YauzlEntry, type ZipFile } from 'yauzl';
import { FileMapBuilder, type FileMap, type Oracle } from './file-map.ts';
import { hasPython, onDisk } from './programs.ts';
import { root } from './root.ts';

const SAFE = { ...process.env, LC_ALL: 'C.UTF-8' };

/** Gives the archive a place on disk for as long as it is read. */
function withFile<T>(bytes: Buffer, read: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-zip-'));
  try {
    const file = join(folder, 'a.zip');
    writeFileSync(file, bytes);
    return read(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stats {
  readonly mode: number;
  isDirectory(): boolean;
  isFile(): boolean;
}
interface YarnFs {
  readdirSync(path: string): string[];
  lstatSync(path: string): Stats;
  readFileSync(path: string): Buffer;
  discardAndClose(): void;
}
type YarnZipFs = new (path: string, options: object) => YarnFs;

// What the plugin's own dependencies bring; Yarn bundles the same.
const ofPlugin = createRequire(join(root, 'packages/yarn-plugin/package.json'));
const ofYarn = createRequire(ofPlugin.resolve('@yarnpkg/core'));
const { ZipFS, JsZipImpl } = ofYarn('@yarnpkg/libzip') as {
  ZipFS: YarnZipFs;
  JsZipImpl: unknown;
};

function yarn(options: object): (bytes: Buffer) => FileMap {
  return (bytes) =>
    withFile(bytes, (file) => {
      const zip = new ZipFS(file, { readOnly: true, ...options });
      const map = new FileMapBuilder();
      const walk = (folder: string): void => {
        for (const name of zip.readdirSync(folder === '' ? '/' : folder)) {
          const path = `${folder}/${name}`;
          const stat = zip.lstatSync(path);
          if (stat.isDirectory()) walk(path);
          else if (stat.isFile()) map.file(`top${path}`, stat.mode, zip.readFileSync(path));
          else map.other(`top${path}`, 'special');
        }
      };
      try {
        walk('');
      } finally {
        zip.discardAndClose();
      }
      return map.files;
    });
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    );
  });
}

async function yauzl(bytes: Buffer): Promise<FileMap> {
  const zip = await open(bytes);
  const map = new FileMapBuilder();
  await new Promise<void>((resolve, reject) => {
    const take = async (entry: YauzlEntry): Promise<void> => {
      if (!entry.fileName.endsWith('/')) {
        const stream = await new Promise<Readable>((resolveStream, fail) => {
          zip.openReadStream(entry, (error, opened) =>
            error ? fail(error) : resolveStream(opened),
          );
        });
        const content = await buffer(stream);
        map.file(`top/${entry.fileName}`, entry.externalFileAttributes >>> 16, content);
      }
      zip.readEntry();
    };
    zip.on('entry', (entry: YauzlEntry) => void take(entry).catch(reject));
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
  return map.files;
}

const PYTHON = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    print(json.dumps([[i.filename, i.external_attr >> 16, hashlib.sha256(z.read(i)).hexdigest()]
                      for i in z.infolist() if not i.is_dir()]))
`;

function python(bytes: Buffer): FileMap {
  return withFile(bytes, (file) => {
    const { status, stdout, stderr } = spawnSync('python3', ['-c', PYTHON, file]);
    if (status !== 0) throw new Error(stderr.toString().slice(-300));
    const map = new FileMapBuilder();
    for (const [name, mode, digest] of JSON.parse(stdout.toString()) as [string, number, string][])
      map.digest(`top/${name}`, mode, digest);
    return map.files;
  });
}

function run(command: string, args: readonly string[], input?: Buffer): void {
  const { status, stdout, stderr } = spawnSync(command, args, { env: SAFE, input });
  if (status !== 0) throw new Error(`${command}: ${String(stdout)}${String(stderr)}`.slice(0, 300));
}

const unzip = onDisk((bytes, folder) =>
  withFile(bytes, (file) => run('unzip', ['-q', '-d', folder, file])),
);
const bsdtar = onDisk((bytes, folder) =>
  withFile(bytes, (file) => run('bsdtar', ['-xf', file, '-C', folder])),
);
const streamed = onDisk((bytes, folder) => run('bsdtar', ['-xf', '-', '-C', folder], bytes));

const has = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;

/** Those of this process. All of them, but the streams, find the directory from the end. */
export const zipParsers: readonly Oracle[] = [
  { name: 'libzip', read: yarn({}) },
  { name: 'Yarn in JavaScript', read: yarn({ customZipImplementation: JsZipImpl }) },
  { name: 'yauzl', read: yauzl },
];

/** Those that are installed. */
export const zipPrograms: readonly Oracle[] = [
  ...(hasPython ? [{ name: 'zipfile', read: python }] : []),
  ...(has('unzip', '-v') ? [{ name: 'Info-ZIP', read: unzip }] : []),
  ...(has('bsdtar', '--version') ? [{ name: 'bsdtar', read: bsdtar }] : []),
];

/** From the first byte on: what it sees has no modes, which only the directory knows. */
export const zipStreams: readonly Oracle[] = has('bsdtar', '--version')
  ? [{ name: 'bsdtar of a stream', read: streamed }]
  : [];
