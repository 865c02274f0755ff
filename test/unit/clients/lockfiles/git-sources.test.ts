/** Which commit an entry of a lockfile names: none where its client may take another. */
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { describe, expect, it } from 'vitest';

const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const URL = 'git+https://git.example/o/r.git';

function commitOf(kind: 'package-lock' | 'yarn', fragment: string): unknown {
  const packages = { 'node_modules/a': { version: '1.0.0', resolved: `${URL}#${fragment}` } };
  const text =
    kind === 'package-lock'
      ? JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } })
      : `__metadata:\n  version: 8\n\n"a@x":\n  version: 1.0.0\n  resolution: ${JSON.stringify(`a@${URL}#${fragment}`)}\n`;
  const name = kind === 'package-lock' ? 'package-lock.json' : 'yarn.lock';
  const [found] = readLockfile(name, text).packages;
  expect(found?.source).toMatchObject({ type: 'git', url: `${URL}#${fragment}` });
  return found?.source.type === 'git' ? found.source.commit : 'no repository';
}

describe('a commit', () => {
  it.each([
    ['package-lock', COMMIT],
    ['yarn', COMMIT],
    ['yarn', `commit=${COMMIT}`],
    ['yarn', `workspace=%40s%2Fa&commit=${COMMIT}`],
    ['yarn', `commit=${COMMIT}&cwd=a`],
  ] as const)('is read in %s: %s', (kind, fragment) => {
    expect(commitOf(kind, fragment)).toBe(COMMIT);
  });

  it.each([
    ['package-lock', `${COMMIT}&x`],
    ['package-lock', `x&${COMMIT}`],
    ['package-lock', `${COMMIT}&path:/sub`],
    ['package-lock', `${COMMIT}::path:/sub`],
    ['package-lock', `semver:1&commit=${COMMIT}`],
    ['yarn', `${COMMIT}&commit=${OTHER}`],
    ['yarn', `cwd=a&${COMMIT}`],
    ['yarn', `commit=${COMMIT}&commit=${OTHER}`],
    ['yarn', `head=main&commit=${COMMIT}`],
    ['yarn', `commit=${COMMIT}x`],
  ] as const)('is none in %s, where a client may take another: %s', (kind, fragment) => {
    expect(commitOf(kind, fragment)).toBeUndefined();
  });
});
