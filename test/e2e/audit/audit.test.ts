/** What `tarwarden audit` says of single entries, and how it ends. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audit, audited } from './audited.ts';

let registry: Registry;
let sandbox: Sandbox;
const bytes = tgz({ name: 'a', version: '1.0.0' });

beforeAll(async () => {
  registry = await startRegistry({ packages: [{ name: 'a', tgz: bytes }, { name: 'b' }] });
  return async () => registry.close();
});
beforeEach(() => {
  registry.log.length = 0;
  sandbox = makeSandbox({ registry: registry.url });
  sandbox.npmrc('fetch-retries=0');
});
afterEach(() => sandbox.dispose());

const A = { version: '1.0.0', integrity: sri(bytes) };

function lock(packages: Readonly<Record<string, object>>, version = 3): void {
  sandbox.write({
    'package-lock.json': { lockfileVersion: version, packages: { '': {}, ...packages } },
  });
}

describe('the exit code of audit', () => {
  it('is 0 where all is inspected and accepted', async () => {
    lock({ 'node_modules/a': A });
    const { code, stdout } = await audit(sandbox);
    expect(stdout).toBe(
      '1 package: 1 accepted, 0 rejected\ninspected: 1 from the registry\nexit 0 because every package was inspected and accepted\n',
    );
    expect(code).toBe(0);
  });

  it.each<[string, () => void, string]>([
    ['there is no lockfile', () => undefined, 'no lockfile was found'],
    ['its version is unknown', () => lock({}, 4), 'another version'],
    ['there is no integrity', () => lock({ 'node_modules/a': { version: '1.0.0' } }), 'no hash'],
    ['the bytes cannot be had', () => lock({ 'node_modules/c': A }), '404'],
    [
      'the registry has other bytes',
      () => lock({ 'node_modules/b': A }),
      'do not have the integrity',
    ],
    [
      'it comes from git',
      () =>
        lock({
          'node_modules/a': { ...A, resolved: 'git+ssh://git@h.test/a.git#--upload-pack=x' },
        }),
      'a git repository',
    ],
    [
      'a file is outside of the project',
      () => lock({ 'node_modules/a': { ...A, resolved: 'file:../sentinel/secret.tgz' } }),
      'leads out of the project',
    ],
    [
      'a name leads out of the registry',
      () => lock({ 'node_modules/../../x': { ...A, name: '../../x' } }),
      'no registry can have',
    ],
    [
      'the lockfile is a link',
      () => symlinkSync('/etc/passwd', join(sandbox.project, 'package-lock.json')),
      'is a symbolic link',
    ],
    [
      'the lockfile is binary',
      () => sandbox.write({ 'bun.lockb': 'x' }),
      'the binary lockfile of bun',
    ],
    [
      'another ecosystem is not inspected',
      () => sandbox.write({ 'Gemfile.lock': 'GEM\n  specs:\n    rack (1.0)\n' }),
      'does not name one server as its source',
    ],
  ])('is 2 where %s', async (_, prepare, said) => {
    prepare();
    const { code, stdout, stderr } = await audit(sandbox);
    expect(stdout + stderr).toContain(said);
    expect(code).toBe(2);
  });

  it('is 2 for a file that is missing, and one that is no lockfile', async () => {
    for (const path of ['missing', 'package.json'])
      expect((await audit(sandbox, path)).code).toBe(2);
  });

  it('is 1 where something is rejected, whatever else happened', async () => {
    lock({
      'node_modules/a': { ...A, resolved: `${registry.url}/b/-/b-1.0.0.tgz` },
      'node_modules/c': { version: '1.0.0' },
    });
    const { code, stdout } = await audit(sandbox);
    expect(stdout).toContain('other-package');
    expect(code).toBe(1);
  });
});

describe('audit', () => {
  it('inspects what several entries and lockfiles name once, and lists their places', async () => {
    lock({ 'node_modules/a': A, 'node_modules/b/node_modules/a': A });
    sandbox.write({
      'npm-shrinkwrap.json': {
        lockfileVersion: 3,
        packages: { 'node_modules/x': { ...A, name: 'a' } },
      },
    });
    const { packages } = await audited(sandbox);
    expect(packages).toHaveLength(1);
    expect(packages[0]?.places.map(({ lockfile }) => lockfile)).toEqual([
      'npm-shrinkwrap.json',
      'package-lock.json',
    ]);
    expect(registry.downloads()).toHaveLength(1);
  });

  it('rejects a package whose own name is another', async () => {
    lock({ 'node_modules/b': { ...A, resolved: `${registry.file('b/-/b-1.0.0.tgz', bytes)}` } });
    const { code, packages } = await audited(sandbox);
    expect(packages[0]?.findings.map(({ rule }) => rule)).toContain('manifest-mismatch');
    expect(code).toBe(1);
  });

  it('asks the configured registry for what the lockfile has of the public one', async () => {
    lock({ 'node_modules/a': { ...A, resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' } });
    const { code, packages } = await audited(sandbox);
    expect(packages[0]).toMatchObject({ status: 'accept', checks: [] });
    expect(code).toBe(0);
    expect(registry.downloads()).toEqual(['/a/-/a-1.0.0.tgz']);
  });

  it('downloads nothing with --offline', async () => {
    lock({ 'node_modules/a': A });
    const { code, packages } = await audited(sandbox, '--offline');
    expect(packages[0]?.error?.message).toContain('--offline');
    expect(code).toBe(2);
    expect(registry.log).toEqual([]);
  });

  it('inspects an archive of the project', async () => {
    writeFileSync(join(sandbox.project, 'a.tgz'), bytes);
    lock({ 'node_modules/a': { ...A, resolved: 'file:a.tgz' } });
    expect((await audited(sandbox)).packages).toMatchObject([{ status: 'accept', from: 'file' }]);
  });

  it('has the same policy as scan', async () => {
    lock({ 'node_modules/a': A });
    sandbox.write({ 'tarwarden.json': { limits: { entries: 1 } } });
    const { code, packages } = await audited(sandbox);
    expect(packages[0]?.findings.map(({ rule }) => rule)).toContain('archive-limit');
    expect(code).toBe(1);
  });

  it('writes one JSON document, with a summary', async () => {
    lock({ 'node_modules/a': A, 'node_modules/w': { resolved: 'w', link: true } });
    const { stdout } = await audit(sandbox, '--reporter', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      results: [{ status: 'accept' }, { status: 'own' }],
      summary: { packages: 2, accepted: 1, rejected: 0, notInspected: 0, own: 1 },
    });
  });

  it('says where an entry is, and what to do', async () => {
    lock({ 'node_modules/a': { ...A, resolved: 'https://other.test/a/-/a-1.0.0.tgz' } });
    const { stdout } = await audit(sandbox, '--offline');
    expect(stdout).toMatch(
      /^REJECTED a@1\.0\.0\n {2}package-lock\.json:5\n {2}error {4}foreign-host\n/,
    );
    expect(stdout).toContain('to do:  find out who wrote this');
  });
});

describe('a registry whose document hides an install script', () => {
  it('is found out with a new verdict and with a remembered one, and not offline', async () => {
    const scripts = { postinstall: 'node index.js' };
    const archive = tgz({ name: 'liar', version: '1.0.0', manifest: { scripts } });
    registry.publish({ name: 'liar', tgz: archive, manifest: { description: 'shown' } });
    registry.publish({ name: 'a', tgz: bytes, manifest: { description: 'shown' } });
    lock({
      'node_modules/liar': { version: '1.0.0', integrity: sri(archive) },
      'node_modules/a': A,
    });
    const runs = [await audited(sandbox), await audited(sandbox)];
    for (const { code, packages } of runs) {
      expect(code).toBe(1);
      const rules = packages.find((found) => found.package?.name === 'liar')?.findings;
      expect(rules?.map(({ rule }) => rule)).toContain('registry-hides');
    }
    const documents = registry.log.map(({ path }) => path).filter((path) => path.endsWith('1.0.0'));
    // The document of a agreed, which is remembered.
    expect(documents.sort()).toEqual(['/a/1.0.0', '/liar/1.0.0', '/liar/1.0.0']);
    const before = registry.log.length;
    expect((await audited(sandbox, '--offline')).code).toBe(0);
    expect(registry.log).toHaveLength(before);
  });
});
