/** What npm prints of a refusal: all of it once, and a list of everything refused at the end. And what a preset refuses. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { execute } from '../../support/execute.ts';
import { available, npmsByGuard, repository } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { closeBench, guarded, makeBench, publish, SUBJECT } from './guarded.ts';

const LIST = '\ntarwarden: refused 1 package; nothing of it was unpacked\n';
const ADVICE = `tarwarden allow ${SUBJECT}@1.0.0 --reason "`;

describe.each(npmsByGuard)('%s', (npm) => {
  const here = available(npm);
  const bench = freshEach(() => makeBench(npm), closeBench);
  beforeEach(() => publish(bench, attack('symlink').build({ name: SUBJECT })));

  test.skipIf(!here.ok).each<[string, string[], string | undefined]>([
    ['in its error', [], 'npm error     '],
    ['in its error, with --json', ['--json'], 'npm error     '],
    [
      'in the list, where npm shows no error',
      ['--silent'],
      '    what to do: Let it pass, but only after you have looked at it: ',
    ],
  ])('says what to do once, %s', async (_title, args, before) => {
    const { code, stderr } = await guarded(bench, ['install', SUBJECT, ...args]);
    expect(code).toBe(1);
    const [error, list] = stderr.split(LIST);
    expect(stderr.split(ADVICE)).toHaveLength(2);
    expect(stderr).toContain(`${before}${ADVICE}`);
    expect(error?.includes(`refused ${SUBJECT}@1.0.0`)).toBe(!args.includes('--silent'));
    expect(list).toMatch(new RegExp(`^ {2}${SUBJECT}@1\\.0\\.0\n {4}symlink: package/link: `));
  });
});

describe('the preset strict', () => {
  const [npm = 'npm-10'] = npmsByGuard;
  const bench = freshEach(() => makeBench(npm), closeBench);
  const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');
  const [, section = ''] = page.split('\n## Stricter, for applications\n');
  const [look = '', take = '', approve = ''] = [...section.matchAll(/```sh\n(.*?)```/gs)].map(
    ([, block = '']) => block,
  );

  test('refuses an install script that passes without it, as docs/ci.md says', async () => {
    const { sandbox } = bench;
    const { project: cwd, env } = sandbox;
    sandbox.command('tarwarden', join(repository, 'packages/cli/bin/tarwarden.js'));
    const shell = async (script: string, more: NodeJS.ProcessEnv = {}) =>
      execute('sh', ['-c', script], { cwd, env: { ...env, ...more } });
    const reinstall = async (more: NodeJS.ProcessEnv = {}) => {
      rmSync(join(cwd, 'node_modules'), { recursive: true, force: true });
      return guarded(bench, ['ci'], { env: more });
    };
    const scripts = { postinstall: 'node index.js' };
    const bytes = tgz({ name: SUBJECT, manifest: { scripts } });
    bench.registry.publish({ name: SUBJECT, tgz: bytes, manifest: { scripts } });
    sandbox.write({ 'package.json': { name: 'app', dependencies: { [SUBJECT]: '1.0.0' } } });
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });

    const audit = await shell(look);
    expect(audit).toMatchObject({ code: 1 });
    // The verdict of the first install is remembered, and does not hold under the preset.
    const refused = await reinstall();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `refused ${SUBJECT}@1.0.0: this archive has something that the preset strict@1 refuses`,
    );
    const why = 'an error by the preset strict@1, which tarwarden.json of the project sets';
    for (const text of [audit.stdout, refused.stderr]) {
      expect(text).toContain(why);
      expect(text).toContain('"postinstall" is "node index.js"');
    }

    expect(take).toContain('esbuild@');
    const allowed = await shell(take.replace(/esbuild@\S+/, `${SUBJECT}@1.0.0 --yes`));
    expect(allowed).toMatchObject({ code: 0 });
    expect(await shell('tarwarden allow --approve --yes')).toMatchObject({ code: 0 });
    expect(await reinstall()).toMatchObject({ code: 0 });

    // A job, which has not approved the exception yet.
    const job = { XDG_CONFIG_HOME: join(sandbox.root, 'job') };
    const { code, stderr } = await reinstall(job);
    expect(code).toBe(1);
    const [, hash = ''] = /allow --approve ([0-9a-f]{64})/.exec(stderr) ?? [];
    expect((await shell('tarwarden allow --list')).stdout).toContain(hash);
    await shell(approve, { ...job, APPROVED_EXCEPTIONS: hash });
    const passed = await reinstall(job);
    expect(passed).toMatchObject({ code: 0 });
    expect(passed.stderr).toContain(`exception used: ${SUBJECT}@1.0.0: install-script`);
  });
});
