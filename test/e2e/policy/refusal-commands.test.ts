/** The three commands that a refusal prints work as they are typed, and the next install of the same package passes. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, repository } from '../../support/managers.ts';
import { closeBench, guarded, makeBench, publish, SUBJECT } from '../npm/guarded.ts';

const COMMAND = join(repository, 'packages/cli/bin/tarwarden.js');

/** The commands of tarwarden in a refusal of npm. */
function printedCommands(stderr: string): string[] {
  return [...stderr.matchAll(/^npm error {5}(tarwarden .*)$/gm)].map(([, line]) => line!);
}

describe.skipIf(!available('npm-12').ok)('a refusal of npm', () => {
  const bench = freshEach(() => makeBench('npm-12'), closeBench);

  test('prints commands that work as they are typed', async () => {
    publish(bench, attack('duplicate-path').build({ name: SUBJECT, manifest: bench.manifest }));
    const { sandbox } = bench;
    const refused = await guarded(bench, ['install', SUBJECT]);
    const commands = printedCommands(refused.stderr);
    expect(commands.map((line) => line.split(' ')[1])).toEqual(['explain', 'rules', 'allow']);
    const typed = async (line: string): ReturnType<typeof execute> => {
      const script = `tarwarden() { "${process.execPath}" "${COMMAND}" "$@"; }\n${line}`;
      return execute('/bin/sh', ['-c', script], { cwd: sandbox.project, env: sandbox.env });
    };
    const [explain = '', rules = '', allow = ''] = commands;
    expect(await typed(explain)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('duplicate-path') as string,
    });
    expect(await typed(rules)).toMatchObject({ code: 0 });
    expect(await typed(`${allow} --yes`)).toMatchObject({ code: 0 });
    expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('exception used') as string,
    });
  });
});
