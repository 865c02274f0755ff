/** The documents that an audit asks registries for: what they change, and what is remembered. */
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, RULESET, type Verdict } from '@tarwarden/core';
import { HostReach, openVerdictStore } from '@tarwarden/guard';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { planOf } from '../../../packages/audit/src/plan.ts';
import { RegistryWords } from '../../../packages/audit/src/registry-words.ts';
import { readLockfile } from '../../../packages/clients/src/lockfiles.ts';
import { loadSettings } from '../../../packages/clients/src/settings.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { putFile } from '../../support/put-file.ts';
import { sri, startRegistry, type Registry, type RegistryOptions } from '../../support/registry.ts';

const HOUR = 60 * 60 * 1000;
const TOKEN = 'token-of-the-user';
/** A field that only whole documents have. */
const WHOLE = { description: 'a whole document' };
const SCRIPT = { scripts: { postinstall: 'node index.js' } };

let folder: string;
let env: NodeJS.ProcessEnv;
freshFolder((made) => {
  folder = made;
  env = { HOME: join(folder, 'home'), XDG_CACHE_HOME: join(folder, 'cache'), PATH: '/nowhere' };
});
afterEach(() => void vi.useRealTimers());

const npmrc = (...lines: string[]): void =>
  void putFile(join(folder, 'home/.npmrc'), `${['fetch-retries=0', ...lines].join('\n')}\n`);

async function registryOf(options: RegistryOptions = {}): Promise<Registry> {
  const registry = await startRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

const locked = (name: string, bytes: Buffer, more: object = {}): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': {},
      [`node_modules/${name}`]: { version: '1.0.0', integrity: sri(bytes), ...more },
    },
  });

interface Audited {
  readonly status: Verdict['status'];
  readonly rules: string[];
  readonly notes: string[];
}

/** What becomes of a clean verdict. Each call is an audit of its own, with the verdicts that are on disk. */
async function audited(
  name: string,
  bytes: Buffer,
  {
    text = locked(name, bytes),
    file = 'package-lock.json',
    offline = false,
    times = 1,
  }: { text?: string; file?: string; offline?: boolean; times?: number } = {},
): Promise<Audited> {
  const store = openVerdictStore({ ruleset: RULESET, policy: DEFAULT_POLICY, env });
  const settings = loadSettings(join(folder, 'project'), env);
  const reach = new HostReach();
  const words = new RegistryWords({ settings, offline, reach, policy: DEFAULT_POLICY }, store);
  const path = join(folder, 'project', file);
  const { tasks } = planOf([{ path, lockfile: readLockfile(file, text) }]);
  const verdict = inspect(bytes, { expected: { name, version: '1.0.0' } });
  const before = { status: 'inspected', verdict, from: 'remembered' } as const;
  let outcome = await words.addTo(before, tasks[0]!);
  for (let more = 1; more < times; more += 1) outcome = await words.addTo(before, tasks[0]!);
  store.flush();
  if (outcome.status !== 'inspected') throw new Error('not inspected');
  const { status, findings } = outcome.verdict;
  const rules = findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('registry-'));
  return { status, rules, notes: [...words.notes()] };
}

const asked = ({ log }: Registry): string[] => log.map(({ path }) => path);
const packed = (name: string, manifest: object = {}): Buffer =>
  tgz({ name, version: '1.0.0', manifest: { ...manifest } });

