/** Which program runs in the place of Yarn 1, where a setting names one. */
import { appendFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { managerFolder } from '../../support/managers.ts';
import {
  cleanTarball,
  duplicate,
  expectRefused,
  guarded,
  publish,
  SUBJECT,
  useBench,
} from './guarded.ts';

const bench = useBench();
beforeEach(() => publish(bench, duplicate(bench)));

const inProject = (...path: string[]): string => join(bench.sandbox.project, ...path);
const classic = (...path: string[]): string => join(managerFolder('yarn-1'), ...path);
const rc = (...lines: string[]): void =>
  bench.sandbox.write({ '.yarnrc': `${lines.join('\n')}\n` });

describe('yarn-path', () => {
  test.each(['bin/yarn.js', 'lib/cli.js'])(
    'to another Yarn 1 (%s) has that one guarded',
    async (file) => {
      rc(`yarn-path "${join(managerFolder('yarn-1-22-0'), file)}"`);
      const result = await guarded(bench, ['add', SUBJECT]);
      expectRefused(bench, result);
      expect(result.stdout).toContain('yarn add v1.22.0');
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    },
  );

  test('to Yarn 4 has that one guarded, by the plugin', async () => {
    rc(`yarn-path "${join(managerFolder('yarn-4'), 'bin/yarn.js')}"`);
    bench.sandbox.write({ 'yarn.lock': '' });
    const result = await guarded(bench, ['add', SUBJECT]);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stdout).toContain(`refused ${SUBJECT}@1.0.0`);
    publish(bench, cleanTarball(bench));
    expect(await guarded(bench, ['add', SUBJECT])).toMatchObject({ code: 0 });
  });

  test('to a Yarn 1 in one file that nobody knows does not run it', async () => {
    const release = inProject('.yarn/releases/yarn-1.22.99.cjs');
    mkdirSync(inProject('.yarn/releases'), { recursive: true });
    cpSync(classic('lib/cli.js'), release);
    appendFileSync(release, '// mine\n');
    rc('yarn-path "./.yarn/releases/yarn-1.22.99.cjs"');
    const result = await guarded(bench, ['add', SUBJECT]);
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain('cannot be guarded');
    const env = { YARN_IGNORE_PATH: '1' };
    expectRefused(bench, await guarded(bench, ['add', SUBJECT], { env }));
  });

  test.each(['tools/one.js', 'tools/program'])(
    'to a Yarn 1 in one file of another name, %s, does not run it',
    async (name) => {
      mkdirSync(inProject('tools'));
      cpSync(classic('lib/cli.js'), inProject(name));
      appendFileSync(inProject(name), '// mine\n');
      rc(`yarn-path "./${name}"`);
      const result = await guarded(bench, ['add', SUBJECT]);
      expect(result).toMatchObject({ code: 97 });
      expect(result.stderr).toContain('cannot be guarded');
    },
  );

  test('to any other program is found out', async () => {
    bench.sandbox.write({ 'fake.js': 'console.log("installed");\n' });
    rc('yarn-path "./fake.js"');
    const result = await guarded(bench, ['install']);
    expect(result).toMatchObject({ code: 98, stdout: 'installed\n' });
    expect(result.stderr).toContain('UNCHECKED');
  });

  test('to a program that says it was guarded is believed, as the documentation says', async () => {
    const said = `{ event: 'armed', nonce: process.env.TARWARDEN_YARN_NONCE }`;
    bench.sandbox.write({
      'fake.js': `require('fs').appendFileSync(process.env.TARWARDEN_YARN_STATUS, JSON.stringify(${said}));\n`,
    });
    rc('yarn-path "./fake.js"');
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
  });
});
