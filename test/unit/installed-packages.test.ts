/** What the scripts of the root install: each says what it needs, the guard needs few packages, and all of them run on the oldest Node. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/managers.ts';

const requireOfCli = createRequire(join(repository, 'packages/cli/package.json'));
const { load } = requireOfCli('js-yaml') as { load: (text: string) => unknown };
const { minVersion, satisfies } = requireOfCli('semver') as {
  minVersion: (range: string) => object;
  satisfies: (version: object, range: string) => boolean;
};

type Versions = Readonly<Record<string, string>>;

interface LockedPackage {
  readonly engines?: { readonly node?: string };
  readonly os?: readonly string[];
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

interface Lockfile {
  readonly importers: Readonly<
    Record<string, { readonly dependencies?: Readonly<Record<string, { version: string }>> }>
  >;
  readonly packages: Readonly<Record<string, LockedPackage>>;
  readonly snapshots: Readonly<
    Record<string, { readonly dependencies?: Versions; readonly optionalDependencies?: Versions }>
  >;
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const { scripts, engines } = JSON.parse(read('package.json')) as {
  scripts: Versions;
  engines: { node: string };
};
const lockfile = load(read('pnpm-lock.yaml')) as Lockfile;

const withoutPeers = (key: string): string => key.replace(/\(.*/, '');

/** Adds a package of the lockfile, or one of the workspace, and all that it needs to run. */
function addNeeded(name: string, version: string, needed: Set<string>): void {
  const isLinked = version.startsWith('link:');
  const key = version in lockfile.snapshots ? version : `${name}@${version}`;
  if (needed.has(isLinked ? name : key)) return;
  needed.add(isLinked ? name : key);
  if (isLinked) return addImporter(`packages/${version.split('/').at(-1)}`, needed);
  const { dependencies, optionalDependencies } = lockfile.snapshots[key]!;
  // An optional peer is here because the tests have it, and comes with them.
  const peers = lockfile.packages[withoutPeers(key)]?.peerDependenciesMeta ?? {};
  for (const [other, range] of Object.entries({ ...dependencies, ...optionalDependencies }))
    if (peers[other]?.optional !== true) addNeeded(other, range, needed);
}

function addImporter(folder: string, needed: Set<string>): void {
  const { dependencies = {} } = lockfile.importers[folder]!;
  for (const [name, { version }] of Object.entries(dependencies)) addNeeded(name, version, needed);
}

describe('package.json', () => {
  it.each(Object.entries(scripts))('%s names what it needs', (_, script) => {
    const steps = script.split(' && ');
    expect(steps[0]).toMatch(/^node scripts\/needs\.mjs (?:guard|quick|tools|all) /);
  });

  it('lets the guard and the demo need the guard alone', () => {
    expect(scripts['guard']).toContain('needs.mjs guard ');
    expect(scripts['demo']).toContain('needs.mjs guard ');
    expect(scripts['test']).toContain('needs.mjs quick ');
  });
});

describe('the lockfile', () => {
  it('has at most 65 packages for the guard, and none that only tests or the server need', () => {
    const needed = new Set<string>();
    for (const folder of ['.', 'packages/cli', 'packages/yarn-plugin']) addImporter(folder, needed);
    const fetched = [...needed].filter((key) => key in lockfile.snapshots);
    // esbuild has one for each platform, of which one is installed.
    const anywhere = fetched.filter(
      (key) => lockfile.packages[withoutPeers(key)]?.os === undefined,
    );
    expect(anywhere.length).toBeGreaterThan(30);
    expect(anywhere.length).toBeLessThanOrEqual(65);
    const foreign = /^(?:typescript|vitest|pg|bullmq|@types\/.*|@yarnpkg\/core|@pnpm\/.*)@/;
    expect(fetched.filter((key) => foreign.test(key))).toEqual([]);
  });

  it('has only packages that run on the oldest Node, beside types of pnpm', () => {
    const oldest = minVersion(engines.node);
    const newer = Object.entries(lockfile.packages)
      .filter(
        ([key, { engines: own }]) =>
          !key.startsWith('@pnpm/') && !satisfies(oldest, own?.node ?? '*'),
      )
      .map(([key]) => key);
    expect(newer).toEqual([]);
  });

  it('has at most 460 packages for the quick tests', () => {
    const anywhere = Object.values(lockfile.packages).filter(({ os }) => os === undefined);
    expect(anywhere.length).toBeLessThanOrEqual(460);
  });
});
