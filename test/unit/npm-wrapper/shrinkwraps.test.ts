/** What lockfiles say, of which npm has made a tree that is not on disk yet. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { checkNames, checkShrinkwrap } from '../../../packages/npm-wrapper/src/shrinkwraps.ts';

const guard = { uninspected: vi.fn() };

const refusal = new Error('refused');
beforeEach(() => {
  guard.uninspected.mockReset().mockResolvedValue(refusal);
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
    await expect(checkShrinkwrap(carrier(outside), guard)).rejects.toBe(refusal);
    const [[subject, why, remedy]] = guard.uninspected.mock.calls as [[object, string, string]];
    expect(remedy).toBe('Do not install it.');
    expect(subject).toEqual({ label: 'a@1.0.0', source: 'https://registry.example/a.tgz' });
    expect(why).toMatch(/^its own lockfile names places outside the package: .*\.\.\/\.\.\/out/);
  });

  test.each([
    [{ version: undefined }, { label: 'a' }],
    [{ name: 7 }, { label: 'a package@1.0.0' }],
    [{ resolved: {} }, { source: undefined }],
  ])('is told with what is known of it: %o', async (more, subject) => {
    await expect(checkShrinkwrap(carrier(outside, more), guard)).rejects.toBe(refusal);
    expect(guard.uninspected.mock.calls[0]?.[0]).toMatchObject(subject);
  });

  test.each([
    ['stays inside', carrier(inside)],
    ['is none', carrier(undefined)],
    ['was not read', { isRoot: false }],
  ])('passes where it %s', async (_title, one) => {
    await expect(checkShrinkwrap(one, guard)).resolves.toBeUndefined();
    expect(guard.uninspected).not.toHaveBeenCalled();
  });

  test.each([[undefined], [carrier(outside, { isRoot: true })], [{ meta: { data: outside } }]])(
    'is not that of the project, which may name folders beside it',
    async (one) => {
      await expect(checkShrinkwrap(one, guard)).resolves.toBeUndefined();
      expect(guard.uninspected).not.toHaveBeenCalled();
    },
  );
});

describe('a name or version in a lockfile', () => {
  const node = (more: object) => ({
    name: 'a',
    packageName: 'a',
    version: '1.0.0',
    resolved: 'https://registry.example/a.tgz',
    ...more,
  });

  test.each([
    ['name', { packageName: '../../out' }],
    ['name', { packageName: '@s/../../out' }],
    ['name', { packageName: '..\\out', version: undefined }],
    ['version', { version: '../../out' }],
    ['version', { version: '1.0.0/../..', packageName: undefined }],
    ['version', { version: '../out', isLink: false }],
  ])('is refused where it climbs: %s of %o', async (what, more) => {
    await expect(checkNames(node(more), guard)).rejects.toBe(refusal);
    const [[subject, why, remedy]] = guard.uninspected.mock.calls as [[object, string, string]];
    expect(remedy).toMatch(/^Find out who wrote that into the lockfile/);
    expect(subject).toMatchObject({ source: 'https://registry.example/a.tgz' });
    expect(why).toMatch(new RegExp(`^a lockfile gives it a ${what} that is not a ${what}: .`));
  });

  test.each([
    ['climbs nowhere', {}],
    ['has dots and dashes', { packageName: '@s/a..b', version: '1.0.0-a..b' }],
    ['is no text', { packageName: 7, version: undefined }],
    ["is the project's own, which comes from nowhere", { version: '../x', resolved: undefined }],
    ['is that of a folder of the project', { version: '../x', isLink: true }],
  ])('passes where it %s', async (_title, more) => {
    await expect(checkNames(node(more), guard)).resolves.toBeUndefined();
    expect(guard.uninspected).not.toHaveBeenCalled();
  });
});
