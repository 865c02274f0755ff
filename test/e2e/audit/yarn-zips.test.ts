/** `.yarn/cache` of a project, from which its settings can have Yarn install whatever is called like a package. */
import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, type YarnName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited } from './audited.ts';

const OTHER = 'module.exports = "other"\n';
const clean = tgz({ name: 'dep', version: '1.0.0' });
const other = tgz({ name: 'dep', version: '1.0.0', files: { 'index.js': OTHER } });

let registry: Registry;
let sandbox: Sandbox | undefined;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(async () => {
  sandbox?.dispose();
  await registry.close();
});

const cache = (): string => join(sandbox!.project, '.yarn/cache');
const zipOf = (): string =>
  join(
    cache(),
    readdirSync(cache()).find((name) => name.startsWith('dep-'))!,
  );
const lockfile = (): string => readFileSync(join(sandbox!.project, 'yarn.lock'), 'utf8');
const checksumIn = (text: string): string => /checksum: (\S+)/.exec(text)![1]!;

async function yarn(name: YarnName, ...args: string[]): Promise<void> {
  const all = ['install', '--mode=skip-build', ...args];
  const result = await run(name, all, { sandbox: sandbox!, env: { CI: undefined } });
  expect(result).toMatchObject({ code: 0 });
}

/** Locks a project to what the registry has then. */
async function lock(name: YarnName, bytes: Uint8Array, settings: string[]): Promise<void> {
  sandbox?.dispose();
  registry.publish({ name: 'dep', tgz: bytes });
  const lines = ['enableGlobalCache: false', 'nodeLinker: node-modules', ...settings];
  sandbox = makeSandbox({
    registry: registry.url,
    project: {
      'package.json': { name: 'app', version: '1.0.0', dependencies: { dep: '1.0.0' } },
      'yarn.lock': '',
      '.yarnrc.yml': `${lines.join('\n')}\n`,
    },
  });
  await yarn(name);
  for (const path of [join(sandbox.project, 'node_modules'), sandbox.yarnGlobal])
    rmSync(path, { recursive: true, force: true });
}

const installed = (): string =>
  readFileSync(join(sandbox!.project, 'node_modules/dep/index.js'), 'utf8');

describe.each<YarnName>(['yarn-3', 'yarn-4'])('with %s', (name) => {
  it('another zip under the name that is not of its checksum is an error', async () => {
    await lock(name, other, []);
    const bytes = readFileSync(zipOf());
    await lock(name, clean, ['enableMirror: false', 'checksumBehavior: ignore']);
    expect(await audited(sandbox!)).toMatchObject({ code: 0 });
    writeFileSync(zipOf(), bytes);
    const { code, packages } = await audited(sandbox!);
    const checks = packages.flatMap((one) => one.checks);
    expect(checks).toMatchObject([{ id: 'cache-mismatch', level: 'error' }]);
    expect(code).toBe(1);
    await yarn(name, '--immutable');
    expect(installed()).toBe(OTHER);
  });

  it('a zip behind a link is an error', async () => {
    await lock(name, other, []);
    const [zip, bytes, sum] = [zipOf(), readFileSync(zipOf()), checksumIn(lockfile())];
    await lock(name, clean, []);
    const place = join(cache(), zip.slice(zip.lastIndexOf('/') + 1));
    rmSync(zipOf());
    writeFileSync(join(sandbox!.project, 'x'), bytes);
    symlinkSync('../../x', place);
    sandbox!.write({ 'yarn.lock': lockfile().replace(checksumIn(lockfile()), sum) });
    expect(await audited(sandbox!)).toMatchObject({ code: 1 });
    if (name === 'yarn-3') return;
    await yarn(name, '--immutable');
    expect(installed()).toBe(OTHER);
  });

  it('a zip without a checksum is the one that is inspected', async () => {
    await lock(name, clean, []);
    const text = lockfile().replace(/ {2}checksum: .*\n/, '  conditions: os=linux\n');
    sandbox!.write({ 'yarn.lock': text });
    const { code, packages } = await audited(sandbox!);
    expect(packages.find((one) => one.package?.name === 'dep')).toMatchObject({
      from: 'yarn-zip',
      checks: [{ id: 'unpinned' }],
    });
    expect(code).toBe(0);
    renameSync(zipOf(), join(sandbox!.project, 'x'));
    const without = await audited(sandbox!);
    expect(without.packages.find((one) => one.package?.name === 'dep')?.from).not.toBe('yarn-zip');
  });
});
