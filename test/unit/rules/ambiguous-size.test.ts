import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';
import { entry, header, pax, type Part } from '../../support/tar.ts';

describe('invalid-size', () => {
  const RULE = 'invalid-size';

  it.each([
    [
      'a negative binary size',
      packageWith(header({ name: 'package/x.js', size: { base256: -512n } })),
    ],
    [
      'a size beyond 2^53',
      packageWith(header({ name: 'package/x.js', size: { base256: 1n << 63n } })),
    ],
    ['an empty size', packageWith(header({ name: 'package/x.js', size: null }))],
    [
      'digits after the end of the size',
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '0000001 1000' } }),
      ),
    ],
    [
      'a digit that is not octal',
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '00000000019\0' } }),
      ),
    ],
    [
      'a negative PAX size',
      packageWith(pax({ size: '-1' }), entry({ name: 'package/x.js', body: 'x' })),
    ],
    [
      'a PAX size with a sign or a fraction',
      packageWith(pax({ size: '+1' }), entry({ name: 'package/x.js', body: 'x' })),
    ],
  ])('rejects %s', (_, archive) => {
    expectRejected(inspected(archive), RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['twelve digits without an end', '000000000001'],
    ['a size that ends in a space', '00000000001 '],
  ])('is silent about %s', (_, text) => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', body: 'x', declaredSize: { text } })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('size-on-non-file', () => {
  const RULE = 'size-on-non-file';

  it('rejects a folder with content', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'package/lib/',
          typeflag: '5',
          body: entry({ name: 'package/smuggled.js' }),
        }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/lib', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a symbolic link with content', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: 'index.js', body: 'x' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/link' }]);
  });

  it('is silent about a folder without', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', mode: 0o755 })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('pax-size-mismatch', () => {
  const RULE = 'pax-size-mismatch';

  it('rejects a PAX size of 0 over content that is an entry', () => {
    const verdict = inspected(
      packageWith(
        pax({ size: '0' }),
        entry({ name: 'package/x.js', body: entry({ name: 'package/smuggled.js' }) }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 + 1024 },
    ]);
  });

  it('rejects a PAX size over an empty header size', () => {
    const verdict = inspected(
      packageWith(pax({ size: '512' }), header({ name: 'package/x.js' }), Buffer.alloc(512, 'x')),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js' }]);
  });

  it.each([
    ['the same size in both', { size: '1' }],
    ['no PAX size', { comment: 'x' }],
  ])('is silent about %s', (_, records) => {
    const verdict = inspected(
      packageWith(pax(records), entry({ name: 'package/x.js', body: 'x' })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('pax-size-repeated', () => {
  const RULE = 'pax-size-repeated';
  const FILE = entry({ name: 'fixture-1.0.0/a.py', body: 'x = 1\n' });
  const inspectedWith = (...entries: Part[]) => inspectedSdist(sdist({ entries }));

  it('rejects a PAX size that is right', () => {
    const verdict = inspectedWith(pax({ size: '6' }), FILE);
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'fixture-1.0.0/a.py', field: 'size' }]);
  });

  it('rejects one of 0 before a folder, after which uv would read a file as empty', () => {
    const folder = entry({ name: 'fixture-1.0.0/d/', typeflag: '5' });
    const verdict = inspectedWith(pax({ size: '0' }), folder, FILE);
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'fixture-1.0.0/d' }]);
  });

  it('rejects one beside other records', () => {
    const verdict = inspectedWith(
      pax({ mtime: '1.5', size: '6', path: 'fixture-1.0.0/a.py' }),
      FILE,
    );
    expect(verdict.of(RULE)).toHaveLength(1);
  });

  it.each([
    ['empty', { size: '' }, 'invalid-size'],
    ['with a leading zero', { size: '06' }, 'invalid-size'],
    ['with a space before it', { size: ' 6' }, 'invalid-size'],
    ['with a space behind it', { size: '6 ' }, 'invalid-size'],
    ['with a sign', { size: '+6' }, 'invalid-size'],
    ['in hexadecimal', { size: '0x6' }, 'invalid-size'],
    ['with a fraction', { size: '6.0' }, 'invalid-size'],
    ['under a key with a space', { ' size': '6' }, 'pax-malformed'],
    ['another', { size: '7' }, 'pax-size-mismatch'],
  ])('leaves a size that is %s to another error', (_title, records, rule) => {
    const verdict = inspectedWith(pax(records), FILE);
    expect(verdict.of(rule)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('leaves one that is given twice, and one for all entries, to other errors', () => {
    const twice = pax([
      ['size', '6'],
      ['size', '6'],
    ]);
    expect(inspectedWith(twice, FILE).of('pax-repeated-key')).toMatchObject([{ level: 'error' }]);
    const global = inspectedWith(pax({ size: '6' }, { typeflag: 'g' }), FILE);
    expect(global.of('pax-global-override')).toMatchObject([{ level: 'error' }]);
  });

  it('is silent about the PAX headers that Python writes', () => {
    const verdict = inspectedWith(
      pax({ mtime: '1700000000.25', path: 'fixture-1.0.0/a.py' }),
      FILE,
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a tarball of npm and about a gem', () => {
    const file = entry({ name: 'package/a.js', body: 'x' });
    const npm = inspected(packageWith(pax({ size: '1' }), file));
    expect(npm.findings).toEqual([]);
    const gem = gemOf({ entries: [pax({ size: '1' }), entry({ name: 'a.rb', body: 'x' })] });
    expect(inspected(gem, { format: 'gem', expected: {} }).of(RULE)).toEqual([]);
  });
});
