import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isWithin } from '../../../packages/host/src/project/real-path.ts';
import { METADATA, noteOf } from '../../../packages/yarn-classic-wrapper/src/folder-note.ts';
import { leavingEntry } from '../../../packages/yarn-classic-wrapper/src/refusals.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);
freshFolder((made) => {
  root = made;
  mkdirSync(at('lib'));
  writeFileSync(at('index.js'), 'one');
  writeFileSync(at('lib/a.js'), 'two');
});

describe('noteOf', () => {
  test('is the same as long as nothing changes', () => {
    expect(noteOf(root)).toBe(noteOf(root));
    writeFileSync(at(METADATA), '{}');
    const note = noteOf(root);
    writeFileSync(at(METADATA), '{"artifacts":[]}');
    expect(noteOf(root)).toBe(note);
  });

  test.each([
    [
      'a file with other bytes of the same length, and its old times',
      () => {
        const times = new Date(1_700_000_000_000);
        writeFileSync(at('index.js'), 'six');
        utimesSync(at('index.js'), times, times);
      },
    ],
    ['a file more', () => writeFileSync(at('lib/b.js'), '')],
    ['a file less', () => rmSync(at('lib/a.js'))],
    ['a link', () => symlinkSync('index.js', at('link'))],
    ['a nested file of the metadata’s name', () => writeFileSync(at('lib', METADATA), '')],
  ])('is another with %s', (_what, change) => {
    const times = new Date(1_700_000_000_000);
    utimesSync(at('index.js'), times, times);
    const before = noteOf(root);
    change();
    expect(noteOf(root)).not.toBe(before);
  });

  test('is not there without a folder', () => {
    expect(noteOf(at('nowhere'))).toBeUndefined();
    expect(readFileSync(at('index.js'), 'utf8')).toBe('one');
  });
});

describe('leavingEntry', () => {
  const leaving = (): unknown => leavingEntry(root, (path) => isWithin(root, path));

  test('lets links inside pass, also between folders', () => {
    symlinkSync('../index.js', at('lib/up'));
    symlinkSync(at('lib'), at('absolute'));
    symlinkSync('nowhere', at('dangling'));
    expect(leaving()).toBeUndefined();
  });

  test.each([
    ['../outside', 'link'],
    ['/etc/hostname', 'link'],
    ['../../outside', 'lib/link'],
  ])('reports a link to %s at %s', (target, name) => {
    symlinkSync(target, at(name));
    expect(leaving()).toEqual({ name, target });
  });
});
