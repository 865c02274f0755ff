import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { packageSources } from '../../scripts/workspace.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Sources that read archives of other ecosystems. The rules about them are in the catalogue, by which a policy is read. */
const foreign =
  /^packages\/core\/src\/(?:formats\/(?:all|index|(?:gem|go-zip|sdist|wheel)\/(?:format|read|record|.*package))\.ts|metadata\/(?:gem-package|gemspec|go-module|pypi\/.*package)\.ts|metadata\/yaml\/)/;

/** What esbuild read and wrote for the files that are built of `entries`. */
async function built(entries: readonly string[]): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    outdir: 'never-written',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    alias: packageSources,
    external: ['@yarnpkg/*'],
  });
  return metafile;
}

/** Sources of which something is in the files that are built of `entries`. */
async function bundled(entries: readonly string[]): Promise<string[]> {
  const { outputs } = await built(entries);
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return [
    ...new Set(inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []))),
  ];
}

const sourcesOf = (name: string): string[] => {
  const folder = join(root, 'packages', name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join(folder, file));
};

describe('what a manager of npm’s ecosystem loads', () => {
  it.each(['npm-wrapper', 'pnpm-hook', 'yarn-classic-wrapper', 'yarn-plugin'])(
    '%s reads no archive of another ecosystem',
    async (name) => {
      const sources = await bundled(sourcesOf(name));
      expect(sources).toContain('packages/core/src/formats/npm-tarball/read.ts');
      expect(sources.filter((path) => foreign.test(path))).toEqual([]);
    },
  );

  // The command line imports the core when it needs it. A bundle that knows of that import keeps every part of the core.
  it.each(['npm-wrapper', 'pnpm-hook', 'yarn-classic-wrapper', 'yarn-plugin', 'bun-wrapper'])(
    '%s is built without a look at the command line',
    async (name) => {
      const { inputs } = await built(sourcesOf(name));
      const sources = Object.keys(inputs);
      expect(sources).toContain('packages/guard/src/run/node-files.ts');
      expect(sources).not.toContain('packages/guard/src/command-line/run-program.ts');
    },
  );

  it('would be seen to read one', async () => {
    const sources = await bundled(sourcesOf('pip-gem-hooks'));
    expect(sources.filter((path) => foreign.test(path)).length).toBeGreaterThan(5);
  });
});

describe('servers and their clients', () => {
  const heavy = /node_modules\/(?:bullmq|ioredis)\//;

  it.each([
    'npm-wrapper',
    'pnpm-hook',
    'yarn-classic-wrapper',
    'yarn-plugin',
    'bun-wrapper',
    'audit',
  ])('are not in what %s loads', async (name) => {
    const sources = await bundled(sourcesOf(name));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((path) => heavy.test(path))).toEqual([]);
  });

  /** The files of a command, as its build splits them. */
  async function filesOf(name: string): Promise<Metafile['outputs']> {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [join(root, 'packages', name, 'src/main.ts')],
      outdir: 'never-written',
      write: false,
      bundle: true,
      splitting: true,
      metafile: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'error',
      alias: packageSources,
    });
    return metafile.outputs;
  }

  it('are in no file of the guard’s command', async () => {
    const inputs = Object.values(await filesOf('cli')).flatMap((output) =>
      Object.keys(output.inputs),
    );
    const server = /^packages\/server\/|node_modules\/(?:bullmq|ioredis|pino|prom-client|undici)\//;
    expect(inputs.length).toBeGreaterThan(100);
    expect(inputs.filter((path) => server.test(path))).toEqual([]);
  });

  it('are in files of the server’s command that its start and other commands do not load', async () => {
    const outputs = await filesOf('server');
    const holds = (name: string): boolean =>
      Object.keys(outputs[name]!.inputs).some((path) => /node_modules\/bullmq\//.test(path));
    /** All that is loaded with an output before any of it runs. */
    const loadedWith = (name: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(name)) return seen;
      seen.add(name);
      for (const { kind, path } of outputs[name]!.imports)
        if (kind === 'import-statement' && path in outputs) loadedWith(path, seen);
      return seen;
    };
    const entries = Object.entries(outputs).flatMap(([name, { entryPoint }]) =>
      entryPoint !== undefined && [...loadedWith(name)].some(holds) ? [entryPoint] : [],
    );
    expect(entries).toEqual(['packages/server/src/commands/sweep/run.ts']);
  });
});
