/* Folders that changed between the writing and the check of their seal. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SEAL_NAME, type SealOptions } from '../../../../packages/guard/src/seal/index.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { makeSealScene, outcome } from '../../../support/seal-scene.ts';

const scene = freshEach(() => makeSealScene());
const at = (...path: string[]): string => scene.at(...path);

describe('does not hold', () => {
  const seal = (): string => at(SEAL_NAME);
  it.each<[string, () => void, string | RegExp]>([
    [
      'a changed file',
      () => writeFileSync(at('index.js'), 'evil!\n'),
      'changed index.js (content)',
    ],
    [
      'a changed file with its old times',
      () => {
        const { atime, mtime } = statSync(at('index.js'));
        writeFileSync(at('index.js'), 'evil!\n');
        utimesSync(at('index.js'), atime, mtime);
      },
      'changed index.js (content)',
    ],
    [
      'a change far behind in a large file',
      () => writeFileSync(at('sub-file'), `${'x'.repeat(299_999)}y`),
      'changed sub-file (content)',
    ],
    ['a longer file', () => writeFileSync(at('index.js'), 'clean\n\n'), /size 6 became 7/],
    ['an endless file', () => truncateSync(at('index.js'), 2 ** 42), /size 6 became 4398046511104/],
    ['an added file', () => writeFileSync(at('sub/.hidden'), ''), 'added sub/.hidden (file)'],
    [
      'an added folder, whose content is not listed',
      () => cpSync(at('sub'), at('more'), { recursive: true }),
      'added more (folder)',
    ],
    ['an added link', () => symlinkSync('/', at('z')), 'added z (link)'],
    [
      'an added name that is no UTF-8',
      () => writeFileSync(Buffer.from(`${at('a')}\xff`, 'latin1'), ''),
      'added a\xff (file)',
    ],
    ['a missing file', () => rmSync(at('index.js')), 'missing index.js'],
    [
      'a missing folder',
      () => rmSync(at('sub'), { recursive: true }),
      'missing sub, missing sub/deep, missing sub/deep/zero, missing sub/tool',
    ],
    ['a missing empty folder', () => rmSync(at('empty'), { recursive: true }), 'missing empty'],
    [
      'a renamed file',
      () => renameSync(at('index.js'), at('Index.js')),
      'added Index.js (file), missing index.js',
    ],
    ['a new executable bit', () => chmodSync(at('index.js'), 0o744), /^changed index\.js \(mode/],
    ['a lost executable bit', () => chmodSync(at('sub/tool'), 0o655), /^changed sub\/tool \(mode/],
    ['a new setuid bit', () => chmodSync(at('sub/tool'), 0o4755), /mode 0755 became 4755/],
    ['a file that all may write', () => chmodSync(at('index.js'), 0o666), /mode 0644 became 0666/],
    ['a folder that all may write', () => chmodSync(at('empty'), 0o777), /^changed empty \(mode/],
    [
      'another target of a link',
      () => {
        rmSync(at('link'));
        symlinkSync('sub-file', at('link'));
      },
      'changed link (target)',
    ],
    [
      'a target that leads to the same file by another text',
      () => {
        rmSync(at('link'));
        symlinkSync('./sub/tool', at('link'));
      },
      'changed link (target)',
    ],
    [
      'a link in place of a file with the same content',
      () => {
        renameSync(at('index.js'), join(scene.root, 'index.js'));
        symlinkSync(join(scene.root, 'index.js'), at('index.js'));
      },
      'changed index.js (file became link)',
    ],
    [
      'a link in place of a folder with the same content',
      () => {
        renameSync(at('empty'), join(scene.root, 'empty'));
        symlinkSync(join(scene.root, 'empty'), at('empty'));
      },
      'changed empty (folder became link)',
    ],
    [
      'a folder in place of a file',
      () => {
        rmSync(at('index.js'));
        cpSync(at('sub'), at('index.js'), { recursive: true });
      },
      'changed index.js (file became folder)',
    ],
    [
      'a file in place of a folder',
      () => {
        rmSync(at('empty'), { recursive: true });
        writeFileSync(at('empty'), '');
      },
      'changed empty (folder became file)',
    ],
    [
      'a pipe in place of a file',
      () => {
        rmSync(at('index.js'));
        execFileSync('mkfifo', [at('index.js')]);
      },
      'changed index.js (file became special)',
    ],
    ['an added pipe', () => execFileSync('mkfifo', [at('pipe')]), 'added pipe (special)'],
    ['no seal', () => rmSync(seal()), 'has no seal'],
    ['an empty seal', () => writeFileSync(seal(), ''), /has a seal that is too short/],
    [
      'a seal that was changed',
      () => {
        const bytes = readFileSync(seal());
        bytes[60]! ^= 1;
        writeFileSync(seal(), bytes);
      },
      /was changed, or was written with another key/,
    ],
    ['a seal that is endless', () => truncateSync(seal(), 2 ** 42), 'has a seal that is too large'],
    [
      'a link to its seal',
      () => {
        renameSync(seal(), join(scene.root, 'seal'));
        symlinkSync(join(scene.root, 'seal'), seal());
      },
      'has a seal that is not a regular file',
    ],
    [
      'a folder in place of the seal',
      () => {
        rmSync(seal());
        mkdirSync(seal());
      },
      'has a seal that is not a regular file',
    ],
    [
      'a pipe in place of the seal',
      () => {
        rmSync(seal());
        execFileSync('mkfifo', [seal()]);
      },
      'has a seal that is not a regular file',
    ],
    [
      'a second seal elsewhere',
      () => cpSync(seal(), at('sub', SEAL_NAME)),
      `added sub/${SEAL_NAME} (file)`,
    ],
    [
      'the seal of another folder',
      () => renameSync(at('sub', SEAL_NAME), seal()),
      'has a seal that is for a folder of another name: "sub"',
    ],
    [
      'a link in place of the folder',
      () => {
        renameSync(scene.folder, join(scene.root, 'two'));
        symlinkSync(join(scene.root, 'two'), scene.folder);
      },
      'is a link',
    ],
    [
      'a file in place of the folder',
      () => {
        rmSync(scene.folder, { recursive: true });
        writeFileSync(scene.folder, '');
      },
      'is not a folder',
    ],
  ])('%s', async (name, change, wanted) => {
    if (name === 'the seal of another folder') {
      await scene.write({ folder: at('sub') });
      const bytes = readFileSync(at('sub', SEAL_NAME));
      rmSync(at('sub', SEAL_NAME));
      await scene.write();
      writeFileSync(at('sub', SEAL_NAME), bytes);
    } else await scene.write();
    change();
    const result = outcome(await scene.check());
    if (typeof wanted === 'string') expect(result).toBe(wanted);
    else expect(result).toMatch(wanted);
  });

  it.each<[string, Partial<SealOptions>]>([
    ['another key', { key: Buffer.alloc(32, 2) }],
    ['another use', { use: 'other' }],
  ])('%s', async (_, more) => {
    await scene.write();
    expect(outcome(await scene.check(more))).toContain('has a seal that ');
  });
});
