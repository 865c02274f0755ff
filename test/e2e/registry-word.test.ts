/** A registry whose documents differ from its archives, and what each guarded client does about it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available, npmsByGuard, pnpmsByHook, repository, runBeside } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const MAIN = join(repository, 'packages/cli/bin/tarwarden.js');

type Fields = Readonly<Record<string, unknown>>;

const CLEAN = { 'tarwarden-neighbour': '1.0.0' };
const SCRIPT = { scripts: { postinstall: 'node index.js' } };
const GYP = { 'binding.gyp': '{}' };

/** The package.json of the archive, the document of the registry, the rule, and the clients that see this part of the document. */
interface Lie {
  readonly archive: Fields;
  readonly document: Fields;
  readonly files?: Readonly<Record<string, string>>;
  readonly rule: string | undefined;
  readonly seenBy: readonly Family[];
}

type Family = 'npm' | 'pnpm-10' | 'pnpm-12' | 'yarn-4' | 'yarn-1' | 'bun';
const ALL: readonly Family[] = ['npm', 'pnpm-10', 'pnpm-12', 'yarn-4', 'yarn-1', 'bun'];
const RANGES: readonly Family[] = ['npm', 'yarn-4', 'bun'];
const DOCUMENTS: readonly Family[] = ['npm', 'pnpm-12'];

const lie = (
  rule: string | undefined,
  seenBy: readonly Family[],
  archive: Fields,
  document: Fields,
): Lie => ({
  archive,
  document,
  rule,
  seenBy,
});

const lies: Readonly<Record<string, Lie>> = {
  'hides-dependency': lie('registry-hides', ALL, { dependencies: CLEAN }, {}),
  'hides-one-of-two': lie(
    'registry-hides',
    ALL,
    { dependencies: { ...CLEAN, 'tarwarden-other': '1.0.0' } },
    { dependencies: CLEAN },
  ),
  'hides-optional': lie(
    'registry-hides',
    ['npm', 'pnpm-12', 'yarn-4', 'yarn-1', 'bun'],
    { optionalDependencies: CLEAN },
    {},
  ),
  'other-range': lie(
    'registry-other-dependencies',
    RANGES,
    { dependencies: { 'tarwarden-neighbour': '*' } },
    { dependencies: CLEAN },
  ),
  'adds-dependency': lie('registry-other-dependencies', RANGES, {}, { dependencies: CLEAN }),
  'hides-postinstall': lie('registry-hides', DOCUMENTS, SCRIPT, {}),
  'hides-preinstall': lie(
    'registry-hides',
    DOCUMENTS,
    { scripts: { preinstall: 'node index.js' } },
    { hasInstallScript: false },
  ),
  'hides-gyp': { ...lie('registry-hides', DOCUMENTS, {}, {}), files: GYP },
  'hides-install': lie(
    'registry-hides',
    DOCUMENTS,
    { scripts: { install: 'node index.js' } },
    { scripts: { test: 'node index.js' } },
  ),
  'moves-to-dev': lie('registry-hides', ALL, { dependencies: CLEAN }, { devDependencies: CLEAN }),
  'calls-it-a-peer': lie(
    'registry-hides',
    ['npm', 'yarn-4', 'yarn-1', 'bun'],
    { dependencies: CLEAN, peerDependencies: CLEAN },
    { peerDependencies: CLEAN },
  ),
  'other-peer': lie(
    'registry-other-dependencies',
    ['npm', 'yarn-4'],
    { peerDependencies: CLEAN },
    { peerDependencies: { 'tarwarden-neighbour': '>=1' } },
  ),
  'hides-bundle': lie(
    'registry-other-dependencies',
    DOCUMENTS,
    { bundleDependencies: ['inner'] },
    {},
  ),
  'hides-command': lie(
    'registry-other-field',
    ['npm', 'pnpm-12', 'yarn-4', 'bun'],
    { bin: { ls: 'index.js' } },
    {},
  ),
  'other-command': lie(
    'registry-other-field',
    ['npm', 'pnpm-12', 'yarn-4', 'bun'],
    { bin: { tool: 'other.js' } },
    { bin: { tool: 'index.js' } },
  ),
  'other-os': lie(
    'registry-other-field',
    ['npm', 'pnpm-10', 'pnpm-12', 'bun'],
    { os: ['win32'] },
    {},
  ),
  'other-cpu': lie(
    'registry-other-field',
    ['npm', 'pnpm-10', 'pnpm-12', 'bun'],
    { cpu: ['s390x'] },
    {},
  ),
  'adds-os': lie(
    'registry-other-field',
    ['npm', 'pnpm-10', 'pnpm-12', 'bun'],
    {},
    { os: ['linux'] },
  ),
  'other-libc': lie(
    'registry-other-field',
    ['npm', 'pnpm-10', 'pnpm-12'],
    { libc: ['musl'] },
    { libc: ['glibc', 'musl'] },
  ),
  'other-engines': lie('registry-other-engines', DOCUMENTS, { engines: { node: '>=1' } }, {}),
  // Spellings that real publishing changes.
  'same-command': lie(
    undefined,
    ALL,
    { bin: './index.js' },
    { bin: { 'same-command': 'index.js' } },
  ),
  'same-optional': lie(
    undefined,
    ALL,
    { optionalDependencies: CLEAN },
    { optionalDependencies: CLEAN, dependencies: CLEAN },
  ),
  'same-bundle': lie(undefined, ALL, { bundleDependencies: false }, {}),
  'same-script': lie(undefined, ALL, SCRIPT, SCRIPT),
};

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'tarwarden-neighbour' });
  registry.publish({ name: 'tarwarden-other' });
  // It makes the registry one that says which packages have install scripts.
  registry.publish({ name: 'a-telling-package', manifest: SCRIPT });
  for (const [name, { archive, document, files = {} }] of Object.entries(lies))
    registry.publish({ name, tgz: tgz({ name, manifest: archive, files }), manifest: document });
});
afterAll(async () => registry.close());

