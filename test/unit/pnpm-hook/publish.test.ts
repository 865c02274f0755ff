/** The steps in which a guarded pnpm 11 or 12 publishes a package. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pnpmUploadPlan, pnpmPublishes } from '../../../packages/pnpm-hook/src/wrapper/publish.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let cwd: string;
freshFolder((folder) => {
  cwd = folder;
  mkdirSync(join(cwd, 'dist'));
  writeFileSync(join(cwd, 'p.tgz'), '');
});

const steps = (...args: string[]): object | undefined => {
  const publication = pnpmUploadPlan(args, cwd);
  if (publication === undefined) return undefined;
  const { folder, archive, runsScripts, run, pack, upload } = publication;
  return { folder, archive, runsScripts, run: run('s'), pack: pack('/to'), upload: upload('/f') };
};
const ALONE = ['--config.verify-deps-before-run=false', '--config.enable-pre-post-scripts=false'];

describe('a publication', () => {
  test('of the folder', () => {
    expect(steps('publish', '--tag', 'dist', '--no-git-checks', '--embed-readme')).toEqual({
      folder: cwd,
      archive: undefined,
      runsScripts: true,
      run: [...ALONE, 'run', '--if-present', 's'],
      pack: ['pack', '--embed-readme', '--pack-destination', '/to'],
      upload: ['publish', '/f', '--tag', 'dist', '--no-git-checks', '--embed-readme'],
    });
  });

  test('of another folder, without scripts', () => {
    const dist = join(cwd, 'dist');
    expect(steps('--loglevel=warn', 'publish', 'dist', '--ignore-scripts')).toEqual({
      folder: dist,
      archive: undefined,
      runsScripts: false,
      run: ['--loglevel=warn', '-C', dist, ...ALONE, 'run', '--if-present', 's'],
      pack: `--loglevel=warn -C ${dist} --config.ignore-scripts=true pack --pack-destination /to`.split(
        ' ',
      ),
      upload: ['--loglevel=warn', 'publish', '/f', '--ignore-scripts'],
    });
  });

  test.each([
    ['publish', './p.tgz', '--otp', '123456'],
    ['stage', 'publish', 'p.tgz'],
    ['publish', 'p.tgz', '--dir', '.'],
  ])('of a file: %s %s %s', (...args) => {
    const archive = join(cwd, 'p.tgz');
    expect(steps(...args)).toMatchObject({
      archive,
      upload: args.map((arg) => (arg.endsWith('p.tgz') ? '/f' : arg)),
    });
  });

  test.each([
    ['-r', 'publish'],
    ['publish', '--recursive'],
    ['--filter', 'x', 'publish'],
    ['publish', '-F', 'x'],
    ['publish', '--filter=x'],
    ['recursive', 'publish'],
    // pnpm 11 reads beginnings of names, and several letters after one dash.
    ['publish', '--recurs'],
    ['publish', '-sr'],
    ['publish', '-r=true'],
    ['publish', '--config.recursive'],
    // pnpm 12 reads a value after the letter.
    ['publish', '-Fx'],
    ['-Fx', 'publish'],
    ['publish', '-w'],
    ['--workspace-root', 'publish'],
    ['publish', '--batch'],
    ['publish', '--upload-variant', 'any'],
    ['publish', 'p.tgz', 'dist'],
    ['publish', 'missing.tgz'],
    ['--unknown', 'publish'],
  ])('that pnpm alone knows: %s %s', (...args) => {
    expect(steps(...args)).toBeUndefined();
  });
});

test.each([
  [true, ['publish']],
  [true, ['-r', 'publish']],
  [true, ['stage', 'publish']],
  [false, ['stage', 'list']],
  [false, ['run', 'publish']],
  [false, ['publish', '--help']],
  [false, ['unpublish']],
  [false, ['add', 'publish']],
])('%s: pnpm %s publishes', (expected, args) => {
  expect(pnpmPublishes(args)).toBe(expected);
});
