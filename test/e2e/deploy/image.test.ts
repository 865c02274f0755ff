/*
 * The image of the Dockerfile, built and started without a daemon: buildah runs its steps in a changed root. No registry of images can be
 * reached here, so its base is made of the Node of this machine. Where buildah is missing or may not do this, the test says so and is skipped.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../support/programs.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { freePort } from '../../support/servers.ts';
import { repository } from '../../support/managers.ts';

const deploy = join(repository, 'packages/server/deploy');
const BASE = 'localhost/tarwarden-base';
const IMAGE = 'localhost/tarwarden-server';

interface Image {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly [string, ...string[]];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck: { readonly Test: readonly [string, ...string[]] };
}

let folder: string;
/** The reason if the image cannot be made on this machine. */
let missing: string | undefined;
let image: Image;

/** buildah with storage below the folder of this test. @throws Error with what it said. */
function buildah(...[command, ...args]: readonly [string, ...string[]]): string {
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(folder, 'root'),
    '--runroot',
    join(folder, 'run'),
  ];
  const { status, stdout, stderr, error } = spawnSync('buildah', [...storage, command, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`buildah ${command}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  return stdout.trim();
}

/** Limits that are no higher than those of this process: it may not raise them. */
function limits(): string[] {
  const all = readFileSync('/proc/self/limits', 'utf8');
  const limit = (name: string): string => {
    const [, soft, hard] = new RegExp(`^Max ${name} +(\\S+) +(\\S+)`, 'm').exec(all)!;
    return `${soft}:${hard}`.replaceAll('unlimited', '-1');
  };
  return [`--ulimit=nofile=${limit('open files')}`, `--ulimit=nproc=${limit('processes')}`];
}

/** The Node of this machine with its libraries, and nothing else: no shell, no npm. */
function writeBase(context: string): void {
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(
    /\/\S+/g,
  );
  const files = [...libraries].map(([file]) => [file, file] as const);
  for (const [from, to] of [[process.execPath, '/usr/bin/node'] as const, ...files]) {
    const target = join(context, 'files', to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from, target, { dereference: true });
  }
  writeFileSync(
    join(context, 'Dockerfile'),
    'FROM scratch\nCOPY files/ /\nRUN ["node", "--version"]\n',
  );
}

function build(): Image {
  const context = join(folder, 'base');
  writeBase(context);
  const common = ['--isolation', 'chroot', '--network', 'host', '--format', 'docker', ...limits()];
  buildah('build', ...common, '--tag', BASE, context);
  const own = join(folder, 'context');
  cpSync(deploy, own, { recursive: true });
  for (const name of readdirSync(own)) if (name.endsWith('.tgz')) rmSync(join(own, name));
  const server = join(repository, 'packages/server');
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', own], {
    cwd: server,
  });
  buildah(
    'build',
    ...common,
    '--build-arg',
    `BASE=${BASE}`,
    '--build-arg',
    'VERSION=9.8.7',
    '--tag',
    IMAGE,
    own,
  );
  const all = JSON.parse(buildah('inspect', '--type', 'image', IMAGE)) as {
    readonly Docker: { readonly config: Image };
  };
  return all.Docker.config;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-image-'));
  if (findProgram('buildah') === undefined) missing = 'buildah is not installed';
  else if (process.getuid?.() !== 0) missing = 'only root may change the root folder';
  else
    try {
      image = build();
    } catch (error) {
      // A Dockerfile that cannot be built is a failure. A machine on which not even the base can be built is not.
      if (existsSync(join(folder, 'context'))) throw error;
      missing = (error as Error).message;
    }
  if (missing !== undefined) console.warn(`the image is not tested: ${missing}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly url: string;
  readonly root: string;
  readonly end: () => Promise<void>;
}

/** Starts the gateway of the image as its own user, with the network of this machine. */
async function start(upstream: string): Promise<Running> {
  const container = buildah('from', ...limits(), '--network', 'host', IMAGE);
  const port = await freePort();
  const options = ['gateway', '--upstream', upstream, '--listen', `127.0.0.1:${port}`];
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(folder, 'root'),
    '--runroot',
    join(folder, 'run'),
  ];
  const child = spawn(
    'buildah',
    [...storage, 'run', '--isolation', 'chroot', container, '--', ...image.Entrypoint, ...options],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(async () =>
      fetch(`${url}/-/tarwarden/readyz`).then(
        ({ status }) => status,
        () => child.exitCode ?? 0,
      ),
    )
    .toBe(200);
  return {
    url,
    root: buildah('mount', container),
    end: async () => {
      const exit = once(child, 'exit');
      for (const pid of below(child)) process.kill(pid, 'SIGTERM');
      await exit;
      buildah('rm', container);
    },
  };
}

/** The processes that one started, and those that they started; the last ones first. */
function below({ pid }: ChildProcess): number[] {
  // Each thread has children of its own.
  const children = (parent: number): number[] =>
    readdirSync(`/proc/${parent}/task`).flatMap((thread) =>
      readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  const all = (parent: number): number[] =>
    children(parent).flatMap((child) => [...all(child), child]);
  return all(pid!).slice(0, 1);
}

/** Files and folders that belong to a user, below a folder. */
function ownedBy(uid: number, root: string, path = ''): string[] {
  return readdirSync(join(root, path)).flatMap((name) => {
    const inner = `${path}/${name}`;
    const { uid: owner } = statSync(join(root, inner));
    if (owner === uid) return [inner];
    return statSync(join(root, inner)).isDirectory() ? ownedBy(uid, root, inner) : [];
  });
}

describe('the image', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
    registry.publish({ name: 'clean', tgz: tgz({ name: 'clean' }) });
    registry.publish({ name: 'hostile', tgz: payload('hostile') });
  });
  afterAll(async () => registry.close());

  it('says what it is, and runs as an ordinary user', ({ skip }) => {
    skip(missing !== undefined, missing);
    expect(image.User).toBe('1000:1000');
    expect(image.Labels).toMatchObject({
      'org.opencontainers.image.title': 'tarwarden-server',
      'org.opencontainers.image.version': '9.8.7',
    });
    expect(image.Healthcheck.Test.slice(0, 2)).toEqual(['CMD', 'node']);
  });

  it('starts without a shell, is ready, refuses a hostile tarball, sends a clean one, and ends when it is told', async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    const { url, root, end } = await start(registry.url);
    try {
      expect(existsSync(join(root, 'bin/sh'))).toBe(false);
      const get = async (name: string): Promise<number> =>
        (await fetch(`${url}/${name}/-/${name}-1.0.0.tgz`)).status;
      expect(await get('hostile')).toBe(403);
      expect(await get('clean')).toBe(200);
      const [program, ...args] = image.Healthcheck.Test.slice(1) as [string, ...string[]];
      const asked = args.map((arg) => arg.replace('http://127.0.0.1:4873', url));
      expect(spawnSync(program, asked).status).toBe(0);
      expect(
        spawnSync(
          program,
          args.map((arg) => arg.replace('4873', '9')),
        ).status,
      ).toBe(1);
      expect(ownedBy(1000, root).toSorted()).toEqual([
        '/var/cache/tarwarden',
        '/var/cache/tarwarden-archives',
        '/var/lib/tarwarden',
        '/var/tmp/tarwarden',
      ]);
    } finally {
      await end();
    }
  });
});
