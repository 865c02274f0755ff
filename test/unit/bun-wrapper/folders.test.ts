import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { integrityOf, sha512Of } from '@tarwarden/guard';
import { readLocked } from '../../../packages/bun-wrapper/src/locked.ts';
import { RunCache } from '../../../packages/bun-wrapper/src/run-cache.ts';
import { TreeStore } from '../../../packages/bun-wrapper/src/tree-store.ts';
import { attack } from '../../support/attacks.ts';
import { tgz } from '../../support/pkg.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

function folder(...names: string[]): string {
  const path = join(root, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

describe('RunCache', () => {
  const MANIFEST = '0123456789abcdef-0123456789abcdef.npm';

  it('shows what registries said earlier, keeps what is new, and goes', () => {
    const [cache, manifests] = [folder('run'), folder('manifests')];
    writeFileSync(join(manifests, MANIFEST), 'old');
    writeFileSync(join(manifests, 'other'), '');
    const run = new RunCache(cache, manifests);
    expect(readdirSync(cache)).toEqual([MANIFEST]);
    writeFileSync(join(cache, 'fedcba9876543210.npm'), 'new');
    run.close();
    expect(existsSync(cache)).toBe(false);
    expect(readdirSync(manifests).toSorted()).toEqual(
      [MANIFEST, 'fedcba9876543210.npm', 'other'].toSorted(),
    );
  });

  it('knows what it has placed from what bun unpacked', () => {
    const run = new RunCache(folder('run'), folder('manifests'));
    const tree = folder('tree');
    run.place('good@1.0.0@@@1', tree);
    run.place('@sc/dep@1.0.0@@@1', tree);
    for (const name of [
      'bad@1.0.0@@@1',
      '@sc/bad@1.0.0@@r__0@@@1',
      'good@1.0.0@@@1_patch_hash=0123456789abcdef',
      'bad@2.0.0@@@1_patch_hash=0123456789abcdef',
      '@T@sha512-00@@@1',
      '@G@0123',
      '@GH@owner-repo-0@@@1',
      'good',
      '0123.git',
    ])
      folder('run', name);
    expect(run.unpacked().toSorted()).toEqual([
      '@T@sha512-00@@@1',
      '@sc/bad@1.0.0@@r__0@@@1',
      'bad@1.0.0@@@1',
      'bad@2.0.0@@@1_patch_hash=0123456789abcdef',
    ]);
    expect(run.checkouts().map((path) => path.slice(run.folder.length + 1))).toEqual([
      '@G@0123',
      '@GH@owner-repo-0@@@1',
    ]);
  });

  it.each([
    '../up@1.0.0@@@1',
    '@a/../../up@1.0.0@@@1',
    '/up@1.0.0@@@1',
    'a/b@1.0.0@@@1',
    '@a/b/c@1.0.0@@@1',
  ])('places nothing by the name %s', (name) => {
    const run = new RunCache(folder('in/run'), folder('manifests'));
    run.place(name, folder('tree'));
    expect(readdirSync(join(root, 'in/run'))).toEqual([]);
    expect(readdirSync(root).toSorted()).toEqual(['in', 'manifests', 'tree']);
  });

  it('does not claim what bun had unpacked before', () => {
    const run = new RunCache(folder('run'), folder('manifests'));
    folder('run', 'good@1.0.0@@@1');
    run.place('good@1.0.0@@@1', folder('tree'));
    expect(run.unpacked()).toEqual(['good@1.0.0@@@1']);
  });
});

describe('TreeStore', () => {
  const options = { expected: {}, policy: DEFAULT_POLICY };

  it('keeps what an accepted archive unpacks to, by its SHA-512', () => {
    const store = new TreeStore(folder('trees'));
    const bytes = tgz({ name: 'good' });
    const sha512 = sha512Of(integrityOf(bytes))!;
    expect(store.find(sha512)).toBeUndefined();
    expect(store.add(bytes, sha512, options).status).toBe('accept');
    expect(readdirSync(store.find(sha512)!).toSorted()).toEqual(['index.js', 'package.json']);
    expect(store.add(bytes, sha512, options).status).toBe('accept');
  });

  it('keeps nothing of a rejected one', () => {
    const store = new TreeStore(folder('trees'));
    const bytes = attack('symlink').build();
    const sha512 = sha512Of(integrityOf(bytes))!;
    expect(store.add(bytes, sha512, options).status).toBe('reject');
    expect(readdirSync(join(root, 'trees'))).toEqual([]);
  });

  it('has a verdict also where nothing can be kept', () => {
    const bytes = tgz({ name: 'good' });
    const store = new TreeStore(join(root, 'missing'));
    const sha512 = sha512Of(integrityOf(bytes))!;
    expect(store.add(bytes, sha512, options).status).toBe('accept');
    expect(store.find(sha512)).toBeUndefined();
  });

  it('removes what was not used for a month, and looks once a day', () => {
    const trees = folder('trees');
    const store = new TreeStore(trees);
    const now = Date.now();
    const ago = (days: number): Date => new Date(now - days * 86_400_000);
    utimesSync(folder('trees', 'old'), ago(31), ago(31));
    utimesSync(folder('trees', 'used'), ago(29), ago(29));
    store.tidy(now);
    expect(readdirSync(trees)).toHaveLength(2);
    utimesSync(trees, ago(2), ago(2));
    store.tidy(now);
    expect(readdirSync(trees)).toEqual(['used']);
  });
});

describe('readLocked', () => {
  const sri = (fill: string): string => integrityOf(Buffer.from(fill));
  const write = (packages: object): void =>
    writeFileSync(join(root, 'bun.lock'), JSON.stringify({ lockfileVersion: 2, packages }));

  it('has the integrities by name and version, address or path', () => {
    const url = 'https://x.example/t.tgz';
    write({
      a: ['a@1.0.0', '', {}, sri('a')],
      'b/a': ['a@1.0.0', '', {}, sri('b')],
      u: [`u@${url}`, {}, sri('c')],
      f: ['f@./f.tgz', {}, sri('d')],
      w: ['w@workspace:w'],
      n: ['n@1.0.0', '', {}, ''],
    });
    const { integrities, packages } = readLocked(root);
    expect(Object.fromEntries(integrities)).toEqual({
      'a@1.0.0': [sri('a'), sri('b')],
      [`u@${url}`]: [sri('c')],
      'f@./f.tgz': [sri('d')],
    });
    expect(packages).toBe(5);
  });

  it('is empty without a file, and an error where it is not understood', () => {
    expect(readLocked(root)).toMatchObject({ text: undefined, packages: 0 });
    writeFileSync(join(root, 'bun.lock'), '{"lockfileVersion": 9}');
    expect(() => readLocked(root)).toThrow(/bun\.lock is not understood: line 1/);
  });
});
