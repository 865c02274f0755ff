/** Entries without an integrity, of which package-lock.json says that they come in the archive of another package. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, type NpmName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited } from './audited.ts';

type Packages = Record<string, Record<string, unknown>>;

/** What a registry has under the name, and no lockfile pins. */
const OTHER = 'module.exports = "other"\n';

let registry: Registry;
let sandbox: Sandbox;
beforeEach(async () => {
  const dependencies = { dep: '*' };
  const brings = { dependencies, bundleDependencies: ['dep'] };
  const inner = JSON.stringify({ name: 'dep', version: '1.0.0' });
  const files = { 'node_modules/dep/package.json': inner, 'node_modules/dep/index.js': '' };
  const other = tgz({ name: 'dep', version: '1.9.0', files: { 'index.js': OTHER } });
  registry = await startRegistry({
    packages: [
      { name: 'dep', version: '1.9.0', tgz: other },
      { name: 'needs', manifest: { dependencies } },
      {
        name: 'brings',
        manifest: brings,
        tgz: tgz({ name: 'brings', version: '1.0.0', manifest: brings, files }),
      },
    ],
  });
});
afterEach(async () => {
  sandbox.dispose();
  await registry.close();
});

const env = { CI: undefined };

/** Locks a project, with the lockfile changed. */
async function lock(name: string, change?: (all: Packages) => void): Promise<void> {
  const dependencies = { [name]: '1.0.0' };
  sandbox = makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  });
  const args = ['install', '--ignore-scripts', '--package-lock-only'];
  expect(await run('npm-10', args, { sandbox, env })).toMatchObject({ code: 0 });
  const path = join(sandbox.project, 'package-lock.json');
  const document = JSON.parse(readFileSync(path, 'utf8')) as { packages: Packages };
  change?.(document.packages);
  sandbox.write({ 'package-lock.json': document });
}

async function install(npm: NpmName): Promise<void> {
  const args = ['ci', '--ignore-scripts'];
  expect(await run(npm, args, { sandbox, env })).toMatchObject({ code: 0 });
}

const inBundle = { version: '1.9.0', inBundle: true };

describe.each<NpmName>(['npm-10', 'npm-12'])('with %s', (npm) => {
  it('what is in the archive is accepted', async () => {
    await lock('brings');
    const { code, packages, with: those } = await audited(sandbox);
    expect(those('own')).toEqual(['dep@1.0.0']);
    expect(packages.flatMap(({ checks }) => checks)).toEqual([]);
    expect(code).toBe(0);
  });

  it('what is in no archive is fetched, and not pinned', async () => {
    await lock('needs', (all) => (all['node_modules/dep'] = { ...inBundle }));
    const { code, with: those } = await audited(sandbox);
    expect(those('error')).toEqual(['dep@1.9.0']);
    expect(code).toBe(2);
    await install(npm);
    const installed = join(sandbox.project, 'node_modules/dep/index.js');
    expect(readFileSync(installed, 'utf8')).toBe(OTHER);
  });

  it('what only the lockfile says is in the archive is an error', async () => {
    await lock('needs', (all) => {
      all['node_modules/needs']!['bundleDependencies'] = ['dep'];
      delete all['node_modules/dep'];
      all['node_modules/needs/node_modules/dep'] = { ...inBundle };
    });
    const { code, packages } = await audited(sandbox);
    const needs = packages.find((one) => one.package?.name === 'needs');
    expect(needs?.checks).toMatchObject([{ id: 'not-locked', level: 'error' }]);
    expect(needs?.checks[0]?.message).toContain('"node_modules/dep"');
    expect(code).toBe(1);
    await install(npm);
    // npm takes it for bundled, and has nothing.
    expect(existsSync(join(sandbox.project, 'node_modules/needs/node_modules/dep'))).toBe(false);
  });
});
