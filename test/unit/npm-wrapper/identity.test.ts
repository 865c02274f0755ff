import { describe, expect, test } from 'vitest';
import {
  Identities,
  promisedLabel,
  fetcherSource,
} from '../../../packages/npm-wrapper/src/identity.ts';

const url = 'https://registry.example/real/-/real-1.0.0.tgz';
const node = {
  name: 'alias',
  packageName: 'real',
  version: '1.0.0',
  resolved: url,
  isLink: false,
  isRegistryDependency: true,
};
/** npm extracts by `<folder>@<url>`. */
const extraction = { type: 'RemoteFetcher', spec: { name: 'alias' }, opts: { resolved: url } };

describe('Identities', () => {
  test('expects the real name of an alias', () => {
    const identities = new Identities();
    identities.note(node);
    expect(identities.expected(extraction)).toEqual([{ name: 'real', version: '1.0.0' }]);
  });

  test('takes the folder for the name where the lockfile has no other', () => {
    const identities = new Identities();
    identities.note({ ...node, packageName: null });
    expect(identities.expected(extraction)).toEqual([{ name: 'alias', version: '1.0.0' }]);
  });

  test.each([
    ['a link', { isLink: true }],
    ['a git, file or URL dependency', { isRegistryDependency: false }],
    ['a node without a source', { resolved: null }],
  ])('expects nothing of %s', (_, change) => {
    const identities = new Identities();
    identities.note({ ...node, ...change });
    expect(identities.expected(extraction)).toEqual([]);
  });

  test('keeps every identity that a lockfile claims for one place', () => {
    const identities = new Identities();
    identities.note(node);
    identities.note(node);
    identities.note({ ...node, version: '2.0.0' });
    expect(identities.expected(extraction)).toEqual([
      { name: 'real', version: '1.0.0' },
      { name: 'real', version: '2.0.0' },
    ]);
  });

  test('keeps folders and URLs apart', () => {
    const identities = new Identities();
    identities.note(node);
    expect(identities.expected({ ...extraction, spec: { name: 'other' } })).toEqual([]);
    expect(identities.expected({ ...extraction, opts: { resolved: `${url}?x` } })).toEqual([]);
  });

  test('asks a registry fetcher what it was asked for', () => {
    const identities = new Identities();
    const exact = {
      type: 'RegistryFetcher',
      spec: { name: 'a', type: 'version', fetchSpec: '1.2.3' },
    };
    expect(identities.expected(exact)).toEqual([{ name: 'a', version: '1.2.3' }]);
    const range = { type: 'RegistryFetcher', spec: { name: 'a', type: 'range', fetchSpec: '^1' } };
    expect(identities.expected(range)).toEqual([{ name: 'a' }]);
    expect(identities.expected({ ...range, package: { version: '1.9.0' } })).toEqual([
      { name: 'a', version: '1.9.0' },
    ]);
  });
});

test('labels and sources say what is known', () => {
  expect(promisedLabel({ name: 'a', version: '1.0.0' })).toBe('a@1.0.0');
  expect(promisedLabel({ name: 'a' })).toBe('a');
  expect(promisedLabel(undefined)).toBeUndefined();
  expect(fetcherSource({ resolved: url, from: 'a@1' })).toBe(url);
  expect(fetcherSource({ resolved: null, from: 'a@1' })).toBe('a@1');
  expect(fetcherSource({ spec: { raw: './a.tgz' } })).toBe('./a.tgz');
});
