import {
  cpSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { integrityOf, sha512Of } from '@tarwarden/host';
import { attack } from '../../support/attacks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { TreeStore } from '../../../packages/bun-wrapper/src/tree-store.ts';

const FILES = { 'index.js': 'one', 'lib/two.js': 'two' };
const bytes = tgz({ name: 'kept', version: '1.0.0', files: FILES });
const sha512 = sha512Of(integrityOf(bytes))!;
const options = { expected: {}, policy: DEFAULT_POLICY };

describe('what archives unpack to', () => {
  let folder: string;
  /** As another run has it. */
  const anew = (): TreeStore => new TreeStore(folder);
  freshFolder((made) => (folder = made));

  function keep(): string {
    anew().add(bytes, sha512, options);
    return anew().find(sha512)!;
  }

  test('is found by another run', () => {
    expect(readFileSync(join(keep(), 'lib/two.js'), 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual([sha512]);
  });

  test('is still found where it was linked to, as bun does', () => {
    const tree = keep();
    linkSync(join(tree, 'index.js'), join(folder, 'linked.js'));
    expect(anew().find(sha512)).toBe(tree);
  });

  test.each<[string, (tree: string) => void]>([
    [
      'a file in place of another of that size and time',
      (tree) => {
        const [path, other] = [join(tree, 'lib/two.js'), join(tree, '../other')];
        const { atime, mtime } = statSync(path);
        writeFileSync(other, 'owt');
        utimesSync(other, atime, mtime);
        renameSync(other, path);
      },
    ],
    ['a file that was written into', (tree) => writeFileSync(join(tree, 'lib/two.js'), 'owt')],
    ['a further file', (tree) => writeFileSync(join(tree, 'more.js'), '')],
    ['a missing file', (tree) => rmSync(join(tree, 'index.js'))],
    [
      'a link',
      (tree) => {
        rmSync(join(tree, 'index.js'));
        symlinkSync('lib/two.js', join(tree, 'index.js'));
      },
    ],
    ['no note of what it looked like', (tree) => rmSync(join(tree, '../seal'))],
    ['a note of nothing', (tree) => writeFileSync(join(tree, '../seal'), '[]')],
    [
      'a note of a copy, as an archive restores it',
      (tree) => {
        cpSync(join(tree, '..'), join(folder, 'copy'), {
          recursive: true,
          preserveTimestamps: true,
        });
        rmSync(join(tree, '..'), { recursive: true });
        renameSync(join(folder, 'copy'), join(tree, '..'));
      },
    ],
    ['a note that is cut', (tree) => writeFileSync(join(tree, '../seal'), '[["",1')],
  ])('is not found with %s, and unpacked anew', (_, change) => {
    change(keep());
    expect(anew().find(sha512)).toBeUndefined();
    const tree = keep();
    expect(readFileSync(join(tree, 'index.js'), 'utf8')).toBe('one');
    expect(readFileSync(join(tree, 'lib/two.js'), 'utf8')).toBe('two');
    expect(existsSync(join(tree, 'more.js'))).toBe(false);
    expect(readdirSync(folder)).toEqual([sha512]);
  });

  test('of a refused archive is nothing', () => {
    const hostile = attack('symlink').build({ name: 'kept' });
    const name = sha512Of(integrityOf(hostile))!;
    expect(anew().add(hostile, name, options).status).toBe('reject');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('goes when nobody used it for a month', () => {
    keep();
    const old = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    for (const path of [join(folder, sha512), folder]) utimesSync(path, old, old);
    anew().tidy();
    expect(readdirSync(folder)).toEqual([]);
  });
});
