// @module-tag pip
/** `tarwarden verify` and `tarwarden shims` for pip. */
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { repository } from '../../support/managers.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import { world } from './scene.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');

const tarwarden = async ({ sandbox, env }: PipWorld, ...args: string[]) =>
  execute(process.execPath, [TARWARDEN, ...args], { cwd: sandbox.project, env });

/** Puts guarded commands in front of the PATH. */
async function shims(own: PipWorld, ...args: string[]): Promise<void> {
  const folder = join(own.sandbox.root, 'shims');
  expect(await tarwarden(own, 'shims', folder, ...args)).toMatchObject({ code: 0 });
  own.env['PATH'] = `${folder}${delimiter}${own.env['PATH']}`;
}

it('plain pip is shown to be unguarded', async () => {
  const own = world(system);
  const result = await tarwarden(own, 'verify', '--manager', 'pip', '--manager', 'python3');
  expect(result).toMatchObject({ code: 1 });
  expect(result.stdout).toMatch(/^UNGUARDED pip /m);
  expect(result.stdout).toMatch(/^UNGUARDED python3 /m);
  expect(result.stdout).toContain('tarwarden shims DIR --manager pip');
});

it('behind a shim, pip and "python3 -m pip" are guarded, whatever pip.conf says', async () => {
  const own = world(system);
  own.env['PIP_INDEX_URL'] = 'http://127.0.0.1:1/simple/';
  own.env['PIP_TARGET'] = join(own.sandbox.root, 'elsewhere');
  await shims(own, '--manager', 'pip', '--manager', 'python3');
  const result = await tarwarden(own, 'verify', '--manager', 'pip', '--manager', 'python3');
  expect(result.stdout).toMatch(/^guarded {3}pip .*\nguarded {3}python3 /);
  expect(result).toMatchObject({ code: 0 });
});

it('a shim runs the pip behind it, guarded', async () => {
  const own = world(system);
  await shims(own, '--manager', 'pip');
  const { project, bin } = own.sandbox;
  const prey = own.put(wheelOf({ name: 'prey', hostile: true }));
  const options = { cwd: project, env: own.env };
  const result = await execute(
    join(bin, 'sh'),
    ['-c', `pip install ${INTO.join(' ')} ./${prey}`],
    options,
  );
  expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('is refused: symlink') });
});
