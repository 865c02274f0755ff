import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { freshFolder } from '../../support/fresh-folder.ts';

/** What pnpm was called with. */
const command = vi.hoisted(() => ({ words: [] as string[] }));
vi.mock('../../../packages/pnpm-hook/src/settings/process-above.ts', () => ({
  commandArguments: () => command.words,
}));
const { enforce, refuseForeignSettings, watchFolders } =
  await import('../../../packages/pnpm-hook/src/settings/foreign-settings.ts');

let root: string;
let dir: string;
freshFolder((made) => {
  command.words = [];
  root = made;
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
    NPM_CONFIG_GLOBALCONFIG: join(root, 'global-npmrc'),
    npm_config_store_dir: undefined,
    pnpm_config_store_dir: undefined,
  }))
    vi.stubEnv(name, value);
});

const refusal = (message: string): unknown =>
  expect.objectContaining({ reason: 'NOT_INSPECTED', message: expect.stringContaining(message) });

describe('refuseForeignSettings', () => {
  it.each([
    ['storeDir', './store', 'instead of those that were inspected'],
    ['storeDir', '/elsewhere/store', 'instead of those that were inspected'],
    ['globalVirtualStoreDir', './links', 'instead of those that were inspected'],
    ['cacheDir', './cache', 'lets `pnpm dlx` run what the repository holds'],
    ['virtualStoreDir', '../outside', 'puts packages outside the project'],
    ['modulesDir', '../outside', 'puts packages outside the project'],
  ])('refuses %s %s that nobody but the repository says', (key, value, why) => {
    const act = (): unknown => refuseForeignSettings({ dir, [key]: value });
    expect(act).toThrow(refusal(`tarwarden: ${key} is "${value}", and your own`));
    expect(act).toThrow(refusal(why));
  });

  it('says how to have the folder all the same', () => {
    expect(() => refuseForeignSettings({ dir, storeDir: './my store' })).toThrow(
      refusal(
        'Remove it there (pnpm-workspace.yaml, .npmrc, package.json), or say it yourself: pnpm config set --location=global store-dir "./my store"',
      ),
    );
  });

  it('has nothing against a setting that is empty, and is in the working folder without another', () => {
    refuseForeignSettings({ dir, storeDir: '', modulesDir: '' });
    vi.spyOn(process, 'cwd').mockReturnValue(dir);
    refuseForeignSettings({ modulesDir: 'node_modules' });
    expect(() => refuseForeignSettings({ modulesDir: '..' })).toThrow(refusal('outside'));
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
    refuseForeignSettings({ dir, storeDir: join(dir, '.pnpm-store/v10') });
    const beside = join(root, 'beside/.pnpm-store');
    expect(() => refuseForeignSettings({ dir, storeDir: beside })).toThrow('storeDir');
    // Each where it is picked, and nowhere else.
    for (const other of [
      { storeDir: join(root, 'cache/pnpm') },
      { cacheDir: join(root, 'data/pnpm/store/v10') },
    ])
      expect(() => refuseForeignSettings({ dir, ...other })).toThrow(refusal('your own'));
  });

  it.each([
    ['a variable', () => vi.stubEnv('npm_config_store_dir', 'kept')],
    ['a variable in capitals', () => vi.stubEnv('PNPM_CONFIG_STORE_DIR', './kept')],
    ['.npmrc', () => writeFileSync(join(root, '.npmrc'), 'a=b\nstore-dir = "kept"\n')],
    ['rc', () => writeFileSync(join(root, 'config/pnpm/rc'), 'store-dir=kept\n')],
    ['config.yaml', () => writeFileSync(join(root, 'config/pnpm/config.yaml'), 'storeDir: kept\n')],
    ['.npmrc, by a default', () => writeFileSync(join(root, '.npmrc'), 'store-dir=${X:-kept}\n')],
    [
      'rc, by a default',
      () => writeFileSync(join(root, 'config/pnpm/rc'), 'store-dir=${X-kept}\n'),
    ],
    [
      'config.yaml, by a merged map',
      () =>
        writeFileSync(join(root, 'config/pnpm/config.yaml'), 'x: &x {storeDir: kept}\n<<: *x\n'),
    ],
    [
      'config.yaml, by an alias and a variable',
      () =>
        writeFileSync(join(root, 'config/pnpm/config.yaml'), 'x: &x "${X:-kept}"\nstoreDir: *x\n'),
    ],
    ['the npmrc of the machine', () => writeFileSync(join(root, 'global-npmrc'), 'store-dir=kept')],
    ['the command', () => command.words.push('add', '--store-dir=kept')],
    ['the command, as pnpm spells it', () => command.words.push('--config.storeDir=kept', 'add')],
    ['the command, in two words', () => command.words.push('--config.store-dir', 'kept', '--x')],
  ])('takes what the user says in %s, and no other', (_, say) => {
    expect(() => refuseForeignSettings({ dir, storeDir: 'kept' })).toThrow('storeDir');
    say();
    refuseForeignSettings({ dir, storeDir: 'kept' });
    refuseForeignSettings({ dir, storeDir: join(dir, 'kept') });
    expect(() => refuseForeignSettings({ dir, storeDir: './store' })).toThrow('storeDir');
  });

  it.each<[string, () => unknown]>([
    ['behind `--`', () => command.words.push('exec', '--', 'x', '--store-dir=kept')],
    ['of another option', () => command.words.push('--modules-dir=kept', '--store-dirs', 'kept')],
    ['that goes on', () => command.words.push('--store-dir.x', 'kept')],
    ['within a word', () => command.words.push('x--store-dir=kept', 'x--store-dir', 'kept')],
    ['without a value', () => command.words.push('kept', '--store-dir')],
    ['of another variable', () => vi.stubEnv('npm_config_cache_dir', 'kept')],
    ['within a variable', () => vi.stubEnv('x_npm_config_store_dir', 'kept')],
  ])('does not take a word %s for what the user says', (_, say) => {
    say();
    expect(() => refuseForeignSettings({ dir, storeDir: 'kept' })).toThrow(refusal('storeDir'));
  });

  it.each([
    ['a relative XDG_CONFIG_HOME', 'here'],
    ['an empty XDG_CONFIG_HOME', ''],
  ])('takes nothing for the user’s that %s finds in the project', (_, folder) => {
    vi.stubEnv('XDG_CONFIG_HOME', folder);
    mkdirSync(join(dir, folder, 'pnpm'), { recursive: true });
    for (const [name, text] of [
      ['config.yaml', 'storeDir: kept\n'],
      ['rc', 'store-dir=kept\n'],
    ] as const)
      writeFileSync(join(dir, folder, 'pnpm', name), text);
    expect(() => refuseForeignSettings({ dir, storeDir: 'kept' })).toThrow(refusal('storeDir'));
  });

  it.each([
    ['variable', () => vi.stubEnv('npm_config_store_dir', '')],
    ['word', () => command.words.push('--store-dir=')],
    ['line', () => writeFileSync(join(root, '.npmrc'), 'store-dir=\n')],
  ])('does not take an empty %s for the project', (_, say) => {
    say();
    expect(() => refuseForeignSettings({ dir, storeDir: '.' })).toThrow(refusal('storeDir'));
  });

  it('takes a path below the home folder as pnpm writes it', () => {
    writeFileSync(join(root, '.npmrc'), 'store-dir=~/store\n');
    expect(refuseForeignSettings({ dir, storeDir: join(root, 'store') })).toEqual({});
    writeFileSync(join(root, '.npmrc'), 'store-dir=kept~/store\n');
    refuseForeignSettings({ dir, storeDir: join(dir, 'kept~/store') });
  });

  it('refuses a mirror of Node that the user does not name', () => {
    const release = 'https://mirror.example/';
    const ten = { dir, rawConfig: { 'node-mirror:release': release } };
    const later = { dir, nodeDownloadMirrors: { release } };
    for (const config of [ten, later]) {
      const act = (): unknown => refuseForeignSettings(config);
      expect(act).toThrow(refusal('nodeDownloadMirrors.release'));
      expect(act).toThrow(refusal('where the Node comes from that runs everything'));
    }
    writeFileSync(join(root, '.npmrc'), `node-mirror:release=${release}\n`);
    expect(refuseForeignSettings(ten)).toEqual({ release });
    rmSync(join(root, '.npmrc'));
    writeFileSync(
      join(root, 'config/pnpm/config.yaml'),
      `nodeDownloadMirrors:\n  release: ${release}\n`,
    );
    expect(refuseForeignSettings(later)).toEqual({ release });
  });

  it('takes other settings for no mirrors', () => {
    const rawConfig = { registry: 'https://x/', 'my-node-mirror:release': 'https://x/' };
    expect(refuseForeignSettings({ dir, rawConfig })).toEqual({});
  });

  it.each(['cargo', 'python'])('refuses packages from %s, whoever asks', (key) => {
    refuseForeignSettings({ dir, [key]: { enabled: false } });
    refuseForeignSettings({ dir, [key]: {} });
    expect(() => refuseForeignSettings({ dir, [key]: { enabled: true } })).toThrow(
      refusal(`${key}.enabled: pnpm would install packages that are not from npm`),
    );
  });
});

describe('enforce', () => {
  it("turns pnpm's checks of its store on, and the reading of what build scripts made off", () => {
    const config = { verifyStoreIntegrity: false, sideEffectsCache: true };
    enforce(config);
    expect(config).toEqual({
      verifyStoreIntegrity: true,
      strictStorePkgContentCheck: true,
      sideEffectsCache: false,
      sideEffectsCacheReadonly: false,
      sideEffectsCacheRead: false,
      sideEffectsCacheWrite: false,
    });
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
