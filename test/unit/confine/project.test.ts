import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { checkedRoot, realFolders } from '../../../packages/confine/src/paths.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
freshFolder((fresh) => {
  root = fresh;
  for (const folder of ['home/project', 'elsewhere'])
    mkdirSync(join(root, folder), { recursive: true });
});

const at = (...path: string[]): string => join(root, ...path);
const checked = (path: string, main = '/opt/tarwarden.js', HOME = at('home')): string =>
  checkedRoot(path, { cwd: path, env: { HOME } }, main);

it('takes a project for what it really is', () => {
  symlinkSync(at('home/project'), at('link'));
  expect(checked(at('link'))).toBe(at('home/project'));
});

it.each([
  ['the home folder', 'home', 'your home folder'],
  ['what is above it', '.', 'your home folder'],
])('refuses %s', (_, path, why) => {
  expect(() => checked(at(path))).toThrow(why);
});

it('refuses the home folder behind a link', () => {
  symlinkSync(at('home'), at('project'));
  expect(() => checked(at('project'))).toThrow('your home folder');
});

it('refuses what holds temporary files, Node or tarwarden', () => {
  expect(() => checked(tmpdir(), '/opt/tarwarden.js', '/nowhere')).toThrow(
    'folder for temporary files',
  );
  expect(() => checked(dirname(dirname(process.execPath)))).toThrow('the Node that runs');
  const main = at('home/project/node_modules/tarwarden/bin/tarwarden.js');
  expect(() => checked(at('home/project'), main)).toThrow('tarwarden itself');
});

it('follows the links of a user, makes what is missing, and follows none of a project', () => {
  symlinkSync(at('elsewhere'), at('home/cache'));
  symlinkSync(at('elsewhere'), at('home/project/cache'));
  const folders = [at('home/cache'), at('home/project/cache'), at('home/new/folder')];
  expect(realFolders(folders, [at('home/project')])).toEqual([
    at('elsewhere'),
    at('home/new/folder'),
  ]);
  expect(existsSync(at('home/new/folder'))).toBe(true);
});

it('follows no link of a folder that may be written before', () => {
  mkdirSync(at('home/store/real'), { recursive: true });
  symlinkSync(at('elsewhere'), at('home/store/cache'));
  const both = [at('home/store/cache'), at('home/store'), at('home/store/real')];
  expect(realFolders(both, [])).toEqual([at('home/store')]);
  expect(realFolders([at('home/store/cache/below')], [at('home/store')])).toEqual([]);
  symlinkSync(at('home/store'), at('other-name'));
  expect(realFolders([at('other-name/cache')], [at('home/store')])).toEqual([]);
});

it.each([
  ['XDG_CACHE_HOME', 'what tarwarden remembers'],
  ['XDG_CONFIG_HOME', 'your own policy file'],
])('refuses a project that holds %s', (name, what) => {
  const env = { HOME: at('home'), [name]: at('home/project/.folder') };
  expect(() =>
    checkedRoot(at('home/project'), { cwd: at('home/project'), env }, '/opt/tarwarden.js'),
  ).toThrow(what);
});

it('says what cannot be made', () => {
  expect(() => realFolders(['/dev/null/x'], [root])).toThrow('/dev/null/x');
});
