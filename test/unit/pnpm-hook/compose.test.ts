/** A pnpmfile with hooks of its own beside ours. */
import { describe, expect, test } from 'vitest';
import { compose, isComposed } from '../../../packages/pnpm-hook/src/pnpmfiles/other-pnpmfiles.ts';

const appending =
  (text: string) =>
  (list: string[], ...rest: unknown[]): string[] => [...list, text, ...rest.map(String)];

describe('compose', () => {
  test('gives each hook what the one before it has returned, and all the rest', async () => {
    const { hooks = {} } = compose(
      { hooks: { readPackage: appending('ours'), updateConfig: appending('ours') } },
      { hooks: { readPackage: appending('theirs'), updateConfig: appending('theirs') } },
    );
    const call = async (name: string): Promise<unknown> =>
      (hooks[name] as (...args: unknown[]) => unknown)([], 'context');
    // Ours sees what theirs has made, and has the last word.
    expect(await call('readPackage')).toEqual(['theirs', 'context', 'ours', 'context']);
    expect(await call('updateConfig')).toEqual(['theirs', 'context', 'ours', 'context']);
  });

  test('hands the same to every preResolution', async () => {
    const seen: unknown[] = [];
    const preResolution = (context: unknown): void => void seen.push(context);
    const { hooks = {} } = compose({ hooks: { preResolution } }, { hooks: { preResolution } });
    const context = {};
    await (hooks['preResolution'] as (context: object) => Promise<void>)(context);
    expect(seen).toEqual([context, context]);
  });

  test.each([
    ['ours refuses', 'refused', async () => Promise.reject(new Error('refused')), appending('')],
    [
      'theirs throws',
      'theirs',
      appending(''),
      () => {
        throw new Error('theirs');
      },
    ],
  ])('fails if %s', async (_, message, ours, theirs) => {
    const { hooks = {} } = compose(
      { hooks: { readPackage: ours } },
      { hooks: { readPackage: theirs } },
    );
    const call = hooks['readPackage'] as (list: string[]) => Promise<unknown>;
    await expect(call([])).rejects.toThrow(message);
  });

  test('shows ours the lockfile that theirs has changed in place', async () => {
    const { hooks = {} } = compose(
      { hooks: { preResolution: (context: string[]) => void context.push('seen') } },
      { hooks: { preResolution: (context: string[]) => void context.push('changed') } },
    );
    const context: string[] = [];
    await (hooks['preResolution'] as (context: string[]) => Promise<void>)(context);
    expect(context).toEqual(['changed', 'seen']);
  });

  // pnpm 12 takes it for "no change", except from readPackage, where every pnpm fails.
  test.each([
    ['updateConfig', ['ours']],
    ['afterAllResolved', ['ours']],
    ['readPackage', undefined],
  ])('calls ours if their %s returns nothing', async (name, expected) => {
    for (const nothing of [undefined, null]) {
      const { hooks = {} } = compose(
        { hooks: { [name]: appending('ours') } },
        { hooks: { [name]: async () => nothing } },
      );
      const call = hooks[name] as (list: string[]) => Promise<unknown>;
      // oxlint-disable-next-line no-await-in-loop
      expect((await call([])) ?? undefined).toEqual(expected);
    }
  });

  test('takes an ES module, and a pnpmfile that exports nothing', () => {
    const preResolution = (): void => {};
    const ours = { hooks: { preResolution } };
    const filterLog = (): boolean => true;
    const both = { preResolution, filterLog };
    expect(compose(ours, { default: { hooks: { filterLog } } }).hooks).toEqual(both);
    expect(compose(ours, { hooks: { filterLog }, default: {} }).hooks).toEqual(both);
    for (const nothing of [undefined, null, {}])
      expect(compose(ours, nothing).hooks).toEqual({ preResolution });
  });

  test('keeps what one alone has, and has our fetchers and resolvers first', () => {
    const [ours, theirs] = [() => 1, () => 2];
    const composed = compose(
      {
        hooks: { preResolution: ours, fetchers: { git: ours } },
        fetchers: ['o'],
        resolvers: ['o'],
      },
      { hooks: { filterLog: theirs, fetchers: { git: theirs } }, fetchers: ['t'] },
    );
    expect(composed).toEqual({
      hooks: { preResolution: ours, filterLog: theirs, fetchers: { git: ours } },
      fetchers: ['o', 't'],
      resolvers: ['o'],
    });
    expect([isComposed(ours), isComposed(undefined)]).toEqual([false, false]);
    const both = compose({ hooks: { a: ours } }, { hooks: { a: theirs } });
    expect(isComposed(both.hooks?.['a'])).toBe(true);
  });
});
