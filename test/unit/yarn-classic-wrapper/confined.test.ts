import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ConfinedYarn } from '../../../packages/yarn-classic-wrapper/src/yarn-guard.ts';

const openSync = vi.hoisted(() => vi.fn<() => number>());
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  openSync,
  closeSync: vi.fn<() => void>(),
}));

const within = (phase?: string): ConfinedYarn =>
  new ConfinedYarn({ TARWARDEN_CONFINED_PHASE: phase });
const fails = (code: string): void => {
  openSync.mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });
};
const copy = { _remote: { type: 'copy' } };

describe('a Yarn that is confined', () => {
  it('runs all scripts where they run apart, and there alone', () => {
    expect(within('scripts').buildsAll()).toBe(true);
    for (const phase of [undefined, 'fetch', 'whole', 'x'])
      expect(within(phase).buildsAll()).toBe(false);
  });

  it('leaves out settings that it may not open', () => {
    fails('EACCES');
    for (const phase of ['fetch', 'scripts', 'whole'])
      expect(within(phase).reads('/home/.npmrc')).toBe(false);
    expect(within().reads('/home/.npmrc')).toBe(true);
    fails('ENOENT');
    expect(within('scripts').reads('/home/.npmrc')).toBe(true);
    openSync.mockReturnValue(3);
    expect(within('scripts').reads('/home/.npmrc')).toBe(true);
  });

  it('copies folders to where it may write, while scripts run', () => {
    expect(within('scripts').cacheOf({ cacheFolder: '/c' }, copy)).toBe(
      join(tmpdir(), 'tarwarden-copies'),
    );
    expect(within('scripts').cacheOf({ cacheFolder: '/c' }, { remote: { type: 'tarball' } })).toBe(
      '/c',
    );
    expect(within('fetch').cacheOf({ cacheFolder: '/c' }, copy)).toBe('/c');
  });

  it('prepares git repositories where scripts may run at once', () => {
    for (const phase of ['fetch', 'scripts'])
      expect(within(phase).refusesToPrepare()).toContain('"prepare" script');
    for (const phase of [undefined, 'whole'])
      expect(within(phase).refusesToPrepare()).toBeUndefined();
  });
});
