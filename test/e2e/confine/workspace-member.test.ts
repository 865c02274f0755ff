/** An install that is started in a workspace runs the scripts of the root, as npm does by itself. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { CLI } from '../../support/confine/world.ts';
import { available, run, runBeside, type NpmName } from '../../support/managers.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

const npms = (['npm-10', 'npm-12'] as const).filter((name) => available(name).ok);

let sandbox: Sandbox;
afterEach(() => sandbox.dispose());

describe.skipIf('problem' in findHelper()).each(npms)('%s', (npm: NpmName) => {
  test.each([
    ['started in a workspace', ['install'], 'packages/a'],
    ['started below a workspace', ['install'], 'packages/a/src'],
    ['told of a workspace', ['install', '--workspace=a'], '.'],
    ['told of the root from a workspace', ['install', '--prefix', '../..'], 'packages/a'],
    ['of a clean install', ['ci'], 'packages/a'],
  ])('runs the scripts of the root, %s', async (_name, args, folder) => {
    sandbox = makeSandbox({
      project: {
        'package.json': {
          name: 'project',
          version: '1.0.0',
          workspaces: ['packages/*'],
          scripts: { postinstall: 'touch postinstall-ran', prepare: 'touch prepare-ran' },
        },
        'packages/a/package.json': { name: 'a', version: '1.0.0' },
      },
    });
    const { project } = sandbox;
    const cwd = join(project, folder);
    mkdirSync(cwd, { recursive: true });
    const ran = (): boolean[] =>
      ['postinstall-ran', 'prepare-ran'].map((name) => existsSync(join(project, name)));
    expect(await run(npm, ['install', '--ignore-scripts'], { sandbox })).toMatchObject({ code: 0 });

    expect(await run(npm, args, { sandbox, cwd })).toMatchObject({ code: 0 });
    const alone = ran();
    for (const name of ['postinstall-ran', 'prepare-ran'])
      rmSync(join(project, name), { force: true });

    const confined = await runBeside(npm, CLI, ['npm', '--confine', ...args], { sandbox, cwd });
    expect(confined.stderr).not.toContain('Missing script');
    expect(confined).toMatchObject({ code: 0 });
    expect(ran()).toEqual(alone);
    expect(alone).toEqual([true, true]);
  });
});
