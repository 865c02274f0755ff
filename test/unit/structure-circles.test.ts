import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

const STATIC = /^(?:import|export)\s(?!type\b)(?:[^;'"]*?\bfrom\s*)?'(\.[^']+)'/gm;
const TYPE = /^(?:import|export)\stype\b[^;'"]*?\bfrom\s*'(\.[^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'(\.[^']+)'\s*\)/g;

type Graph = ReadonlyMap<string, readonly string[]>;

/** The source files of a package with the files of it that each loads, by their paths below `packages`. */
function importsIn(name: string, patterns: readonly RegExp[]): Graph {
  const source = join(packages, name, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(source, file));
  const path = (file: string): string => relative(packages, file).split(sep).join('/');
  return new Map(
    files.map((file) => {
      const text = readFileSync(file, 'utf8');
      const targets = patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
      const resolved = targets.map(([, target = '']) => resolve(dirname(file), target));
      return [path(file), resolved.filter((target) => existsSync(target)).map(path)];
    }),
  );
}

/** Everything that is loaded with a file, and the file itself. */
function loadedWith(file: string, graph: Graph, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const target of graph.get(file) ?? []) loadedWith(target, graph, loaded);
  return loaded;
}

/** Files from which imports lead back to them. */
function inCircles(graph: Graph): string[] {
  return [...graph].flatMap(([file, targets]) =>
    targets.some((target) => loadedWith(target, graph).has(file)) ? [file] : [],
  );
}

describe('imports', () => {
  it.each(readdirSync(packages))(
    'go in no circle in %s, and those of types do not either',
    (name) => {
      const graph = importsIn(name, [STATIC, DYNAMIC, TYPE]);
      expect(graph.size).toBeGreaterThan(0);
      expect(inCircles(graph)).toEqual([]);
    },
  );

  it('would be seen to go in a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(inCircles(graph)).toEqual(['b', 'c']);
  });
});

describe('a command', () => {
  const all = importsIn('cli', [STATIC, DYNAMIC]);
  const commandOf = (file: string): string | undefined =>
    /^cli\/src\/commands\/([^/]+)\//.exec(file)?.[1];
  const commands = [...new Set([...all.keys()].flatMap((file) => commandOf(file) ?? []))];

  it.each(commands)(
    '%s has a definition and a run, and uses no code of another command',
    (name) => {
      for (const file of ['definition', 'run'])
        expect(all.has(`cli/src/commands/${name}/${file}.ts`)).toBe(true);
      const used = loadedWith(`cli/src/commands/${name}/run.ts`, all);
      const foreign = [...used].filter(
        (file) => ![name, undefined].includes(commandOf(file)) && !file.endsWith('/definition.ts'),
      );
      expect(foreign).toEqual([]);
    },
  );

  it.each(commands)('%s is described by data: its definition loads no code', (name) => {
    const used = loadedWith(`cli/src/commands/${name}/definition.ts`, all);
    used.delete(`cli/src/commands/${name}/definition.ts`);
    expect([...used].filter((file) => !file.endsWith('-options.ts'))).toEqual([]);
  });

  it('that runs a client starts without any file of another command', () => {
    const atStart = importsIn('cli', [STATIC]);
    const loaded = loadedWith('cli/src/main.ts', atStart);
    for (const file of ['definition', 'run'])
      loadedWith(`cli/src/commands/clients/${file}.ts`, atStart, loaded);
    expect(loaded).toContain('cli/src/pass-through/leading-options.ts');
    const foreign = [...loaded].filter((file) => ![undefined, 'clients'].includes(commandOf(file)));
    expect(foreign).toEqual([]);
  });
});
