/** What the hooks report to `tarwarden pnpm`, which does not believe that an install was guarded otherwise. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { isOurHook } from '../../../packages/pnpm-hook/src/pnpmfiles/lockfile-trace.ts';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import { HookReports } from '../../../packages/pnpm-hook/src/pnpmfiles/reporting-hooks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
let reports: HookReports;
freshFolder((made) => {
  folder = made;
  vi.stubEnv('TARWARDEN_PNPM_STATUS', join(folder, 'status'));
  vi.stubEnv('npm_config_user_agent', 'pnpm/12');
  reports = new HookReports('the nonce');
});

const reported = (): unknown[] =>
  existsSync(join(folder, 'status'))
    ? readFileSync(join(folder, 'status'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : [];
const armed = { event: 'armed', nonce: 'the nonce', pnpm: 'pnpm/12' };
const rejected = new HookError('REJECTED', 'a is refused');
const blocked = { event: 'blocked', subject: rejected.message };
const throwing = (error: unknown) => () => {
  throw error;
};

describe('a hook', () => {
  test('that is asked is in the way, which is said once', async () => {
    const hook = reports.of((one) => [one]);
    expect([hook(1), hook(2)]).toEqual([[1], [2]]);
    await expect(reports.of(async () => 3)()).resolves.toBe(3);
    expect(reported()).toEqual([armed]);
  });

  test('keeps what it is called on', () => {
    const one = {
      name: 'one',
      get: reports.of(function (this: unknown) {
        return this;
      }),
    };
    expect(one.get()).toBe(one);
  });

  test('whose answer has to accept is in the way only then', async () => {
    let accept: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (accept = resolve));
    const asked = reports.of(() => answer, true)();
    expect(reported()).toEqual([]);
    accept();
    await asked;
    expect(reported()).toEqual([armed]);
  });

  test.each<[string, () => unknown]>([
    ['at once', throwing(rejected)],
    ['later', () => Promise.reject(rejected)],
  ])('that refuses %s is thrown, and counts whatever pnpm makes of it', async (_title, hook) => {
    const reporting = reports.of(hook, true);
    await expect((async () => reporting())()).rejects.toBe(rejected);
    expect(reported()).toEqual([armed, blocked]);
  });

  test('that finds a pnpm it does not know says so', () => {
    const error = new HookError('UNSUPPORTED_PNPM', 'this is pnpm 13');
    expect(() => reports.of(throwing(error))()).toThrow(error);
    expect(reported()).toEqual([armed, { event: 'unsupported', reason: error.message }]);
  });

  test.each([new Error('a mistake'), undefined, null, { code: 'ERR_PNPM_FETCH_404' }])(
    'that fails with %s has refused nothing',
    (error) => {
      let thrown: unknown = 'nothing';
      try {
        reports.of(throwing(error), true)();
      } catch (one) {
        thrown = one;
      }
      expect(thrown).toBe(error);
      expect(reported()).toEqual([]);
    },
  );
});

describe('a set of hooks', () => {
  test('keeps what is on it, and reports as each of them does', async () => {
    const mark = Symbol('mark');
    const hooks = { updateConfig: async () => 1, preResolution: () => 2, name: 'ours', [mark]: 3 };
    const copy = reports.ofAll(hooks);
    expect(copy).toMatchObject({ name: 'ours', [mark]: 3 });
    for (const name of ['updateConfig', 'preResolution']) expect(isOurHook(copy[name])).toBe(true);
    const asked = (copy['updateConfig'] as () => Promise<unknown>)();
    expect(reported()).toEqual([]);
    await asked;
    expect(reported()).toEqual([armed]);
  });

  test('of factories reports what their fetchers refuse', async () => {
    const factory = vi.fn((_options: unknown) => async () => {
      throw rejected;
    });
    const copy = reports.ofFactories({ git: factory });
    expect(isOurHook(copy)).toBe(true);
    const fetch = (copy['git'] as (options: unknown) => () => Promise<unknown>)({ of: 'pnpm' });
    expect(factory).toHaveBeenCalledWith({ of: 'pnpm' });
    expect(reported()).toEqual([]);
    await expect(fetch()).rejects.toBe(rejected);
    expect(reported()).toEqual([armed, blocked]);
  });
});
