/** Published packages that depend on a folder or file of this machine: refused, unless the project itself says so. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeGitRepo } from '../../support/git.ts';
import { available, newestPnpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import {
  declare,
  forget,
  FRESH,
  FROZEN,
  pnpm,
  printed,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const INNER = 'tarwarden-inner';
const SETTINGS = 'pnpm-workspace.yaml';
const EXOTIC = 'blockExoticSubdeps: false\n';

/** What a package may write for the folder `outside` beside the project. */
const forms: readonly ((outside: string) => string)[] = [
  (outside) => `file:${outside}`,
  (outside) => `link:${outside}`,
  () => 'file:../outside',
  () => 'link:../outside',
  (outside) => outside,
  () => '../outside',
  () => 'link:~/outside',
  () => 'workspace:../outside',
  (outside) => `file://${outside}`,
  () => './inside',
];
/** An absolute path, a relative one and one in the project; the others with TARWARDEN_E2E_FULL=1. */
const chosen =
  process.env['TARWARDEN_E2E_FULL'] === '1' ? forms : [0, 1, 5, 9].map((at) => forms[at]!);

describe.each(newestPnpms.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  let outside: string;
  beforeEach(() => {
    outside = join(bench.sandbox.root, 'outside');
    bench.sandbox.write({ 'package.json': { name: INNER, version: '9.0.0' } }, outside);
    bench.sandbox.write({
      'inside/package.json': { name: INNER, version: '9.0.0' },
      [SETTINGS]: EXOTIC,
    });
  });

  /** Whether the folder of this machine is linked or copied anywhere. */
  function isTaken(): boolean {
    const virtual = join(bench.sandbox.project, 'node_modules/.pnpm');
    let names: string[] = [];
    try {
      names = readdirSync(virtual).filter((folder) => folder !== 'lock.yaml');
    } catch {
      // Nothing is installed.
    }
    return names.some(
      (folder) =>
        folder.startsWith(`${INNER}@file`) ||
        lstatSync(join(virtual, folder, 'node_modules', INNER), { throwIfNoEntry: false }) !==
          undefined,
    );
  }

  function publishNaming(specifier: string, kind = 'dependencies'): void {
    bench.registry.publish({ name: SUBJECT, manifest: { [kind]: { [INNER]: specifier } } });
  }

  async function expectRefusal(args: readonly string[]): Promise<void> {
    const result = await pnpm(bench, args);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(printed(result)).toContain('only the project and its workspaces may name');
    expect(isTaken()).toBe(false);
  }

  describe.each(chosen.map((form) => ({ form, text: form('/outside') })))('$text', ({ form }) => {
    test.each(['dependencies', 'optionalDependencies'])('is refused among %s', async (kind) => {
      publishNaming(form(outside), kind);
      declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
      await expectRefusal(FRESH);
    });

    test('is refused in a lockfile', async () => {
      publishNaming(form(outside));
      declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
      await unguarded(bench, FRESH);
      expect(isTaken()).toBe(true);
      forget(bench, 'modules');
      await expectRefusal(FROZEN);
    });
  });

  test('is refused of a tarball by URL and of a repository', async () => {
    const manifest = { dependencies: { [INNER]: `link:${outside}` } };
    const { spec } = makeGitRepo(join(bench.sandbox.root, 'repository'), {
      'package.json': { name: SUBJECT, version: '1.0.0', ...manifest },
    });
    for (const specifier of [
      bench.registry.file('subject.tgz', tgz({ name: SUBJECT, manifest })),
      spec,
    ]) {
      declare(bench, { dependencies: { [SUBJECT]: specifier } });
      await unguarded(bench, FRESH);
      forget(bench, 'modules');
      await expectRefusal(FROZEN);
      forget(bench, 'lockfile');
      const result = await pnpm(bench, FRESH);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      // pnpm 12 shows no hook whose dependencies these are before it has linked.
      expect(isTaken()).toBe(name === 'pnpm-12');
      forget(bench, 'lockfile', 'modules');
    }
  });

  interface Words {
    /** What the published package asks for. */
    readonly inner: string;
    readonly settings?: string;
    readonly manifest?: object;
    /** Dependencies of the project in a folder. */
    readonly inside?: object;
  }
  const words: Record<string, () => Words> = {
    'an override': () => ({
      inner: '1.0.0',
      settings: `overrides:\n  ${INNER}: link:../outside\n`,
    }),
    'an override that repairs a package': () => ({
      inner: `file:${outside}/missing`,
      settings: `overrides:\n  '${SUBJECT}>${INNER}': 1.0.0\n`,
    }),
    'a package extension': () => ({
      inner: '1.0.0',
      settings: `packageExtensions:\n  ${SUBJECT}:\n    dependencies:\n      other: file:../outside\n`,
    }),
    'its own dependencies': () => ({
      inner: '1.0.0',
      manifest: { linked: 'link:../outside', copied: 'file:../outside', inside: 'file:./inside' },
    }),
    'an override, for a project in a folder': () => ({
      inner: '1.0.0',
      settings: `packages: [inside]\noverrides:\n  ${INNER}: link:../outside\n`,
      inside: { [SUBJECT]: '1.0.0' },
    }),
    'its workspace': () => ({
      inner: '^9.0.0',
      settings: 'packages: [inside]\nlinkWorkspacePackages: deep\n',
    }),
  };
  test.each(Object.entries(words))('is taken where the project says it: %s', async (_, word) => {
    const { inner, settings = '', manifest = {}, inside = {} } = word();
    publishNaming(inner);
    bench.registry.publish({ name: INNER });
    bench.sandbox.write({
      [SETTINGS]: `${EXOTIC}${settings}`,
      'inside/package.json': { name: INNER, version: '9.0.0', dependencies: inside },
    });
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0', ...manifest } });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0, timedOut: false });
    forget(bench, 'modules');
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0, timedOut: false });
  });
});
