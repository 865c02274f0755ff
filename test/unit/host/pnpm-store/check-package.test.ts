/** One package of a store is compared with the tree digest of its archive, and its files with their hashes. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { treeDigest } from '@tarwarden/core/trees';
import {
  checkPackage,
  type PackageTask,
} from '../../../../packages/host/src/pnpm-store/check-package.ts';

const hex = (text: string): string => createHash('sha512').update(text).digest('hex');
const MANIFEST = JSON.stringify({ name: 'a', version: 'v1.0.0', bin: './cli.js' });
const FILES: Record<string, string> = {
  'package.json': MANIFEST,
  'index.js': 'index();\n',
  'cli.js': 'cli();\n',
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-store-'));
  for (const content of Object.values(FILES)) put(content);
});
afterEach(() => rmSync(root, { recursive: true }));

const pathOf = (content: string, folder = root): string =>
  join(folder, 'files', hex(content).slice(0, 2), hex(content).slice(2));

function put(content: string): void {
  mkdirSync(dirname(pathOf(content)), { recursive: true });
  writeFileSync(pathOf(content), content);
}

const TREE = treeDigest(
  'pnpm',
  new Map(
    Object.entries(FILES).map(([path, text]) => [path, { sha512: hex(text), executable: false }]),
  ),
);

function task(fields: Record<string, unknown> = {}, more: Partial<PackageTask> = {}): PackageTask {
  const files = Object.fromEntries(
    Object.entries(FILES).map(([path, text]) => [
      path,
      {
        integrity: `sha512-${Buffer.from(hex(text), 'hex').toString('base64')}`,
        mode: 0o644,
        size: text.length,
        checkedAt: 4e12,
      },
    ]),
  );
  const data = Buffer.from(JSON.stringify({ name: 'a', version: '1.0.0', files, ...fields }));
  return { folder: root, data, format: 'json', tree: TREE, sampleBytes: 0, ...more };
}

function sealed(): string {
  const result = checkPackage(task());
  expect(result).toMatchObject({ isKnown: false, seal: expect.any(String) as string });
  return (result as { seal: string }).seal;
}

/** Keeps the size, and the time as exactly as `touch` can. */
function changeExactly(content: string): void {
  const kept = join(root, 'kept');
  execFileSync('touch', ['-r', pathOf(content), kept]);
  writeFileSync(pathOf(content), content.replace(';', '!'), { flag: 'r+' });
  execFileSync('touch', ['-r', kept, pathOf(content)]);
}

describe('a seal', () => {
  it('makes a package known', () => {
    expect(checkPackage(task({}, { seal: sealed() }))).toMatchObject({ isKnown: true });
  });

  it('does not fit a copy with the same times, which is hashed', () => {
    const seal = sealed();
    const folder = join(root, 'copy');
    cpSync(join(root, 'files'), join(folder, 'files'), {
      recursive: true,
      preserveTimestamps: true,
    });
    expect(checkPackage(task({}, { seal, folder }))).toMatchObject({ isKnown: false });
    writeFileSync(pathOf('index();\n', folder), 'index()!\n');
    expect(checkPackage(task({}, { seal, folder }))).toMatchObject({
      mismatch: { kind: 'content', path: 'index.js' },
    });
  });

  it('does not fit a file that was changed in place, with the size and the time of a Date kept', () => {
    const seal = sealed();
    const path = pathOf('index();\n');
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'index()!\n', { flag: 'r+' });
    utimesSync(path, atime, mtime);
    expect(checkPackage(task({}, { seal }))).toMatchObject({
      mismatch: { kind: 'content', path: 'index.js' },
    });
  });

  it('does not hide a file that was changed with its exact time kept, if it is in the sample', () => {
    const seal = sealed();
    changeExactly('index();\n');
    expect(checkPackage(task({}, { seal, sampleBytes: 10_000 }))).toMatchObject({
      mismatch: { kind: 'content', path: 'index.js' },
    });
  });
});

describe('the sample', () => {
  it('has large files as often as it has their share of bytes', () => {
    const seal = sealed();
    changeExactly('index();\n');
    for (const [chance, isFound] of [
      [0.3, true],
      [0.4, false],
    ] as const) {
      // The first number chooses the second file, which has 9 bytes, and the second whether it is in the sample.
      const random = vi.spyOn(Math, 'random').mockReturnValueOnce(0.4).mockReturnValueOnce(chance);
      const result = checkPackage(task({}, { seal, sampleBytes: 3 }));
      expect('mismatch' in result).toBe(isFound);
      random.mockRestore();
    }
  });
});

describe('a mismatch', () => {
  it.each([
    ['another package.json in the index', { name: 'b' }, { kind: 'manifest', field: 'name' }],
    ['another version', { version: '1.0.1' }, { kind: 'manifest', field: 'version' }],
    [
      'files of a build script that there is not',
      { sideEffects: { key: { added: {} } } },
      { kind: 'build' },
    ],
    ['no files', { files: {} }, { kind: 'files' }],
  ])('is %s', (_, fields, mismatch) => {
    expect(checkPackage(task(fields))).toEqual({ mismatch });
  });

  it('is an entry that cannot be read', () => {
    const data = Buffer.from('{"files": []}');
    expect(checkPackage({ ...task(), data })).toMatchObject({ mismatch: { kind: 'unreadable' } });
  });

  it('is a right that pnpm gives no file', () => {
    chmodSync(pathOf('cli();\n'), 0o4755);
    expect(checkPackage(task())).toMatchObject({ mismatch: { kind: 'type', path: 'cli.js' } });
  });

  it('is an executable file, unless it is a command', () => {
    chmodSync(pathOf('cli();\n'), 0o755);
    expect(checkPackage(task())).toMatchObject({ isKnown: false });
    chmodSync(pathOf('index();\n'), 0o755);
    expect(checkPackage(task())).toMatchObject({ mismatch: { kind: 'mode', path: 'index.js' } });
  });

  it('is not the files of a patch', () => {
    const fields = { sideEffects: { 'linux;x64;node20;patch=abc': { added: {} } } };
    expect(checkPackage(task(fields))).toMatchObject({ hasBuilds: true });
  });

  it('is not a file that the store does not have, which pnpm fetches again', () => {
    rmSync(pathOf('index();\n'));
    expect(checkPackage(task())).toMatchObject({ isKnown: false });
  });
});
