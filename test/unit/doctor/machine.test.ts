/** What is run to look at a machine, and what is not. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { thisMachine, type LocalMachine } from '../../../packages/doctor/src/find/machine.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
let project: string;
let outside: string;
let emptyFolder: string;

freshFolder((made) => {
  folder = made;
  [project, outside, emptyFolder] = ['project', 'outside', 'empty'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  for (const one of [join(project, 'node_modules/.bin'), outside, emptyFolder])
    mkdirSync(one, { recursive: true });
});

function program(path: string, text = 'exit 0'): string {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const machineWith = (path: readonly string[], env: NodeJS.ProcessEnv = {}): LocalMachine =>
  thisMachine({
    env: { PATH: path.join(delimiter), ...env },
    projects: [project],
    emptyFolder,
  });

const npm = { name: 'npm', windowsScripts: [] };

describe.skipIf(process.platform === 'win32')('a program', () => {
  it('of the project is not found, by its folder or by a link to it', () => {
    const inside = program(join(project, 'node_modules/.bin/npm'));
    symlinkSync(inside, join(outside, 'npm'));
    const found = machineWith([join(project, 'node_modules/.bin'), outside]);
    expect(found.findProgram(npm)).toBeUndefined();
  });

  it('by a relative part of the PATH is not found', () => {
    program(join(project, 'npm'));
    const before = process.cwd();
    process.chdir(project);
    try {
      expect(machineWith(['.', '', 'node_modules/.bin']).findProgram(npm)).toBeUndefined();
    } finally {
      process.chdir(before);
    }
  });

  it('outside is found, the first on the PATH', () => {
    const real = program(join(outside, 'npm'));
    const second = join(folder, 'second');
    mkdirSync(second);
    program(join(second, 'npm'));
    const found = machineWith([outside, second]);
    expect(found.findProgram(npm)).toEqual({ file: real, args: [], real });
  });

  it('that is a shim of tarwarden is passed over', () => {
    program(join(outside, 'npm'), '# tarwarden-shim');
    expect(machineWith([outside]).findProgram(npm)).toBeUndefined();
  });

  it('is run in the root folder, above which nobody has settings, with few variables', async () => {
    const file = program(join(outside, 'npm'), 'pwd; env');
    const env = {
      HOME: folder,
      NODE_OPTIONS: '--require /tmp/x.cjs',
      PYTHONPATH: '/tmp',
      RUBYOPT: '-r/tmp/x',
      npm_config_registry: 'https://example.com',
      SECRET_TOKEN: 'x',
    };
    const text =
      (await machineWith([outside, project, '/usr/bin', '/bin'], env).run(file, [])) ?? '';
    const [cwd, ...lines] = text.trim().split('\n');
    const variables = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(cwd).toBe('/');
    expect(variables).toMatchObject({
      HOME: folder,
      GOTOOLCHAIN: 'local',
      COREPACK_ENABLE_NETWORK: '0',
    });
    expect(variables['PATH']).toBe([outside, '/usr/bin', '/bin'].join(delimiter));
    for (const name of [
      'NODE_OPTIONS',
      'PYTHONPATH',
      'RUBYOPT',
      'npm_config_registry',
      'SECRET_TOKEN',
    ])
      expect(variables).not.toHaveProperty(name);
  });

  it('that fails or is missing prints nothing', async () => {
    const found = machineWith([outside]);
    expect(
      await found.run(program(join(outside, 'bad'), 'echo 1.0.0; exit 3'), []),
    ).toBeUndefined();
    expect(await found.run(join(outside, 'missing'), [])).toBeUndefined();
  });
});
