/** A pnpmfile with hooks of its own beside ours. */
import { describe, expect, test } from 'vitest';
import { compose, isComposed } from '../../../packages/pnpm-hook/src/pnpmfiles/compose.ts';

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
    expect(await call('readPackage')).toEqual(['ours', 'context', 'theirs', 'context']);
    // The last word on the configuration is ours.
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

  test('does not go on where ours refuses', async () => {
    const readPackage = async (): Promise<never> => Promise.reject(new Error('refused'));
    const { hooks = {} } = compose(
      { hooks: { readPackage } },
      { hooks: { readPackage: appending('') } },
    );
    await expect((hooks['readPackage'] as () => Promise<unknown>)()).rejects.toThrow('refused');
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
