import { expect, test } from 'vitest';
import { CacheRequests } from '../../../packages/yarn-classic-wrapper/src/yarn.ts';

function expectedOf(...patterns: string[]): unknown {
  const requests = new CacheRequests();
  const of = patterns.map((pattern) => ({ pattern }));
  requests.note({ name: 'called', version: '1.0.0', requests: of }, '/cache/x');
  return requests.forFolder('/cache/x')?.expected;
}

test.each([
  ['name@^1.0.0', 'name'],
  ['@scope/name@latest', '@scope/name'],
  ['name', 'name'],
  ['@scope/name', '@scope/name'],
  ['alias@npm:@scope/real@^1', '@scope/real'],
])('%s is what a registry promised', (pattern, name) => {
  expect(expectedOf(pattern)).toEqual({ name, version: '1.0.0' });
});

test.each([
  'name@http://host/x.tgz',
  'http://host/x.tgz',
  'name@file:./x.tgz',
  './x.tgz',
  '/abs/x.tgz',
  'owner/repository',
  'name@github:owner/repository',
  'name@git+ssh://git@host/x.git#1',
  'git+ssh://git@host/x.git#1',
])('%s is promised by nobody', (pattern) => {
  expect(expectedOf(pattern)).toBeUndefined();
});

test('one of several patterns is enough', () => {
  expect(expectedOf('name@file:./x.tgz', 'name@^1.0.0')).toEqual({
    name: 'name',
    version: '1.0.0',
  });
});

test('is called by its real name', () => {
  const requests = new CacheRequests();
  requests.note({ name: 'a', version: '1.0.0', requests: [{ pattern: 'a@npm:b@1' }] }, '/x');
  requests.note({ name: 'a', requests: [] }, '/y');
  expect(requests.forFolder('/x')?.label).toBe('b@1.0.0');
  expect(requests.forFolder('/y')).toEqual({ label: 'a', remote: {} });
  expect(requests.forFolder('/z')).toBeUndefined();
});
