/* What one package.json says that a lockfile has to do with. */
import { asRecord } from '@tarwarden/settings';

/** A package.json of the project. */
export interface Manifest {
  readonly name: string;
  /** Ranges by the name that is asked for. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** What the project has other packages have, by key: `overrides`, `resolutions`, `pnpm.overrides`. */
  readonly overrides: readonly Override[];
  readonly catalogs: Catalogs;
  /** Patterns of the folders in which more packages of the project are. */
  readonly workspaces: readonly string[];
}

export interface Override {
  /** Name of the package that is replaced. */
  readonly name: string;
  readonly by: string;
}

/** Ranges by the name of a catalog and that of the package. */
export type Catalogs = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The last that has a name counts. */
const DEPENDENCIES = ['devDependencies', 'dependencies', 'optionalDependencies'];

/** `overrides` of npm within one another. */
const DEPTH_MAX = 20;

const KEY_CHARS_MAX = 512;

/** `name@range`, `a>b`, `a/**\/b`: what comes last is replaced. */
const REPLACED = /((?:@[^/@>]+\/)?[^/@>*]+)(?:@[^>]*)?$/s;

export function manifestOf(document: unknown): Manifest {
  const fields = asRecord(document);
  const workspaces = asRecord(fields['workspaces']);
  const overrides = [
    fields['overrides'],
    fields['resolutions'],
    asRecord(fields['pnpm'])['overrides'],
  ].flatMap((one) => overridesOf(one, { nested: true }));
  return {
    name: typeof fields['name'] === 'string' ? fields['name'] : '',
    dependencies: new Map(DEPENDENCIES.flatMap((kind) => texts(fields[kind]))),
    overrides,
    catalogs: new Map([...catalogsOf(fields), ...catalogsOf(workspaces)]),
    workspaces: list(fields['workspaces'] ?? []).concat(list(workspaces['packages'])),
  };
}

/** Only npm has some within one another. YAML, which may have one in many places, has none of npm's. */
export function overridesOf(value: unknown, { nested }: { nested: boolean }): Override[] {
  return replacements(value, nested ? 0 : DEPTH_MAX);
}

function replacements(value: unknown, depth: number): Override[] {
  return Object.entries(asRecord(value)).flatMap(([key, by]) => {
    if (key === '.') return [];
    const name = key.length > KEY_CHARS_MAX ? undefined : REPLACED.exec(key)?.[1];
    if (typeof by === 'string') return name === undefined ? [] : [{ name, by }];
    // In npm's, the package itself is under a dot, and what is inside of it beside that.
    const own = asRecord(by)['.'];
    const self = name !== undefined && typeof own === 'string' ? [{ name, by: own }] : [];
    return depth < DEPTH_MAX ? [...self, ...replacements(by, depth + 1)] : self;
  });
}

/** `catalog` is the one without a name. YAML may have one mapping in many places, which is read once. */
export function catalogsOf(value: unknown): Catalogs {
  const fields = asRecord(value);
  const read = new Map<unknown, ReadonlyMap<string, string>>();
  const named = Object.entries(asRecord(fields['catalogs'])).map(([name, one]) => {
    const ranges = read.get(one) ?? new Map(texts(one));
    read.set(one, ranges);
    return [name, ranges] as const;
  });
  const own = texts(fields['catalog']);
  return new Map([...named, ...(own.length === 0 ? [] : [['default', new Map(own)] as const])]);
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function texts(value: unknown): [string, string][] {
  return Object.entries(asRecord(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}
