import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const core = join(root, 'packages/core/src');

/**
 * The layers of the core, bottom first: a file may import from its own layer and from those before it, types as well as
 * values. Bytes become entries (containers), entries a tree, rules look at them by format, a policy weighs what they found,
 * `inspect` does all of it, and a report shows it.
 */
const layers = [
  'limits.ts',
  'errors.ts',
  'finding',
  'text',
  'containers',
  'tree',
  'metadata',
  'rules',
  'formats',
  'trees',
  'catalogue',
  'ruleset.ts',
  'policy',
  'inspect',
  'report',
  'index.ts',
  'npm.ts',
];

/** Node modules that reach outside of the process. */
const reachesOut =
  /^(?:node:)?(?:fs|fs\/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|os)$/;

interface Import {
  readonly from: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|mts|mjs|cjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](?:node_modules|dist|bin|corpus)[\\/]/.test(relative(root, file)));
}

function importsOf(file: string): Import[] {
  const pattern =
    /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map((match) => ({
    from: relative(core, file).split(sep).join('/'),
    target: match[1] ?? match[2] ?? match[3] ?? '',
  }));
}

/** The path of an imported file inside the core, or undefined for a package or a builtin. */
function insideCore({ from, target }: Import): string | undefined {
  if (!target.startsWith('.')) return undefined;
  return relative(core, resolve(core, dirname(from), target))
    .split(sep)
    .join('/');
}

const layerOf = (path: string): number => {
  const first = path.split('/')[0] ?? '';
  return layers.indexOf(first.startsWith('inspect') ? 'inspect' : first);
};

const coreImports = sourceFiles(core).flatMap(importsOf);

describe('the core', () => {
  it('has imports to look at', () => {
    expect(coreImports.length).toBeGreaterThan(20);
  });

  it('has only files and folders whose layer is known', () => {
    const unknown = readdirSync(core).filter((name) => layerOf(name) < 0);
    expect(unknown).toEqual([]);
  });

  it('passes data one way', () => {
    const against = coreImports.flatMap((one) => {
      const target = insideCore(one);
      if (target === undefined || target.startsWith('..')) return [];
      return layerOf(target) > layerOf(one.from) ? [`${one.from} imports ${target}`] : [];
    });
    expect(against).toEqual([]);
  });

  it('begins with words that need no other file', () => {
    const leaving = coreImports.filter((one) => {
      const target = insideCore(one);
      return (
        one.from.startsWith('finding/') && target !== undefined && !target.startsWith('finding/')
      );
    });
    expect(leaving).toEqual([]);
  });

  it('imports no file from outside of its folder', () => {
    const outside = coreImports.filter((one) => insideCore(one)?.startsWith('..'));
    expect(outside).toEqual([]);
  });

  it('touches neither disk nor network nor processes', () => {
    expect(coreImports.filter(({ target }) => reachesOut.test(target))).toEqual([]);
  });
});

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Folders in packages, and the folders of the packages that each one's package.json lists. */
const packages = new Map(
  readdirSync(join(root, 'packages')).map((name) => {
    const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
    const { dependencies, devDependencies } = JSON.parse(text) as Manifest;
    const listed = Object.keys({ ...dependencies, ...devDependencies });
    return [name, listed.flatMap((dependency) => /^@tarwarden\/(.+)/.exec(dependency)?.[1] ?? [])];
  }),
);
/** Packages that stand in the way of one client. */
const isAdapter = (name: string): boolean => /-(?:wrapper|hooks?|plugin|gateway)$/.test(name);
/** The commands: only they may import an adapter. */
const commands = ['cli', 'server'];
/** The subpaths of the core that an adapter may import: no reader and no rule. */
const forAdapters = /^@tarwarden\/core(?:\/(?:limits|metadata|npm|policy|report|text|trees))?$/;

/** The packages that a package needs, directly or through others. */
function needed(name: string, path: readonly string[] = []): string[] {
  if (path.includes(name)) return [name];
  const direct = packages.get(name) ?? [];
  return direct.flatMap((other) => [other, ...needed(other, [...path, name])]);
}

describe('packages', () => {
  it.each([...packages.keys()])('%s imports what its package.json lists, by name', (name) => {
    const imports = sourceFiles(join(root, 'packages', name, 'src')).flatMap(importsOf);
    const against = imports.filter(({ from, target }) => {
      const other = /^@tarwarden\/([a-z-]+)/.exec(target)?.[1];
      // A package may import its own subpath by name, so that a bundler puts it into a file of its own.
      if (other !== undefined) return other !== name && !packages.get(name)?.includes(other);
      const to = relative(join(root, 'packages', name), resolve(core, dirname(from), target));
      return target.startsWith('.') && to.startsWith('..');
    });
    expect(imports.length).toBeGreaterThan(0);
    expect(against).toEqual([]);
  });

  it.each([...packages.keys()])('%s does not need itself', (name) => {
    expect(needed(name)).not.toContain(name);
  });

  it('leave the adapters to the commands', () => {
    const edges = [...packages].flatMap(([name, others]) =>
      others.filter(isAdapter).map((adapter) => `${name} imports ${adapter}`),
    );
    expect(edges.length).toBeGreaterThan(5);
    expect(edges.filter((edge) => !commands.includes(edge.split(' ')[0] ?? ''))).toEqual([]);
  });

  it.each([...packages.keys()].filter((name) => isAdapter(name) || /^(?:cli|doctor)$/.test(name)))(
    '%s reads and inspects nothing by itself',
    (name) => {
      const inner = sourceFiles(join(root, 'packages', name, 'src'))
        .flatMap(importsOf)
        .filter(({ target }) => target.startsWith('@tarwarden/core') && !forAdapters.test(target));
      expect(inner).toEqual([]);
    },
  );
});

/** The parts of the server, and the other parts that each may import. `commands` starts all of them. */
const serverParts: Record<string, readonly string[]> = {
  configuration: ['gateway'],
  gateway: ['serving'],
  sweep: ['gateway', 'serving'],
  threads: ['gateway'],
};

it.each(Object.entries(serverParts))(
  'the server’s %s imports what it may of its other parts',
  (part, allowed) => {
    const folder = join(root, 'packages/server/src');
    const targets = sourceFiles(join(folder, part))
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('.'))
      .map(({ from, target }) => relative(folder, resolve(core, dirname(from), target)));
    const others = targets.map((path) => path.split(sep)[0]!).filter((other) => other !== part);
    expect(targets.length).toBeGreaterThan(0);
    expect([...new Set(others)].filter((other) => !allowed.includes(other))).toEqual([]);
  },
);
