/** Lockfiles whose resolutions pnpm takes, and that name no tarball of a registry: what cannot be inspected is not installed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import {
  cleanTarball,
  declare,
  forget,
  FRESH,
  FROZEN,
  pnpm,
  printed,
  publish,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const payload = tgz({
  name: SUBJECT,
  version: '1.0.0',
  manifest: { scripts: { postinstall: 'touch ../../../../ran' } },
  files: { 'index.js': 'hostile\n', 'bin/node': 'hostile\n' },
});

interface Lie {
  readonly id: string;
  readonly name?: string;
  readonly version: string;
  readonly resolution: (url: string) => string;
}

const binary = (url: string, bin = 'index.js'): string =>
  `{type: binary, archive: tarball, url: '${url}', integrity: ${sri(payload)}, bin: ${bin}}`;
const variations = (url: string): string =>
  `{type: variations, variants: [{targets: [{os: linux, cpu: x64}, {os: darwin, cpu: arm64}], resolution: ${binary(url)}}]}`;

const lies: readonly Lie[] = [
  { id: 'a binary as a runtime', version: 'runtime:1.0.0', resolution: binary },
  { id: 'a binary by URL', version: 'http://host.invalid/x.tgz', resolution: binary },
  { id: 'a binary as a version', version: '1.0.0', resolution: binary },
  { id: 'variations as a runtime', version: 'runtime:1.0.0', resolution: variations },
  { id: 'node from another host', name: 'node', version: 'runtime:22.0.0', resolution: binary },
  { id: 'bun from another host', name: 'bun', version: 'runtime:1.2.0', resolution: variations },
  { id: 'deno from another host', name: 'deno', version: 'runtime:2.0.0', resolution: variations },
  {
    id: 'node from nodejs.org, with another path',
    name: 'node',
    version: 'runtime:22.0.0',
    resolution: (url) => binary(`https://nodejs.org@${url.replace('http://', '')}`),
  },
  {
    id: 'a folder as a version',
    version: '1.0.0',
    resolution: () => '{type: directory, directory: committed}',
  },
  {
    id: 'a folder under the key of another',
    version: 'file:innocent',
    resolution: () => '{type: directory, directory: committed}',
  },
  { id: 'a type of its own', version: '1.0.0', resolution: () => "{type: 'custom:x', a: 1}" },
];

/** Of each kind one; the rest with TARWARDEN_E2E_FULL=1. */
const chosen =
  process.env['TARWARDEN_E2E_FULL'] === '1' ? lies : lies.filter((_, at) => [0, 5, 8].includes(at));

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  let lockfile: string;
  beforeEach(() => {
    lockfile = join(bench.sandbox.project, 'pnpm-lock.yaml');
    publish(bench, cleanTarball());
    bench.sandbox.write({
      'committed/package.json': { name: SUBJECT, version: '1.0.0' },
      'committed/index.js': 'hostile\n',
      'odd(1)/package.json': { name: 'odd', version: '1.0.0' },
      'innocent/package.json': { name: SUBJECT, version: '1.0.0' },
      'pnpm-workspace.yaml': `allowBuilds:\n  ${SUBJECT}: true\nonlyBuiltDependencies: [${SUBJECT}]\n`,
    });
  });

  const installed = (dependency = SUBJECT): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules', dependency, 'package.json'));

  /** An install of a package with that name, and then the lie about it in the lockfile. */
  async function lock({ name: dependency = SUBJECT, version, resolution }: Lie): Promise<void> {
    bench.registry.publish({ name: dependency });
    declare(bench, { dependencies: { [dependency]: '1.0.0' } });
    await unguarded(bench, FRESH);
    const url = bench.registry.file('payload.tgz', payload);
    const key = `${dependency}@1.0.0`;
    const lines = readFileSync(lockfile, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.trim() === `${dependency}:`);
    expect(lines[at + 2]).toContain('version: 1.0.0');
    lines[at + 2] = `        version: '${version}'`;
    const entry = lines.indexOf(`  ${key}:`);
    lines[entry + 1] = `    resolution: ${resolution(url)}`;
    const named = lines.map((line) => line.replace(`  ${key}:`, `  '${dependency}@${version}':`));
    if (version.startsWith('runtime:'))
      named.splice(entry + 2, 0, `    version: ${version.slice(8)}`);
    writeFileSync(lockfile, named.join('\n'));
    forget(bench, 'modules', 'store');
    bench.registry.log.length = 0;
  }

  test.each(chosen)('refuses $id', async (lie) => {
    await lock(lie);
    const before = readFileSync(lockfile, 'utf8');
    const result = await pnpm(bench, FROZEN);
    expect(result.code).not.toBe(0);
    expect(result.timedOut).toBe(false);
    expect(printed(result)).toContain('tarwarden: ');
    expect(installed(lie.name)).toBe(false);
    expect(bench.registry.downloads().filter((path) => path.includes('payload'))).toEqual([]);
    expect(existsSync(join(bench.sandbox.root, 'ran'))).toBe(false);
    expect(readFileSync(lockfile, 'utf8')).toBe(before);
  });

  test('takes a folder that the project names, beside the project too', async () => {
    bench.sandbox.write(
      { 'package.json': { name: 'beside', version: '1.0.0' } },
      join(bench.sandbox.root, 'beside'),
    );
    declare(bench, {
      dependencies: { [SUBJECT]: 'file:committed', beside: 'file:../beside', odd: 'file:odd(1)' },
    });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    forget(bench, 'modules');
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(['beside', 'odd', SUBJECT].filter((one) => !installed(one))).toEqual([]);
  });
});
