/** The guard stands once in a process, and not at all in a Yarn that it does not know. */
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PluginState } from '../../../packages/yarn-plugin/src/state.ts';
import { live, yarnCore, type YarnCore } from '../../support/yarn-core.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).liveCore(),
);
const { refuseLinksOut } = vi.hoisted(() => ({ refuseLinksOut: vi.fn() }));
vi.mock('../../../packages/yarn-plugin/src/links.ts', () => ({ refuseLinksOut }));
const { arm, armed } = await import('../../../packages/yarn-plugin/src/arm.ts');

const post = Worker.prototype.postMessage;
const guardFor = vi.fn();
const wrapNetworkRequest = vi.fn();
const state = {
  guards: { for: guardFor },
  downloads: { wrap: wrapNetworkRequest },
} as unknown as PluginState;

beforeEach(() => {
  live.core = yarnCore();
  guardFor.mockReset();
  refuseLinksOut.mockReset();
  vi.stubEnv('YARN_PLUGINS', undefined);
});
afterEach(() => {
  Worker.prototype.postMessage = post;
});

/** What the guard is put around, as it is now. */
const methods = (): unknown[] => {
  const { Cache, MultiFetcher, Project } = live.core;
  return [
    Cache.prototype.fetchPackageFromCache,
    Project?.prototype.fetchEverything,
    MultiFetcher?.prototype.fetch,
  ];
};
/** Those of them that have something around them. */
const guarded = (): string[] =>
  methods()
    .map((one) => (one as { name: string } | undefined)?.name ?? '')
    .filter((name) => name.startsWith('guarded '));

describe('arm', () => {
  test('puts the guard into this Yarn, and says how it stands', () => {
    expect(armed()).toBeUndefined();
    const how = arm('/project/.yarn/plugin.cjs', state);
    expect(armed()).toBe(how);
    expect(guarded()).toEqual([
      'guarded fetchPackageFromCache',
      'guarded fetchEverything',
      'guarded fetch',
    ]);
    expect(Worker.prototype.postMessage).toBe(post);
    expect(how.wrapNetworkRequest).toBe(wrapNetworkRequest);
    // Another copy of the plugin finds it by the same name.
    const marks = Object.getOwnPropertySymbols(live.core.Cache.prototype);
    expect(marks).toEqual([Symbol.for('tarwarden.yarn-plugin')]);
  });

  test('does so once, whichever copy is loaded', () => {
    const how = arm('/first.cjs', state);
    const around = methods();
    expect(arm('/second.cjs', state)).toBe(how);
    expect(methods()).toEqual(around);
    expect(process.env['YARN_PLUGINS']).toBe('/first.cjs');
  });

  test('replaces a method that another plugin marked as replaced', () => {
    const { prototype } = live.core.Cache;
    const mark = { value: true };
    Object.defineProperty(
      prototype.fetchPackageFromCache,
      Symbol.for('tarwarden.intercepted'),
      mark,
    );
    arm('/plugin.cjs', state);
    expect(guarded()).toContain('guarded fetchPackageFromCache');
  });

  test('has a wrong policy said before anything else is done', async () => {
    guardFor.mockRejectedValue(new Error('the policy is not valid'));
    const { validateProject } = arm('/plugin.cjs', state);
    const configuration = {};
    await expect(validateProject?.({ configuration } as never, {} as never)).rejects.toThrow(
      'the policy is not valid',
    );
    expect(guardFor).toHaveBeenCalledWith(configuration);
    expect(refuseLinksOut).not.toHaveBeenCalled();
  });

  test('has links out of a project refused before anything else is done', async () => {
    refuseLinksOut.mockRejectedValue(new Error('nothing is linked'));
    const { validateProject } = arm('/plugin.cjs', state);
    const project = { configuration: {} };
    await expect(validateProject?.(project as never, {} as never)).rejects.toThrow(
      'nothing is linked',
    );
    expect(refuseLinksOut).toHaveBeenCalledExactlyOnceWith(project, state.guards);
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
    arm('/plugin.cjs', state);
    expect(process.env['YARN_PLUGINS']).toBe(after);
  });
});

describe('a Yarn that is not as the guard knows it is stopped', () => {
  const why = (change: (core: YarnCore) => void, version: string | null = '4.12.0'): string => {
    live.core = yarnCore(version);
    change(live.core);
    try {
      arm('/plugin.cjs', state);
    } catch (error) {
      expect(guarded()).toEqual([]);
      expect(Worker.prototype.postMessage).toBe(post);
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
      expect(reason).toBe(stopped(`its cache has no method ${name}`));
    },
  );

  test('no fetchEverything', () => {
    const reason = why(({ Project }) =>
      Reflect.deleteProperty(Project.prototype, 'fetchEverything'),
    );
    expect(reason).toBe(stopped('its project has no method fetchEverything'));
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
    expect(reason).toBe(stopped('its fetcher has no method fetch'));
    expect(why((core) => (as(core)['MultiFetcher'] = undefined))).toBe(
      stopped('its fetcher has no method fetch'),
    );
  });

  test.each(['getTaskPoolForConfiguration', 'getDefaultTaskPool'])('no %s in Yarn 4', (name) => {
    const without = ({ tgzUtils }: YarnCore) => Reflect.deleteProperty(tgzUtils, name);
    expect(why(without)).toBe(stopped(`its converter has no method ${name}`));
  });

  test('nothing that converts at all', () => {
    const without = (core: YarnCore): void => void (as(core)['tgzUtils'] = undefined);
    expect(why(without)).toBe(stopped('its converter has no method getTaskPoolForConfiguration'));
  });

  test('but Yarn 3 has no pools to be seen', () => {
    expect(why((core) => (core.tgzUtils = {}), '3.8.7')).toBe('armed');
    expect(Worker.prototype.postMessage).not.toBe(post);
    expect(Worker.prototype.postMessage.name).toBe('guarded postMessage');
  });
});
