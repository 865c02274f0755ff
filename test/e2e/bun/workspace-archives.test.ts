/** Archives by a path that starts in a workspace: bun tells its scanner the path, and not of which workspace. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import {
  cleanTarball,
  forget,
  guarded,
  hostile,
  packageJson,
  SUBJECT,
  useBench,
} from './guarded.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();

  const landed = (): boolean =>
    ['', 'some/one'].some((folder) =>
      existsSync(join(bench.sandbox.project, folder, 'node_modules', SUBJECT)),
    );

  function write(
    path: string,
    files: Readonly<Record<string, Buffer>>,
    workspaces = 'some/*',
  ): void {
    const dependencies = { [SUBJECT]: `file:${path}` };
    bench.sandbox.write({
      ...packageJson({ workspaces: [workspaces] }),
      'some/one/package.json': { name: 'one', dependencies },
    });
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(bench.sandbox.project, name), bytes);
  }

  test.each([
    ['./subject.tgz', 'some/one/subject.tgz'],
    ['../../subject.tgz', 'subject.tgz'],
  ])('%s is inspected where it lies', async (path, place) => {
    write(path, { [place]: cleanTarball() });
    for (const _ of ['without a lockfile', 'with one']) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      expect(landed()).toBe(true);
      forget(bench);
    }
  });

  test.each(['some/on*', '*/one', './some/one/', 'some/**'])(
    'an archive of a workspace is found by the pattern %s',
    async (pattern) => {
      write('./subject.tgz', { 'some/one/subject.tgz': cleanTarball() }, pattern);
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      expect(landed()).toBe(true);
    },
  );

  test('a clean archive of the same path elsewhere vouches for nothing', async () => {
    write('./subject.tgz', { 'some/one/subject.tgz': hostile, 'subject.tgz': cleanTarball() });
    expect((await guarded(bench, ['install'])).code).toBe(1);
    expect(landed()).toBe(false);
  });
});
