import { describe, expect, it } from 'vitest';
import type { LockedPackage } from '@tarwarden/clients/lockfiles';
import { entryChecks } from '../../../packages/audit/src/origin.ts';
import { Addresses } from '../../../packages/audit/src/requests/addresses.ts';
import type { ProjectRequests } from '../../../packages/audit/src/requests/load.ts';
import { Registries } from '../../../packages/clients/src/registries/registries.ts';

const registries = new Registries([], []);

function checks(locked: Partial<LockedPackage>, asked: readonly string[] = []): string[] {
  const whole: LockedPackage = {
    ecosystem: 'npm',
    name: 'a',
    version: '1.0.0',
    source: { type: 'registry' },
    line: 1,
    key: 'a',
    ...locked,
  };
  const location = { lockfile: 'x', line: 1 };
  const addresses = new Addresses();
  for (const one of asked) addresses.add(one);
  const requests: ProjectRequests = {
    addresses,
    importers: new Map(),
    overridden: new Set(),
    names: new Set(),
    hasOthers: false,
    hasOfflineMirror: false,
    packageNameIn: () => undefined,
    problems: [],
  };
  const entry = { locked: whole, kind: 'package-lock', location, folder: '.', requests } as const;
  return entryChecks([entry, entry], registries).map(({ id, level }) => `${level} ${id}`);
}

const at = (url: string): Partial<LockedPackage> => ({ source: { type: 'registry', url } });
const NPM = 'https://registry.npmjs.org';

const b = `${NPM}/b/-/b-1.0.0.tgz`;

it('reports an address that is no URL as one at a foreign host', () =>
  expect(checks(at('not a url'))).toEqual(['error foreign-host']));

describe('an address at a registry', () => {
  const by = (url: string): Partial<LockedPackage> => ({ source: { type: 'url', url } });

  it.each([
    [by(b), [b]],
    [by(`${NPM}/a/-/a-1.0.0.tgz`), []],
    [{ ...by(`${NPM}/a/-/a-9.9.9.tgz`), version: '' }, []],
    [{ ...by(b), name: '' }, []],
  ])('is silent about %j where %j are asked for', (locked, asked) =>
    expect(checks(locked, asked)).toEqual([]),
  );

  it('is that of another package, where only the lockfile asks for it', () => {
    expect(checks(by(b))).toEqual(['error other-package']);
    expect(checks({ ...by(b), version: '' })).toEqual(['error other-package']);
    expect(checks(by(`${NPM}/a/-/a-1.0.1.tgz`))).toEqual(['error other-package']);
  });
});

describe('an entry of a registry', () => {
  it.each([
    [at(`${NPM}/a/-/a-1.0.0.tgz`)],
    [{ ...at(`${NPM}/@s/a/-/a-1.0.0.tgz`), name: '@s/a' }],
    [{ ...at(`${NPM}/@s%2fa/-/a-1.0.0.tgz`), name: '@s/a' }],
    [{ ...at(`${NPM}/mirror/@s/a/-/@s/a-1.0.0.tgz`), name: '@s/a' }],
    [{ ...at(`${NPM}/download/@s/a/1.0.0/abc`), name: '@s/a' }],
    [{}],
  ])('is silent about %j', (locked) => expect(checks(locked)).toEqual([]));

  it.each([
    [at(`${NPM}/b/-/b-1.0.0.tgz`)],
    [at(`${NPM}/a/-/a-1.0.1.tgz`)],
    [at(`${NPM}/a/-/b-1.0.0.tgz`)],
    [at(`${NPM}/@s/a/-/a-1.0.0.tgz`)],
    [{ ...at(`${NPM}/a/-/a-1.0.0.tgz`), name: '@s/a' }],
  ])('has the tarball of another package: %j', (locked) =>
    expect(checks(locked)).toEqual(['error other-package']),
  );

  it('is at a host that is no registry, once', () => {
    expect(checks(at('https://else.test/a/-/a-1.0.0.tgz'))).toEqual(['error foreign-host']);
  });
});

describe('an address', () => {
  const url = 'https://else.test/a.tgz';

  it('that the project asks for is only mentioned', () => {
    expect(checks({ source: { type: 'url', url } }, ['https://else.test/a.tgz#1'])).toEqual([
      'warning foreign-host',
    ]);
  });

  it.each([[[]], [['https://else.test/b.tgz']]])('that it does not is foreign: %j', (asked) => {
    expect(checks({ source: { type: 'url', url } }, asked)).toEqual(['error foreign-host']);
  });

  it('at a configured registry is not', () => {
    expect(checks({ source: { type: 'url', url: `${NPM}/a.tgz` } })).toEqual([]);
  });
});

it('SHA-1 alone is weak', () => {
  const integrity = { type: 'sri', value: `sha1-${'A'.repeat(27)}=` } as const;
  expect(checks({ integrity })).toEqual(['warning weak-integrity']);
  expect(checks({ integrity, source: { type: 'file', path: 'a.tgz' } })).toEqual([
    'note weak-integrity',
  ]);
});