describe('a registry that hides a script', () => {
  it.each(['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'])(
    'is found out for %s, which has no scripts',
    async (file) => {
      const registry = await registryOf();
      npmrc(`registry=${registry.url}/`);
      env['YARN_NPM_REGISTRY_SERVER'] = registry.url;
      env['BUN_CONFIG_REGISTRY'] = registry.url;
      const bytes = packed('a', SCRIPT);
      registry.publish({ name: 'a', tgz: bytes, manifest: WHOLE });
      const text = {
        'package-lock.json': locked('a', bytes),
        'pnpm-lock.yaml': `lockfileVersion: '9.0'\nimporters:\n  .: {}\npackages:\n  a@1.0.0:\n    resolution: {integrity: ${sri(bytes)}}\nsnapshots:\n  a@1.0.0: {}\n`,
        'yarn.lock': `# yarn lockfile v1\n\n\na@1.0.0:\n  version "1.0.0"\n  resolved "${registry.url}/a/-/a-1.0.0.tgz"\n  integrity ${sri(bytes)}\n`,
        'bun.lock': JSON.stringify({
          lockfileVersion: 1,
          workspaces: { '': { name: 'app' } },
          packages: { a: ['a@1.0.0', '', {}, sri(bytes)] },
        }),
      }[file]!;
      const found = await audited('a', bytes, { file, text });
      expect(found).toEqual({ status: 'reject', rules: ['registry-hides'], notes: [] });
      expect(asked(registry)).toEqual(['/a/1.0.0']);
    },
  );

  it('is asked and found out again each time', async () => {
    const registry = await registryOf();
    npmrc(`registry=${registry.url}/`);
    const bytes = packed('a', SCRIPT);
    registry.publish({ name: 'a', tgz: bytes, manifest: WHOLE });
    for (let run = 0; run < 3; run += 1)
      expect((await audited('a', bytes)).rules).toEqual(['registry-hides']);
    expect(asked(registry)).toHaveLength(3);
  });

  it('is found out if it has only the document of all versions', async () => {
    for (const status of [404, 405]) {
      const registry = await registryOf({
        intercept: (path) => (path === '/a/1.0.0' ? status : undefined),
      });
      npmrc(`registry=${registry.url}/`);
      const bytes = packed('a', SCRIPT);
      registry.publish({ name: 'a', tgz: bytes, manifest: WHOLE });
      expect((await audited('a', bytes)).rules).toEqual(['registry-hides']);
    }
  });

  it('is not asked without a network', async () => {
    const registry = await registryOf();
    npmrc(`registry=${registry.url}/`);
    const bytes = packed('a', SCRIPT);
    registry.publish({ name: 'a', tgz: bytes, manifest: WHOLE });
    expect(await audited('a', bytes, { offline: true })).toMatchObject({ status: 'accept' });
    expect(asked(registry)).toEqual([]);
  });
});

describe('a document that agrees', () => {
  it('is remembered for a day, and not for the document of another registry', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [registry, other] = [await registryOf(), await registryOf()];
    npmrc(`registry=${registry.url}/`);
    const bytes = packed('a', SCRIPT);
    registry.publish({ name: 'a', tgz: bytes, manifest: SCRIPT });
    other.publish({ name: 'a', tgz: bytes, manifest: WHOLE });
    expect(await audited('a', bytes)).toMatchObject({ status: 'accept', rules: [] });
    // From now on, it lies.
    registry.publish({ name: 'a', tgz: bytes, manifest: WHOLE });
    vi.setSystemTime(Date.now() + 23 * HOUR);
    expect(await audited('a', bytes)).toMatchObject({ status: 'accept' });
    expect(asked(registry)).toHaveLength(1);
    npmrc(`registry=${other.url}/`);
    expect(await audited('a', bytes)).toMatchObject({ status: 'reject' });
    npmrc(`registry=${registry.url}/`);
    vi.setSystemTime(Date.now() + 2 * HOUR);
    expect(await audited('a', bytes)).toMatchObject({ status: 'reject' });
    expect(asked(registry)).toHaveLength(2);
  });

  it('is asked for again if the clock was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const registry = await registryOf({
      packages: [{ name: 'a', tgz: packed('a'), manifest: WHOLE }],
    });
    npmrc(`registry=${registry.url}/`);
    await audited('a', packed('a'));
    vi.setSystemTime(Date.now() - HOUR);
    await audited('a', packed('a'));
    expect(asked(registry)).toHaveLength(2);
  });

  it('says nothing about other bytes', async () => {
    const registry = await registryOf({
      packages: [{ name: 'a', tgz: packed('a'), manifest: WHOLE }],
    });
    npmrc(`registry=${registry.url}/`);
    expect(await audited('a', packed('a'))).toMatchObject({ status: 'accept' });
    expect(await audited('a', packed('a', SCRIPT))).toMatchObject({ status: 'reject' });
  });
});

