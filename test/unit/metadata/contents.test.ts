import { describe, expect, it } from 'vitest';
import { Trait } from '../../../packages/core/src/containers/entry.ts';
import { binTargets } from '../../../packages/core/src/metadata/npm-package.ts';
import { parseManifest, type PackageJson } from '../../../packages/core/src/metadata/manifest.ts';
import { Contents, contentsOf, file, folder, symlink } from '../../support/contents.ts';
import { entry } from '../../support/tar.ts';

const manifest = (fields: object): string => JSON.stringify(fields);

describe('the manifest', () => {
  it('is the last regular package.json in the first folder', () => {
    const read = contentsOf([
      file('package.json', manifest({ name: 'first' })),
      file('lib/package.json', manifest({ name: 'below' })),
      entry({ name: 'other/package.json', body: manifest({ name: 'last', version: '1.0.0' }) }),
    ]);
    expect(read.contents.npm.manifest).toMatchObject({ ok: true, name: 'last', version: '1.0.0' });
    expect(read.wanted).toEqual(['package/package.json', 'other/package.json']);
    expect(read.contents.npm.manifestEntries.map(({ index }) => index)).toEqual([0, 2]);
    expect(read.contents.tree.complete).toBe(true);
    expect(read.contents.tree.differing.size).toBe(0);
  });

  it('is read up to its cap', () => {
    const body = manifest({ name: 'a' });
    expect(
      contentsOf([file('package.json', body)], body.length).contents.npm.manifest,
    ).toMatchObject({
      name: 'a',
    });
    const over = contentsOf([file('package.json', body)], body.length - 1);
    expect(over.contents.npm.manifest).toBeUndefined();
    expect(over.contents.npm.manifestEntries).toHaveLength(1);
    expect(over.wanted).toEqual([]);
  });

  it('is read up to a number of values that grows with its cap', () => {
    expect(
      [0, 1024, 128 * 20_000, 128 * 20_001, 128 * 30_000 + 1].map(
        (cap) => new Contents(cap).npm.manifestValues,
      ),
    ).toEqual([20_000, 20_000, 20_000, 20_001, 30_001]);
    const body = (values: number): string =>
      `{"x":[${Array(values - 2)
        .fill('1')
        .join(',')}]}`;
    const read = contentsOf([file('package.json', body(20_000))], 100_000).contents.npm;
    expect([read.manifestCrowded, read.manifest?.ok]).toEqual([false, true]);
    const crowded = contentsOf([file('package.json', body(20_001))], 100_000).contents.npm;
    expect([crowded.manifestCrowded, crowded.manifest]).toEqual([true, undefined]);
  });

  it('is not known before everything has passed', () => {
    const { tree, npm } = new Contents(1024);
    const { manifestCrowded, manifest } = npm;
    const { complete } = tree;
    expect({ complete, manifestCrowded, manifest }).toEqual({
      complete: false,
      manifestCrowded: false,
      manifest: undefined,
    });
  });

  it('is not a link, and one that is does not take the place of the file', () => {
    const read = contentsOf([
      file('package.json', manifest({ name: 'a' })),
      symlink('package.json'),
    ]);
    expect(read.contents.npm.manifest).toMatchObject({ name: 'a' });
    expect(read.contents.npm.manifestEntries).toHaveLength(2);
    expect(read.wanted).toEqual(['package/package.json']);
  });

  it('is not known where its content is missing', () => {
    expect(contentsOf([]).contents.npm.manifest).toBeUndefined();
    const cut = contentsOf([], 1024, false);
    cut.contents.add({ ...contentsOf([file('package.json')]).entries[0]!, size: 7 });
    cut.contents.body(Buffer.from('{}'));
    cut.contents.end(false);
    expect(cut.contents.npm.manifest).toBeUndefined();
    expect(cut.contents.tree.complete).toBe(false);
  });

  it('is put together of its pieces', () => {
    const { contents, entries } = contentsOf([file('package.json', '{}')]);
    expect(contents.npm.manifest).toMatchObject({ ok: true });
    const [one] = entries;
    const body = Buffer.from('{"name":"in pieces"}');
    contents.add({ ...one!, size: body.length });
    const piece = Buffer.from(body.subarray(0, 5));
    contents.body(piece);
    // The reader uses its memory again.
    piece.fill(0);
    contents.body(body.subarray(5));
    contents.end(true);
    expect(contents.npm.manifest).toMatchObject({ name: 'in pieces' });
  });
});

