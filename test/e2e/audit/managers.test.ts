/** A project of 300 packages and a hostile one, locked by each real manager, with cold and with warm caches. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshAll } from '../../support/fresh-each.ts';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited, origins } from './audited.ts';

const COUNT = 300;
const names = Array.from({ length: COUNT }, (_, n) => (n % 3 === 0 ? `@scope/p${n}` : `p${n}`));
const dependencies = { ...Object.fromEntries(names.map((name) => [name, '1.0.0'])), evil: '1.0.0' };

/** How each writes its lockfile, and installs so that its cache is warm. Nothing here runs scripts. */
const all: [ManagerName, string[], string][] = [
  ['npm-10', ['install', '--ignore-scripts'], 'npm-cache'],
  ['npm-12', ['install', '--ignore-scripts'], 'npm-cache'],
  ['pnpm-10', ['install', '--lockfile-only'], 'registry'],
  ['pnpm-12', ['install', '--lockfile-only'], 'registry'],
  ['yarn-1', ['install', '--ignore-scripts'], 'yarn-classic-cache'],
  ['yarn-3', ['install', '--mode=skip-build'], 'yarn-zip'],
  ['yarn-4', ['install', '--mode=skip-build'], 'yarn-zip'],
  ['bun', ['install', '--lockfile-only'], 'registry'],
];
/** TARWARDEN_E2E_FULL=1 takes all; else one for each kind of lockfile. */
const managers = all.filter(
  ([name]) =>
    process.env['TARWARDEN_E2E_FULL'] === '1' || !/^(?:npm-10|pnpm-10|yarn-3)$/.test(name),
);

const registry = freshAll(() =>
  startRegistry({
    packages: [
      ...names.map((name) => ({ name })),
      { name: 'evil', tgz: symlink.build({ name: 'evil', version: '1.0.0' }) },
    ],
  }),
);
let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

describe.each(managers)('%s', (manager, args, cache) => {
  const state = available(manager);
  const clean = (...folders: string[]): void => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };

  it.skipIf(!state.ok)('has the hostile package named, and each one inspected once', async () => {
    sandbox = makeSandbox({
      registry: registry.url,
      project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
    });
    const verdicts = join(sandbox.env['XDG_CACHE_HOME']!, 'tarwarden');
    const written = await run(manager, args, { sandbox, env: { CI: undefined } });
    expect(written).toMatchObject({ code: 0 });

    const warm = await audited(sandbox);
    expect(warm.code).toBe(1);
    expect(warm.with('reject')).toEqual(['evil@1.0.0']);
    expect(warm.with('error')).toEqual([]);
    expect(warm.with('accept').toSorted()).toEqual(names.map((name) => `${name}@1.0.0`).toSorted());
    expect(origins(warm.packages)).toEqual({ [cache]: COUNT + 1 });

    registry.log.length = 0;
    const again = await audited(sandbox);
    expect(again.with('reject')).toEqual(['evil@1.0.0']);
    expect(origins(again.packages)).toEqual({ remembered: COUNT + 1 });
    expect(registry.log).toEqual([]);

    clean(
      verdicts,
      sandbox.npmCache,
      sandbox.yarnGlobal,
      join(sandbox.env['XDG_CACHE_HOME']!, 'yarn'),
    );
    clean(join(sandbox.project, '.yarn'));
    const cold = await audited(sandbox);
    expect(cold.code).toBe(1);
    expect(cold.with('reject')).toEqual(['evil@1.0.0']);
    expect(origins(cold.packages)).toEqual({ registry: COUNT + 1 });
    expect(registry.downloads().toSorted()).toEqual([...new Set(registry.downloads())].toSorted());
    expect(registry.downloads()).toHaveLength(COUNT + 1);
    sandbox.assertSentinelUntouched();
  });
});
