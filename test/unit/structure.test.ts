import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const core = join(root, 'packages/core/src');
const maxLines = 300;

/**
 * For each folder of the core, the other folders it may import from. Bytes become entries, entries a
 * package, then findings, a verdict, a report; nothing looks ahead. Files at the top are shared
 * vocabulary (limits, errors, printable), except those that join everything, which only the host may call.
 */
const mayImport: Record<string, readonly string[]> = {
  decompress: [],
  archive: ['decompress'],
  package: ['archive', 'decompress'],
  rules: ['package', 'archive', 'decompress'],
  policy: ['rules', 'verdict'],
  verdict: ['rules', 'policy'],
  report: ['rules', 'policy', 'verdict', 'package', 'archive'],
  host: ['rules', 'policy', 'verdict', 'report', 'package', 'archive', 'decompress'],
};
const joining = [
  'index.ts',
  'inspect.ts',
  'inspect-keeping.ts',
  'inspect-options.ts',
  'inspect-zip.ts',
  'judge.ts',
  'judge-contents.ts',
];

/** Words of a later stage that an earlier one may use as types, never as values. */
const mayImportTypes: Record<string, readonly string[]> = {
  decompress: ['archive'],
  rules: ['policy', 'verdict'],
};

/** Node modules that reach outside of the process. */
const reachesOut =
  /^(?:node:)?(?:fs|fs\/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|os)$/;

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
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
    typeOnly: /^\s*(?:import|export)\s+type\b/.test(match[0]),
  }));
}

/** The path of an imported file inside the core, or undefined for a package or a builtin. */
function insideCore({ from, target }: Import): string | undefined {
  if (!target.startsWith('.')) return undefined;
  return relative(core, resolve(core, dirname(from), target))
    .split(sep)
    .join('/');
}

const folderOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '');

const coreImports = sourceFiles(core).flatMap(importsOf);

describe('the core', () => {
  it('has imports to look at', () => {
    expect(coreImports.length).toBeGreaterThan(20);
  });

  it('has only folders whose place in the flow is known', () => {
    const folders = readdirSync(core, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(Object.keys(mayImport)).toEqual(
      expect.arrayContaining(folders.map((entry) => entry.name)),
    );
  });

  it('passes data one way', () => {
    const against = coreImports.flatMap((one) => {
      const target = insideCore(one);
      const from = folderOf(one.from);
      if (target === undefined || from === '') return [];
      const to = folderOf(target);
      if (to === from) return [];
      const allowed =
        to === ''
          ? !joining.includes(target) || from === 'host'
          : mayImport[from]?.includes(to) || (one.typeOnly && mayImportTypes[from]?.includes(to));
      return allowed ? [] : [`${one.from} imports ${target}`];
    });
    expect(against).toEqual([]);
  });

  it('imports no file from outside of its folder', () => {
    const outside = coreImports.filter((one) => insideCore(one)?.startsWith('..'));
    expect(outside).toEqual([]);
  });

  it('touches disk, network and processes in host/ only', () => {
    const reaching = coreImports.filter(
      (one) => reachesOut.test(one.target) && folderOf(one.from) !== 'host',
    );
    expect(reaching).toEqual([]);
  });
});

describe('adapters', () => {
  it.each(['npm-wrapper', 'pnpm-hook', 'yarn-plugin', 'cli'])(
    '%s takes nothing from the core but its public entries',
    (name) => {
      const inner = sourceFiles(join(root, 'packages', name, 'src'))
        .flatMap(importsOf)
        .filter(({ target }) => /core\/src|@tarwarden\/core\/(?!host$)/.test(target));
      expect(inner).toEqual([]);
    },
  );
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
