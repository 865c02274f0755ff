/** What npm prints of a refusal: all of it once, and a list of everything refused at the end. And what a preset refuses. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, npmsByGuard } from '../../support/managers.ts';
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

describe.each(npmsByGuard)('the preset strict, with %s', (npm) => {
  const here = available(npm);
  const bench = freshEach(() => makeBench(npm), closeBench);

  test.skipIf(!here.ok)('refuses an install script that passes without it', async () => {
    const { sandbox } = bench;
    const scripts = { postinstall: 'node index.js' };
    await publish(bench, tgz({ name: SUBJECT, manifest: { scripts } }));
    expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({ code: 0 });
    // The verdict of the first install is remembered, and does not hold under the preset.
    rmSync(join(sandbox.project, 'node_modules'), { recursive: true });
    sandbox.write({ 'tarwarden.json': { preset: 'strict' } });
    const { code, stderr } = await guarded(bench, ['install']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `refused ${SUBJECT}@1.0.0: this archive has something that the preset strict@1 refuses`,
    );
    expect(stderr).toContain('an error by the preset strict@1, which tarwarden.json of the project sets');
    expect(stderr).toContain(`"postinstall" is "node index.js"`);
  });
});
