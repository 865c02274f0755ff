/** Packages that bring an npm-shrinkwrap.json, by which npm 11 and older install whatever the lockfile says. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, type NpmName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited } from './audited.ts';

const dep = tgz({ name: 'dep', version: '1.0.0' });
const dev = tgz({ name: 'dev', version: '1.0.0' });

let registry: Registry;
let sandbox: Sandbox;
beforeEach(async () => {
  registry = await startRegistry({
    packages: [
      { name: 'dep', tgz: dep },
      { name: 'dev', tgz: dev },
      { name: 'dep', version: '1.5.0' },
    ],
  });
});
afterEach(async () => {
  sandbox.dispose();
  await registry.close();
});

/** Publishes `tool` with a shrinkwrap, and locks it. */
async function lock(npm: NpmName, text?: string): Promise<void> {
  const resolved = `${registry.url}/dep/-/dep-1.0.0.tgz`;
  const manifest = { dependencies: { dep: '^1.0.0' } };
  const wrap = {
    name: 'tool',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'tool', version: '1.0.0', ...manifest },
      'node_modules/dep': { version: '1.0.0', resolved, integrity: sri(dep) },
      'node_modules/dev': { version: '1.0.0', integrity: sri(dev), dev: true },
    },
  };
  const files = { 'npm-shrinkwrap.json': text ?? JSON.stringify(wrap) };
  const tool = tgz({ name: 'tool', version: '1.0.0', manifest, files });
  registry.publish({ name: 'tool', manifest: { ...manifest, _hasShrinkwrap: true }, tgz: tool });
  const dependencies = { tool: '1.0.0' };
  sandbox = makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  });
  const env = { CI: undefined };
  const args = ['install', '--ignore-scripts', '--package-lock-only'];
  expect(await run(npm, args, { sandbox, env })).toMatchObject({ code: 0 });
}

const NESTED = 'node_modules/tool/node_modules/dep';

function change(how: (packages: Record<string, object>) => void): void {
  const path = join(sandbox.project, 'package-lock.json');
  const document = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, object> };
  how(document.packages);
  writeFileSync(path, JSON.stringify(document));
}

describe.each<NpmName>(['npm-10', 'npm-11', 'npm-12'])('a shrinkwrap, with %s', (npm) => {
  it('is silent about the lockfile that this writes', async () => {
    await lock(npm);
    expect(await audited(sandbox)).toMatchObject({ code: 0 });
  });
});

describe('a lockfile that is not what the shrinkwrap says', () => {
  it.each<[string, (packages: Record<string, object>) => void]>([
    ['lacks a package', (packages) => void delete packages[NESTED]],
    [
      'lacks a package, and says otherwise than npm that there is a shrinkwrap',
      (packages) => {
        delete packages[NESTED];
        const tool = { ...packages['node_modules/tool'], hasShrinkwrap: false };
        packages['node_modules/tool'] = { ...tool, _hasShrinkwrap: 1 };
      },
    ],
    [
      'has another one for it',
      (packages) => {
        packages[NESTED] = { version: '1.5.0', integrity: sri(tgz({ name: 'other' })) };
      },
    ],
  ])('%s, which npm 10 installs all the same', async (_, how) => {
    await lock('npm-10');
    expect((await audited(sandbox)).code).toBe(0);
    change(how);
    // A download that does not have its integrity is tried again.
    sandbox.npmrc('fetch-retries=0');
    const { code, packages } = await audited(sandbox);
    const tool = packages.find((one) => one.package?.name === 'tool');
    expect(tool?.checks).toMatchObject([{ id: 'not-locked', level: 'error' }]);
    expect(tool?.checks[0]?.message).toContain('"dep@1.0.0"');
    expect(code).toBe(1);

    rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
    const env = { CI: undefined };
    expect(await run('npm-10', ['ci', '--ignore-scripts'], { sandbox, env })).toMatchObject({
      code: 0,
    });
    expect(readFileSync(join(sandbox.project, NESTED, 'package.json'), 'utf8')).toContain('1.0.0');
  });

  it('cannot be told from one that cannot be read', async () => {
    await lock('npm-12', '{"lockfileVersion": 99}');
    change((packages) => Object.assign(packages['node_modules/tool']!, { hasShrinkwrap: true }));
    const { code, packages } = await audited(sandbox);
    expect(JSON.stringify(packages)).toContain('it cannot be read as a lockfile');
    expect(code).toBe(1);
  });
});
