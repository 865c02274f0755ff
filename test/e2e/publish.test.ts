/** `tarwarden npm publish` and its like inspect the archive that they are about to upload. The real clients, and a registry that keeps uploads. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attack } from '../support/attacks.ts';
import { makeGem } from '../support/gem/gems.ts';
import { system } from '../support/gem/rubies.ts';
import { rubyWorld } from '../support/gem/world.ts';
import { execute } from '../support/execute.ts';
import {
  repository,
  run,
  runBeside,
  type ManagerName,
  type Result,
  type RunOptions,
} from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { startUploadRegistry, type UploadRegistry } from '../support/upload-registry.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');
const PLUGIN = join(repository, 'packages/yarn-plugin/dist/plugin-tarwarden.cjs');
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** Yarn publishes no folder without one. */
const LOCKFILE = `__metadata:
  version: 10

"p@workspace:.":
  version: 0.0.0-use.local
  resolution: "p@workspace:."
  languageName: unknown
  linkType: soft
`;

interface Client {
  readonly manager: ManagerName;
  readonly args: readonly string[];
  /** Where it sends the package, if not to `/p`. */
  readonly path?: string;
  /** False if it publishes no file but only a folder, or if no file is tried. */
  readonly takesFiles?: boolean;
}

const CLIENTS: readonly Client[] = [
  { manager: 'npm-12', args: ['stage', 'publish'], path: '/-/stage/package/p' },
  // It has npm upload what it has packed.
  { manager: 'pnpm-10', args: ['publish', '--no-git-checks'], takesFiles: FULL },
  { manager: 'yarn-1', args: ['publish', '--new-version', '1.0.0'] },
  { manager: 'yarn-4', args: ['npm', 'publish'], takesFiles: false },
  ...(FULL
    ? ([
        { manager: 'npm-10', args: ['publish'] },
        { manager: 'npm-11', args: ['publish'] },
        { manager: 'npm-12', args: ['publish'] },
      ] as const satisfies readonly Client[])
    : []),
];

let registry: UploadRegistry;
let sandbox: Sandbox;
const at = (name: string): string => join(sandbox.project, name);

beforeAll(async () => {
  registry = await startUploadRegistry();
  sandbox = makeSandbox({ registry: registry.url });
  sandbox.npmrc(`//${new URL(registry.url).host}/:_authToken=secret`);
  sandbox.yarnrc('npmAuthToken: secret', `plugins: [${JSON.stringify(PLUGIN)}]`);
  const manifest = { name: 'p', version: '1.0.0', license: 'MIT' };
  for (const folder of ['good', 'twins']) {
    mkdirSync(at(folder));
    const files = { 'package.json': manifest, 'README.md': 'a\n', 'yarn.lock': LOCKFILE };
    sandbox.write(files, at(folder));
  }
  // No packer of a client leaves this out, and on Windows and macOS one file would overwrite the other.
  sandbox.write({ 'readme.md': 'b\n' }, at('twins'));
  writeFileSync(at('good/prebuilt.tgz'), tgz({ name: 'p' }));
  const link = attack('symlink-absolute').build({ name: 'p', target: sandbox.sentinel });
  writeFileSync(at('good/linked.tgz'), link);
});
afterAll(async () => {
  sandbox.assertSentinelUntouched();
  sandbox.dispose();
  await registry.close();
});
beforeEach(() => registry.uploads.splice(0));

async function guarded(
  { manager, args }: Client,
  folder: string,
  ...more: readonly string[]
): Promise<Result> {
  const options: RunOptions = { sandbox, cwd: at(folder) };
  if (/^yarn-[34]$/.test(manager)) return run(manager, [...args, ...more], options);
  const [command = ''] = manager.split('-');
  return runBeside(manager, TARWARDEN, [command, ...args, ...more], options);
}

describe.each(CLIENTS)('$manager $args', (client) => {
  const { path = '/p', takesFiles = true } = client;

  it('uploads nothing of a folder whose archive is refused', async () => {
    const { code, stdout, stderr } = await guarded(client, 'twins');
    expect(registry.uploads).toEqual([]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('tarwarden: refused to publish p@1.0.0');
    expect(stdout + stderr).toContain('Make an archive that everybody can install:');
  });

  it.runIf(takesFiles)('uploads an accepted archive byte for byte', async () => {
    const { code, stderr } = await guarded(client, 'good', './prebuilt.tgz');
    expect(stderr).not.toContain('tarwarden: ');
    expect(code).toBe(0);
    const bytes = readFileSync(at('good/prebuilt.tgz'));
    expect(registry.uploads.map((upload) => [upload.path, upload.archive.equals(bytes)])).toEqual([
      [path, true],
    ]);
  });

  it.runIf(takesFiles && (FULL || client.manager.endsWith('12')))(
    'uploads no archive that somebody else has packed with a link in it',
    async () => {
      const { code, stderr } = await guarded(client, 'good', './linked.tgz');
      expect(registry.uploads).toEqual([]);
      expect(code).toBe(1);
      expect(stderr).toContain('symlink');
    },
  );
});

it.each([
  ['pnpm-12', ['publish', '--no-git-checks']],
  ['bun', ['publish']],
] as const)(
  '%s packs and uploads in one step, so a warning says what to do',
  async (manager, args) => {
    const { code, stderr } = await guarded({ manager, args }, 'good');
    expect(code).toBe(0);
    expect(stderr).toContain('what it uploads is NOT inspected');
    expect(stderr).toContain('tarwarden scan FILE');
    expect(registry.uploads.map(({ path }) => path)).toEqual(['/p']);
  },
);

describe('a gem', { tags: ['ruby'] }, () => {
  it('is uploaded byte for byte if it is accepted, and not at all otherwise', async () => {
    const world = rubyWorld(system);
    try {
      const push = async (file: string): Promise<Result> => {
        const env = { ...world.env, GEM_HOST_API_KEY: 'secret', RUBYGEMS_HOST: registry.url };
        return execute(process.execPath, [TARWARDEN, 'gem', 'push', file], {
          cwd: world.sandbox.project,
          env,
        });
      };
      // `gem build --output` lets a maintainer choose the name of the file.
      const good = { ...makeGem({ name: 'good' }), fileName: 'pkg.gem' };
      expect(await push(world.put(good))).toMatchObject({ code: 0 });
      expect(registry.uploads.map(({ archive }) => archive.equals(good.bytes))).toEqual([true]);
      registry.uploads.splice(0);
      const { code, stdout, stderr } = await push(
        world.put(makeGem({ name: 'bad', hostile: true })),
      );
      expect(registry.uploads).toEqual([]);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain('tarwarden: refused to publish bad-1.0.0.gem');
    } finally {
      world.dispose();
    }
  });
});
