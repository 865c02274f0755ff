import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  enforce,
  isInside,
  isSettledStore,
  refuseForeignSettings,
  watchFolders,
} from '../../../packages/pnpm-hook/src/foreign-settings.ts';

let root: string;
let dir: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-settings-')));
  dir = join(root, 'project');
  mkdirSync(join(root, 'config/pnpm'), { recursive: true });
  mkdirSync(dir);
  for (const [name, value] of Object.entries({
    HOME: root,
    XDG_CONFIG_HOME: join(root, 'config'),
    XDG_CACHE_HOME: join(root, 'cache'),
    XDG_DATA_HOME: join(root, 'data'),
    PNPM_HOME: undefined,
    npm_config_userconfig: undefined,
    NPM_CONFIG_USERCONFIG: undefined,
    npm_config_store_dir: undefined,
    pnpm_config_store_dir: undefined,
  }))
    vi.stubEnv(name, value);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('refuseForeignSettings', () => {
  it.each([
    ['storeDir', './store'],
    ['storeDir', '/elsewhere/store'],
    ['globalVirtualStoreDir', './links'],
    ['cacheDir', './cache'],
    ['virtualStoreDir', '../outside'],
    ['modulesDir', '../outside'],
  ])('refuses %s %s that nobody but the repository says', (key, value) => {
    expect(() => refuseForeignSettings({ dir, [key]: value })).toThrow(key);
  });

  it('takes what is in the project where that is harmless, links followed', () => {
    refuseForeignSettings({ dir, virtualStoreDir: 'vendor/.pnpm', modulesDir: 'node_modules' });
    symlinkSync(root, join(dir, 'vendor'));
    expect(() => refuseForeignSettings({ dir, virtualStoreDir: 'vendor/.pnpm' })).toThrow(
      'outside the project',
    );
  });

  it('takes what pnpm picks by itself', () => {
    refuseForeignSettings({ dir, cacheDir: join(root, 'cache/pnpm') });
    refuseForeignSettings({ dir, storeDir: join(root, 'data/pnpm/store/v10') });
    refuseForeignSettings({ dir, storeDir: join(root, '.pnpm-store/v10') });
    const beside = join(root, 'beside/.pnpm-store');
    expect(() => refuseForeignSettings({ dir, storeDir: beside })).toThrow('storeDir');
  });

  it.each([
    ['a variable', () => vi.stubEnv('npm_config_store_dir', 'kept')],
    ['a variable in capitals', () => vi.stubEnv('PNPM_CONFIG_STORE_DIR', './kept')],
    ['.npmrc', () => writeFileSync(join(root, '.npmrc'), 'a=b\nstore-dir = "kept"\n')],
    ['rc', () => writeFileSync(join(root, 'config/pnpm/rc'), 'store-dir=kept\n')],
    ['config.yaml', () => writeFileSync(join(root, 'config/pnpm/config.yaml'), 'storeDir: kept\n')],
  ])('takes what the user says in %s, and no other', (_, say) => {
    expect(() => refuseForeignSettings({ dir, storeDir: 'kept' })).toThrow('storeDir');
    say();
    refuseForeignSettings({ dir, storeDir: 'kept' });
    refuseForeignSettings({ dir, storeDir: join(dir, 'kept') });
    expect(() => refuseForeignSettings({ dir, storeDir: './store' })).toThrow('storeDir');
  });

  it('takes a path below the home folder as pnpm writes it', () => {
    writeFileSync(join(root, '.npmrc'), 'store-dir=~/store\n');
    expect(refuseForeignSettings({ dir, storeDir: join(root, 'store') })).toEqual({});
  });

  it('refuses a mirror of Node that the user does not name', () => {
    const release = 'https://mirror.example/';
    const ten = { dir, rawConfig: { 'node-mirror:release': release } };
    const later = { dir, nodeDownloadMirrors: { release } };
    for (const config of [ten, later])
      expect(() => refuseForeignSettings(config)).toThrow('nodeDownloadMirrors.release');
    writeFileSync(join(root, '.npmrc'), `node-mirror:release=${release}\n`);
    expect(refuseForeignSettings(ten)).toEqual({ release });
    writeFileSync(
      join(root, 'config/pnpm/config.yaml'),
      `nodeDownloadMirrors:\n  release: ${release}\n`,
    );
    expect(refuseForeignSettings(later)).toEqual({ release });
  });

  it('refuses packages from elsewhere than npm, whoever asks', () => {
    refuseForeignSettings({ dir, python: { enabled: false }, cargo: {} });
    expect(() => refuseForeignSettings({ dir, cargo: { enabled: true } })).toThrow('cargo');
  });
});

describe('enforce', () => {
  it("turns pnpm's checks of its store on", () => {
    const config = { verifyStoreIntegrity: false, strictStorePkgContentCheck: false };
    enforce(config);
    expect(config).toEqual({ verifyStoreIntegrity: true, strictStorePkgContentCheck: true });
  });
});

describe('isInside', () => {
  it.each([
    ['a', true],
    ['..a', true],
    ['.', false],
    ['..', false],
    ['../project-beside', false],
  ])('%s: %s', (path, answer) => {
    expect(isInside(dir, path)).toBe(answer);
  });
});

describe('isSettledStore', () => {
  it('compares with the setting, without the folder for the format, links followed', () => {
    symlinkSync(root, join(root, 'link'));
    expect(isSettledStore(join(root, 'kept/v11'), '~/kept', dir)).toBe(true);
    expect(isSettledStore(join(root, 'link/kept/v10'), join(root, 'kept'), dir)).toBe(true);
    expect(isSettledStore(join(dir, './kept/v11'), 'kept', dir)).toBe(true);
    expect(isSettledStore(join(dir, 'store/v11'), join(root, 'kept'), dir)).toBe(false);
    expect(isSettledStore(join(root, 'data/pnpm/store/v11'), join(root, 'kept'), dir)).toBe(false);
  });

  it('without a setting takes what pnpm picks, or what the user says, and nothing else', () => {
    expect(isSettledStore(join(root, 'data/pnpm/store/v11'), undefined, dir)).toBe(true);
    expect(isSettledStore(join(root, '.pnpm-store/v11'), undefined, dir)).toBe(true);
    expect(isSettledStore(join(dir, 'packages/a/.pnpm-store/v10'), undefined, dir)).toBe(true);
    expect(isSettledStore(join(root, 'kept/v11'), undefined, dir)).toBe(false);
    vi.stubEnv('pnpm_config_store_dir', join(root, 'kept'));
    expect(isSettledStore(join(root, 'kept/v11'), undefined, dir)).toBe(true);
  });
});

describe('watchFolders', () => {
  it('refuses a folder that was set since, and no other change', () => {
    const refuse = watchFolders({ dir, storeDir: join(root, 'own') });
    refuse({ dir, storeDir: join(root, 'own'), fetchRetries: 1 });
    expect(() => refuse({ dir, storeDir: './store' })).toThrow('storeDir');
    expect(() =>
      refuse({ dir, storeDir: join(root, 'own'), virtualStoreDir: '../outside' }),
    ).toThrow();
  });
});
