import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { fixture, listed, REGISTRY } from './lockfile.ts';

describe('real lockfiles of one project', () => {
  it.each([
    ['package-lock.json', 'package-lock-1.json', 'package-lock', '1'],
    ['package-lock.json', 'package-lock-2.json', 'package-lock', '2'],
    ['package-lock.json', 'package-lock-3.json', 'package-lock', '3'],
    ['npm-shrinkwrap.json', 'package-lock-3.json', 'npm-shrinkwrap', '3'],
    ['pnpm-lock.yaml', 'pnpm-lock-6.yaml', 'pnpm-lock', '6.0'],
    ['pnpm-lock.yaml', 'pnpm-lock-9.yaml', 'pnpm-lock', '9.0'],
    ['yarn.lock', 'yarn-1.lock', 'yarn-classic', '1'],
    ['yarn.lock', 'yarn-3.lock', 'yarn-berry', '6'],
    ['yarn.lock', 'yarn-4.lock', 'yarn-berry', '10'],
    ['bun.lock', 'bun-2.lock', 'bun', '2'],
  ])('%s (%s)', (name, file, kind, version) => {
    for (const text of [fixture(file), `\uFEFF${fixture(file).replaceAll('\n', '\r\n')}`]) {
      const lockfile = readLockfile(name, text);
      expect(lockfile.problems).toEqual([]);
      expect(lockfile).toMatchObject({ kind, version });
      expect(listed(lockfile)).toEqual(expect.arrayContaining([...REGISTRY]));
      const archives = lockfile.packages.filter(({ source }) => source.type !== 'folder');
      const [local] = archives.filter(({ source }) => source.type === 'file');
      expect(local?.source).toEqual({
        type: 'file',
        path: expect.stringMatching(/^(?:\.\/)?loc\.tgz$/),
      });
      for (const one of archives)
        if (one.source.type !== 'workspace') expect(one.integrity).toBeDefined();
      expect(new Set(archives.map(({ line }) => line)).size).toBeGreaterThan(8);
      const at = text.split('\n')[archives[0]!.line - 1];
      expect(at).toContain(archives[0]!.key.replace(/^node_modules\//, ''));
    }
  });

  it('has the tarball that the project asks for by its address apart', () => {
    const url = 'https://registry.npmjs.org/is-number/-/is-number-7.0.0.tgz';
    for (const [name, file] of [
      ['package-lock.json', 'package-lock-1.json'],
      ['package-lock.json', 'package-lock-3.json'],
      ['yarn.lock', 'yarn-1.lock'],
      ['yarn.lock', 'yarn-4.lock'],
      ['bun.lock', 'bun-2.lock'],
    ] as const) {
      const { packages } = readLockfile(name, fixture(file));
      const found = packages.filter(({ source }) => source.type === 'url');
      expect(found.map(({ source }) => source)).toEqual([{ type: 'url', url }]);
    }
  });

  it('locks config dependencies of pnpm in a document of their own', () => {
    const lockfile = readLockfile('pnpm-lock.yaml', fixture('pnpm-lock-9.yaml'));
    expect(listed(lockfile)[0]).toBe('is-even@1.0.0 registry');
    expect(lockfile.packages[0]?.line).toBe(14);
  });
});
