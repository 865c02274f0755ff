/** Command lines that every pnpm reads in its own way, given to `tarwarden pnpm`. */
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { cleanTarball, closeBench, publish, SUBJECT } from './guarded.ts';
import { linked, makeWrapped, wrapped } from './wrapped.ts';

/** Before these were known, a pnpm did what they say, and a hook was not asked or not there. */
const PAST_THE_HOOK: readonly (readonly string[])[] = [
  ['m', 'add', '--config', SUBJECT],
  ['with', 'current', 'add', '--config', SUBJECT],
  ['recursive', 'store', 'add', SUBJECT],
  ['--color', 'true', 'self-update'],
  ['--', '--network-concurrency', '4', 'self-update'],
  ['--', '--fetch-retries', '0', 'add', '--config', SUBJECT],
];

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeWrapped(name), closeBench);
  beforeEach(() => publish(bench, cleanTarball()));

  test('what is before a command does not hide that it asks no hook', async () => {
    for (const args of PAST_THE_HOOK)
      expect({ args, ...(await wrapped(bench, args)) }).toMatchObject({ code: 97, stdout: '' });
    expect(bench.registry.log).toEqual([]);
  });

  // pnpm 12 knows no abbreviations.
  test.skipIf(name === 'pnpm-12')(
    'a spelling that the guard does not know ends with "ran without the guard"',
    async () => {
      expect(await wrapped(bench, ['install', '--ignore-pnpmf'])).toMatchObject({ code: 98 });
    },
  );

  test.skipIf(name === 'pnpm-11')('a script of the name "pm" is started guarded', async () => {
    bench.sandbox.write({
      'package.json': { name: 'project', version: '1.0.0', scripts: { pm: 'echo script' } },
      '.npmrc': 'global-pnpmfile=./absent.cjs\n',
      'pnpm-workspace.yaml': 'globalPnpmfile: ./absent.cjs\n',
    });
    const result = await wrapped(bench, ['pm', 'install']);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain('script install');
  });

  test("what follows a script is the script's, and looks like no setting of pnpm", async () => {
    const echo = 'node -e "console.log(JSON.stringify(process.argv.slice(1)))" --';
    const scripts = { foo: echo, test: echo, prune: echo };
    bench.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', scripts } });
    const off = ['--ignore-pnpmfile', 'x'];
    for (const args of [['run', 'foo'], ['--color', 'run', 'foo'], ['test']]) {
      const result = await wrapped(bench, [...args, ...off]);
      expect({ args, ...result }).toMatchObject({ code: 0 });
      expect(result.stdout).toContain(JSON.stringify(off));
    }
    // The guard does not know whether a word is a command or a script.
    for (const args of [['prune'], ['foo'], ['--ignore-pnpmfile', 'foo'], ['restart']])
      expect({ args, ...(await wrapped(bench, [...args, ...off])) }).toMatchObject({
        code: 2,
        stdout: '',
      });
  });

  test('what is before a command may be there', async () => {
    const lines = [
      ['recursive', 'install'],
      ['--', '--network-concurrency', '4', 'install'],
    ];
    if (name === 'pnpm-11') lines.push(['pm', 'install']);
    if (name !== 'pnpm-10') lines.push(['with', 'current', 'install']);
    for (const args of lines)
      expect({ args, ...(await wrapped(bench, args)) }).toMatchObject({ code: 0 });
    expect(linked(bench)).toBe(true);
  });
});
