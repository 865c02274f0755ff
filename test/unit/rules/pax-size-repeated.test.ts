import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { sdist } from '../../support/sdist.ts';
import { entry, pax, type Part } from '../../support/tar.ts';

const RULE = 'pax-size-repeated';
const FILE = entry({ name: 'fixture-1.0.0/a.py', body: 'x = 1\n' });
const inspectedWith = (...entries: Part[]) => inspectedSdist(sdist({ entries }));

describe('pax-size-repeated', () => {
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
