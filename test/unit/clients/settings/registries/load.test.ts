/** What files of settings come to, with those of a hostile repository among them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LockfileKind } from '@tarwarden/clients/lockfiles';
import {
  loadSettings,
  type LoadedSettings,
} from '../../../../../packages/clients/src/registries/load.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { putFile } from '../../../../support/put-file.ts';

const TOKEN = '//registry.npmjs.org/:_authToken';

let root: string;
freshFolder((made) => (root = made));

const write = (path: string, text: string): string => putFile(join(root, path), text);

function load(env: Record<string, string> = {}): LoadedSettings {
  return loadSettings(join(root, 'project'), { HOME: join(root, 'home'), ...env });
}

function credentials(settings: LoadedSettings, url: string, kind: LockfileKind = 'package-lock') {
  return settings.registriesFor(kind).settingsFor(url).byPlace;
}

describe('a token by the project for npm’s registry', () => {
  const env = { NPM_TOKEN: 'of-npm', AWS_SECRET_ACCESS_KEY: 'of-aws' };

  it('is one for npm', () => {
    write('project/.npmrc', `${TOKEN}=\${NPM_TOKEN}`);
    expect(credentials(load(env), 'https://registry.npmjs.org/a')).toEqual({ [TOKEN]: 'of-npm' });
  });

  it('is no other secret, even where the user names npm’s registry', () => {
    write('project/.npmrc', `${TOKEN}=\${AWS_SECRET_ACCESS_KEY}`);
    write('home/.npmrc', 'registry=https://registry.npmjs.org/');
    const settings = load(env);
    expect(credentials(settings, 'https://registry.npmjs.org/a')).toEqual({});
    expect(settings.notes).toEqual([
      `${TOKEN} in the project's .npmrc has a variable, and does not count: set it in your own file`,
    ]);
  });

  it.each([
    [
      '.npmrc',
      `${TOKEN}=\${NPM_TOKEN}\n${TOKEN.replace('Token', '${UNSET?}Token')}=\${AWS_SECRET_ACCESS_KEY}`,
    ],
    ['.yarnrc.yml', 'npmAuthToken: ${AWS_SECRET_ACCESS_KEY-${NPM_TOKEN}}'],
    [
      '.yarnrc.yml',
      'npmRegistries:\n' +
        '  //registry.npmjs.org: {npmAuthToken: "${NPM_TOKEN}"}\n' +
        '  https://registry.npmjs.org: {npmAuthToken: "${AWS_SECRET_ACCESS_KEY}"}\n',
    ],
  ])('is no other secret beside one for npm: %s %s', (file, text) => {
    write(`project/${file}`, text);
    const settings = load(env);
    for (const kind of ['package-lock', 'yarn-berry'] as const)
      expect(credentials(settings, 'https://registry.npmjs.org/a', kind)).toEqual({});
  });

  it('is no other secret in the words of Yarn', () => {
    write('project/.yarnrc.yml', 'npmAuthToken: ${AWS_SECRET_ACCESS_KEY}');
    const settings = load(env);
    expect(credentials(settings, 'https://registry.npmjs.org/a', 'yarn-berry')).toEqual({});
    expect(settings.notes).toHaveLength(1);
  });
});

it('a file of the repository above a project in it, without git, is the repository’s', () => {
  write('project/package.json', '{}');
  write('project/sub/package.json', '{}');
  write(
    'project/.yarnrc.yml',
    'npmRegistryServer: "http://other.test"\nnpmAuthToken: "${AWS_SECRET_ACCESS_KEY}"\n',
  );
  const env = { HOME: join(root, 'home'), AWS_SECRET_ACCESS_KEY: 'of-aws' };
  const settings = loadSettings(join(root, 'project/sub'), env);
  expect(credentials(settings, 'http://other.test/a', 'yarn-berry')).toEqual({});
  rmSync(join(root, 'project/package.json'));
  const own = loadSettings(join(root, 'project/sub'), env);
  expect(credentials(own, 'http://other.test/a', 'yarn-berry')).toEqual({
    '//other.test/:_authToken': 'of-aws',
  });
});

it.each([
  ['a variable without an end', `${TOKEN}=\${${'a-'.repeat(500_000)}`],
  ['many line ends', `a=1${'\r'.repeat(1_000_000)}\n`],
])('a file with %s is read in a time that grows with its length', (_, text) => {
  write('project/.npmrc', text);
  expect(credentials(load(), 'https://registry.npmjs.org/a')).toEqual({});
});

it.each(['userconfig=./own', 'globalconfig=./own', 'prefix=.'])(
  'no file that a repository names is read: %s',
  (line) => {
    write('home/.npmrc', '//own.test/:_authToken=mine\nhttps-proxy=http://own.test');
    write('project/.npmrc', line);
    for (const file of ['own', 'etc/npmrc'])
      write(`project/${file}`, '//repository.test/:_authToken=${SECRET}\nproxy=http://p.test');
    const settings = load({ SECRET: 'of-the-user' });
    const sent = settings.registriesFor('package-lock').settingsFor('https://repository.test/a');
    expect(sent.byPlace).toEqual({ '//own.test/:_authToken': 'mine' });
    expect(sent.httpsProxy).toBe('http://own.test');
    expect(sent).not.toHaveProperty('httpProxy');
  },
);

it.each(['${X:-/srv/cache}', '${X-/srv/cache}'])(
  'npm knows no default of a variable, and neither does audit: %s',
  (written) => {
    write('home/.npmrc', `cache=${written}\n`);
    expect(load().npmCache).toBe(join(root, 'project', written));
  },
);
