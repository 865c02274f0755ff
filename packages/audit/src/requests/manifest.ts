/* Reads the parts of a package.json that a lockfile depends on. */
import { asRecord } from '@tarwarden/clients/settings';

export interface ProjectManifest {
  readonly name: string;
  /** Ranges by the requested name. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** From `overrides`, `resolutions` and `pnpm.overrides`. */
  readonly overrides: readonly Override[];
  readonly catalogs: Catalogs;
  /** Patterns for the folders of the project's other packages. */
  readonly workspaces: readonly string[];
}

export interface Override {
  /** The name of the replaced package. */
  readonly name: string;
  readonly by: string;
}

/** Ranges by catalog and package. */
export type Catalogs = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** If several fields have a name, the last one counts. */
const DEPENDENCIES = ['devDependencies', 'dependencies', 'optionalDependencies'];

/** Levels of npm's `overrides`. */
const DEPTH_MAX = 20;

const KEY_CHARS_MAX = 512;

/** `name@range`, `a>b`, `a/**\/b`: the last package is replaced. */
const REPLACED = /((?:@[^/@>]+\/)?[^/@>*]+)(?:@[^>]*)?$/s;

export function parseProjectManifest(document: unknown): ProjectManifest {
  const fields = asRecord(document);
  const workspaces = asRecord(fields['workspaces']);
  const overrides = [
    fields['overrides'],
    fields['resolutions'],
    asRecord(fields['pnpm'])['overrides'],
  ].flatMap((field) => overridesOf(field, { nested: true }));
  return {
    name: typeof fields['name'] === 'string' ? fields['name'] : '',
    dependencies: new Map(DEPENDENCIES.flatMap((kind) => texts(fields[kind]))),
    overrides,
    catalogs: new Map([...catalogsOf(fields), ...catalogsOf(workspaces)]),
    workspaces: list(fields['workspaces'] ?? []).concat(list(workspaces['packages'])),
  };
}

/** Only npm's overrides are nested. Those in YAML are not, and an alias could repeat one many times. */
export function overridesOf(value: unknown, { nested }: { nested: boolean }): Override[] {
  return replacements(value, nested ? 0 : DEPTH_MAX);
}

function replacements(value: unknown, depth: number): Override[] {
  return Object.entries(asRecord(value)).flatMap(([key, by]) => {
    if (key === '.') return [];
    const name = key.length > KEY_CHARS_MAX ? undefined : REPLACED.exec(key)?.[1];
    if (typeof by === 'string') return name === undefined ? [] : [{ name, by }];
    // In npm's overrides, a dot means the package itself. The other keys are packages inside it.
    const selfRange = asRecord(by)['.'];
    const self =
      name !== undefined && typeof selfRange === 'string' ? [{ name, by: selfRange }] : [];
    return depth < DEPTH_MAX ? [...self, ...replacements(by, depth + 1)] : self;
  });
}

/** `catalog` has no name. In YAML, aliases may repeat a mapping many times, so each is read once. */
export function catalogsOf(value: unknown): Catalogs {
  const fields = asRecord(value);
  const rangesByCatalog = new Map<unknown, ReadonlyMap<string, string>>();
  const namedCatalogs = Object.entries(asRecord(fields['catalogs'])).map(([name, catalog]) => {
    const ranges = rangesByCatalog.get(catalog) ?? new Map(texts(catalog));
    rangesByCatalog.set(catalog, ranges);
    return [name, ranges] as const;
  });
  const defaultCatalog = texts(fields['catalog']);
  return new Map([
    ...namedCatalogs,
    ...(defaultCatalog.length === 0 ? [] : [['default', new Map(defaultCatalog)] as const]),
  ]);
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function texts(value: unknown): [string, string][] {
  return Object.entries(asRecord(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}
