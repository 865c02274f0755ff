import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  enforce,
  refuseForeignSettings,
} from '../../../packages/pnpm-hook/src/settings/foreign-settings.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
let dir: string;
freshFolder((made) => {
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
