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

/** What people call an ecosystem, or the archives of a format; its id where that is it. */
export function knownAs(group: Ecosystem | Format): string {
  return NAMES[group] ?? group;
}
