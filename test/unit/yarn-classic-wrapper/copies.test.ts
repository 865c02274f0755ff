import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyOfBundle, copyOfMain } from '../../../packages/yarn-classic-wrapper/src/copies.ts';
import { managerFolder } from '../../support/managers.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

const yarn1 = managerFolder('yarn-1');

test('knows a main file by the package around it, through links', () => {
  const link = join(root, 'yarn');
  symlinkSync(join(yarn1, 'bin/yarn.js'), link);
  const copy = { bundle: join(yarn1, 'lib/cli.js'), version: '1.22.22' };
  expect(copyOfMain(link)).toEqual(copy);
  expect(copyOfMain(join(yarn1, 'lib/cli.js'))).toEqual(copy);
  expect(copyOfBundle(join(yarn1, 'lib/cli.js'))).toEqual(copy);
});

test.each([undefined, '/no/such/bin/yarn.js', process.execPath])(
  'does not take %s for one',
  (main) => {
    expect(copyOfMain(main)).toBeUndefined();
  },
);

test('does not take another package for one', () => {
  const folder = join(root, 'other');
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'lib/cli.js'), '');
  for (const manifest of [
    '{',
    '{}',
    '{"name":"yarn","version":"4.0.0"}',
    '{"name":"npm","version":"1.0.0"}',
  ]) {
    writeFileSync(join(folder, 'package.json'), manifest);
    expect(copyOfBundle(join(folder, 'lib/cli.js'))).toBeUndefined();
  }
});

test('knows a Yarn 1 in one file by its head, and no other file of such a name', () => {
  const file = join(root, 'yarn-1.22.99.cjs');
  cpSync(join(yarn1, 'lib/cli.js'), file);
  expect(copyOfBundle(file)).toMatchObject({ bundle: file });
  writeFileSync(file, '#!/usr/bin/env node\n/* eslint-disable */\n');
  expect(copyOfBundle(file)).toBeUndefined();
  expect(copyOfBundle(join(root, 'yarn-9.js'))).toBeUndefined();
});
