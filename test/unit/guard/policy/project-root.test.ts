import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadPolicy } from '@tarwarden/guard';
import { projectFolders } from '../../../../packages/guard/src/policy/project-root.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  put('w/packages/a/src/x', '');
});

const put = (path: string, content: string | object | Buffer): string =>
  putFile(join(root, path), content);

/** The last folder in which a policy may stand. */
const rootOf = (start: string): string =>
  (projectFolders(join(root, start)).at(-1) ?? '').slice(root.length + 1);

describe('the root of a project', () => {
  it('is the folder itself where nothing says more', () => {
    expect(rootOf('w/packages/a/src')).toBe('w/packages/a/src');
  });

  it('is the nearest folder with package.json', () => {
    put('w/packages/a/package.json', {});
    put('w/package.json', {});
    expect(rootOf('w/packages/a/src')).toBe('w/packages/a');
    expect(projectFolders(join(root, 'w/packages/a/src'))).toHaveLength(2);
  });

  it.each([
    [{ workspaces: ['packages/*'] }, 'w'],
    [{ workspaces: ['./packages/a/'] }, 'w'],
    [{ workspaces: { packages: ['pack*/**'] } }, 'w'],
    [{ workspaces: ['other/*', 'packages/b'] }, 'w/packages/a'],
    [{ workspaces: ['packages'] }, 'w/packages/a'],
    [{ workspaces: 'packages/*' }, 'w/packages/a'],
  ])('is the workspace root that names it: %j', (manifest, expected) => {
    put('w/packages/a/package.json', {});
    put('w/package.json', manifest);
    expect(rootOf('w/packages/a/src')).toBe(expected);
  });

  it('is the folder of pnpm-workspace.yaml', () => {
    put('w/packages/a/package.json', {});
    put('w/pnpm-workspace.yaml', '');
    expect(rootOf('w/packages/a')).toBe('w');
  });

  it('is the repository before all others', () => {
    put('w/.git', 'gitdir: elsewhere');
    put('w/packages/a/package.json', {});
    put('package.json', { workspaces: ['w/packages/*'] });
    expect(rootOf('w/packages/a')).toBe('w');
  });

  it('is looked for from where a link leads', () => {
    put('elsewhere/package.json', {});
    put('w/packages/a/package.json', {});
    symlinkSync(join(root, 'w/packages/a'), join(root, 'elsewhere/link'));
    expect(rootOf('elsewhere/link')).toBe('w/packages/a');
  });
});

describe('what stands above the root', () => {
  const load = (): readonly string[] =>
    loadPolicy({ cwd: join(root, 'w/packages/a'), env: { HOME: join(root, 'home') } }).files;
  beforeEach(() => put('w/packages/a/package.json', {}));

  const policy = { exceptions: [] };
  it.each([
    ['a policy', () => put('tarwarden.json', policy)],
    ['a policy in package.json', () => put('package.json', { tarwarden: policy })],
    ['nonsense', () => put('w/tarwarden.json', '{')],
    ['a folder', () => mkdirSync(join(root, 'w/tarwarden.json'))],
    ['a fifo', () => execFileSync('mkfifo', [join(root, 'w/tarwarden.json')])],
    ['a link to itself', () => symlinkSync('tarwarden.json', join(root, 'w/tarwarden.json'))],
    ['a package.json that is a folder', () => mkdirSync(join(root, 'w/package.json'))],
    ['a package.json that is a fifo', () => execFileSync('mkfifo', [join(root, 'w/package.json')])],
    ['Latin-1', () => put('w/package.json', Buffer.from('{"author": "J\xfcrgen"}', 'latin1'))],
    ['5 MB', () => put('w/package.json', { workspaces: ['x'], a: 'x'.repeat(5_000_000) })],
  ])('does not matter: %s', (_, make) => {
    make();
    expect(load()).toEqual([]);
  });
});

describe("the project's own package.json", () => {
  const load = (): readonly string[] =>
    loadPolicy({ cwd: join(root, 'w'), env: { HOME: join(root, 'home') } }).files;

  it.each([
    ['Latin-1', Buffer.from('{"author": "J\xfcrgen"}', 'latin1')],
    ['5 MB', JSON.stringify({ a: 'x'.repeat(5_000_000) })],
    ['a key twice and an escape', String.raw`{"a": "\u00e9", "a": "b"}`],
    [
      'a dependency of the name and a key twice',
      '{"dependencies": {"tarwarden": "1"}, "a": 1, "a": 2}',
    ],
  ])('may be what its manager takes: %s', (_, text) => {
    put('w/package.json', text);
    expect(load()).toEqual([]);
  });

  it.each([
    ['Latin-1', Buffer.from('{"author": "J\xfcrgen", "tarwarden": {}}', 'latin1')],
    ['5 MB', JSON.stringify({ a: 'x'.repeat(5_000_000), tarwarden: {} })],
    ['the field twice', '{"tarwarden": {"links": "reject"}, "tarwarden": {}}'],
  ])('is an error where it holds a policy and is %s', (_, text) => {
    put('w/package.json', text);
    expect(load).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }));
  });
});
