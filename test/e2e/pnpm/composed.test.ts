/** A pnpmfile with hooks of its own beside ours: both run, or nothing is installed. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  declare,
  forget,
  FRESH,
  HOOK,
  pnpm,
  printed,
  publish,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const hostile = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT });
const OWN =
  'readPackage: (manifest) => { if (manifest.name === "tarwarden-neighbour") manifest.dependencies = { "tarwarden-added": "1.0.0" }; return manifest; }';

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  beforeEach(() => {
    bench.registry.publish({ name: 'tarwarden-added' });
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  });

  const pnpmfile = (text: string): void =>
    bench.sandbox.write({
      '.pnpmfile.cjs': `const guard = require(${JSON.stringify(HOOK)});\n${text}\n`,
    });
  const subject = (): boolean => existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT));
  const added = (): boolean =>
    readFileSync(join(bench.sandbox.project, 'pnpm-lock.yaml'), 'utf8').includes('tarwarden-added');

  /** The store has it, and no lockfile names it: on pnpm 12, readPackage alone is called before it is linked. */
  async function warm(bytes: Buffer): Promise<void> {
    publish(bench, bytes);
    await unguarded(bench, FRESH);
    forget(bench, 'modules', 'lockfile');
  }

  const composed = [
    `module.exports = guard.compose({ hooks: { ${OWN} } });`,
    `module.exports = guard.compose({ hooks: { ${OWN}, updateConfig: () => {}, preResolution: () => {}, afterAllResolved: async () => {} } });`,
  ];
  test.each(composed)('runs both with %s', async (text) => {
    await warm(hostile);
    pnpmfile(text);
    const refused = await pnpm(bench, FRESH);
    expect(refused.code).not.toBe(0);
    expect(printed(refused)).toContain('tarwarden: refused');
    expect(subject()).toBe(false);
    publish(bench, cleanTarball());
    forget(bench, 'store', 'verdicts');
    // pnpm remembers the integrity of the hostile one there.
    rmSync(join(bench.sandbox.root, 'xdg/cache/pnpm'), { recursive: true, force: true });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    expect(subject() && added()).toBe(true);
  });

  // On pnpm 10 and 11 the guard has no readPackage that could be replaced.
  const replacing = [
    `module.exports = { ...guard, hooks: { ...guard.hooks, ${OWN} } };`,
    `module.exports = { hooks: { ...guard.hooks, readPackage: async (m) => m, updateConfig: (c) => c }, fetchers: guard.fetchers, resolvers: guard.resolvers };`,
    `module.exports = { hooks: { ...guard.hooks, preResolution() {} }, fetchers: guard.fetchers, resolvers: guard.resolvers };`,
    `module.exports = { hooks: guard.hooks, fetchers: guard.fetchers };`,
    `module.exports = { hooks: guard.hooks };`,
  ];
  test.skipIf(name !== 'pnpm-12').each(replacing)('refuses %s', async (text) => {
    await warm(hostile);
    pnpmfile(text);
    const refused = await pnpm(bench, FRESH);
    expect(refused.code).not.toBe(0);
    expect(printed(refused).replaceAll(/\s+/g, ' ')).toContain('instead of the one of tarwarden');
    expect(subject()).toBe(false);
  });
});
