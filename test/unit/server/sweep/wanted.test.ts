import { describe, expect, it } from 'vitest';
import { wantedIn } from '../../../../packages/server/src/sweep/wanted.ts';

const tarball = 'https://example.com/a/-/a-1.0.0.tgz';

function versions(manifest: object): object {
  return { versions: { '1.0.0': { dist: { tarball }, ...manifest } } };
}

const only = (document: object): ReturnType<typeof wantedIn>['wanted'][number] =>
  wantedIn(document, 'a').wanted[0]!;

describe('versions of a package', () => {
  it('are those of the document, with what it says of them', () => {
    const document = {
      versions: {
        '1.0.0': { _npmVersion: '10.9.2', dist: { tarball, integrity: 'sha512-x' } },
      },
      time: { '1.0.0': '2024-02-03T04:05:06.000Z' },
    };
    expect(wantedIn(document, 'a')).toEqual({
      wanted: [
        {
          item: 'a@1.0.0',
          expected: { name: 'a', version: '1.0.0' },
          at: { address: tarball },
          integrity: 'sha512-x',
          published: '2024-02-03T04:05:06.000Z',
          packer: 'npm 10',
        },
      ],
      without: [],
      more: 0,
    });
  });

  it('without an address are named', () => {
    const document = { versions: { '1.0.0': {}, '2.0.0': { dist: { tarball: 'x' } }, '3': null } };
    expect(wantedIn(document, 'a')).toEqual({
      wanted: [],
      without: ['a@3', 'a@1.0.0', 'a@2.0.0'],
      more: 0,
    });
  });

  it('have a SHA-1 where they have nothing better', () => {
    const shasum = 'a9993e364706816aba3e25717850c26c9cd0d89d';
    const { integrity } = only({ versions: { '1.0.0': { dist: { tarball, shasum } } } });
    expect(integrity).toBe('sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=');
  });

  it.each([
    ['10.9.2', 'npm 10'],
    ['lerna/8.1.9/node@v20.1.0+x64', 'lerna 8'],
    ['', 'unknown'],
    ['<script>', 'unknown'],
    [7, 'unknown'],
  ])('%j made %j', (_npmVersion, packer) => {
    expect(only(versions({ _npmVersion })).packer).toBe(packer);
  });

  it.each(['yesterday', '99999-01-01', 7, null, '0001-01-01T00:00:00Z'])(
    'published at %j is published at no time',
    (time) => {
      expect(only({ ...versions({}), time: { '1.0.0': time } }).published).toBeNull();
    },
  );

  it.each([{}, { versions: null }, { versions: [] }, { versions: 'x', time: 7 }])(
    '%j has none',
    (document) => {
      expect(wantedIn(document, 'a')).toEqual({ wanted: [], without: [], more: 0 });
    },
  );

  it('beyond those that are looked at are counted', () => {
    const many = Array.from({ length: 100_002 }, (_, at) => [`1.0.${at}`, { dist: { tarball } }]);
    const { wanted, more } = wantedIn({ versions: Object.fromEntries(many) }, 'a');
    expect([wanted.length, more]).toEqual([100_000, 2]);
  });

  it('have names that cannot change a terminal', () => {
    const document = { versions: { '1\u001B[2J': { dist: { tarball } } } };
    expect(only(document).item).not.toContain('\u001B');
  });
});
