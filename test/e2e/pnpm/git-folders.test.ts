/** Several packages of one commit, each in a folder of its own: each is inspected. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeGitRepo } from '../../support/git.ts';
import { anyPnpmsByHook, available } from '../../support/managers.ts';
import { declare, forget, FRESH, FROZEN, pnpm, SUBJECT, unguarded, useBench } from './guarded.ts';

const roads = [
  { id: 'no lockfile, cold store', gone: undefined, args: FRESH },
  { id: 'lockfile, cold store', gone: ['modules', 'store'], args: FROZEN },
  { id: 'lockfile, warm store', gone: ['modules'], args: FROZEN },
  { id: 'no lockfile, warm store', gone: ['modules', 'lockfile'], args: FRESH },
] as const;

/** Without a lockfile, since pnpm 12 then asks other hooks, and odd specifiers on the first road alone; the rest with TARWARDEN_E2E_FULL=1. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const chosen = FULL
  ? roads
  : roads.filter(({ gone }) => gone === undefined || gone.at(-1) === 'lockfile');

describe.each(anyPnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  let spec: string;

  const installed = (dependency: string): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules', dependency, 'index.js'));

  /** A commit with the packages `first`, `second` and the subject, which alone may be hostile. */
  function commitOfThree(hostile: boolean): (folder: string) => string {
    const inFolder = (folder: string, named = folder): Record<string, string | object> => ({
      [`${folder}/package.json`]: { name: named, version: '1.0.0' },
      [`${folder}/index.js`]: 'module.exports = 1\n',
    });
    ({ spec } = makeGitRepo(
      join(bench.sandbox.root, 'repository'),
      { ...inFolder('first'), ...inFolder('second'), ...inFolder('deep/subject', SUBJECT) },
      hostile ? { symlinks: { 'deep/subject/link': '../../../sentinel' } } : {},
    ));
    return (folder) => `${spec}&path:${folder}`;
  }

  describe.each(chosen)('$id', ({ gone, args }) => {
    async function prepare(dependencies: Record<string, object>): Promise<void> {
      declare(bench, dependencies);
      if (gone === undefined) return;
      await unguarded(bench, FRESH);
      forget(bench, ...gone);
    }

    test.each(['dependencies', 'optionalDependencies'])(
      'refuses the hostile folder after a clean one, among %s',
      async (kind) => {
        const at = commitOfThree(true);
        await prepare({
          dependencies: { first: at('/first') },
          [kind]: { first: at('/first'), [SUBJECT]: at('/deep/subject') },
        });
        const result = await pnpm(bench, args);
        expect(result).toMatchObject({ code: 1, timedOut: false });
        expect(result.stderr).toContain('tarwarden: refused ');
        expect(result.stderr).toContain('symlink');
        expect(installed(SUBJECT)).toBe(false);
      },
    );

    test.runIf(FULL || gone === undefined).each([
      ['two folders', (spec: string) => `${spec}&path:/first&path:/deep/subject`],
      ['a folder before the commit', (spec: string) => spec.replace('#', '#path:/deep/subject&')],
      ['an encoded folder', (spec: string) => `${spec}&path:/deep%2Fsubject`],
    ])('refuses the hostile folder of a specifier with %s', async (_, specifier) => {
      commitOfThree(true);
      await prepare({ dependencies: { [SUBJECT]: specifier(spec) } });
      const result = await pnpm(bench, args);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expect(result.stderr).toContain('symlink');
      expect(installed(SUBJECT)).toBe(false);
    });

    test('takes three clean folders', async () => {
      const at = commitOfThree(false);
      const dependencies = {
        first: at('/first'),
        second: at('second'),
        [SUBJECT]: at('/deep/subject'),
      };
      await prepare({ dependencies });
      expect(await pnpm(bench, args)).toMatchObject({ code: 0, timedOut: false });
      expect(Object.keys(dependencies).map(installed)).toEqual([true, true, true]);
    });
  });
});
