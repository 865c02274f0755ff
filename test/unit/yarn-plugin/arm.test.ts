/** The guard stands once in a process, and not at all in a Yarn that it does not know. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { yarnCore, type YarnCore } from '../../support/yarn-core.ts';

const fakes = vi.hoisted(() => ({
  core: {} as YarnCore,
  guardFor: vi.fn(),
  watchArchives: vi.fn(),
  watchLinking: vi.fn(),
  watchTarballs: vi.fn(),
}));
vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', () => ({
  get Cache() {
    return fakes.core.Cache;
  },
  get MultiFetcher() {
    return fakes.core.MultiFetcher;
  },
  get Project() {
    return fakes.core.Project;
  },
  get tgzUtils() {
    return fakes.core.tgzUtils;
  },
  get YarnVersion() {
    return fakes.core.YarnVersion;
  },
}));
const wrapNetworkRequest = vi.hoisted(() => vi.fn());
vi.mock('../../../packages/yarn-plugin/src/downloads.ts', () => ({ wrapNetworkRequest }));
vi.mock('../../../packages/yarn-plugin/src/guard.ts', () => ({ guardFor: fakes.guardFor }));
vi.mock('../../../packages/yarn-plugin/src/archives.ts', () => ({
  watchArchives: fakes.watchArchives,
}));
vi.mock('../../../packages/yarn-plugin/src/linking.ts', () => ({
  watchLinking: fakes.watchLinking,
}));
vi.mock('../../../packages/yarn-plugin/src/tarballs.ts', () => ({
  watchTarballs: fakes.watchTarballs,
}));
vi.stubGlobal('TARWARDEN_VERSION', '1.2.3');
const { arm, armed } = await import('../../../packages/yarn-plugin/src/arm.ts');

beforeEach(() => {
  fakes.core = yarnCore();
  fakes.guardFor.mockReset();
  fakes.watchArchives.mockReset();
  fakes.watchLinking.mockReset();
  fakes.watchTarballs.mockReset();
  vi.stubEnv('YARN_PLUGINS', undefined);
});

describe('arm', () => {
  test('puts the guard into this Yarn, and says how it stands', () => {
    expect(armed()).toBeUndefined();
    const state = arm('/project/.yarn/plugin.cjs');
    expect(state).toMatchObject({ file: '/project/.yarn/plugin.cjs', version: '1.2.3' });
    expect(armed()).toBe(state);
    expect(fakes.watchTarballs).toHaveBeenCalledTimes(1);
    expect(fakes.watchArchives).toHaveBeenCalledTimes(1);
    expect(fakes.watchLinking).toHaveBeenCalledTimes(1);
    expect(state.hooks.wrapNetworkRequest).toBe(wrapNetworkRequest);
    // Another copy of the plugin finds it by the same name.
    const marks = Object.getOwnPropertySymbols(fakes.core.Cache.prototype);
    expect(marks).toEqual([Symbol.for('tarwarden.yarn-plugin')]);
  });

  test('does so once, whichever copy is loaded', () => {
    const state = arm('/first.cjs');
    expect(arm('/second.cjs')).toBe(state);
    expect(fakes.watchArchives).toHaveBeenCalledTimes(1);
    expect(process.env['YARN_PLUGINS']).toBe('/first.cjs');
  });

  test('has a wrong policy said before anything else is done', async () => {
    fakes.guardFor.mockRejectedValue(new Error('the policy is not valid'));
    const { validateProject } = arm('/plugin.cjs').hooks;
    const configuration = {};
    await expect(validateProject?.({ configuration } as never, {} as never)).rejects.toThrow(
      'the policy is not valid',
    );
    expect(fakes.guardFor).toHaveBeenCalledWith(configuration);
  });

  test.each([
    [undefined, '/plugin.cjs'],
    ['', '/plugin.cjs'],
    ['/other.cjs', '/other.cjs;/plugin.cjs'],
    ['/other.cjs;;', '/other.cjs;/plugin.cjs'],
    ['/plugin.cjs;/other.cjs', '/plugin.cjs;/other.cjs'],
    ['/my/plugin.cjs', '/my/plugin.cjs;/plugin.cjs'],
  ])('has Yarn’s children guarded: YARN_PLUGINS %s becomes %s', (before, after) => {
    vi.stubEnv('YARN_PLUGINS', before);
    arm('/plugin.cjs');
    expect(process.env['YARN_PLUGINS']).toBe(after);
  });
});

describe('a Yarn that is not as the guard knows it is stopped', () => {
  const why = (change: (core: YarnCore) => void, version: string | null = '4.12.0'): string => {
    fakes.core = yarnCore(version);
    change(fakes.core);
    try {
      arm('/plugin.cjs');
    } catch (error) {
      expect(fakes.watchTarballs).not.toHaveBeenCalled();
      expect(fakes.watchArchives).not.toHaveBeenCalled();
      expect(fakes.watchLinking).not.toHaveBeenCalled();
      expect(process.env['YARN_PLUGINS']).toBeUndefined();
      return (error as Error).message;
    }
    return 'armed';
  };
  const stopped = (reason: string, version = '4.12.0'): string =>
    `tarwarden: unsupported Yarn ${version} (${reason}); refusing to run unguarded`;
  const as = (core: YarnCore): Record<string, unknown> =>
    core as unknown as Record<string, unknown>;
  const nothing = (): void => undefined;

  test.each(['3.8.7', '4.0.0', '4.12.0-rc.1'])('but not %s', (version) => {
    expect(why(nothing, version)).toBe('armed');
  });

  test.each(['2.4.3', '5.0.0', '40.0.0', '14.0.0', '4', 'v4.0.0'])('version %s', (version) => {
    expect(why(nothing, version)).toBe(stopped('neither version 3 nor 4', version));
  });

  test('no version', () => {
    expect(why(nothing, null)).toBe(stopped('neither version 3 nor 4', 'of unknown version'));
  });

  test.each(['fetchPackageFromCache', 'getLocatorPath', 'getLocatorMirrorPath'])(
    'no %s',
    (name) => {
      const reason = why(({ Cache }) => Reflect.deleteProperty(Cache.prototype, name));
      expect(reason).toBe(stopped(`its cache has no ${name}`));
    },
  );

  test.each(['linkEverything', 'persistInstallStateFile'])('no %s', (name) => {
    const reason = why(({ Project }) => Reflect.deleteProperty(Project.prototype, name));
    expect(reason).toBe(stopped(`its project has no ${name}`));
  });

  test.each(['Project', 'MultiFetcher'])('no %s at all', (name) => {
    expect(why((core) => (as(core)[name] = undefined))).toMatch(
      /^tarwarden: .*refusing to run unguarded$/,
    );
  });

  test('no fetch', () => {
    const reason = why(({ MultiFetcher }) =>
      Reflect.deleteProperty(MultiFetcher.prototype, 'fetch'),
    );
    expect(reason).toBe(stopped('its fetcher has no fetch'));
    expect(why((core) => (as(core)['MultiFetcher'] = undefined))).toBe(
      stopped('its fetcher has no fetch'),
    );
  });

  test.each(['getTaskPoolForConfiguration', 'getDefaultTaskPool'])('no %s in Yarn 4', (name) => {
    const without = ({ tgzUtils }: YarnCore) => Reflect.deleteProperty(tgzUtils, name);
    expect(why(without)).toBe(stopped('its tarballs are converted elsewhere'));
  });

  test('but Yarn 3 has no pools to be seen', () => {
    expect(why((core) => (core.tgzUtils = {}), '3.8.7')).toBe('armed');
  });
});
