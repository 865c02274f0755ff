/** Extractors that are programs: GNU tar, bsdtar (libarchive, which bun uses), Python's tarfile, and node-tar on disk. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { x } from 'tar';
import { FileMapBuilder, type FileMap, type Oracle } from './file-map.ts';
import { root } from './root.ts';

/** Whether a program is there. */
function has(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

// Bytes of names are UTF-8 for everyone; a locale without it makes bsdtar refuse them.
const environment = { ...process.env, LC_ALL: 'C.UTF-8' };

/** Unpacks into a fresh folder, without its first folder, and reads back what lies there. */
export function onDisk(unpack: (tgz: Buffer, folder: string) => void): (tgz: Buffer) => FileMap {
  return (tgz) => {
    const folder = mkdtempSync(join(tmpdir(), 'tarwarden-oracle-'));
    try {
      unpack(tgz, folder);
      const map = new FileMapBuilder();
      walk(folder, 'top', map);
      return map.files;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function walk(folder: string, name: string, map: FileMapBuilder): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    const inside = `${name}/${entry}`;
    const stat = lstatSync(path);
    if (stat.isDirectory()) walk(path, inside, map);
    else if (stat.isFile()) {
      // An archive may well ask for a file that nobody may read.
      chmodSync(path, 0o600);
      map.file(inside, stat.mode, readFileSync(path));
    } else map.other(inside, stat.isSymbolicLink() ? `link to ${readlinkSync(path)}` : 'special');
  }
}

function program(command: string, args: readonly string[]): (tgz: Buffer) => FileMap {
  return onDisk((input, folder) => {
    const { status, stderr } = spawnSync(command, [...args, '-C', folder], {
      input,
      env: environment,
    });
    if (status !== 0) throw new Error(`${command}: ${stderr.toString().slice(0, 500)}`);
  });
}

const gnuTar = program('tar', ['-xzmf', '-', '--strip-components=1', '--no-same-owner']);
const bsdtar = program('bsdtar', [
  '-xmf',
  '-',
  '--strip-components=1',
  '--no-same-owner',
  '--no-xattrs',
  '--no-acls',
  '--no-fflags',
]);

const nodeTarOnDisk = onDisk((tgz, cwd) => {
  const file = join(cwd, '..', `${cwd.split('/').at(-1)}.tgz`);
  writeFileSync(file, tgz);
  try {
    x({ file, cwd, sync: true, strip: 1, noMtime: true });
  } finally {
    rmSync(file);
  }
});

/** Python's tarfile in a process that stays, since starting it costs more than the reading. */
export class Tarfile implements Oracle {
  readonly name = 'tarfile';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn('python3', [join(root, 'test/differential/oracles/tarfile-server.py')]);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  readonly read = async (tgz: Buffer): Promise<FileMap> => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(tgz.length);
    this.#child.stdin.write(Buffer.concat([head, tgz]));
    const line = await this.#lines.next();
    const answer = JSON.parse(String(line.value)) as {
      error?: string;
      files?: [string, 'file' | 'other', number, string][];
    };
    if (!answer.files) throw new Error(answer.error);
    const map = new FileMapBuilder();
    for (const [name, type, mode, digest] of answer.files) {
      if (type === 'file') map.digest(name, mode, digest);
      else map.other(name, 'special');
    }
    return map.files;
  };

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}

export const hasPython: boolean = has('python3');

/** Those that are installed, in this process's view of PATH. */
export const programs: readonly Oracle[] = [
  { name: 'node-tar on disk', read: nodeTarOnDisk },
  ...(has('tar') ? [{ name: 'tar', read: gnuTar }] : []),
  ...(has('bsdtar') ? [{ name: 'bsdtar', read: bsdtar }] : []),
];
