/** Why state of managers is refused in a package's own node_modules, and nowhere else: what they believe there, unguarded. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { describe, expect, test } from 'vitest';
import { available, pnpmsByHook, run, type PnpmName } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const DEP = 'node_modules/dep/index.js';
const STORED = 'node_modules/.pnpm/dep@file+dep.tgz/node_modules/dep';
const LOCK = 'node_modules/.pnpm/lock.yaml';
const STATE = 'node_modules/.pnpm-workspace-state-v1.json';

/** A project that was installed, and of which nothing is left in node_modules but what `kept` names. */
async function stripped(name: PnpmName, kept: readonly string[]): Promise<Sandbox> {
  const sandbox = makeSandbox();
  const { project } = sandbox;
  writeFileSync(join(project, 'dep.tgz'), tgz({ name: 'dep' }));
  const manifest = { name: 'p', version: '1.0.0', dependencies: { dep: 'file:dep.tgz' } };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  await install(name, sandbox);
  const aside = join(sandbox.root, 'aside');
  for (const path of kept) cpSync(join(project, path), join(aside, path), { recursive: true });
  rmSync(join(project, 'node_modules'), { recursive: true });
  cpSync(aside, project, { recursive: true });
  return sandbox;
}

async function install(name: PnpmName, sandbox: Sandbox): Promise<string> {
  const { code, stdout, stderr } = await run(name, ['install', '--no-frozen-lockfile'], {
    sandbox,
  });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return stdout;
}

function plant(sandbox: Sandbox, folder: string): void {
  const file = join(sandbox.project, folder, 'index.js');
  mkdirSync(dirname(file), { recursive: true });
  // Not written to: what lies there is linked from the store.
  rmSync(file, { force: true });
  writeFileSync(file, 'planted');
}

const isPlanted = ({ project }: Sandbox): boolean =>
  readFileSync(join(project, DEP), 'utf8') === 'planted';

/** Whether a package with this file is refused. */
const isRefused = (path: string): boolean =>
  inspect(tgz({ files: { [path]: 'x' } })).findings.some(
    ({ rule }) => rule === 'planted-manager-state',
  );

describe('what pnpm notes in node_modules', () => {
  const here = pnpmsByHook.filter((name) => available(name).ok);

  test.each(here)('lets %s keep a planted package: the lockfile there', async (name) => {
    for (const [kept, believed] of [
      [[STORED, LOCK], true],
      // 12 does so without it.
      [[STORED], name === 'pnpm-12'],
    ] as const) {
      const sandbox = await stripped(name, kept);
      plant(sandbox, STORED);
      await install(name, sandbox);
      expect([kept, isPlanted(sandbox)]).toEqual([kept, believed]);
      sandbox.dispose();
    }
    expect([LOCK, `dist/${LOCK}`].map(isRefused)).toEqual([true, false]);
  });

  test.each(here.filter((name) => name === 'pnpm-12'))(
    'lets %s install nothing: the record of its last install',
    async (name) => {
      for (const [kept, believed] of [
        [[LOCK, STATE], true],
        [[LOCK], false],
      ] as const) {
        const sandbox = await stripped(name, kept);
        plant(sandbox, dirname(DEP));
        const output = await install(name, sandbox);
        expect([kept, isPlanted(sandbox)]).toEqual([kept, believed]);
        expect(output.includes('Already up to date')).toBe(believed);
        sandbox.dispose();
      }
      expect([STATE, `dist/${STATE}`].map(isRefused)).toEqual([true, false]);
    },
  );

  test.each(here)('is not believed by %s in another folder', async (name) => {
    const sandbox = await stripped(name, [LOCK, STORED]);
    const { project } = sandbox;
    cpSync(join(project, 'node_modules'), join(project, 'dist/node_modules'), { recursive: true });
    rmSync(join(project, 'node_modules'), { recursive: true });
    plant(sandbox, join('dist', STORED));
    await install(name, sandbox);
    expect(isPlanted(sandbox)).toBe(false);
    expect(existsSync(join(project, 'dist', LOCK))).toBe(true);
    sandbox.dispose();
  });
});
