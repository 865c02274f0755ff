import { describe, expect, it } from 'vitest';
import { isCaseOnly } from '../../../packages/core/src/tree/file-set.ts';
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

  it('are those of each folder, also of one that is as long as the one before', () => {
    const { places } = contentsOf([file('ab/x'), file('cd/ab'), file('ab/cd')]);
    expect(places).toEqual([
      'directory ab',
      'file ab/x',
      'directory cd',
      'file cd/ab',
      'file ab/cd',
    ]);
  });

  it('are found by their exact names', () => {
    const { contents } = contentsOf([file('Lib/A.js'), file('caf\u00e9/b.js')]);
    expect(contents.tree.files.get('Lib/A.js')?.kind).toBe('file');
    expect(contents.tree.files.get('Lib')?.kind).toBe('directory');
    expect(contents.tree.files.get('caf\u00e9/b.js')?.kind).toBe('file');
    for (const other of ['lib/a.js', 'lib', 'cafe\u0301/b.js', 'a.js'])
      expect(contents.tree.files.get(other)).toBeUndefined();
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
      'two spellings of folders in each other',
      [file('lib/d/a'), file('LIB/d/b')],
      [
        'fold package/LIB/d/b at LIB/d > directory lib/d of package/lib/d/a',
        'fold package/LIB/d/b at LIB > directory lib of package/lib/d/a',
      ],
    ],
    [
      'a folder that differs by an ignored character at its end from the one before',
      [file('lib/a'), file('lib\u200d/b')],
      ['fold package/lib\u200d/b at lib\u200d > directory lib of package/lib/a'],
    ],
    [
      'the same the other way round',
      [file('lib\u200d/a'), file('lib/b')],
      ['fold package/lib/b at lib > directory lib\u200d of package/lib\u200d/a'],
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

  it('are reported for the folder that was named before as for any other', () => {
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
    const count = (
      wanted: (one: (typeof contents.tree.files.clashes)[number]) => boolean,
    ): number => contents.tree.files.clashes.filter(wanted).length;
    expect(count((one) => one.kind === 'fold' && isCaseOnly(one))).toBe(1001);
    expect(count((one) => one.kind === 'fold' && !isCaseOnly(one))).toBe(3);
    expect(count((one) => one.kind === 'same-directory')).toBe(1001);
    const twice = contentsOf(many.map(() => file('f')));
    expect(twice.clashes).toHaveLength(1001);
  });
});

it('a tilde is noted in names that may be trusted ones', () => {
  const noted = (...names: string[]): boolean =>
    contentsOf(names.map((name) => file(name))).contents.tree.files.tilde;
  expect(noted()).toBe(false);
  expect(noted('a.js', '.git')).toBe(false);
  expect(noted('GIT~1')).toBe(true);
  expect(noted('lib~1/a.js', 'b.js')).toBe(true);
});
