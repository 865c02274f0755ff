// @module-tag pip
/** A pip.conf that another user of the machine can write, in a virtual environment or in the working folder. */
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { INTO, pipWorld, type PipWorld } from '../../support/pip/world.ts';
import { system } from '../../support/pip/pips.ts';
import { wheelOf } from '../../support/pip/packages.ts';

/** A user that no machine knows. */
const MALLORY = 54_322;

let world: PipWorld;
let venv: string;
beforeEach(async () => {
  world = pipWorld(system);
  venv = join(world.sandbox.root, 'venv');
  const args = ['-m', 'venv', '--system-site-packages', '--without-pip', venv];
  const made = await execute(system.python, args, { cwd: world.sandbox.root, env: world.env });
  if (made.code !== 0) throw new Error(made.stderr);
  const pip = join(venv, 'bin/pip');
  writeFileSync(pip, `#!/bin/sh\nexec ${join(venv, 'bin/python')} -m pip "$@"\n`);
  chmodSync(pip, 0o755);
  world.env['PATH'] = `${join(venv, 'bin')}:${world.env['PATH']}`;
});
afterEach(() => world.dispose());

function put(file: string, text: string, uid = MALLORY): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chownSync(file, uid, uid);
  return file;
}

const SOURCE = '[install]\nextra_index_url = http://127.0.0.1:9/\n';
const install = async (): Promise<Result> => {
  const name = world.put(wheelOf({ name: 'prey' }));
  return world.guarded('pip', 'install', ...INTO, '--no-index', name);
};

describe.skipIf(process.getuid?.() !== 0)('a pip.conf of another user', () => {
  it('in the virtual environment is taken by pip alone, and refused under the guard', async () => {
    const file = put(join(venv, 'pip.conf'), SOURCE);
    const bare = await execute(join(venv, 'bin/pip'), ['config', 'list'], {
      cwd: venv,
      env: world.env,
    });
    expect(bare.stdout).toContain('127.0.0.1:9');
    const { code, stderr } = await install();
    expect({ code, stderr }).toEqual({
      code: 97,
      stderr: expect.stringContaining(`pip was not run: ${file} belongs to uid ${MALLORY}`),
    });
    expect(stderr).toContain('install.extra-index-url');
    expect(stderr).toContain('what to do: remove that file');
    expect(existsSync(world.site)).toBe(false);
  });

  it('in the working folder counts as well, if XDG_CONFIG_DIRS has an empty part', async () => {
    put(join(world.sandbox.project, 'pip/pip.conf'), SOURCE);
    expect(await install()).toMatchObject({ code: 0 });
    world.env['XDG_CONFIG_DIRS'] = '/etc/xdg:';
    expect(await install()).toMatchObject({ code: 97 });
  });

  it('counts for the Python that --python names', async () => {
    const file = put(join(venv, 'pip.conf'), SOURCE);
    world.env['PATH'] = world.env['PATH']!.replace(`${join(venv, 'bin')}:`, '');
    expect(await install()).toMatchObject({ code: 0 });
    for (const python of [venv, join(venv, 'bin/python')]) {
      const args = ['--python', python, 'install', 'prey'];
      // oxlint-disable-next-line no-await-in-loop -- two short runs
      expect(await world.guarded('pip', ...args)).toMatchObject({
        code: 97,
        stderr: expect.stringContaining(file),
      });
    }
  });

  it('that pip cannot read is refused', async () => {
    put(join(venv, 'pip.conf'), 'index-url = x\n');
    const { code, stderr } = await install();
    expect({ code, stderr }).toEqual({
      code: 97,
      stderr: expect.stringContaining('settings that tarwarden cannot read'),
    });
  });

  it.each([
    ['of another user that names no source', '[global]\ntimeout = 9\nno-color = true\n', MALLORY],
    ['of root', SOURCE, 0],
  ])('%s is not refused', async (_, text, uid) => {
    put(join(venv, 'pip.conf'), text, uid);
    expect(await install()).toMatchObject({ code: 0 });
  });

  it('does not stop a command that fetches nothing', async () => {
    put(join(venv, 'pip.conf'), SOURCE);
    expect(await world.guarded('pip', 'list')).toMatchObject({ code: 0 });
  });
});