const isFull = process.env['TARWARDEN_E2E_FULL'] === '1';
const clients = [
  ...npmsByGuard.filter((npm) => npm !== 'npm-10' || isFull),
  ...pnpmsByHook,
  'yarn-4',
  'yarn-1',
  'bun',
] as const;
type Client = (typeof clients)[number];

const warm: ReadonlySet<Client> = new Set<Client>(['npm-12', 'pnpm-12']);

const family = (client: Client): Family =>
  client.startsWith('npm') ? 'npm' : client === 'pnpm-11' ? 'pnpm-10' : (client as Family);

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** The rules about words that each package breaks. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}

async function install(
  client: Client,
  sandbox: Sandbox,
  mode: 'refuse' | 'report',
): Promise<Outcome> {
  const report = join(sandbox.root, 'report.ndjson');
  rmSync(report, { force: true });
  sandbox.write({ 'tarwarden/policy.json': { mode } }, sandbox.env['XDG_CONFIG_HOME']);
  const args = client.startsWith('pnpm') ? ['install', '--no-frozen-lockfile'] : ['install'];
  const env = {
    TARWARDEN_REPORT: report,
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
  };
  const command = [client.replace(/-\d+$/, ''), ...args];
  const { code, stdout, stderr } = await runBeside(client, MAIN, command, { sandbox, env });
  const found: Record<string, string[]> = {};
  const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  for (const line of lines) {
    const { package: id = '', findings = [] } = JSON.parse(line) as {
      package?: string;
      findings?: { rule: string }[];
    };
    const rules = findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('registry-'));
    const name = id.replace(/@1\.0\.0$/, '');
    if (rules.length > 0) found[name] = [...new Set([...(found[name] ?? []), ...rules])];
  }
  // pnpm 12 may show the registry's first document with `hasInstallScript` after some without. They are weighed again then.
  for (const [name, rules] of Object.entries(found))
    if (rules.includes('registry-hides'))
      found[name] = rules.filter((rule) => rule !== 'registry-omits-script');
  return { code, output: stdout + stderr, found };
}

function project(client: Client, dependencies: readonly string[]): Sandbox {
  const sandbox = makeSandbox({ registry: registry.url });
  if (client === 'yarn-4') sandbox.write({ 'yarn.lock': '' });
  sandbox.write({
    'package.json': {
      name: 'project',
      version: '1.0.0',
      private: true,
      dependencies: Object.fromEntries(dependencies.map((name) => [name, '1.0.0'])),
    },
  });
  return sandbox;
}

describe.each(clients.filter((client) => available(client).ok))('%s', (client) => {
  test('reports each lie that it sees, and no other spelling', async () => {
    const sandbox = project(client, ['a-telling-package', ...Object.keys(lies)]);
    try {
      const { found } = await install(client, sandbox, 'report');
      const expected = Object.entries(lies).flatMap(([name, { rule, seenBy }]) =>
        rule !== undefined && seenBy.includes(family(client)) ? [[name, [rule]]] : [],
      );
      expect(found).toEqual(Object.fromEntries(expected));
    } finally {
      sandbox.dispose();
    }
  });

  // The clients without this test have shown it above, in report mode.
  test.runIf(isFull || warm.has(client))('refuses it, also with a remembered verdict', async () => {
    const sandbox = project(client, ['hides-dependency']);
    try {
      for (const _ of ['cold', 'warm']) {
        // oxlint-disable-next-line no-await-in-loop
        const { code, output } = await install(client, sandbox, 'refuse');
        expect(output).toContain('registry-hides');
        expect(code).toBe(1);
      }
    } finally {
      sandbox.dispose();
    }
  });
});
