/** Managers that corepack starts: which of them runs is the project's choice, and its commands may stand in front of a shim. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { managerFolder, versionOf, type ManagerName } from '../../support/managers.ts';
import { findProgram } from '../../support/programs.ts';
import { expectVerified, HOOK, makeCaller, PLUGIN, type Caller } from './world.ts';

const corepack = findProgram('corepack');
const GREEN = { code: 0, status: 'guarded', reason: 'refused' };

/** Puts a manager where corepack keeps what it downloaded, names it in package.json, and corepack's commands in front. */
async function useCorepack(caller: Caller, name: ManagerName, bin: Record<string, string>) {
  const { sandbox, env } = caller;
  const [manager = ''] = name.split('-');
  const { version } = versionOf(name);
  const kept = join(sandbox.root, 'corepack/v1', manager, version);
  mkdirSync(kept, { recursive: true });
  cpSync(managerFolder(name), kept, { recursive: true, dereference: true });
  const note = { locator: { name: manager, reference: version }, bin, hash: 'sha512.00' };
  writeFileSync(join(kept, '.corepack'), JSON.stringify(note));
  const packageManager = `${manager}@${version}`;
  sandbox.write({ 'package.json': { name: 'p', version: '1.0.0', packageManager } });
  const folder = join(sandbox.root, 'corepack-commands');
  mkdirSync(folder);
  const args = ['enable', '--install-directory', folder, manager];
  expect(await execute(corepack ?? '', args, { cwd: sandbox.root, env })).toMatchObject({
    code: 0,
  });
  env['PATH'] = [folder, env['PATH']].join(delimiter);
}

describe.skipIf(corepack === undefined)('corepack', () => {
  it('runs the Yarn that the project names, with its plugin', async () => {
    const caller = makeCaller('yarn-1');
    await useCorepack(caller, 'yarn-4', { yarn: './bin/yarn.js', yarnpkg: './bin/yarn.js' });
    caller.sandbox.write({ '.yarnrc.yml': `plugins: [${JSON.stringify(PLUGIN)}]\n` });
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('runs the Yarn that devEngines of the topmost package.json name', async () => {
    const caller = makeCaller('yarn-1');
    await useCorepack(caller, 'yarn-4', { yarn: './bin/yarn.js', yarnpkg: './bin/yarn.js' });
    const named = (version: string): object => ({
      name: 'p',
      version: '1.0.0',
      devEngines: { packageManager: { name: 'yarn', version } },
    });
    caller.sandbox.write({
      '.yarnrc.yml': `plugins: [${JSON.stringify(PLUGIN)}]\n`,
      'package.json': named(versionOf('yarn-4').version),
      // Nobody serves this version, so whoever asks for it fails.
      'a/package.json': named('4.99.99'),
    });
    caller.folder = 'a';
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('runs the pnpm that the project names, with its pnpmfile', async () => {
    const caller = makeCaller('npm-10');
    await useCorepack(caller, 'pnpm-10', { pnpm: './bin/pnpm.cjs', pnpx: './bin/pnpx.cjs' });
    caller.sandbox.write({
      '.pnpmfile.cjs': `module.exports = require(${JSON.stringify(HOOK)});\n`,
    });
    await expectVerified(caller, ['pnpm'], GREEN);
  });

  it('is found in front of a shim', async () => {
    const caller = makeCaller('pnpm-10');
    await caller.shims();
    await expectVerified(caller, ['pnpm'], GREEN);
    await useCorepack(caller, 'pnpm-10', { pnpm: './bin/pnpm.cjs', pnpx: './bin/pnpx.cjs' });
    await expectVerified(caller, ['pnpm'], {
      code: 1,
      status: 'unguarded',
      reason: 'not-loaded',
      remedy: /corepack-commands\/pnpm.* comes before the guarded/,
    });
  });
});
