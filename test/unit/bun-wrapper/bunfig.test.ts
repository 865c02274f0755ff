import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  hasNoCache,
  projectBunfig,
  resolveScanner,
  scannerOf,
  userBunfig,
  withoutSecrets,
  writeProjectSettings,
  writeUserSettings,
} from '../../../packages/bun-wrapper/src/bunfig.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFiles } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const files = (all: Readonly<Record<string, string>>): void => putFiles(root, all);

describe('the scanner of the settings', () => {
  it('is read from the user, below XDG_CONFIG_HOME first, and from the project', () => {
    files({
      'home/.bunfig.toml': '[install.security]\nscanner = "home"',
      'xdg/.bunfig.toml': 'install.security.scanner = "xdg"',
      'p/package.json': '{}',
      'p/bunfig.toml': '[install]\nsecurity = { scanner = "./s.ts" }',
    });
    const env = { HOME: join(root, 'home') };
    expect(scannerOf(userBunfig(env))).toBe('home');
    expect(scannerOf(userBunfig({ ...env, XDG_CONFIG_HOME: join(root, 'xdg') }))).toBe('xdg');
    expect(scannerOf(projectBunfig(join(root, 'p')))).toBe('./s.ts');
    expect(scannerOf(projectBunfig(root))).toBeUndefined();
  });

  it('is that of the file which bun reads, whatever XDG_CONFIG_HOME is', () => {
    files({ 'home/.bunfig.toml': '[install.security]\nscanner = "home"', 'xdg/x': '' });
    const env = { HOME: join(root, 'home') };
    expect(scannerOf(userBunfig({ ...env, XDG_CONFIG_HOME: join(root, 'xdg') }))).toBeUndefined();
    for (const config of ['', 'xdg'])
      expect(scannerOf(userBunfig({ ...env, XDG_CONFIG_HOME: config }))).toBe('home');
    expect(scannerOf(userBunfig({ HOME: '' }))).toBeUndefined();
  });

  it('does not hide a file of authorities beside it', () => {
    files({ 'p/package.json': '{}', 'p/bunfig.toml': '[install]\ncafile = "ca.pem"\n' });
    expect(projectBunfig(join(root, 'p')).settings).toEqual({
      install: { cafile: join(root, 'p/ca.pem') },
    });
  });

  it('is a path, or a package that is there', () => {
    files({ 's.ts': '', 'node_modules/@acme/s/package.json': '{}', 'p/x': '' });
    expect(resolveScanner('./s.ts', root)).toBe(join(root, 's.ts'));
    expect(resolveScanner('@acme/s', join(root, 'p'))).toBe('@acme/s');
    for (const one of ['./no.ts', '@acme/other', '../../etc/passwd/x', 'a b'])
      expect(() => resolveScanner(one, root)).toThrow(/is not there yet/);
  });

  it('is not looked for in a file that cannot be read', () => {
    files({ 'bunfig.toml': '[install' });
    expect(() => projectBunfig(root)).toThrow(/bunfig\.toml cannot be read/);
  });
});

it('a cache is off only where a file says so', () => {
  const off = (text: string): boolean => {
    files({ 'bunfig.toml': text });
    return hasNoCache(projectBunfig(root));
  };
  expect(off('[install.cache]\ndisable = true')).toBe(true);
  expect(off('[install.cache]\ndisable = false')).toBe(false);
  expect(off('[install]\ncache = "there"')).toBe(false);
  expect(off('')).toBe(false);
});

describe('what is written', () => {
  it("keeps the user's own entries and settings, and has our scanner", () => {
    files({
      'xdg/git/config': 'x',
      'xdg/.bunfig.toml':
        'telemetry = false\n[install]\nregistry = "https://r.example/"\n[install.cache]\ndir = "/x"\ndisable = true\ndisableManifest = true\n[install.security]\nscanner = "theirs"\n',
    });
    const env = { HOME: root, XDG_CONFIG_HOME: join(root, 'xdg') };
    const folder = join(root, 'config');
    writeUserSettings({ folder, scanner: '/s.mjs' }, userBunfig(env), env);
    expect(readlinkSync(join(folder, 'git'))).toBe(join(root, 'xdg/git'));
    expect(lstatSync(join(folder, '.bunfig.toml')).mode & 0o077).toBe(0);
    expect(userBunfig({ XDG_CONFIG_HOME: folder }).settings).toEqual({
      telemetry: false,
      install: {
        registry: 'https://r.example/',
        cache: { disableManifest: true, disable: false },
        security: { scanner: '/s.mjs' },
      },
    });
  });

  it("leaves code out of the project's", () => {
    files({
      'bunfig.toml':
        'preload = ["./evil.ts"]\n[install]\nexact = true\n[install.security]\nscanner = "./evil.ts"\n[test]\npreload = ["./setup.ts"]\n[define]\nconnect = "evil"\n[run]\nshell = "system"\n',
    });
    files({ 'out/package.json': '{}' });
    writeProjectSettings(join(root, 'out/bunfig.toml'), projectBunfig(root), '/s.mjs');
    expect(projectBunfig(join(root, 'out')).settings).toEqual({
      install: { exact: true, cache: { disable: false }, security: { scanner: '/s.mjs' } },
      run: { shell: 'system' },
    });
  });
});

describe('settings for scripts', () => {
  it('have registries, and nothing that signs in there', () => {
    const settings = {
      install: {
        linker: 'isolated',
        registry: { url: 'https://me:secret@registry.example/', token: 'secret' },
        scopes: {
          a: 'https://me:secret@a.example/',
          b: { url: 'https://b.example/', username: 'me', password: 'secret' },
          c: { token: 'secret' },
        },
      },
      run: { shell: 'bun' },
    };
    expect(withoutSecrets({ path: '/x', settings }).settings).toEqual({
      install: {
        linker: 'isolated',
        registry: { url: 'https://registry.example/' },
        scopes: { a: { url: 'https://a.example/' }, b: { url: 'https://b.example/' }, c: {} },
      },
      run: { shell: 'bun' },
    });
    expect(withoutSecrets({ path: '/x', settings: {} }).settings).toEqual({ install: {} });
  });

  it('have no scanner, and another .npmrc', () => {
    files({
      'xdg/.npmrc': '//registry.example/:_authToken=secret',
      'xdg/gh/x': '',
      npmrc: 'registry=https://registry.example/',
      'p/package.json': '{}',
      'p/bunfig.toml': 'install.security.scanner = "x"\npreload = ["y"]',
    });
    const user = { path: join(root, 'b'), settings: { install: { security: { scanner: 's' } } } };
    writeUserSettings(
      { folder: join(root, 'own'), scanner: undefined, npmrc: join(root, 'npmrc') },
      user,
      { XDG_CONFIG_HOME: join(root, 'xdg') },
    );
    writeProjectSettings(join(root, 'own/bunfig.toml'), projectBunfig(join(root, 'p')), undefined);
    expect(readFileSync(join(root, 'own/.npmrc'), 'utf8')).toBe(
      'registry=https://registry.example/',
    );
    expect(readlinkSync(join(root, 'own/gh'))).toBe(join(root, 'xdg/gh'));
    for (const name of ['own/.bunfig.toml', 'own/bunfig.toml'])
      expect(readFileSync(join(root, name), 'utf8')).not.toMatch(/scanner|preload/);
  });
});
