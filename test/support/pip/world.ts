/** A sandbox with one pip in it, which `tarwarden pip` runs. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { execute, type Result } from '../execute.ts';
import { repository } from '../managers.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';
import { tree } from '../tree.ts';
import { RULE, TRACE, type Dist } from './packages.ts';
import type { Pip } from './pips.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');

export interface PipWorld {
  readonly sandbox: Sandbox;
  readonly env: NodeJS.ProcessEnv;
  /** Where packages are installed to, with {@link install}. */
  readonly site: string;
  /** Writes an archive into the project. Returns its name. */
  readonly put: (dist: Dist, folder?: string) => string;
  /** `tarwarden <command> …`: `pip`, `python3`. */
  readonly guarded: (command: string, ...args: string[]) => Promise<Result>;
  /** The same without tarwarden. */
  readonly bare: (command: string, ...args: string[]) => Promise<Result>;
  /** What builds left behind. */
  built(): string[];
  dispose(): void;
}

/** What a `pip install` is told in every test: where to, and nothing about itself. */
export const INTO = ['--target', 'site', '--no-compile'];

export function pipWorld(pip: Pip): PipWorld {
  const sandbox = makeSandbox({ project: {} });
  const { root, project, bin } = sandbox;
  const trace = join(root, 'trace');
  const env: NodeJS.ProcessEnv = {
    ...sandbox.env,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PIP_RETRIES: '0',
    PIP_ROOT_USER_ACTION: 'ignore',
    PYTHONDONTWRITEBYTECODE: '1',
    [TRACE]: trace,
  };
  const script = (name: string, more: string): void => {
    const own =
      pip.wheel === undefined
        ? ''
        : `PYTHONPATH="\${PYTHONPATH:+$PYTHONPATH:}${pip.wheel}" && export PYTHONPATH\n`;
    const file = join(bin, name);
    writeFileSync(file, `#!/bin/sh\n${own}exec ${pip.python} ${more}"$@"\n`);
    chmodSync(file, 0o755);
  };
  script('pip', '-m pip ');
  script('python3', '');
  const run = async (file: string, args: readonly string[]): Promise<Result> =>
    execute(file, args, { cwd: project, env });
  return {
    sandbox,
    env,
    site: join(project, 'site'),
    put({ fileName, bytes }, folder = '.') {
      mkdirSync(join(project, folder), { recursive: true });
      writeFileSync(join(project, folder, fileName), bytes);
      return join(folder, fileName);
    },
    guarded: async (command, ...args) => run(process.execPath, [TARWARDEN, command, ...args]),
    bare: async (command, ...args) => run(join(bin, command), args),
    built: () => (existsSync(trace) ? readFileSync(trace, 'utf8').trim().split('\n') : []),
    dispose: () => sandbox.dispose(),
  };
}

/** pip stopped at this archive, by the guard's words, and nothing of it was unpacked, built or installed. */
export function expectRefused(
  world: PipWorld,
  { code, stdout, stderr }: Result,
  refused: { readonly fileName: string; readonly rule?: string; readonly project: string },
): void {
  const { fileName, rule = RULE, project } = refused;
  const said = stdout + stderr;
  // What an index offers is called by name and version, anything else by its file.
  const called = `(?:${escaped(fileName)}|${escaped(project)}@[\\d.]+)`;
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringMatching(new RegExp(`tarwarden: refused ${called}:`)),
  });
  expect(said).toContain(rule);
  expect(said).toContain(fileName);
  expect(stderr).toMatch(new RegExp(`tarwarden: ${called} is refused: `));
  expect(world.built()).not.toContain(project);
  expect(existsSync(join(world.site, project))).toBe(false);
  // A pip that is run out of a wheel leaves its list of certificates there: `tmp…`, on older Pythons `tmp…cacert.pem`.
  expect(
    tree(world.sandbox.temp).filter((line) => !/^file tmp\w+(?:cacert\.pem)? /.test(line)),
  ).toEqual([]);
  world.sandbox.assertSentinelUntouched();
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w-]/g, String.raw`\$&`);
}
