/** What lies in the folders above a project, whoever put it there, stops no install. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  available,
  guardable,
  run,
  type ManagerName,
  type Result,
} from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { guard } from './world.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

/** By what is made of the path. */
const KINDS: Readonly<Record<string, (path: string) => void>> = {
  folder: (path) => mkdirSync(path),
  fifo: (path) => void execFileSync('mkfifo', [path]),
  unreadable(path) {
    writeFileSync(path, '{"tarwarden":{}}');
    chmodSync(path, 0);
  },
  'Latin-1': (path) => writeFileSync(path, Buffer.from('{"tarwarden":"\u00e9"}', 'latin1')),
  nonsense: (path) => writeFileSync(path, 'nonsense "tarwarden"'),
  '5 MB': (path) => writeFileSync(path, `{"tarwarden":{},"x":"${'x'.repeat(5 * 1024 * 1024)}"}`),
};

const TIMEOUT = 60_000;

async function install(
  manager: ManagerName,
  lay: (root: string) => void,
  guarded: boolean,
): Promise<{ result: Result; installed: boolean }> {
  const registry = await startRegistry({ packages: [{ name: 'subject' }] });
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  try {
    lay(sandbox.root);
    sandbox.write({ 'package.json': { name: 'project', dependencies: { subject: '1.0.0' } } });
    const args = ['install'];
    if (manager.startsWith('yarn')) {
      sandbox.write({ 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules\n' });
      args.push('--no-immutable');
    }
    const env = guarded ? guard(manager, sandbox) : {};
    const result = await run(manager, args, { sandbox, env, timeout: TIMEOUT });
    return { result, installed: existsSync(join(sandbox.project, 'node_modules/subject')) };
  } finally {
    sandbox.dispose();
    await registry.close();
  }
}

const MANAGERS: readonly ManagerName[] = full ? guardable : ['pnpm-12'];

describe.each(MANAGERS.filter((name) => available(name).ok))('%s', (manager) => {
  test.each(full ? Object.keys(KINDS) : ['fifo'])('tarwarden.json: %s', async (kind) => {
    const lay = (root: string): void => KINDS[kind]?.(join(root, 'tarwarden.json'));
    const { result, installed } = await install(manager, lay, true);
    expect(result).toMatchObject({ code: 0 });
    expect(installed).toBe(true);
  });

  // Managers read this one themselves, and some do not bear all of it.
  test.each(full ? Object.keys(KINDS) : ['5 MB'])('package.json: %s', async (kind) => {
    const lay = (root: string): void => KINDS[kind]?.(join(root, 'package.json'));
    const bare = await install(manager, lay, false);
    const guarded = await install(manager, lay, true);
    if (bare.result.code === 0) expect(guarded.result).toMatchObject({ code: 0 });
    expect(guarded.installed || !bare.installed).toBe(true);
  });
});
