/** Settings of pnpm's and bun's own files, and caches that settings name. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LockfileKind } from '@tarwarden/clients/lockfiles';
import {
  loadSettings,
  type LoadedSettings,
} from '../../../../../packages/clients/src/registries/load.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { putFile } from '../../../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'project/.git'), { recursive: true });
});

const write = (path: string, text: string): string => putFile(join(root, path), text);

const variables = (env: Record<string, string>) => ({
  HOME: join(root, 'home'),
  NPM_CONFIG_GLOBALCONFIG: join(root, 'globalrc'),
  ...env,
});

function load(env: Record<string, string> = {}): LoadedSettings {
  return loadSettings(join(root, 'project'), variables(env));
}

const PNPM = 'home/.config/pnpm/config.yaml';
const BUN = 'home/.bunfig.toml';

const registryOf = (settings: LoadedSettings, kind: LockfileKind, name = 'a'): string =>
  settings.registriesFor(kind).registryOf(name);
const sentTo = (settings: LoadedSettings, kind: LockfileKind, url: string) =>
  settings.registriesFor(kind).settingsFor(url).byPlace;

describe('the registry', () => {
  it.each<[string, LockfileKind, Record<string, string>]>([
    ['of pnpm', 'pnpm-lock', { [PNPM]: 'registry: https://own.test/' }],
    ['of pnpm, by scopes', 'pnpm-lock', { [PNPM]: 'registries:\n  default: https://own.test/' }],
    ['of bun', 'bun', { [BUN]: '[install]\nregistry = "https://own.test/"' }],
    ['of bun, in a table', 'bun', { [BUN]: '[install.registry]\nurl = "https://own.test/"' }],
  ])('%s is that of its own file, before those of npm’s', (_, kind, files) => {
    for (const [path, text] of Object.entries(files)) write(path, text);
    write('home/.npmrc', 'registry=https://npm.test/');
    write('project/.npmrc', 'registry=https://repository.test/');
    const settings = load();
    expect(registryOf(settings, kind)).toBe('https://own.test/');
    expect(registryOf(settings, 'package-lock')).toBe('https://repository.test/');
  });

  it.each<[LockfileKind, string, string]>([
    ['pnpm-lock', 'pnpm-workspace.yaml', 'registries:\n  "@s": https://repository.test/'],
    ['bun', 'bunfig.toml', '[install.scopes]\ns = "https://repository.test/"'],
  ])('of a scope may be that of the project (%s), and a note says so', (kind, file, text) => {
    write(`project/${file}`, text);
    const settings = load();
    expect(registryOf(settings, kind, '@s/a')).toBe('https://repository.test/');
    expect(registryOf(settings, kind, 'a')).toBe('https://registry.npmjs.org/');
    expect(settings.notes).toEqual([
      `the project's ${file} sets the registry https://repository.test/`,
    ]);
  });

  it.each(['<<: *x', '<<: [*x]', '<<: [*x, *x]'])(
    'of a pnpm-workspace.yaml may be merged into it: %s',
    (merge) => {
      const address = 'https://repository.test/';
      write('project/pnpm-workspace.yaml', `x: &x {registry: "${address}"}\n${merge}\n`);
      const settings = load();
      expect(registryOf(settings, 'pnpm-lock')).toBe(address);
      expect(settings.notes).toEqual([
        `the project's pnpm-workspace.yaml sets the registry ${address}`,
      ]);
    },
  );

  it.each(['', 'relative', './home/none'])(
    'of bun is in the home folder where XDG_CONFIG_HOME names no folder: %j',
    (folder) => {
      write(BUN, '[install]\nregistry = "https://own.test/"');
      expect(registryOf(load({ XDG_CONFIG_HOME: folder }), 'bun')).toBe('https://own.test/');
    },
  );

  it('is that of a section no longer, where a byte order mark stands before it', () => {
    write('project/.npmrc', '\uFEFF[x]\nregistry=https://repository.test/');
    expect(registryOf(load(), 'package-lock')).toBe('https://repository.test/');
    write('project/.npmrc', '[x]\nregistry=https://repository.test/');
    expect(registryOf(load(), 'package-lock')).toBe('https://registry.npmjs.org/');
  });

  it('is that of the environment before all', () => {
    write(BUN, '[install]\nregistry = "https://own.test/"');
    write(PNPM, 'registry: https://own.test/');
    const settings = load({
      BUN_CONFIG_REGISTRY: 'https://bun.test/',
      pnpm_config_registry: 'https://pnpm.test/',
    });
    expect(registryOf(settings, 'bun')).toBe('https://bun.test/');
    expect(registryOf(settings, 'pnpm-lock')).toBe('https://pnpm.test/');
  });

  it.each(['', 'xdg'])('of bun is in the home folder if XDG_CONFIG_HOME is %j', (config) => {
    write(BUN, '[install]\nregistry = "https://own.test/"');
    expect(registryOf(load({ XDG_CONFIG_HOME: config }), 'bun')).toBe('https://own.test/');
  });

  it('of bun is not in the home folder where there is another for settings', () => {
    write(BUN, '[install]\nregistry = "https://own.test/"');
    write('xdg/.bunfig.toml', '[install]\nregistry = "https://xdg.test/"');
    expect(registryOf(load({ XDG_CONFIG_HOME: join(root, 'xdg') }), 'bun')).toBe(
      'https://xdg.test/',
    );
    expect(registryOf(load({ XDG_CONFIG_HOME: join(root, 'none') }), 'bun')).toBe(
      'https://registry.npmjs.org/',
    );
  });
});

it.each(['npm_config_registry', 'pnpm_config_registry'])(
  'a repository has no secret sent by %s, which a manager hands on',
  (name) => {
    write('project/.npmrc', '//repository.test/:_authToken=${SECRET}');
    const env = { SECRET: 'of-the-user', [name]: 'https://repository.test/' };
    const kind = 'pnpm-lock';
    const url = 'https://repository.test/a';
    const handedOn = load({ ...env, npm_lifecycle_event: 'test' });
    expect(registryOf(handedOn, kind)).toBe('https://repository.test/');
    expect(sentTo(handedOn, kind, url)).toEqual({});
  },
);

it.each(['npm_config_registry', 'pnpm_config_registry'])(
  'a token is not sent in the clear for %s, which a manager hands on',
  (name) => {
    write('home/.npmrc', 'registry=https://own.test/\n//own.test/:_authToken=mine');
    const handedOn = load({ [name]: 'http://own.test/', npm_lifecycle_event: 'test' });
    expect(sentTo(handedOn, 'pnpm-lock', 'http://own.test/a')).toEqual({});
    expect(sentTo(load({ [name]: 'http://own.test/' }), 'pnpm-lock', 'http://own.test/a')).toEqual({
      '//own.test/:_authToken': 'mine',
    });
  },
);

it('the user’s own variable says whom a secret may be sent to', () => {
  write('project/pnpm-workspace.yaml', 'registries:\n  "@s": https://repository.test/');
  write('project/.npmrc', '//own.test/:_authToken=${SECRET}');
  const settings = load({ SECRET: 'of-the-user', npm_config_registry: 'https://own.test/' });
  expect(sentTo(settings, 'pnpm-lock', 'https://own.test/a')).toEqual({
    '//own.test/:_authToken': 'of-the-user',
  });
});

describe('a token in bunfig.toml', () => {
  const env = { SECRET: 'of-the-user' };

  it('of the user goes to its registry, with variables', () => {
    write(BUN, '[install]\nregistry = { url = "https://own.test/", token = "$SECRET" }');
    expect(sentTo(load(env), 'bun', 'https://own.test/a')).toMatchObject({
      '//own.test/:_authToken': 'of-the-user',
    });
  });

  it('may be a user and a password, which are in no address', () => {
    write(BUN, '[install]\nregistry = "https://me:p%40w@own.test/"');
    const settings = load();
    expect(registryOf(settings, 'bun')).toBe('https://own.test/');
    expect(sentTo(settings, 'bun', 'https://own.test/a')).toMatchObject({
      '//own.test/:username': 'me',
      '//own.test/:_password': Buffer.from('p@w').toString('base64'),
    });
  });

  it.each([
    'registry = { url = "https://repository.test/", token = "$SECRET" }',
    'registry = { url = "https://repository.test/", username = "x", password = "$SECRET" }',
    'registry = "https://repository.test/$SECRET/"',
    'registry = "https://repository.test/${SECRET}/"',
    'registry = "https://x:$SECRET@repository.test/"',
    '[install.scopes]\ns = { url = "https://repository.test/$SECRET", token = "${SECRET}" }',
  ])('of a repository is no variable of the environment: %s', (line) => {
    write('project/bunfig.toml', `[install]\n${line}`);
    const settings = load(env);
    const sent = sentTo(settings, 'bun', 'https://repository.test/');
    const said = [sent, registryOf(settings, 'bun', '@s/a'), settings.notes];
    expect(JSON.stringify(said)).not.toContain('of-the-user');
  });

  it('stays where the user has it, whatever registry a repository sets', () => {
    write(BUN, '[install]\nregistry = { url = "https://own.test/", token = "$SECRET" }');
    write('project/bunfig.toml', '[install]\nregistry = "https://repository.test/"');
    const sent = sentTo(load(env), 'bun', 'https://repository.test/a');
    expect(Object.keys(sent ?? {}).every((key) => key.startsWith('//own.test/'))).toBe(true);
  });

  it('cannot be replaced by that of a repository', () => {
    write(BUN, '[install]\nregistry = { url = "https://own.test/", token = "mine" }');
    write(
      'project/bunfig.toml',
      '[install]\nregistry = { url = "https://own.test/", token = "theirs" }',
    );
    expect(sentTo(load(), 'bun', 'https://own.test/')).toMatchObject({
      '//own.test/:_authToken': 'mine',
    });
  });
});

it.each([
  [
    'proxy of pnpm',
    'pnpm-workspace.yaml',
    'httpsProxy: http://p.test\nstrictSsl: false\ncafile: x',
  ],
  ['authority of bun', 'bunfig.toml', '[install]\ncafile = "x"'],
])('a repository sets no %s', (_, file, text) => {
  write(`project/${file}`, text);
  write('project/x', 'authority');
  const settings = load();
  for (const kind of ['pnpm-lock', 'bun'] as const) {
    const sent = settings.registriesFor(kind).settingsFor('https://registry.npmjs.org/');
    expect(sent).not.toHaveProperty('httpsProxy');
    expect(sent).not.toHaveProperty('strictSsl');
    expect(sent).not.toHaveProperty('ca');
  }
});

it.each([
  ['bunfig.toml', '[install'],
  ['pnpm-workspace.yaml', 'a: ['],
])('%s that cannot be read is an error', (file, text) => {
  write(`project/${file}`, text);
  expect(() => load()).toThrow(`cannot read ${join(root, 'project', file)}`);
});

describe('caches', () => {
  it('of the environment count too', () => {
    expect(load({ YARN_CACHE_FOLDER: '/yarn/zips' }).yarnCaches).toEqual(['/yarn/zips']);
  });

  it('of a repository do not count', () => {
    write('project/.npmrc', 'cache=.npm');
    write('project/.yarnrc.yml', 'cacheFolder: ./zips\nglobalFolder: ../elsewhere');
    const { yarnCaches, npmCache, yarnGlobal } = load();
    expect([yarnCaches, npmCache, yarnGlobal]).toEqual([
      [],
      undefined,
      join(root, 'home/.yarn/berry'),
    ]);
  });
});
