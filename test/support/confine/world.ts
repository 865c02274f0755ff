/** A sandbox with a package whose install script tries what it must not, and what came of it. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Result } from '../execute.ts';
import { repository, run, runBeside, type ManagerName } from '../managers.ts';
import { startRegistry, type Registry } from '../registry.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';
import { tgz } from '../pkg.ts';

export const CLI: string = join(repository, 'packages/cli/bin/tarwarden.js');
/** The package that tries, and one that does what packages do. */
export const PROBE = 'tarwarden-probe';
export const PLAIN = 'tarwarden-plain';
const TOKEN = 'secret-of-the-user';

/** Notes what came of each attempt, for one kind of script. */
const SCRIPT = String.raw`
const fs = require('node:fs'), net = require('node:net'), os = require('node:os'), path = require('node:path');
const { HOME } = process.env;
const { root, project, cache, verdicts, port } = JSON.parse(fs.readFileSync(path.join(__dirname, 'at'), 'utf8'));
const found = {};
const attempt = (name, action) => {
  try { found[name] = String(action() ?? 'done'); } catch (error) { found[name] = error.code ?? error.message; }
};
const write = (file) => () => fs.writeFileSync(file, 'x');
attempt('home', write(path.join(HOME, 'evil')));
attempt('outside', write(path.join(root, 'sentinel-evil')));
attempt('cache', write(path.join(cache, 'evil')));
attempt('verdicts', write(path.join(verdicts, 'evil')));
attempt('npmrc', () => (fs.readFileSync(path.join(HOME, '.npmrc'), 'utf8').includes('${TOKEN}') ? 'done' : 'without'));
attempt('token', () => (process.env.NODE_AUTH_TOKEN === '${TOKEN}' ? 'done' : 'without'));
attempt('own', write(path.join(__dirname, 'built')));
attempt('temporary', write(path.join(os.tmpdir(), 'x')));
const end = (result) => {
  found.tcp = result;
  fs.writeFileSync(path.join(project, process.argv[2] + '.noted'), JSON.stringify(found));
};
net.connect(port, '127.0.0.1').on('connect', () => { end('done'); process.exit(); }).on('error', (error) => end(error.code));
`;

export interface ConfineWorld {
  readonly sandbox: Sandbox;
  readonly registry: Registry;
  /** "tarwarden CLIENT ARGS", as a user would. */
  tarwarden(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Result>;
  /** The same without tarwarden. */
  bare(args: readonly string[]): Promise<Result>;
  /** What a script noted: `package` or `project`. */
  noted(script: 'package' | 'project'): Readonly<Record<string, string>> | undefined;
  /** Whether a script of the plain package ran. */
  plainRan(): boolean;
  /** Takes an install away. */
  clean(): void;
  dispose(): Promise<void>;
}

export async function confineWorld(manager: ManagerName): Promise<ConfineWorld> {
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url, project: {} });
  const { root, project } = sandbox;
  const server = await listening();
  const verdicts = join(root, 'xdg/cache/tarwarden');
  const caches = {
    npm: sandbox.npmCache,
    pnpm: sandbox.pnpmStore,
    yarn: manager === 'yarn-1' ? join(root, 'xdg/cache/yarn') : sandbox.yarnGlobal,
    // What the guard has unpacked for it: bun's own cache is not used.
    bun: join(verdicts, 'bun/trees'),
  };
  const client = manager.split('-')[0] as keyof typeof caches;
  const at = {
    root,
    project,
    cache: caches[client],
    verdicts,
    port: (server.address() as { port: number }).port,
  };
  // Where they are before any install, so that only a wall is in the way.
  for (const folder of [at.cache, at.verdicts]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = { 'script.js': SCRIPT, at: JSON.stringify(at) };
  const scripts = { postinstall: 'node script.js package' };
  registry.publish({
    name: PROBE,
    manifest: { scripts },
    tgz: tgz({ name: PROBE, manifest: { scripts }, files }),
  });
  const plain = { postinstall: "node -e \"require('fs').writeFileSync('built', '')\"" };
  registry.publish({
    name: PLAIN,
    manifest: { scripts: plain },
    tgz: tgz({ name: PLAIN, manifest: { scripts: plain } }),
  });
  sandbox.npmrc(`//registry.example/:_authToken=${TOKEN}`);
  sandbox.write({
    'package.json': {
      name: 'project',
      version: '1.0.0',
      dependencies: { [PROBE]: '1.0.0', [PLAIN]: '1.0.0' },
      scripts: { postinstall: 'node script.js project' },
      trustedDependencies: [PROBE, PLAIN],
      allowScripts: { [PROBE]: true, [PLAIN]: true },
    },
    ...files,
    'pnpm-workspace.yaml': `onlyBuiltDependencies: [${PROBE}, ${PLAIN}]\nallowBuilds: {${PROBE}: true, ${PLAIN}: true}\nminimumReleaseAge: 0\n`,
    '.yarnrc.yml':
      'nodeLinker: node-modules\nenableScripts: true\nnpmAuthToken: "${NODE_AUTH_TOKEN}"\n',
    ...(client === 'yarn' && { 'yarn.lock': '' }),
    // A variable that scripts do not get, as every project in CI has it.
    '.npmrc': '//registry.example/:_authToken=${NODE_AUTH_TOKEN}\n',
  });
  const options = (env: NodeJS.ProcessEnv = {}): { sandbox: Sandbox; env: NodeJS.ProcessEnv } => ({
    sandbox,
    env: { NODE_AUTH_TOKEN: TOKEN, ...env },
  });
  return {
    sandbox,
    registry,
    tarwarden: async (args, env) => runBeside(manager, CLI, args, options(env)),
    bare: async (args) => run(manager, args, options()),
    noted(script) {
      const file = join(project, `${script}.noted`);
      return existsSync(file)
        ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
        : undefined;
    },
    plainRan: () => existsSync(join(project, 'node_modules', PLAIN, 'built')),
    clean() {
      for (const name of ['node_modules', 'package.noted', 'project.noted'])
        rmSync(join(project, name), { recursive: true, force: true });
    },
    async dispose() {
      server.close();
      sandbox.dispose();
      await registry.close();
    },
  };
}

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
