import type { Ecosystem, Format } from '../finding/format.ts';

const NAMES: Readonly<Partial<Record<Ecosystem | Format, string>>> = {
  pypi: 'PyPI',
  rubygems: 'RubyGems',
  go: 'Go',
  sdist: 'sdists',
  wheel: 'wheels',
  gem: 'gems',
  gomod: 'module zips of Go',
  'yarn-zip': "archives of Yarn's cache",
};

/** The usual name of an ecosystem, or of the archives of a format. */
export function knownAs(group: Ecosystem | Format): string {
  return NAMES[group] ?? group;
}
