/** A package's own lockfile, of which npm has made a tree that is not on disk yet. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { checkShrinkwrap } from '../../../packages/npm-wrapper/src/shrinkwraps.ts';

const judging = vi.hoisted(() => ({ cannotJudge: vi.fn() }));
vi.mock('../../../packages/npm-wrapper/src/judging.ts', () => judging);

const refusal = new Error('refused');
beforeEach(() => {
  judging.cannotJudge.mockReset().mockResolvedValue(refusal);
});

const outside = { packages: { '../../out': { version: '1.0.0' } } };
const inside = { packages: { 'node_modules/b': { version: '1.0.0' } } };
const carrier = (data: unknown, more: object = {}) => ({
  isRoot: false,
  name: 'a',
  version: '1.0.0',
  resolved: 'https://registry.example/a.tgz',
  meta: { data },
  ...more,
});

describe('a lockfile that a package brings', () => {
  test('is refused where it places something outside the package', async () => {
    await expect(checkShrinkwrap(carrier(outside))).rejects.toBe(refusal);
    const [[subject, why]] = judging.cannotJudge.mock.calls as [[object, string]];
    expect(subject).toEqual({
      label: 'a@1.0.0',
      source: 'https://registry.example/a.tgz',
      expected: [],
    });
    expect(why).toMatch(/^its own lockfile names places outside the package: .*\.\.\/\.\.\/out/);
  });

  test.each([
    [{ version: undefined }, { label: 'a' }],
    [{ name: 7 }, { label: 'a package@1.0.0' }],
    [{ resolved: {} }, { source: undefined }],
  ])('is told with what is known of it: %o', async (more, subject) => {
    await expect(checkShrinkwrap(carrier(outside, more))).rejects.toBe(refusal);
    expect(judging.cannotJudge.mock.calls[0]?.[0]).toMatchObject(subject);
  });

  test.each([
    ['stays inside', carrier(inside)],
    ['is none', carrier(undefined)],
    ['was not read', { isRoot: false }],
  ])('passes where it %s', async (_title, one) => {
    await expect(checkShrinkwrap(one)).resolves.toBeUndefined();
    expect(judging.cannotJudge).not.toHaveBeenCalled();
  });

  test.each([[undefined], [carrier(outside, { isRoot: true })], [{ meta: { data: outside } }]])(
    'is not that of the project, which may name folders beside it',
    async (one) => {
      await expect(checkShrinkwrap(one)).resolves.toBeUndefined();
      expect(judging.cannotJudge).not.toHaveBeenCalled();
    },
  );
});
