/* A cache that was restored from elsewhere has a forged verdict, which accepts a hostile archive. Real npm installs by it only with the key. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { RULESET } from '@tarwarden/core';
import { integrityOf, loadPolicy, openVerdictStore } from '@tarwarden/guard';
import { repository, runBeside } from '../../support/managers.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { verdictOn } from '../../support/verdict-on.ts';
import { hostile } from '../policy/world.ts';

const PROGRAM = join(repository, 'packages/cli/bin/tarwarden.js');
const SECRET = 'a secret of CI that pull requests of forks do not get';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'evil', tgz: hostile });
  return () => registry.close();
});

let author: Sandbox;
let victim: Sandbox;
beforeEach(() => {
  author = makeSandbox({ registry: registry.url });
  victim = makeSandbox({ registry: registry.url });
  return () => [author, victim].forEach((sandbox) => sandbox.dispose());
});

/** Writes a verdict that accepts the hostile archive, with the key of the author's machine or with a secret. */
function forge(secret?: string): void {
  const env = { ...author.env, ...(secret !== undefined && { TARWARDEN_SEAL_KEY: secret }) };
  const { policy } = loadPolicy({ cwd: author.project, env });
  const store = openVerdictStore({ ruleset: RULESET, policy, env });
  const expected = { name: 'evil', version: '1.0.0' };
  const integrity = integrityOf(hostile);
  const sha512 = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  const { archive } = verdictOn();
  store.put(
    { integrity, format: 'npm', expected },
    verdictOn('bytes', { archive: { ...archive, sha512, integrity } }),
  );
  store.flush();
  expect(readdirSync(store.directory ?? '')).toHaveLength(1);
}

function restore(variable: 'XDG_CACHE_HOME' | 'XDG_STATE_HOME'): void {
  const [from, to] = [author.env[variable]!, victim.env[variable]!];
  cpSync(join(from, 'tarwarden'), join(to, 'tarwarden'), {
    recursive: true,
    preserveTimestamps: true,
  });
}

async function install(secret?: string): Promise<{ code: number | null; isInstalled: boolean }> {
  victim.write({
    'package.json': { name: 'project', version: '1.0.0', dependencies: { evil: '1.0.0' } },
  });
  const env = secret === undefined ? {} : { TARWARDEN_SEAL_KEY: secret };
  const options = { sandbox: victim, env };
  const { code } = await runBeside('npm-12', PROGRAM, ['npm', 'install', '--no-audit'], options);
  return { code, isInstalled: existsSync(join(victim.project, 'node_modules/evil')) };
}

test('a forged verdict counts only for machines with the secret by which it was written', async () => {
  forge(SECRET);
  restore('XDG_CACHE_HOME');
  expect(await install()).toEqual({ code: 1, isInstalled: false });
  expect(await install(`${SECRET} of another project`)).toEqual({ code: 1, isInstalled: false });
  // The control: the guard looks for the verdict in this place.
  expect(await install(SECRET)).toEqual({ code: 0, isInstalled: true });
});

test('a forged verdict does not count if the key of its author was restored with it', async () => {
  forge();
  restore('XDG_CACHE_HOME');
  restore('XDG_STATE_HOME');
  expect(await install()).toEqual({ code: 1, isInstalled: false });
});
