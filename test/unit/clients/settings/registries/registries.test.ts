import { describe, expect, it } from 'vitest';
import {
  maySendTo,
  Registries,
} from '../../../../../packages/clients/src/registries/registries.ts';
import type { RegistrySettings } from '../../../../../packages/clients/src/registries/file-settings.ts';

const settings = (more: Partial<RegistrySettings>): RegistrySettings => ({
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
  ])('know %s: %s', (url, known) => expect(both.knowsHost(new URL(url))).toBe(known));

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

describe('a variable by the project', () => {
  const maySend = maySendTo([own, settings({ registry: 'https://registry.npmjs.org/' })]);

  it.each([
    ['//own.test/other/', 'ANYTHING'],
    ['//s.test/', 'ANYTHING'],
    ['//registry.npmjs.org/', 'NPM_TOKEN'],
    ['//registry.npmjs.org/', 'NODE_AUTH_TOKEN'],
    ['//registry.npmjs.org/', 'OUR_NPM_READ_TOKEN'],
    ['//registry.yarnpkg.com/', 'YARN_NPM_AUTH_TOKEN'],
  ])('is sent to %s: %s', (place, name) => expect(maySend(place, [name])).toBe(true));

  it.each([
    ['//registry.npmjs.org/', 'AWS_SECRET_ACCESS_KEY'],
    ['//registry.npmjs.org/', 'GITHUB_TOKEN'],
    ['//registry.npmjs.org/', 'NPM_TOKEN_COMMENT'],
    ['//own.test.evil.test/', 'NPM_TOKEN'],
    ['//own.test:8443/', 'NPM_TOKEN'],
    ['//project.test/', 'NPM_TOKEN'],
    ['no place', 'NPM_TOKEN'],
  ])('is not sent to %s: %s', (place, name) => expect(maySend(place, [name])).toBe(false));

  it('is not sent beside one that is', () => {
    expect(maySend('//registry.npmjs.org/', ['NPM_TOKEN', 'GITHUB_TOKEN'])).toBe(false);
  });
});
