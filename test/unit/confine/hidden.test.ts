import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readable, secretsOf } from '../../../packages/confine/src/hidden.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  for (const folder of ['home/.ssh', 'home/.config/gh', 'home/.config/other', 'project'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'home/.npmrc'), '');
});

const at = (...path: string[]): string => join(root, ...path);

it('allows everything beside what is hidden, and nothing above it', () => {
  const all = readable([at('home/.ssh'), at('home/.config/gh')], []);
  expect(all).toEqual(
    expect.arrayContaining([at('project'), at('home/.npmrc'), at('home/.config/other'), '/usr']),
  );
  const above = ['home/.ssh', 'home/.config/gh', 'home/.config', 'home', '.'].map((one) => at(one));
  expect(all.filter((path) => [...above, '/'].includes(path))).toEqual([]);
});

it('allows no link, which would allow what it leads to', () => {
  symlinkSync(at('home/.ssh'), at('home/keys'));
  expect(readable([at('home/.ssh')], [])).not.toContain(at('home/keys'));
});

it('hides what a link leads to', () => {
  mkdirSync(at('elsewhere/keys'), { recursive: true });
  symlinkSync(at('elsewhere/keys'), at('home/keys'));
  const all = readable([at('home/keys')], []);
  expect(all).not.toContain(at('elsewhere/keys'));
  expect(all).toContain(at('home'));
});

it('refuses to hide what lies in a folder that is written', () => {
  expect(() => readable([at('home/.ssh')], [at('home')])).toThrow('where writing is allowed');
});

it('hides nothing that is not there', () => {
  expect(readable([at('home/.aws')], [])).toEqual([]);
});

it('knows where programs keep what signs a person in', () => {
  expect(secretsOf({ HOME: at('home') })).toEqual([
    at('home/.npmrc'),
    at('home/.ssh'),
    at('home/.config/gh'),
  ]);
});

it.each(['npm_config_userconfig', 'AWS_SHARED_CREDENTIALS_FILE', 'KUBECONFIG'])(
  'knows where they are by %s, unless that is nothing',
  (name) => {
    writeFileSync(at('elsewhere'), '');
    const found = (value: string): string[] => secretsOf({ HOME: at('empty'), [name]: value });
    expect(found(at('elsewhere'))).toEqual([at('elsewhere')]);
    for (const value of ['/dev/null', at('missing'), 'relative', ''])
      expect(found(value)).toEqual([]);
  },
);

it('leaves readable what pnpm 12 stops without', () => {
  mkdirSync(at('home/.config/pnpm'));
  for (const name of ['auth.ini', 'rc', 'config.yaml'])
    writeFileSync(at('home/.config/pnpm', name), '');
  const found = secretsOf({ HOME: at('home') }).filter((path) => path.includes('pnpm'));
  expect(found).toEqual([at('home/.config/pnpm/auth.ini'), at('home/.config/pnpm/rc')]);
});

it('knows where they are by XDG_CONFIG_HOME', () => {
  mkdirSync(at('xdg/gh'), { recursive: true });
  expect(secretsOf({ HOME: at('home'), XDG_CONFIG_HOME: at('xdg') })).toContain(at('xdg/gh'));
});

it.each([
  '.bash_history',
  '.zsh_history',
  '.python_history',
  '.psql_history',
  '.mysql_history',
  '.node_repl_history',
  '.local/share/fish/fish_history',
  '.jfrog/jfrog-cli.conf.v6',
  '.pulumi/credentials.json',
  '.gradle/gradle.properties',
  '.m2/settings-security.xml',
  '.config/helm/registry/config.json',
  '.composer/auth.json',
  '.config/composer/auth.json',
  '.kaggle/kaggle.json',
  '.config/kaggle/kaggle.json',
  '.config/containers/auth.json',
  '.cache/huggingface/token',
  '.config/vercel/auth.json',
])('hides ~/%s, and leaves what is beside it', (name) => {
  const home = at(`home-${name.replaceAll('/', '-')}`);
  const path = join(home, name);
  putFile(path, 'secret');
  const [hidden, ...others] = secretsOf({ HOME: home });
  expect(others).toEqual([]);
  expect(path === hidden || path.startsWith(`${hidden}/`)).toBe(true);
  expect(readable([hidden!], []).filter((one) => `${path}/`.startsWith(`${one}/`))).toEqual([]);
});

it.each([
  ['XDG_RUNTIME_DIR', 'containers/auth.json'],
  ['GRADLE_USER_HOME', 'gradle.properties'],
  ['COMPOSER_HOME', 'auth.json'],
  ['CARGO_HOME', 'credentials.toml'],
  ['PULUMI_HOME', 'credentials.json'],
  ['HF_HOME', 'token'],
])('hides what lies in the folder of %s', (name, file) => {
  const folder = at(`moved-${name}`);
  putFile(join(folder, file), 'secret');
  expect(secretsOf({ HOME: at('empty'), [name]: folder })).toContain(join(folder, file));
  expect(secretsOf({ HOME: at('empty') })).not.toContain(join(folder, file));
});