describe('the lockfile', () => {
  const NAME = 'npm-shrinkwrap.json';
  const read = (...parts: Buffer[]): unknown => {
    const { shrinkwrap } = contentsOf(parts).contents.npm;
    return shrinkwrap && { path: shrinkwrap.entry.path, text: shrinkwrap.bytes?.toString() };
  };

  it('is the last of its name in the first folder, in any case', () => {
    expect(read(file('a'))).toBeUndefined();
    expect(read(file(`lib/${NAME}`, '{}'))).toBeUndefined();
    expect(read(file(NAME, '{"first":1}'), file('NPM-Shrinkwrap.json', '{"last":1}'))).toEqual({
      path: 'package/NPM-Shrinkwrap.json',
      text: '{"last":1}',
    });
    expect(read(file(NAME, ''))).toEqual({ path: `package/${NAME}`, text: '' });
  });

  it('is a file', () => {
    expect(read(symlink(NAME), folder('NPM-SHRINKWRAP.JSON'))).toBeUndefined();
  });

  it('and the manifest each have their own content', () => {
    const { contents, wanted } = contentsOf([
      file(NAME, '{"lock":1}'),
      file('index.js', 'x'),
      file('package.json', manifest({ name: 'a' })),
    ]);
    expect(contents.npm.shrinkwrap?.bytes?.toString()).toBe('{"lock":1}');
    expect(contents.npm.manifest).toMatchObject({ name: 'a' });
    expect(wanted).toEqual([`package/${NAME}`, 'package/package.json']);
  });

  it('is known without its content where it is longer than what is read', () => {
    const [one] = contentsOf([file(NAME, '{}')]).entries;
    const contents = new Contents(1024);
    const most = 4 * 1024 * 1024;
    expect(contents.add({ ...one!, size: most })).toBe(true);
    contents.body(Buffer.alloc(most));
    expect(contents.add({ ...one!, size: most + 1 })).toBe(false);
    contents.end(true);
    expect(contents.npm.shrinkwrap).toEqual({ entry: { ...one!, size: most + 1 } });
  });

  it('is not known where it is cut short', () => {
    const [one] = contentsOf([file(NAME, '{}')]).entries;
    const contents = new Contents(1024);
    contents.add({ ...one!, size: 7 });
    contents.body(Buffer.from('{}'));
    contents.end(false);
    expect(contents.npm.shrinkwrap).toBeUndefined();
  });
});

describe('first folders', () => {
  it('are no places of their own', () => {
    const { places, contents } = contentsOf([entry({ name: 'package/', typeflag: '5' })]);
    expect([places, contents.tree.files.overflowed]).toEqual([[], false]);
  });

  it('are known by their first entry', () => {
    const { contents } = contentsOf([
      file('a'),
      file('b'),
      entry({ name: 'other/a' }),
      entry({ name: 'alone' }),
      entry({ name: 'third/', typeflag: '5' }),
    ]);
    expect([...contents.tree.tops].map(([top, { path }]) => [top, path])).toEqual([
      ['package', 'package/a'],
      ['other', 'other/a'],
      ['', 'alone'],
      ['third', 'third'],
    ]);
  });

  it('that a link stands in for are seen', () => {
    const link = entry({ name: 'package', typeflag: '2', linkname: '/tmp' });
    const { clashes } = contentsOf([link, file('a')]);
    expect(clashes).toEqual(['through-link package/a at  > link package of package']);
    expect(contentsOf([symlink('package'), file('a')]).clashes).toEqual([]);
    const unused = entry({ name: 'elsewhere', typeflag: '2', linkname: '/tmp' });
    expect(contentsOf([unused, file('a')]).clashes).toEqual([]);
  });
});

describe('links', () => {
  it('are known by the coarsest spelling', () => {
    const { contents } = contentsOf([
      symlink('Link'),
      entry({ name: 'package/hard', typeflag: '1', linkname: 'package/a' }),
      file('a'),
      folder('d'),
    ]);
    expect([...contents.tree.links].map(([key, link]) => [key, link.key])).toEqual([
      ['link', 'Link'],
      ['hard', 'hard'],
    ]);
  });
});

describe('the place of a command', () => {
  const parts = [file('bin/a.js'), folder('d'), symlink('link')];
  const placeOf = (target: string): string | undefined =>
    contentsOf([...parts, file('package.json', manifest({ bin: { a: target } }))]).contents.npm
      .bins[0]?.targetKind;
  it.each(['bin/a.js', './bin/a.js', 'bin\\a.js', 'x/../bin/a.js', 'bin//a.js'])(
    'is a file for %s',
    (target) => expect(placeOf(target)).toBe('file'),
  );
  it.each(['a.js', 'bin/b.js', '../bin/a.js'])('is none for %j', (target) =>
    expect(placeOf(target)).toBeUndefined(),
  );
  it('is a folder or a link where that is there', () => {
    expect(['bin', 'd', 'link'].map(placeOf)).toEqual(['directory', 'directory', 'link']);
  });
  it('takes no path past the limit for a file', () => {
    const { contents: none, entries } = contentsOf([]);
    const [one] = contentsOf([file('package.json', '{}')]).entries;
    expect(none.add({ ...one!, traits: Trait.LongPath })).toBe(false);
    expect([...none.tree.files.places]).toEqual([]);
    expect([...none.tree.tops.keys(), ...entries]).toEqual(['package']);
  });
});

describe('binTargets', () => {
  const of = (fields: object) => binTargets(parseManifest(Buffer.from(manifest(fields))));
  it.each<[object, unknown]>([
    [{ name: 'a', bin: 'x.js' }, [['a', 'x.js']]],
    [{ name: '@s/a', bin: 'x.js' }, [['a', 'x.js']]],
    [{ name: '@scope/a', bin: 'x.js' }, [['a', 'x.js']]],
    [{ name: 'a@s/b', bin: 'x.js' }, [['a@s/b', 'x.js']]],
    [{ bin: 'x.js' }, [['', 'x.js']]],
    [
      { bin: ['lib/x.js', 7, 'y'] },
      [
        ['x.js', 'lib/x.js'],
        ['y', 'y'],
      ],
    ],
    [
      { bin: { a: 'x.js', b: 7, c: 'y' } },
      [
        ['a', 'x.js'],
        ['c', 'y'],
      ],
    ],
    [{ bin: 7 }, []],
    [{ bin: null }, []],
    [{}, []],
  ])('of %j are %j', (fields, targets) => expect(of(fields)).toEqual(targets));

  it('are none of what is no manifest', () => {
    expect(binTargets(undefined)).toEqual([]);
    expect(binTargets({ ok: false, problem: 'x', json: { bin: 'x' } } as PackageJson)).toEqual([]);
  });
});
