import { expect, test } from 'vitest';
import { readLockfile } from '../../../../packages/clients/src/lockfiles.ts';

/** Whether the claim of a package compares the names of its dependencies. */
function comparesNames(settings: string): boolean | undefined {
  const text = `lockfileVersion: '9.0'\n${settings}\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-AA==}\nsnapshots:\n  a@1.0.0: {}\n`;
  const [locked] = readLockfile('pnpm-lock.yaml', text).packages;
  return locked?.claim?.shows?.has('dependency-names');
}

test.each(['', 'overrides: {}', 'overrides:\n  b: 1.0.0', 'ignoredOptionalDependencies: []'])(
  'a lockfile with "%s" shows all names of dependencies',
  (settings) => {
    expect(comparesNames(settings)).toBe(true);
  },
);

test.each(["overrides:\n  a>b: '-'", 'ignoredOptionalDependencies: [b]', 'pnpmfileChecksum: x'])(
  'a lockfile with "%s" may lack some',
  (settings) => {
    expect(comparesNames(settings)).toBe(false);
  },
);
