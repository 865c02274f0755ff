import { describe, expect, it } from 'vitest';
import {
  enforce,
  inspectedMirrors,
} from '../../../packages/pnpm-hook/src/settings/foreign-settings.ts';

describe('inspectedMirrors', () => {
  const release = 'https://mirror.example/';

  it.each([
    ['pnpm 10', { rawConfig: { 'node-mirror:release': release, registry: 'https://x/' } }],
    ['pnpm 11 and 12', { nodeDownloadMirrors: { release } }],
  ])('are the mirrors of Node in the settings of %s', (_, config) => {
    expect(inspectedMirrors(config)).toEqual({ release });
  });

  it('are none in other settings', () => {
    const rawConfig = { registry: 'https://x/', 'my-node-mirror:release': 'https://x/' };
    expect(inspectedMirrors({ rawConfig, nodeDownloadMirrors: null })).toEqual({});
  });

  it.each(['cargo', 'python'])('refuses packages from %s, whoever asks', (key) => {
    inspectedMirrors({ [key]: { enabled: false } });
    inspectedMirrors({ [key]: {} });
    expect(() => inspectedMirrors({ [key]: { enabled: true } })).toThrow(
      expect.objectContaining({
        reason: 'NOT_INSPECTED',
        message: expect.stringContaining(
          `${key}.enabled: pnpm would install packages that are not from npm`,
        ),
      }),
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
