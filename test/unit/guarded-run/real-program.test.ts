import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRealProgram, SHIM_MARK } from '@tarwarden/guarded-run';

const NPM = { name: 'npm', windowsScripts: [] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function program(folder: string, text: string, mode = 0o755): string {
  const file = join(root, folder, 'npm');
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const find = (...folders: string[]): string | undefined =>
  findRealProgram(NPM, { PATH: folders.map((one) => join(root, one)).join(delimiter) })?.file;

describe.skipIf(process.platform === 'win32')('findRealProgram', () => {
  test('takes the first on the PATH', () => {
    const first = program('a', '#!/bin/sh\n');
    program('b', '#!/bin/sh\n');
    expect(find('a', 'b')).toBe(first);
  });

  test('passes over shims of ours, folders, and files that cannot run', () => {
    program('shim', `#!/bin/sh\n# ${SHIM_MARK}\nexec tarwarden npm "$@"\n`);
    program('plain', 'not a program', 0o644);
    mkdirSync(join(root, 'folder', 'npm'), { recursive: true });
    const real = program('real', '#!/bin/sh\n');
    expect(find('shim', 'plain', 'folder', 'missing', 'real')).toBe(real);
  });

  test('finds none where there is none', () => {
    expect(find('a')).toBeUndefined();
    expect(findRealProgram({ ...NPM, name: 'npx' }, {})).toBeUndefined();
  });
});
