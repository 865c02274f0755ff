import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const core = join(root, 'packages/core/src');
const maxLines = 300;

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

/** Packages of the workspace by what they may import of it. */
const packages: Record<string, readonly string[]> = {
  core: [],
  confine: ['guarded-run', 'host', 'settings'],
  doctor: ['core', 'guarded-run', 'host', 'lockfiles', 'settings'],
  settings: ['core', 'host'],
  'guarded-run': ['core', 'host'],
  host: ['core', 'verdicts'],
  verdicts: ['core'],
  'verdict-server': ['host', 'verdicts'],
  'registry-gateway': ['core', 'go-gateway', 'guarded-run', 'host', 'verdict-server', 'verdicts'],
  sweep: ['core', 'host', 'verdict-server', 'verdicts'],
  'verdaccio-plugin': ['guarded-run', 'host', 'registry-gateway'],
  lockfiles: ['core'],
  audit: ['core', 'go-gateway', 'host', 'lockfiles', 'settings'],
  views: ['core'],
  'bun-wrapper': ['audit', 'core', 'guarded-run', 'host', 'lockfiles', 'settings'],
  'go-gateway': ['core', 'guarded-run', 'host', 'settings'],
  'inspection-service': ['core', 'guarded-run', 'host'],
  'gem-hook': ['guarded-run', 'inspection-service', 'settings'],
  'npm-wrapper': ['core', 'guarded-run', 'host', 'settings'],
  'pnpm-hook': ['core', 'guarded-run', 'host', 'settings'],
  'pip-hook': ['core', 'guarded-run', 'inspection-service', 'settings'],
  'pnpm-wrapper': ['guarded-run', 'settings'],
  'yarn-classic-wrapper': ['core', 'guarded-run', 'host', 'settings'],
  'yarn-plugin': ['core', 'guarded-run', 'host'],
  cli: [
    'audit',
    'bun-wrapper',
    'confine',
    'core',
    'doctor',
    'gem-hook',
    'go-gateway',
    'guarded-run',
    'host',
    'npm-wrapper',
    'pip-hook',
    'pnpm-wrapper',
    'registry-gateway',
    'settings',
    'sweep',
    'verdaccio-plugin',
    'verdict-server',
    'verdicts',
    'views',
    'yarn-classic-wrapper',
  ],
};
/** What adapters may take of the core beside its index: words for people, and no reader or rule. */
const forAdapters = /^@tarwarden\/core(?:\/(?:limits|metadata|npm|policy|report|text))?$/;

describe('packages', () => {
  it('are all known', () => {
    expect(readdirSync(join(root, 'packages')).toSorted()).toEqual(
      Object.keys(packages).toSorted(),
    );
  });

  it.each(Object.entries(packages))(
    '%s imports what it may of the others, by name',
    (name, allowed) => {
      const imports = sourceFiles(join(root, 'packages', name, 'src')).flatMap(importsOf);
      const against = imports.filter(({ from, target }) => {
        const other = /^@tarwarden\/([a-z-]+)/.exec(target)?.[1];
        // An entry point of its own is imported by name, so that a bundle may load it later.
        if (other !== undefined) return other !== name && !allowed.includes(other);
        const to = relative(join(root, 'packages', name), resolve(core, dirname(from), target));
        return target.startsWith('.') && to.startsWith('..');
      });
      expect(imports.length).toBeGreaterThan(0);
      expect(against).toEqual([]);
    },
  );

  it.each([
    'bun-wrapper',
    'doctor',
    'gem-hook',
    'go-gateway',
    'inspection-service',
    'npm-wrapper',
    'pip-hook',
    'pnpm-hook',
    'verdaccio-plugin',
    'yarn-classic-wrapper',
    'yarn-plugin',
    'cli',
  ])('%s reads and inspects nothing by itself', (name) => {
    const inner = sourceFiles(join(root, 'packages', name, 'src'))
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('@tarwarden/core') && !forAdapters.test(target));
    expect(inner).toEqual([]);
  });
});

describe('source files', () => {
  it(`have at most ${maxLines} lines`, () => {
    const long = ['packages', 'scripts', 'bench', 'test']
      .flatMap((folder) => sourceFiles(join(root, folder)))
      .map((file) => ({
        file: relative(root, file),
        lines: readFileSync(file, 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > maxLines);
    expect(long).toEqual([]);
  });
});
