/*
 * One spelling for the statements of a gemspec and of an index about a gem. A server can write the same requirement in other words:
 * `>= 0.0.0` for `>= 0`, or two requirements of one gem in two places.
 */
import { boundedList, boundedText } from './bounded-list.ts';
import type { IndexStatements } from './index-claim.ts';
import type { YamlMap, YamlNode } from './yaml/reader.ts';

/** A gem and the versions of it that another one needs: `['>= 1', '< 3']`. */
export type GemDependency = readonly [name: string, versions: readonly string[]];

export function gemDependencyKeys(dependencies: readonly GemDependency[]): readonly string[] {
  const byName = new Map<string, string[]>();
  for (const [name, versions] of dependencies) {
    const knownVersions = byName.get(name);
    if (knownVersions === undefined) byName.set(name, [...versions]);
    else for (const version of versions) knownVersions.push(version);
  }
  return boundedList(
    [...byName].map(([name, versions]) => `${name} ${versionsKey(versions)}`.trim()),
  );
}

/** The requirements in the order of their texts, without `>= 0`, which any version fulfils. */
export function versionsKey(versions: readonly string[]): string {
  const keys = versions.map(versionKey).filter((key) => key !== '' && key !== '>= 0');
  return boundedText([...new Set(keys)].sort().join(', '));
}

/** `1.0` is `1`, but `~> 1.0` is not `~> 1`. A version alone means this version. */
function versionKey(text: string): string {
  const [, operator = '', version = ''] = /^([=!<>~]*)\s*(.*)$/s.exec(text.trim()) ?? [];
  if (version === '') return '';
  return `${operator || '='} ${operator === '~>' ? version : withoutZeros(version)}`;
}

function withoutZeros(version: string): string {
  if (!/^[\d.]+$/.test(version)) return version;
  const segments = version.split('.');
  while (segments.length > 1 && /^0+$/.test(segments.at(-1)!)) segments.pop();
  return segments.join('.');
}

/** The statements of a gemspec. Its dependencies are unknown if one has the form of RubyGems before 1.0. */
export function gemspecStatements({ entries }: YamlMap): IndexStatements {
  const dependencies = runtimeDependencies(entries.get('dependencies'));
  const ruby = versionsOf(entries.get('required_ruby_version'));
  const rubygems = versionsOf(entries.get('required_rubygems_version'));
  return {
    ...(dependencies !== undefined && { dependencies: gemDependencyKeys(dependencies) }),
    ...(ruby !== undefined && { ruby: versionsKey(ruby) }),
    ...(rubygems !== undefined && { rubygems: versionsKey(rubygems) }),
  };
}

function runtimeDependencies(node: YamlNode | undefined): readonly GemDependency[] | undefined {
  const items = node?.kind === 'list' ? node.items : [];
  const dependencies: GemDependency[] = [];
  for (const item of items) {
    if (item.kind !== 'map') return undefined;
    const type = item.entries.get('type');
    if (type?.kind === 'scalar' && type.text === ':development') continue;
    const name = item.entries.get('name');
    const versions = versionsOf(
      item.entries.get('requirement') ?? item.entries.get('version_requirements'),
    );
    if (name?.kind !== 'scalar' || versions === undefined) return undefined;
    dependencies.push([name.text, versions]);
  }
  return dependencies;
}

/** The list in a Gem::Requirement. Undefined for any other value. */
function versionsOf(node: YamlNode | undefined): readonly string[] | undefined {
  const list = node?.kind === 'map' ? node.entries.get('requirements') : undefined;
  if (list?.kind !== 'list') return undefined;
  const requirements: string[] = [];
  for (const pair of list.items) {
    const [operator, version] = pair.kind === 'list' ? pair.items : [];
    const number = version?.kind === 'map' ? version.entries.get('version') : undefined;
    if (operator?.kind !== 'scalar' || number?.kind !== 'scalar') return undefined;
    requirements.push(`${operator.text} ${number.text}`);
  }
  return requirements;
}

/**
 * Reads a line of a compact index behind the version: `rack:>= 1&< 3,json:>= 0|checksum:…,ruby:>= 2.5`. The guard of RubyGems and
 * Bundler writes the statements of every index in this form.
 */
export function gemEntryStatements(text: string): GemEntry {
  const [left = '', right = ''] = text.split(/\|(.*)/s, 2);
  const requirements = new Map(partsOf(right));
  const sha256 = requirements.get('checksum')?.[0];
  const [ruby, rubygems] = [requirements.get('ruby'), requirements.get('rubygems')];
  return {
    says: {
      dependencies: gemDependencyKeys(partsOf(left)),
      ...(ruby !== undefined && { ruby: versionsKey(ruby) }),
      ...(rubygems !== undefined && { rubygems: versionsKey(rubygems) }),
    },
    ...(sha256 !== undefined && { sha256: sha256.toLowerCase() }),
  };
}

export interface GemEntry {
  readonly says: IndexStatements;
  /** Lower-case hex. */
  readonly sha256?: string;
}

function partsOf(text: string): GemDependency[] {
  return text
    .split(',')
    .filter((item) => item.trim() !== '')
    .map((item) => {
      const [name = '', versions = ''] = item.split(/:(.*)/s, 2);
      return [name.trim(), versions.split('&')];
    });
}
