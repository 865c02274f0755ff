import { describe, expect, it } from 'vitest';
import { PackageIndex, readerOf } from '../../../../packages/server/src/gateway/package-index.ts';
import {
  packumentEntries,
  packumentIn,
  rewritePackument,
  withoutVersions,
  type Packument,
} from '../../../../packages/server/src/gateway/packument.ts';

const REGISTRY = 'https://registry.example';
const publicUrl = 'https://guard.example';

const read = (document: object): Packument =>
  packumentIn(JSON.parse(JSON.stringify(document)) as object);
const version = (tarball: string, integrity = 'sha512-x'): object => ({
  dist: { tarball, integrity, shasum: 'y' },
});

describe('a document', () => {
  it('has its tarballs at the gateway, and the integrities that it had', () => {
    const packument = read({ versions: { '1.0.0': version(`${REGISTRY}/download/@s/n/1/abc`) } });
    rewritePackument(packument, { name: '@s/n', publicUrl });
    expect(packument.versions['1.0.0']!.dist).toEqual({
      tarball: 'https://guard.example/@s/n/-/n-1.0.0.tgz',
      integrity: 'sha512-x',
      shasum: 'y',
    });
  });

  it('loses what is malformed, and nothing else', () => {
    const text = `{"versions": {"__proto__": null, "1.0.0": {"dist": {"tarball": 5}}, "2.0.0": null, "3.0.0": {"dist": "x"},
      "4.0.0": [], "5.0.0": {}}, "dist-tags": null, "time": 3}`;
    const packument = packumentIn(JSON.parse(text) as object);
    expect(Object.keys(packument.versions)).toEqual(['1.0.0', '5.0.0']);
    expect(packument['dist-tags']).toEqual({});
    expect(packument.time).toBeUndefined();
    expect(packumentEntries(packument, 'a').size).toBe(0);
    rewritePackument(packument, { name: 'a', publicUrl });
    expect(packument.versions['1.0.0']!.dist!.tarball).toBe(`${publicUrl}/a/-/a-1.0.0.tgz`);
    expect(packumentIn({ versions: [1] }).versions).toEqual({});
  });

  it('leads nowhere else, whatever its versions say of where they lie', () => {
    const text = `{"versions": {"1.0.0": {"_resolved": "https://e.example/x.tgz", "_hasShrinkwrap": true},
      "2.0.0": {"__proto__": {"dist": {"tarball": "https://e.example/x.tgz"}}}}}`;
    const packument = packumentIn(JSON.parse(text) as object);
    rewritePackument(packument, { name: 'a', publicUrl });
    expect(JSON.parse(JSON.stringify(packument.versions))).toEqual({
      '1.0.0': { _hasShrinkwrap: false, dist: { tarball: `${publicUrl}/a/-/a-1.0.0.tgz` } },
      '2.0.0': { dist: { tarball: `${publicUrl}/a/-/a-2.0.0.tgz` } },
    });
    expect(JSON.stringify(packument)).not.toContain('e.example');
  });

  it('loses versions that nobody can ask for', () => {
    const versions = { '\uD800': {}, 'a/b': {}, '': {}, ['1'.repeat(300)]: {}, '1.0.0': {} };
    expect(Object.keys(packumentIn({ versions }).versions)).toEqual(['1.0.0']);
  });

  it('keeps a version that is called __proto__ one of its own', () => {
    const text = '{"versions": {"__proto__": {"dist": {"tarball": "https://r.example/x.tgz"}}}}';
    const packument = packumentIn(JSON.parse(text) as object);
    expect(packumentEntries(packument, 'a').get('a-__proto__.tgz')).toMatchObject({ name: 'a' });
    expect(withoutVersions(packument, () => true)).toBe(0);
    expect(({} as { dist?: unknown }).dist).toBeUndefined();
  });
});

