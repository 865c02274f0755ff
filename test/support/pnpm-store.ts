/** Changes entries and files of pnpm's store, as somebody would who can write to the cache that it is restored from. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nodePath, repository } from './managers.ts';

/** The folder of the one version that a store has. */
export function versionFolder(store: string): string {
  const [version] = readdirSync(store).filter((name) => /^v\d+$/.test(name));
  return join(store, version!);
}

function contentPath(folder: string, bytes: Buffer, isExecutable: boolean): string {
  const hex = createHash('sha512').update(bytes).digest('hex');
  return join(folder, 'files', hex.slice(0, 2), hex.slice(2) + (isExecutable ? '-exec' : ''));
}

/** Puts a file into the content-addressed part, with an old time, and returns its entry for an index. */
export function addContent(
  folder: string,
  text: string,
  mode = 0o644,
): { readonly digest: string; readonly mode: number; readonly size: number } {
  const bytes = Buffer.from(text);
  const path = contentPath(folder, bytes, (mode & 0o111) !== 0);
  writeFileSync(path, bytes);
  chmodSync(path, mode);
  utimesSync(path, 1e9, 1e9);
  const digest = createHash('sha512').update(bytes).digest('hex');
  return { digest, mode, size: bytes.length };
}

/** Writes other bytes of the same length into a file of the store, in place, and sets its times back as exactly as Node can. */
export function changeInPlace(folder: string, content: string, other: string): void {
  const path = contentPath(folder, Buffer.from(content), false);
  const { atime, mtime } = statSync(path);
  writeFileSync(path, other, { flag: 'r+' });
  utimesSync(path, atime, mtime);
}

/** As {@link changeInPlace}, with times that are exactly as before. */
export function changeSecretly(folder: string, content: string, other: string): void {
  const path = contentPath(folder, Buffer.from(content), false);
  const reference = join(folder, 'reference');
  spawnSync('cp', ['-p', path, reference]);
  writeFileSync(path, other, { flag: 'r+' });
  spawnSync('touch', ['-r', reference, path]);
  rmSync(reference);
}

/** Gives a file of the store the right to be executed. */
export function makeExecutable(folder: string, content: string): void {
  chmodSync(contentPath(folder, Buffer.from(content), false), 0o755);
}

/**
 * Changes the entries of packages, by `name@version`.
 */
export function changeEntries(
  folder: string,
  changes: Readonly<Record<string, Change>>,
  { keepsLog = false } = {},
): void {
  if (existsSync(join(folder, 'index.db'))) {
    const program = join(repository, 'test/support/change-pnpm-index.cjs');
    const msgpackr = createRequire(join(repository, 'packages/audit/package.json')).resolve(
      'msgpackr',
    );
    spawnSync(nodePath('node-24'), [
      '--no-warnings',
      program,
      join(folder, 'index.db'),
      msgpackr,
      JSON.stringify(changes),
      String(keepsLog),
    ]);
    return;
  }
  const index = join(folder, 'index');
  for (const start of readdirSync(index)) {
    for (const name of readdirSync(join(index, start))) {
      const file = join(index, start, name);
      const id = /^[0-9a-f]{62}-(.*)\.json$/.exec(name)?.[1] ?? '';
      const change = changes[id];
      if (change === undefined) continue;
      const entry = JSON.parse(readFileSync(file, 'utf8')) as Record<
        string,
        Record<string, object>
      >;
      for (const [path, file] of Object.entries(change.files ?? {}))
        entry['files']![path] = json(file, entry['files']![path]);
      if (change.sideEffects !== undefined) {
        const { key, added } = change.sideEffects;
        const files = Object.entries(added).map(([path, file]) => [path, json(file, undefined)]);
        entry['sideEffects'] = { [key]: { added: Object.fromEntries(files) as object } };
      }
      for (const [path, file] of Object.entries(change.made ?? {}))
        for (const build of Object.values(entry['sideEffects'] ?? {}))
          (build as { added: Record<string, object> }).added[path] = json(file, undefined);
      if (change.manifest !== undefined) Object.assign(entry, { name: change.manifest['name'] });
      writeFileSync(file, JSON.stringify(entry));
    }
  }
}

/** Replaces a file that build scripts of a package made. */
export function changeBuild(folder: string, id: string, path: string, file: StoredFile): void {
  changeEntries(folder, { [id]: { made: { [path]: file } } });
}

interface StoredFile {
  readonly digest?: string;
  readonly mode?: number;
  readonly size?: number;
  readonly checkedAt?: number;
}

export interface Change {
  readonly files?: Readonly<Record<string, StoredFile>>;
  readonly sideEffects?: {
    readonly key: string;
    readonly added: Readonly<Record<string, StoredFile>>;
  };
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** A file that build scripts made, under each key. */
  readonly made?: Readonly<Record<string, StoredFile>>;
  /** The entry is filed under this key alone, and an alias leads to it. */
  readonly aliasTo?: string;
}

function json({ digest, ...file }: StoredFile, before: object | undefined): object {
  const integrity =
    digest === undefined
      ? {}
      : { integrity: `sha512-${Buffer.from(digest, 'hex').toString('base64')}` };
  return { checkedAt: 4e12, ...before, ...file, ...integrity };
}
