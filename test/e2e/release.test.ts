/** What a release publishes: complete, described, checked, and as good as the checkout that it is made of. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract, list } from 'tar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schemaProblems } from '../../scripts/release/sbom.mjs';
import { execute, type Result } from '../support/execute.ts';
import { envFor, repository, run } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { startRegistry } from '../support/registry.ts';
import { makeRelease } from '../support/release.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { trialPackage } from '@tarwarden/guard/trial-archives';

const { version } = JSON.parse(
  readFileSync(join(repository, 'packages/cli/package.json'), 'utf8'),
) as { version: string };

let release: string;
/** An empty folder, into which the tarballs of both products were installed. */
let installed: string;
let sandbox: Sandbox;

beforeAll(async () => {
  release = await makeRelease();
  installed = mkdtempSync(join(tmpdir(), 'tarwarden-installed-'));
  const installing = makeSandbox();
  const tarballs = ['tarwarden', 'tarwarden-server'].map((name) =>
    join(release, `${name}-${version}.tgz`),
  );
  const { code, stderr } = await run('npm-10', ['install', '--offline', '--no-save', ...tarballs], {
    sandbox: installing,
    cwd: installed,
  });
  installing.dispose();
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => {
  for (const folder of [release, installed]) rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  sandbox = makeSandbox();
});
afterEach(() => sandbox.dispose());

const read = (name: string): string => readFileSync(join(release, name), 'utf8');
const sha512 = (name: string): string =>
  createHash('sha512')
    .update(readFileSync(join(release, name)))
    .digest('hex');

async function entriesOf(name: string): Promise<string[]> {
  const paths: string[] = [];
  await list({ file: join(release, name), onReadEntry: (entry) => void paths.push(entry.path) });
  return paths.map((path) => path.replace(/^package\//, '')).toSorted();
}

describe('a release', () => {
  const packages = [
    `pnpm-plugin-tarwarden-${version}.tgz`,
    `tarwarden-${version}.tgz`,
    `tarwarden-core-${version}.tgz`,
    `tarwarden-server-${version}.tgz`,
  ];

  it('is these files, each with its SHA-512', () => {
    const listed = [
      'CHANGELOG.md',
      'plugin-tarwarden.cjs',
      packages[0]!,
      `tarwarden-${version}.cdx.json`,
      ...packages.slice(1),
      'tested-with.md',
    ];
    expect(readdirSync(release).toSorted()).toEqual(
      [...listed, 'SHA512SUMS', 'plugin-tarwarden.cjs.sha512', 'pnpm-hook'].toSorted(),
    );
    expect(read('SHA512SUMS')).toBe(listed.map((name) => `${sha512(name)}  ${name}\n`).join(''));
    expect(read('plugin-tarwarden.cjs.sha512')).toBe(
      `${sha512('plugin-tarwarden.cjs')}  plugin-tarwarden.cjs\n`,
    );
  });

  it.each(packages)('%s has what npm shows of it', async (name) => {
    const entries = await entriesOf(name);
    expect(entries).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const unpacked = mkdtempSync(join(sandbox.root, 'unpacked-'));
    await extract({ file: join(release, name), cwd: unpacked, strip: 1 });
    const readme = readFileSync(join(unpacked, 'README.md'), 'utf8');
    expect(readme).not.toMatch(/\]\(\.\.?\//);
    expect(readme).toContain(`/blob/v${version}/`);
  });

  it('has the hook as a folder, with what is in its tarball', async () => {
    const hook = join(release, 'pnpm-hook');
    const files = readdirSync(hook, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(hook, path)).isFile())
      .map((path) => path.replaceAll('\\', '/'));
    expect(files.toSorted()).toEqual(await entriesOf(packages[0]!));
    expect(files).toContain('pnpmfile.cjs');
  });

  it('has a valid bill of materials, of the packages whose licences it brings', async () => {
    const text = read(`tarwarden-${version}.cdx.json`);
    expect(await schemaProblems(text)).toBeNull();
    const { dependencies } = JSON.parse(text) as {
      dependencies: { ref: string; dependsOn?: string[] }[];
    };
    for (const [ref, file] of [
      [
        `tarwarden@${version}`,
        join(installed, 'node_modules/tarwarden/bin/THIRD-PARTY-LICENSES.txt'),
      ],
      [
        `tarwarden-server@${version}`,
        join(installed, 'node_modules/tarwarden-server/bin/THIRD-PARTY-LICENSES.txt'),
      ],
      [
        `pnpm-plugin-tarwarden@${version}`,
        join(release, 'pnpm-hook/dist/THIRD-PARTY-LICENSES.txt'),
      ],
    ] as const) {
      const licences = readFileSync(file, 'utf8').matchAll(/^(@?[\w./-]+) (\d+\.\d+\.\d+) \(/gm);
      const named = [...licences].map(([, name, version]) => `${name}@${version}`);
      const held = dependencies.find((one) => one.ref === ref)?.dependsOn ?? [];
      expect(held.length).toBeGreaterThan(10);
      expect(named.toSorted()).toEqual(held.toSorted());
    }
  });
});

describe('the guard', () => {
  const bundled = (): string[] =>
    [
      ...readFileSync(
        join(installed, 'node_modules/tarwarden/bin/THIRD-PARTY-LICENSES.txt'),
        'utf8',
      ).matchAll(/^(@?[\w./-]+) \d+\.\d+\.\d+ \(/gm),
    ].map(([, name]) => name!);

  it('has packages of others that docs/bundled-packages.md gives a reason for, each once', () => {
    const page = readFileSync(join(repository, 'docs/bundled-packages.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(.+?)` \| (.{15,}) \|$/gm)].map(([, name]) => name!);
    expect(bundled().toSorted()).toEqual(rows.toSorted());
  });

  it('has at most 45 of them, and none that only a server needs', () => {
    const ofServers = /^(?:@opentelemetry\/|bullmq$|ioredis$|pino|prom-client$|undici$)/;
    expect(bundled().length).toBeLessThanOrEqual(45);
    expect(bundled().filter((name) => ofServers.test(name))).toEqual([]);
  });

  it.each(['tarwarden', 'tarwarden-server'])('has a manual page of %s', (name) => {
    const folder = join(installed, 'node_modules', name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      man: string[];
    };
    expect(manifest.man).toEqual([`./bin/${name}.1`]);
    expect(readFileSync(join(folder, manifest.man[0]!), 'utf8')).toMatch(/^\.TH TARWARDEN/);
  });

  it('takes at most 9 MB once it is installed', () => {
    const folder = join(installed, 'node_modules/tarwarden');
    const bytes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => statSync(join(folder, path)))
      .reduce((sum, facts) => sum + (facts.isFile() ? facts.size : 0), 0);
    expect(bytes).toBeLessThanOrEqual(9_000_000);
  });
});

describe('nobody publishes by a slip', () => {
  /** A plain `npm publish` by somebody who may: nothing gets to the registry. */
  async function publish(args: readonly string[], cwd: string): Promise<string> {
    const registry = await startRegistry();
    sandbox.npmrc(`registry=${registry.url}/\n${registry.url.replace('http:', '')}/:_authToken=x`);
    const { code, stderr } = await run('npm-10', ['publish', ...args], { sandbox, cwd });
    expect(code).not.toBe(0);
    expect(registry.log.filter(({ method }) => method === 'PUT')).toEqual([]);
    await registry.close();
    return stderr;
  }

  it.each(['cli', 'core', 'pnpm-hook', 'server', 'yarn-plugin'])(
    'packages/%s is private',
    async (name) => {
      expect(await publish([], join(repository, 'packages', name))).toContain('EPRIVATE');
    },
  );

  it('a packed one is not published without provenance', async () => {
    const file = join(release, `tarwarden-${version}.tgz`);
    expect(await publish([file], sandbox.project)).toMatch(/provenance/);
  });

  it('the script publishes nothing', async () => {
    const script = join(repository, 'scripts/release.mjs');
    const env = envFor('pnpm-12', { sandbox });
    for (const args of [[], ['--publish'], ['--dry-run', 'a', 'b']]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { code, stderr } = await execute(process.execPath, [script, ...args], {
        cwd: sandbox.project,
        env,
      });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^usage: release --dry-run\|--for-publication/);
    }
  });
});

const PROGRAMS = [
  ['the checkout', () => join(repository, 'packages/cli/bin/tarwarden.js')],
  ['the packed tool', () => join(installed, 'node_modules/.bin/tarwarden')],
] as const;

describe.each(PROGRAMS)('smoke test of %s', (_, program) => {
  async function tarwarden(...args: string[]): Promise<Result> {
    sandbox.command('tarwarden', program());
    return execute(join(sandbox.bin, 'tarwarden'), args, {
      cwd: sandbox.project,
      env: envFor('npm-10', { sandbox }),
    });
  }

  it('runs on its own', async () => {
    expect(existsSync(program())).toBe(true);
    expect(await tarwarden('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(await tarwarden('scan', '--help')).toMatchObject({ code: 0 });
    expect((await tarwarden('completion', 'bash')).stdout).toContain('complete -F _tarwarden');
    expect((await tarwarden('rules', 'symlink')).stdout).toMatch(/^error {3}symlink\n\n.+/);
  });

  it('inspects, explains and unpacks', async () => {
    writeFileSync(join(sandbox.project, 'good.tgz'), tgz({ name: 'good' }));
    writeFileSync(join(sandbox.project, 'bad.tgz'), trialPackage('bad', 'canary').bytes);
    expect(await tarwarden('scan', 'good.tgz')).toMatchObject({ code: 0 });
    expect(await tarwarden('scan', 'good.tgz', 'bad.tgz')).toMatchObject({ code: 1 });
    const explained = await tarwarden('explain', 'bad.tgz');
    expect(explained.code).toBe(1);
    expect(explained.stdout).toContain('symlink');
    expect(await tarwarden('unpack', 'good.tgz', 'good')).toMatchObject({ code: 0 });
    expect(existsSync(join(sandbox.project, 'good/package.json'))).toBe(true);
    expect(await tarwarden('unpack', 'bad.tgz', 'bad')).toMatchObject({ code: 1 });
    expect(existsSync(join(sandbox.project, 'bad'))).toBe(false);
  });

  it('guards npm by its shims', async () => {
    const shims = await tarwarden('shims', join(sandbox.root, 'shims'), '--manager', 'npm');
    expect(shims).toMatchObject({ code: 0 });
    const env = envFor('npm-10', { sandbox });
    env['PATH'] = `${shims.stdout.trim()}:${env['PATH'] ?? ''}`;
    const verified = await execute(join(sandbox.bin, 'tarwarden'), ['verify', '--manager', 'npm'], {
      cwd: sandbox.project,
      env,
    });
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(/^guarded +npm/m);
  });
});
