/** A folder for temporary files in which one client installs one archive, and what is left in it. */
import { createHash } from 'node:crypto';
import {
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
import { join, posix } from 'node:path';
import { execute, type Result } from '../../../support/execute.ts';
import type { Seen } from '../observe.ts';

export interface ClientSample {
  readonly name: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** What lies in the folder of the package and, by paths that begin with `..`, in that of the sentinel. */
export interface ClientSeen {
  /** `refused`: by the guard. */
  readonly outcome: 'installs' | 'error' | 'refused';
  readonly files: ReadonlyMap<string, Seen>;
  /** What the client printed. */
  readonly output: string;
}

/** Milliseconds for one install. */
const TIMEOUT = 60_000;

export class World {
  readonly root: string = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-client-')));
  readonly temp: string = this.folder('tmp');
  readonly file: string;

  constructor({ fileName, bytes }: ClientSample) {
    this.folder('home');
    this.folder('sentinel');
    this.write('sentinel/secret', 'secret\n');
    this.file = join(this.folder('archive'), fileName);
    writeFileSync(this.file, bytes);
  }

  folder(path: string): string {
    const folder = join(this.root, path);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  write(path: string, content: string | Buffer): void {
    this.folder(posix.dirname(path));
    writeFileSync(join(this.root, path), content);
  }

  run(
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    cwd: string = this.root,
  ): Promise<Result> {
    const [program = '', ...args] = command;
    const path = process.env['PATH'] ?? '';
    return execute(program, args, {
      cwd,
      env: {
        PATH: path,
        HOME: join(this.root, 'home'),
        TMPDIR: this.temp,
        LC_ALL: 'C.UTF-8',
        ...env,
      },
      timeout: TIMEOUT,
    });
  }

  /** What lies below a folder, and what is new beside it and in that of the sentinel. */
  seen(folder: string): Map<string, Seen> {
    const files = filesIn(folder);
    const outside = posix.relative(folder, join(this.root, 'sentinel'));
    for (const [path, one] of filesIn(join(this.root, 'sentinel')))
      if (path !== 'secret') files.set(`${outside}/${path}`, one);
    // A path that climbs from a folder of this one ends here.
    for (const [path, one] of filesIn(this.root))
      if (!path.includes('/')) files.set(`${posix.relative(folder, this.root)}/${path}`, one);
    return files;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Files and links below a folder. Links are never followed. */
export function filesIn(folder: string): Map<string, Seen> {
  const files = new Map<string, Seen>();
  const walk = (dir: string, below: string): void => {
    for (const name of readdirSync(dir)) {
      const file = join(dir, name);
      const stat = lstatSync(file);
      const path = below + name;
      if (stat.isDirectory()) walk(file, `${path}/`);
      else if (stat.isSymbolicLink()) files.set(path, { kind: 'link', target: readlinkSync(file) });
      else if (stat.isFile())
        files.set(path, {
          kind: 'file',
          mode: stat.mode & 0o7777,
          sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
        });
      else files.set(path, { kind: 'other' });
    }
  };
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) walk(folder, '');
  return files;
}
