/** What bounds the places of a package: their number, their names, and the work of telling them apart. */
import { describe, expect, it } from 'vitest';
import { Trait } from '../../../packages/core/src/containers/entry.ts';
import { FileSet, isCaseOnly } from '../../../packages/core/src/tree/file-set.ts';
import { Contents, contentsOf, file } from '../../support/contents.ts';

describe('clashes past those that are listed', () => {
  const [one] = contentsOf([file('a')]).entries;
  /** Adds pairs of names that differ in case alone. */
  const spell = (files: FileSet, names: readonly string[]): void => {
    for (const name of names)
      for (const key of [name, name.toUpperCase()])
        files.add({ ...one!, traits: Trait.UpperCase }, key);
  };

  it('of the manifest are reported apart from those of other files', () => {
    const files = new FileSet();
    for (let count = 0; count < 1100; count += 1) files.add(one!, 'index.js');
    files.add(one!, 'package.json');
    files.add(one!, 'package.json');
    expect(files.clashes).toHaveLength(1002);
    expect(files.clashes.at(-1)).toMatchObject({ kind: 'same-path', key: 'package.json' });
  });

  it('of spelling are counted with their kind, also those of the manifest', () => {
    const files = new FileSet();
    spell(
      files,
      Array.from({ length: 1001 }, (_, at) => `c${at}`),
    );
    files.add({ ...one!, traits: Trait.UpperCase }, 'PACKAGE.json');
    expect(files.clashes).toHaveLength(1001);
    files.add(one!, 'package.json');
    expect(files.clashes).toHaveLength(1001);
  });

  it('are looked at up to a million characters, those of spelling alone', () => {
    const files = new FileSet();
    const long = 'x'.repeat(500_000);
    for (let count = 0; count < 4; count += 1) files.add(one!, long);
    expect(files.overflowed).toBe(false);
    const spelled = new FileSet();
    spell(spelled, [`a${long.slice(1)}`, `b${long.slice(1)}`]);
    expect([spelled.overflowed, spelled.clashes.length]).toEqual([false, 2]);
    spell(spelled, ['c']);
    expect([spelled.overflowed, spelled.clashes.length]).toEqual([true, 2]);
  });
});

describe('what a path costs', () => {
  const [one] = contentsOf([file('a')]).entries;
  const most = 8 * 1024 * 1024;
  /** Whether so much is left for one path when so many characters, an even number, have been passed. */
  const affords = (passed: number, key: string, traits: number): boolean => {
    const files = new FileSet();
    files.pass('x'.repeat(passed / 2));
    files.add({ ...one!, traits }, key);
    return !files.overflowed;
  };

  it.each([
    // The characters of both spellings, of the file and of its folder.
    ['dir/file', 0, 2 * 8 + 2 * 3],
    // Twice those, and eight times those of each last name, with its slash.
    ['dir/na\u00efve', Trait.NonAscii, 2 * (9 + 10) + 8 * (6 + 7) + 2 * (3 + 3) + 8 * (4 + 4)],
    ['na\u00efve', Trait.NonAscii, 2 * (5 + 6) + 8 * (6 + 7)],
  ])('%s', (key, traits, cost) => {
    expect(affords(most - cost, key, traits)).toBe(true);
    expect(affords(most - cost + 2, key, traits)).toBe(false);
  });
});

describe('places that differ in spelling alone', () => {
  const [one] = contentsOf([file('a')]).entries;
  /** Two spellings of one long folder, each with so many files. */
  const spelled = (count: number): FileSet => {
    const files = new FileSet();
    const folder = 'f'.repeat(1000);
    for (let at = 0; at < count; at += 1)
      for (const name of [folder, folder.toUpperCase()])
        files.add({ ...one!, traits: Trait.UpperCase }, `${name}/${at}`);
    return files;
  };

  it('are reported apart by kind', () => {
    const files = spelled(100);
    expect(files.overflowed).toBe(false);
    expect(files.clashes.every(isCaseOnly)).toBe(true);
  });

  it('are no more looked at past so many characters, and the set knows that it does not know all', () => {
    expect(spelled(600).overflowed).toBe(true);
  });
});

describe('more places than are kept', () => {
  const [one] = contentsOf([file('a')]).entries;
  const full = (count: number): FileSet => {
    const files = new FileSet();
    for (let at = 0; at < count; at += 1) files.add(one!, `${at}`);
    return files;
  };

  it('are said to be too many, and nothing after them is known', () => {
    const files = full(200_000);
    // A place that is known takes no room.
    files.add(one!, '7');
    expect(files.overflowed).toBe(false);
    files.add(one!, 'x');
    expect(files.overflowed).toBe(true);
    expect(files.places.size).toBe(200_000);
    const { length } = files.clashes;
    files.add(one!, '8');
    expect(files.clashes).toHaveLength(length);
  });

  it('are counted with the folders that nobody wrote an entry for', () => {
    const files = full(199_999);
    files.add(one!, 'folder/x');
    expect(files.overflowed).toBe(true);
    expect(files.get('folder')?.kind).toBe('directory');
    expect(files.get('folder/x')).toBeUndefined();
  });

  it('are too many as well where their names are too long together', () => {
    const files = new FileSet();
    // Each is counted twice: as it is spelt, and as it folds.
    for (let at = 0; at < 4; at += 1) files.add(one!, `${at}`.padStart(1024 * 1024, 'x'));
    expect(files.overflowed).toBe(false);
    files.add(one!, 'y');
    expect(files.overflowed).toBe(true);
    expect(files.places.size).toBe(4);
  });

  it('are too many where paths that are not kept are too long together', () => {
    const files = new FileSet();
    files.pass('x'.repeat(4 * 1024 * 1024));
    expect(files.overflowed).toBe(false);
    files.pass('x');
    expect(files.overflowed).toBe(true);
  });

  it('are counted with the names of their folders', () => {
    const files = new FileSet();
    // 4 MiB for the file, and as much for its folder, but for the name and the slash.
    files.add(one!, `${'x'.repeat(2 * 1024 * 1024 - 2)}/y`);
    expect(files.overflowed).toBe(false);
    files.add(one!, 'four');
    expect(files.overflowed).toBe(true);
  });

  it('leave nothing to be wanted of later entries', () => {
    const contents = new Contents(1024);
    contents.tree.files.overflowed = true;
    const [manifest] = contentsOf([file('package.json', '{}')]).entries;
    expect(contents.add(manifest!)).toBe(false);
    expect(contents.npm.manifestEntries).toEqual([]);
  });
});