describe('tarballs by file name', () => {
  it('are known by the conventional name and by that of their address', () => {
    const packument = read({ versions: { '1.0.0': version(`${REGISTRY}/x/other%20name.tgz`) } });
    expect([...packumentEntries(packument, '@s/n').keys()]).toEqual([
      'n-1.0.0.tgz',
      'other name.tgz',
    ]);
  });

  it.each([
    ['1.0.0', '2.0.0'],
    ['2.0.0', '1.0.0'],
  ])('are not taken by another version: %s first', (...order) => {
    // What a publisher writes into version 1 names version 2.
    const tarballs: Record<string, string> = {
      '1.0.0': `${REGISTRY}/a/-/a-2.0.0.tgz`,
      '2.0.0': `${REGISTRY}/a/-/a-2.0.0.tgz?second`,
    };
    const versions = Object.fromEntries(order.map((one) => [one, version(tarballs[one]!)]));
    expect(packumentEntries(read({ versions }), 'a').get('a-2.0.0.tgz')).toMatchObject({
      version: '2.0.0',
    });
  });
});

it('what is remembered of a version is short', () => {
  const long = 'x'.repeat(5000);
  const versions = {
    '1.0.0': version(`${REGISTRY}/${long}.tgz`),
    '2.0.0': version(`${REGISTRY}/b.tgz`, `sha512-${long}`),
  };
  const entries = packumentEntries(read({ versions }), 'a');
  expect([...entries.keys()]).toEqual(['a-2.0.0.tgz', 'b.tgz']);
  expect(entries.get('b.tgz')).not.toHaveProperty('integrity');
});

describe('versions that are hidden', () => {
  const versions = { '1.0.0': {}, '1.1.0': {}, '2.0.0-rc': {}, '1.2.0': {} };

  it('leave the newest of the others as latest, and no other tag', () => {
    const time = { '1.0.0': '2020', '1.1.0': '2022', '1.2.0': '2023', '2.0.0-rc': '2024' };
    const tags = { latest: '1.2.0', next: '1.2.0', old: '1.0.0' };
    const packument = read({ versions, time, 'dist-tags': tags });
    expect(withoutVersions(packument, (one) => one === '1.2.0')).toBe(3);
    expect(packument['dist-tags']).toEqual({ latest: '1.1.0', old: '1.0.0' });
    expect(packument.time).not.toHaveProperty(['1.2.0']);
  });

  it('take latest along where there are no others', () => {
    const packument = read({ versions: { '1.0.0': {} }, 'dist-tags': { latest: '1.0.0' } });
    expect(withoutVersions(packument, () => true)).toBe(0);
    expect(packument['dist-tags']).toEqual({});
  });
});

describe('the index', () => {
  const entry = { name: 'a', version: '1.0.0', tarball: `${REGISTRY}/a` };
  const files = new Map([['a-1.0.0.tgz', entry]]);

  it('has nothing of one reader for another', () => {
    const index = new PackageIndex();
    const one = readerOf({ authorization: 'Bearer one' });
    index.set(one, 'a', files);
    expect(index.find(one, 'a', 'a-1.0.0.tgz')).toBe(entry);
    expect(
      index.find(readerOf({ authorization: 'Bearer two' }), 'a', 'a-1.0.0.tgz'),
    ).toBeUndefined();
    expect(index.find(readerOf({}), 'a', 'a-1.0.0.tgz')).toBeUndefined();
    expect(one).not.toContain('one');
    index.delete(one, 'a');
    expect(index.find(one, 'a', 'a-1.0.0.tgz')).toBeUndefined();
  });

  it('forgets what was not asked for longest', () => {
    const index = new PackageIndex();
    const many = new Map(Array.from({ length: 90_000 }, (_, i) => [`${i}`, entry]));
    index.set('', 'a', many);
    index.set('', 'b', many);
    expect(index.find('', 'a', '1')).toBe(entry);
    index.set('', 'c', many);
    expect(index.find('', 'b', '1')).toBeUndefined();
    expect(index.find('', 'a', '1')).toBe(entry);
    expect(index.find('', 'c', '1')).toBe(entry);
  });
});
