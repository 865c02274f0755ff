/* The removal of a folder that is not whole. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { removeFolder } from '../../../../packages/guard/src/seal/index.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { makeSealScene } from '../../../support/seal-scene.ts';

const isRoot = process.getuid?.() === 0;
const scene = freshEach(() => makeSealScene());
const at = (...path: string[]): string => scene.at(...path);

describe('removes', () => {
  it('everything in the folder, and nothing to which a link leads', () => {
    const outside = join(scene.root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    symlinkSync(outside, at('sub/out'));
    symlinkSync(join(outside, 'kept'), at('sub/out-file'));
    writeFileSync(Buffer.from(`${at('a')}\xff`, 'latin1'), '');
    execFileSync('mkfifo', [at('pipe')]);
    for (const path of ['sub/deep', 'sub', 'empty']) chmodSync(at(path), 0o555);
    chmodSync(at('empty'), 0);
    removeFolder(`${scene.folder}/`);
    expect(readdirSync(scene.root).toSorted()).toEqual(['one', 'outside']);
    expect(readdirSync(join(scene.root, 'one'))).toEqual([]);
    expect(readdirSync(outside)).toEqual(['kept']);
  });

  it('a link in place of the folder', () => {
    const link = join(scene.root, 'link');
    symlinkSync(scene.folder, link);
    const target = readlinkSync(link);
    removeFolder(`${link}/`);
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
    expect(readdirSync(target)).toContain('index.js');
  });

  it.skipIf(process.platform === 'win32')(
    'folders in each other whose path is longer than a system allows',
    () => {
      const name = 'n'.repeat(100);
      // A shell goes down one folder at a time, as tar does behind a link.
      const down = `i=0; while [ $i -lt 60 ]; do mkdir ${name} && cd -P ${name} || exit 1; i=$((i+1)); done; echo > file`;
      execFileSync('/bin/bash', ['-c', down], { cwd: scene.folder });
      expect(() => lstatSync(at(...Array.from({ length: 60 }, () => name)))).toThrow(
        'ENAMETOOLONG',
      );
      removeFolder(scene.folder);
      expect(readdirSync(join(scene.root, 'one'))).toEqual([]);
    },
  );

  it.skipIf(isRoot)('and says what stays', () => {
    chmodSync(dirname(scene.folder), 0o555);
    onTestFinished(() => chmodSync(dirname(scene.folder), 0o755));
    removeFolder(scene.folder);
    expect(readdirSync(scene.folder)).toEqual([]);
    expect(() => removeFolder(join(scene.root, 'nowhere'))).toThrow('cannot be removed: ENOENT');
  });
});
