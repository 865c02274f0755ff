import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isKnown, isPnpmShim } from '../../../packages/audit/src/installed/planted.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
});

function shim(text: string): boolean {
  const path = join(root, 'node_modules/.bin/x');
  writeFileSync(path, text);
  return isPnpmShim(path, root);
}

describe('a file in .bin', () => {
  it.each([
    '#!/bin/sh\nexec node  "$basedir/../semver/bin/semver.js" "$@"\n',
    `#!/bin/sh\nexec node  "$basedir_abs"/'../.pnpm/semver@7.8.6/semver.js' "$@"\n`,
    '#!/bin/sh\n"$basedir/../../tools/own.sh"   "$@"\nexit $?\n',
  ])('starts a file of the project: %j', (text) => expect(shim(text)).toBe(true));

  it.each([
    '',
    '#!/bin/sh\nstolen\n',
    '#!/usr/bin/env node\nrequire("../semver/bin/semver.js")\n',
    '#!/bin/sh\nexec node  "$basedir/../../../../elsewhere.js" "$@"\n',
    `#!/bin/sh\nexec node  "$basedir_abs"/'../../../../elsewhere.js' "$@"\n`,
    '#!/bin/sh\nexec node  "$basedir/../a.js" "$basedir/../../../../b.js"\n',
    `#!/bin/sh\n${'#'.repeat(300_000)}\n"$basedir/../a.js"`,
  ])('does not: %#', (text) => expect(shim(text)).toBe(false));

  it('is not one that a link leads to', () => {
    const elsewhere = join(root, 'elsewhere');
    writeFileSync(elsewhere, '#!/bin/sh\n"$basedir/../a.js"');
    symlinkSync(elsewhere, join(root, 'node_modules/.bin/y'));
    expect(isPnpmShim(join(root, 'node_modules/.bin/y'), root)).toBe(false);
  });
});

describe('a name in node_modules', () => {
  it.each([
    '.package-lock.json',
    '.modules.yaml',
    '.yarn-state.yml',
    '.package-map.json',
    '.cache',
    '.vite',
    '.prisma',
  ])('is known: %s', (name) => expect(isKnown(name)).toBe(true));
  it.each(['x.js', '.package-lock.json.js', '.hidden', 'package-lock.json', '.bin.js'])(
    'is not: %s',
    (name) => expect(isKnown(name)).toBe(false),
  );
});
