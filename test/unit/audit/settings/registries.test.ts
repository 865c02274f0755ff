import { describe, expect, it } from 'vitest';
import { namesHostOf, Registries } from '../../../../packages/audit/src/settings/registries.ts';
import type { Settings } from '../../../../packages/audit/src/settings/settings.ts';

const settings = (more: Partial<Settings>): Settings => ({
  scopes: {},
  byPlace: {},
  network: {},
  ignored: [],
  ...more,
});
const own = settings({
  registry: 'https://own.test/npm/',
  scopes: { '@s': 'http://s.test/' },
  byPlace: { '//own.test/npm/:_authToken': 'mine', '//s.test/:_authToken': 'mine' },
});
const project = settings({
  registry: 'https://project.test/',
  byPlace: { '//own.test/npm/:_authToken': 'theirs', '//project.test/:_authToken': 'theirs' },
});

describe('registries', () => {
  const both = new Registries([own, project], [own]);
  const alone = new Registries([own], [own]);

  it.each([
    ['https://own.test/a.tgz', true],
    ['https://project.test/a.tgz', true],
    ['https://registry.npmjs.org/a.tgz', true],
    ['https://registry.yarnpkg.com/a.tgz', true],
    ['https://own.test.evil.test/a.tgz', false],
    ['https://own.test:8443/a.tgz', false],
    ['https://own.test@evil.test/a.tgz', false],
    ['not a url', false],
  ])('know %s: %s', (url, known) => expect(both.hostOf(url).known).toBe(known));

  it.each([
    ['a', undefined, 'https://own.test/npm/a/-/a-1.0.0.tgz'],
    ['@s/a', undefined, 'http://s.test/@s/a/-/a-1.0.0.tgz'],
    ['a', 'https://registry.npmjs.org/a/-/a-1.0.0.tgz', 'https://own.test/npm/a/-/a-1.0.0.tgz'],
    ['a', 'https://else.test/a.tgz', 'https://else.test/a.tgz'],
    ['..', undefined, undefined],
    ['@s/..', undefined, undefined],
    ['a/../b', undefined, undefined],
    ['a?b', undefined, undefined],
  ])('have %s of %s at %s', (name, url, address) =>
    expect(alone.addressOf(name, '1.0.0', url)).toBe(address),
  );

  it('have nothing of a version that leads elsewhere', () => {
    expect(alone.addressOf('a', '1/../../b', undefined)).toBeUndefined();
  });

  it('keep the credentials of the user', () => {
    expect(both.settingsFor('https://own.test/npm/a.tgz').byPlace).toEqual({
      '//own.test/npm/:_authToken': 'mine',
      '//s.test/:_authToken': 'mine',
      '//project.test/:_authToken': 'theirs',
    });
  });

  it('send none without encryption, but where the user has it so', () => {
    expect(both.settingsFor('http://own.test/npm/a.tgz').byPlace).toEqual({});
    expect(both.settingsFor('http://s.test/a.tgz').byPlace).not.toEqual({});
  });
});

it('a place is at a host of settings by the whole name of the host', () => {
  expect(namesHostOf([own], '//own.test/other/')).toBe(true);
  expect(namesHostOf([own], '//registry.npmjs.org/')).toBe(true);
  expect(namesHostOf([own], '//own.test.evil.test/')).toBe(false);
  expect(namesHostOf([own], '//project.test/')).toBe(false);
});
