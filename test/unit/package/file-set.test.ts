import { describe, expect, it } from 'vitest';
import { Trait } from '../../../packages/core/src/archive/entry.ts';
import { Contents } from '../../../packages/core/src/package/contents.ts';
import { FileSet, isCaseOnly } from '../../../packages/core/src/package/file-set.ts';
import { contentsOf, file, folder, symlink } from '../../support/contents.ts';
import { entry } from '../../support/tar.ts';

describe('the places that entries claim', () => {
  it('are theirs and those of the folders above', () => {
    const { places, clashes } = contentsOf([
      file('a.js'),
      folder('lib'),
      file('lib/deep/er/b.js'),
      file('lib/deep/er/c.js'),
      file('lib/deep/d.js'),
      symlink('link'),
      entry({ name: 'package/hard', typeflag: '1', linkname: 'package/a.js' }),
      entry({ name: 'package/pipe', typeflag: '6' }),
    ]);
    expect(clashes).toEqual([]);
    expect(places).toEqual([
      'file a.js',
      'directory lib',
      'directory lib/deep/er',
      'directory lib/deep',
      'file lib/deep/er/b.js',
      'file lib/deep/er/c.js',
      'file lib/deep/d.js',
      'link link',
      'link hard',
      'file pipe',
    ]);
  });

  it('are found by their exact names', () => {
    const { contents } = contentsOf([file('Lib/A.js'), file('caf\u00e9/b.js')]);
    expect(contents.files.get('Lib/A.js')?.kind).toBe('file');
    expect(contents.files.get('Lib')?.kind).toBe('directory');
    expect(contents.files.get('caf\u00e9/b.js')?.kind).toBe('file');
    for (const other of ['lib/a.js', 'lib', 'cafe\u0301/b.js', 'a.js'])
      expect(contents.files.get(other)).toBeUndefined();
  });
});

describe('entries that are in each other’s way', () => {
  it.each([
    ['a file twice', [file('a'), file('a')], ['same-path package/a at a > file a of package/a']],
    [
      'a folder twice',
      [folder('d'), folder('d')],
      ['same-directory package/d at d > directory d of package/d'],
    ],
    [
      'a folder that an entry made before',
      [file('d/a'), folder('d')],
      ['same-directory package/d at d > directory d of package/d/a'],
    ],
    [
      'a file and a folder',
      [file('a'), folder('a')],
      ['file-directory package/a at a > file a of package/a'],
    ],
    [
      'a folder and a file',
      [folder('a'), file('a')],
      ['file-directory package/a at a > directory a of package/a'],
    ],
    [
      'a file below a file',
      [file('a'), file('a/b')],
      ['file-directory package/a/b at a > file a of package/a'],
    ],
    [
      'a file where others lie below',
      [file('a/b'), file('a')],
      ['file-directory package/a at a > directory a of package/a/b'],
    ],
    [
      'two spellings of a file',
      [file('a'), file('A')],
      ['fold package/A at A > file a of package/a'],
    ],
    [
      'two spellings of a folder, for each entry in it',
      [file('lib/a'), file('LIB/b'), file('LIB/c')],
      [
        'fold package/LIB/b at LIB > directory lib of package/lib/a',
        'fold package/LIB/c at LIB > directory lib of package/lib/a',
      ],
    ],
    [
      'a file through a link',
      [symlink('d'), file('d/a')],
      ['through-link package/d/a at d > link d of package/d'],
    ],
    [
      'a link where a file is',
      [file('a'), symlink('a')],
      ['through-link package/a at a > file a of package/a'],
    ],
    [
      'a link of another spelling',
      [symlink('d'), file('D/a')],
      ['through-link package/D/a at D > link d of package/d'],
    ],
    [
      'a clash high up, seen from below',
      [file('x'), file('x/y/z')],
      ['file-directory package/x/y/z at x > file x of package/x'],
    ],
  ])('%s', (_title, parts, clashes) => {
    expect(contentsOf(parts).clashes).toEqual(clashes);
  });

  it('are none where only the beginning of a name is the same', () => {
    const { clashes } = contentsOf([
      file('lib/a'),
      file('library/a'),
      file('li/a'),
      file('lib2/lib/a'),
      file('xib/a'),
      file('b'),
      folder('lib/a2'),
    ]);
    expect(clashes).toEqual([]);
  });

  it('are told for the folder that was named before as for any other', () => {
    const { clashes } = contentsOf([file('A/x'), file('a/x'), file('A/y'), file('a/y')]);
    expect(clashes).toEqual([
      'fold package/a/x at a > directory A of package/A/x',
      'fold package/a/x at a/x > file A/x of package/A/x',
      'fold package/a/y at a > directory A of package/A/x',
      'fold package/a/y at a/y > file A/y of package/A/y',
    ]);
  });

  // One past the thousand that are listed, so that the count says that there are more.
  it('are kept up to a thousand of a kind and one, those of case and of Unicode apart', () => {
    const many = Array.from({ length: 1100 }, (_, at) => at);
    const { contents } = contentsOf([
      ...many.flatMap((at) => [file(`c${at}`), file(`C${at}`)]),
      ...many.slice(0, 3).flatMap((at) => [file(`\u00e9${at}`), file(`e\u0301${at}`)]),
      ...many.map(() => folder('d')),
    ]);
    const count = (wanted: (one: (typeof contents.files.clashes)[number]) => boolean): number =>
      contents.files.clashes.filter(wanted).length;
    expect(count((one) => one.kind === 'fold' && isCaseOnly(one))).toBe(1001);
    expect(count((one) => one.kind === 'fold' && !isCaseOnly(one))).toBe(3);
    expect(count((one) => one.kind === 'same-directory')).toBe(1001);
    const twice = contentsOf(many.map(() => file('f')));
    expect(twice.clashes).toHaveLength(1001);
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

  it('are told apart by kind', () => {
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
    contents.files.overflowed = true;
    const [manifest] = contentsOf([file('package.json', '{}')]).entries;
    expect(contents.add(manifest!)).toBe(false);
    expect(contents.manifestEntries).toEqual([]);
  });
});
