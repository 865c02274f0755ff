// @module-tag go
// @module-tag pip
// @module-tag ruby
/** A refused package is explained, allowed and refused again by its name and version alone, and its client obeys each time. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { execute, type Result } from '../../support/execute.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { system as systemRuby } from '../../support/gem/rubies.ts';
import { closeGoBench, guarded, makeGoBench, MODULE, unpackedAt } from '../../support/go/bench.ts';
import { envFor, repository, runBeside } from '../../support/managers.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as systemPip } from '../../support/pip/pips.ts';
import { INTO } from '../../support/pip/world.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { serve, world as gemWorld } from '../gem/scene.ts';
import { offer, world as pipWorld } from '../pip/scene.ts';
import { hostile } from './world.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');

interface NamedClient {
  /** The package as a user types it. */
  readonly request: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  install(): Promise<Result>;
  isInstalled(): boolean;
  /** Removes what was installed. Caches and remembered verdicts stay. */
  uninstall(): void;
}

async function npmClient(): Promise<NamedClient> {
  const registry = await startRegistry({ packages: [{ name: 'evil', tgz: hostile }] });
  const sandbox = makeSandbox({ registry: registry.url });
  onTestFinished(async () => {
    sandbox.dispose();
    await registry.close();
  });
  const folder = join(sandbox.project, 'node_modules');
  return {
    request: 'evil@1.0.0',
    env: envFor('npm-12', { sandbox }),
    cwd: sandbox.project,
    install: () =>
      runBeside('npm-12', TARWARDEN, ['npm', 'install', '--no-save', 'evil@1.0.0'], { sandbox }),
    isInstalled: () => existsSync(join(folder, 'evil')),
    uninstall: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function pipClient(): Promise<NamedClient> {
  const own = pipWorld(systemPip);
  const { url } = await offer(wheelOf({ name: 'prey', twice: true }));
  own.env['PIP_INDEX_URL'] = url;
  return {
    request: 'pypi:Prey@1.0.0',
    env: own.env,
    cwd: own.sandbox.project,
    install: () => own.guarded('pip', 'install', ...INTO, 'prey'),
    isInstalled: () => existsSync(join(own.site, 'prey')),
    uninstall: () => rmSync(own.site, { recursive: true, force: true }),
  };
}

async function gemClient(): Promise<NamedClient> {
  const own = gemWorld(systemRuby);
  const { url } = await serve({ gems: [makeGem({ name: 'prey', hostile: true })] });
  own.sandbox.write({ '.gemrc': `:sources:\n- ${url}\n` }, own.sandbox.home);
  return {
    request: 'gem:prey@1.0.0',
    env: own.env,
    cwd: own.sandbox.project,
    install: () => own.guarded('gem', 'install', '--no-document', 'prey'),
    isInstalled: () => existsSync(join(own.gemHome, 'gems', 'prey-1.0.0')),
    uninstall: () => rmSync(own.gemHome, { recursive: true, force: true }),
  };
}

async function goClient(): Promise<NamedClient> {
  const bench = await makeGoBench();
  onTestFinished(() => closeGoBench(bench));
  const zip = goAttacks.find(({ name }) => name === 'symlink')!.bytes;
  bench.proxy.publish({ module: MODULE, zip });
  return {
    request: `go:${MODULE}`,
    env: bench.env,
    cwd: bench.sandbox.project,
    install: () => guarded(bench, ['mod', 'download', MODULE]),
    isInstalled: () => existsSync(unpackedAt(bench)),
    uninstall: () => rmSync(bench.modcache, { recursive: true, force: true }),
  };
}

/** Two ways to fetch a package; the others with `TARWARDEN_E2E_FULL=1`. */
const others = [
  ['gem', gemClient],
  ['go', goClient],
] as const;
const isFull = process.env['TARWARDEN_E2E_FULL'] === '1';

describe.each([['npm', npmClient], ['pip', pipClient], ...(isFull ? others : [])] as const)(
  'a package that %s refuses',
  (_, make) => {
    it('is explained, allowed and taken back by its name', async () => {
      const client = await make();
      const { request, env, cwd } = client;
      const tarwarden = (...args: string[]): Promise<Result> =>
        execute(process.execPath, [TARWARDEN, ...args], { cwd, env });
      const installs = async (): Promise<boolean> => {
        const { code, stdout, stderr } = await client.install();
        expect({ isInstalled: client.isInstalled(), said: stdout + stderr }).toMatchObject({
          isInstalled: code === 0,
        });
        return code === 0;
      };
      expect(await installs()).toBe(false);
      const explained = await tarwarden('explain', request, '--reporter', 'json');
      expect(explained).toMatchObject({ code: 1, stderr: '' });
      expect(JSON.parse(explained.stdout)).toMatchObject({ fetched: { package: request } });
      expect(readdirSync(env['TMPDIR']!).filter((name) => name.includes('tarwarden'))).toEqual([]);
      expect(await tarwarden('allow', request, '--reason', 'looked at')).toMatchObject({ code: 2 });
      const allowed = await tarwarden('allow', request, '--reason', 'looked at', '--yes');
      expect(allowed).toMatchObject({ code: 0 });
      expect(await installs()).toBe(true);
      client.uninstall();
      expect(await tarwarden('allow', '--remove', request)).toMatchObject({ code: 0 });
      expect(await installs()).toBe(false);
    });
  },
);
