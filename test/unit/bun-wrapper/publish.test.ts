/** The steps in which a guarded bun publishes a package. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bunUploadPlan, bunPublishes } from '../../../packages/bun-wrapper/src/publish.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let cwd: string;
freshFolder((folder) => {
  cwd = folder;
  mkdirSync(join(cwd, 'sub'));
  for (const file of ['p.tgz', 'sub/q.tgz']) writeFileSync(join(cwd, file), '');
});

const steps = (...args: string[]): object | undefined => {
  const publication = bunUploadPlan(args, cwd);
  if (publication === undefined) return undefined;
  const { folder, archive, runsScripts, run, pack, upload } = publication;
  return { folder, archive, runsScripts, run: run('s'), pack: pack('/to'), upload: upload('/f') };
};

describe('a publication', () => {
  test('of the folder', () => {
    expect(steps('publish', '--cwd', 'sub', '--tag', 'next', '--ignore-scripts')).toEqual({
      folder: join(cwd, 'sub'),
      archive: undefined,
      runsScripts: false,
      run: ['--cwd', 'sub', 'run', '--if-present', 's'],
      pack: ['--cwd', 'sub', 'pm', 'pack', '--ignore-scripts', '--destination', '/to'],
      upload: ['publish', '/f', '--cwd', 'sub', '--tag', 'next', '--ignore-scripts'],
    });
  });

  test('of a file', () => {
    expect(steps('publish', '--access', 'public', './p.tgz')).toMatchObject({
      archive: join(cwd, 'p.tgz'),
      upload: ['publish', '/f', '--access', 'public'],
    });
    expect(steps('--cwd=sub', 'publish', 'q.tgz')).toMatchObject({
      archive: join(cwd, 'sub/q.tgz'),
      upload: ['--cwd=sub', 'publish', '/f'],
    });
  });

  test.each([
    ['publish', '-r'],
    ['publish', '--filter=x'],
    ['publish', '-Fx'],
    ['publish', '-fr'],
    ['--filter', 'x', 'publish'],
    ['publish', 'missing.tgz'],
    ['publish', 'p.tgz', 'sub/q.tgz'],
  ])('that bun alone knows: %s %s', (...args) => {
    expect(steps(...args)).toBeUndefined();
  });
});

test.each([
  [true, ['publish']],
  [true, ['--cwd', 'sub', 'publish']],
  [false, ['publish', '--help']],
  [false, ['run', 'publish']],
  [false, ['add', 'publish']],
  [false, []],
])('%s: bun %s publishes', (expected, args) => {
  expect(bunPublishes(args)).toBe(expected);
});
