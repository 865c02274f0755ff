/** Config dependencies that do not hold. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import {
  fakes,
  HASH,
  hook,
  inspect,
  link,
  place,
  refusedBecause,
  root,
  unpacked,
} from '../../support/pnpm-config-dependencies.ts';
import { testHook } from '../../support/pnpm-hook.ts';

describe('what does not hold is removed, and everything fails', () => {
  test('where its files are others than those of its tarball', async () => {
    unpacked('a');
    unpacked('b');
    fakes.treeOf.mockImplementationOnce(async () => 'another tree');
    await refusedBecause(
      /^tarwarden: the config dependency a@1\.0\.0 is not what its tarball holds\. It was unpacked .*Remove it from configDependencies$/,
    );
    expect(hook.refusals.all[0]).toMatchObject({ cause: { reason: 'NOT_INSPECTED' } });
    expect([existsSync(place('a')), existsSync(place('b'))]).toEqual([false, true]);
  });

  test.each<[string, Error, RegExp]>([
    ['rejected', new HookError('REJECTED', 'a is rejected'), /^tarwarden: a is rejected\. It was/],
    [
      'not inspected',
      new Error('offline'),
      /^tarwarden: the config dependency a could not be inspected: offline\. It/,
    ],
  ])('where it is %s', async (_title, error, why) => {
    unpacked('a');
    fakes.treeOf.mockRejectedValue(error);
    await refusedBecause(why);
    expect(existsSync(place('a'))).toBe(false);
  });

  test('where it says nothing of itself', async () => {
    mkdirSync(place('a'), { recursive: true });
    await refusedBecause(/a could not be inspected/);
    expect(existsSync(place('a'))).toBe(false);
  });

  test('where no registry is known for it', async () => {
    unpacked('a');
    fakes.settings = {};
    await refusedBecause(/a could not be inspected: there is no registry for it/);
    expect(existsSync(place('a'))).toBe(false);
  });

  test('where it is in a scope, whatever it is called', async () => {
    unpacked('@s/@b');
    fakes.treeOf.mockResolvedValue('another tree');
    await refusedBecause(/@s\/@b@1\.0\.0 is not what/);
    expect(existsSync(place('@s/@b'))).toBe(false);
  });

  test('where it is a link to nothing', async () => {
    link('a', join(root, 'absent'));
    link('b', join(root, 'absent'));
    await expect(inspect()).rejects.toThrow(/a could not be inspected/);
    expect(readdirSync(join(place('a'), '..'))).toEqual([]);
  });

  test('where its package.json is too large, links followed, or no file', async () => {
    const large = join(root, 'large');
    writeFileSync(large, '{}');
    truncateSync(large, 64 * 1024 * 1024 + 1);
    for (const target of [large, '/dev/null']) {
      Object.assign(hook, { refusals: testHook().refusals });
      mkdirSync(place('a'), { recursive: true });
      symlinkSync(target, join(place('a'), 'package.json'));
      await refusedBecause(/package\.json is not a file, or too large/);
      expect(existsSync(target)).toBe(true);
    }
  });

  test.each([
    [`links/@/a/1.0.0/${HASH}/node_modules/a`, false],
    [`links/@/a/1.0.0/${HASH}/node_modules/a/inner`, true],
    [`links/@s/a/1.0.0/${HASH}/node_modules/@s/a`, false],
    ['elsewhere/node_modules/a', true],
    ['links/a', true],
  ])('where it is a link to %s, which stays: %s', async (to, stays) => {
    const real = unpacked('a', join(root, to));
    link('a', real);
    fakes.treeOf.mockResolvedValue('another tree');
    await refusedBecause(/is not what its tarball holds/);
    expect([existsSync(place('a')), existsSync(real)]).toEqual([false, stays]);
  });
});
