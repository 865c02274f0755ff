import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isForeign, readLocked } from '../../../packages/bun-wrapper/src/locked.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

function locked(...all: readonly object[]): ReturnType<typeof readLocked> {
  const packages = Object.fromEntries(
    all.map((info, index) => [index === 0 ? 'x' : `y/${index}x`, ['x@1.0.0', '', info, '']]),
  );
  const text = JSON.stringify({ lockfileVersion: 1, workspaces: {}, packages });
  writeFileSync(join(root, 'bun.lock'), text);
  return readLocked(root);
}

describe('isForeign', () => {
  const here = { os: 'linux', cpu: 'x64' };
  const other = { os: 'darwin' };

  it.each([
    [[other]],
    [[{ os: ['darwin', 'win32'], cpu: 'x64' }]],
    [[{ os: 'linux', cpu: 'arm64' }]],
    [[{ cpu: 'none' }]],
    [[other, { cpu: 'ia32' }]],
  ])('%j: is for other platforms', (all) => {
    expect(isForeign(locked(...all), 'x@1.0.0', here)).toBe(true);
  });

  it.each([
    [[{}]],
    [[{ os: 'linux' }]],
    [[{ os: ['darwin', 'linux'], cpu: ['x64', 'arm64'] }]],
    [[{ os: '!linux' }]],
    [[{ libc: 'musl' }]],
    [[other, {}]],
    [[{ os: 'linux' }, other]],
  ])('%j: may be for this one', (all) => {
    expect(isForeign(locked(...all), 'x@1.0.0', here)).toBe(false);
  });

  it('knows nothing of what is not in the lockfile', () => {
    expect(isForeign(locked(other), 'x@1.0.1', here)).toBe(false);
    expect(isForeign(readLocked(join(root, 'none')), 'x@1.0.0', here)).toBe(false);
  });
});