describe('a registry without a document', () => {
  it.each([404, 405, 410])('that answers %i changes nothing, without a note', async (status) => {
    const registry = await registryOf({ intercept: () => status });
    npmrc(`registry=${registry.url}/`);
    const found = await audited('a', packed('a', SCRIPT));
    expect(found).toEqual({ status: 'accept', rules: [], notes: [] });
  });

  it('that answers with a page or with another package changes nothing', async () => {
    for (const body of ['<html>', '[]', 'null', '{"name":"b","version":"1.0.0"}']) {
      const registry = await registryOf();
      npmrc(`registry=${registry.file('x', Buffer.from(body)).replace(/x$/, '')}`);
      for (const path of ['a', 'a/1.0.0']) registry.file(path, Buffer.from(body));
      const found = await audited('a', packed('a', SCRIPT));
      expect(found).toEqual({ status: 'accept', rules: [], notes: [] });
      expect(asked(registry)).toEqual(['/-/files/a/1.0.0', '/-/files/a']);
    }
  });

  it('that fails is asked a few times, and gets one note', async () => {
    const registry = await registryOf({ intercept: () => 500 });
    npmrc(`registry=${registry.url}/`);
    const found = await audited('a', packed('a'), { times: 6 });
    expect(found).toMatchObject({ status: 'accept', rules: [] });
    expect(found.notes).toEqual([expect.stringContaining('the documents of 6 packages')]);
    // A plain request is made again by npm's network layer.
    expect(asked(registry)).toHaveLength(3 * 2);
  });

  it('that cannot be reached changes nothing, and gets a note', async () => {
    const registry = await startRegistry();
    npmrc(`registry=${registry.url}/`);
    await registry.close();
    const found = await audited('a', packed('a'), { times: 4 });
    expect(found).toMatchObject({ status: 'accept', rules: [] });
    expect(found.notes).toHaveLength(1);
  });
});

describe('the document comes from the registry of the tarball', () => {
  const bytes = packed('@own/a', SCRIPT);
  const place = (registry: Registry): string => `//127.0.0.1:${registry.port}/`;
  const sent = ({ log }: Registry): (string | undefined)[] =>
    log.map(({ headers }) => headers.authorization);

  it('which is that of the scope, with the token for it', async () => {
    const own = await registryOf({ auth: { token: TOKEN } });
    const everyone = await registryOf();
    own.publish({ name: '@own/a', tgz: bytes, manifest: WHOLE });
    npmrc(
      `registry=${everyone.url}/`,
      `@own:registry=${own.url}/`,
      `${place(own)}:_authToken=${TOKEN}`,
    );
    expect(await audited('@own/a', bytes)).toMatchObject({ status: 'reject' });
    expect(asked(own)).toEqual(['/@own%2fa/1.0.0']);
    expect(sent(own)).toEqual([`Bearer ${TOKEN}`]);
    expect(asked(everyone)).toEqual([]);
  });

  it('which a project can name, and which gets no token of the user', async () => {
    const [own, projects] = [await registryOf(), await registryOf()];
    projects.publish({ name: '@own/a', tgz: bytes, manifest: WHOLE });
    npmrc(`@own:registry=${own.url}/`, `${place(own)}:_authToken=${TOKEN}`);
    putFile(join(folder, 'project/.npmrc'), `@own:registry=${projects.url}/\n`);
    expect(await audited('@own/a', bytes)).toMatchObject({ status: 'reject' });
    expect(sent(projects)).toEqual([undefined]);
    expect(asked(own)).toEqual([]);
  });

  it('which is that of the address in the lockfile, below its path', async () => {
    const registry = await registryOf();
    npmrc(`registry=${registry.url}/other/`, `${place(registry)}private/:_authToken=${TOKEN}`);
    const text = locked('@own/a', bytes, {
      resolved: `${registry.url}/private/npm/@own/a/-/a-1.0.0.tgz`,
    });
    await audited('@own/a', bytes, { text });
    expect(asked(registry)).toEqual(['/private/npm/@own%2fa/1.0.0', '/private/npm/@own%2fa']);
    expect(new Set(sent(registry))).toEqual(new Set([`Bearer ${TOKEN}`]));
  });

  it('and no host is asked that only a lockfile names', async () => {
    const [own, foreign] = [await registryOf(), await registryOf()];
    npmrc(`registry=${own.url}/`, `${place(own)}:_authToken=${TOKEN}`);
    const text = locked('@own/a', bytes, { resolved: `${foreign.url}/@own/a/-/a-1.0.0.tgz` });
    expect(await audited('@own/a', bytes, { text })).toMatchObject({ status: 'accept' });
    expect([...asked(foreign), ...asked(own)]).toEqual([]);
  });

  it('and none is asked about an archive at an address', async () => {
    const registry = await registryOf();
    npmrc(`registry=${registry.url}/`);
    const text = `# yarn lockfile v1\n\n\n"a@${registry.url}/x.tgz":\n  version "1.0.0"\n  resolved "${registry.url}/x.tgz"\n  integrity ${sri(bytes)}\n`;
    await audited('@own/a', bytes, { text, file: 'yarn.lock' });
    expect(asked(registry)).toEqual([]);
  });
});
