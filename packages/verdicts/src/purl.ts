import { ecosystemOf, type Format } from '@tarwarden/core/finding';

const TYPES = { npm: 'npm', pypi: 'pypi', rubygems: 'gem', go: 'golang' } as const;

/** A package URL (https://github.com/package-url/purl-spec). Names are as their ecosystem spells them; PyPI's are normalised. */
export function purlOf(format: Format, name: string, version: string): string {
  const ecosystem = ecosystemOf[format];
  const called = ecosystem === 'pypi' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name;
  const path = called.split('/').map(encoded).join('/');
  return `pkg:${TYPES[ecosystem]}/${path}@${encoded(version)}`;
}

/** A lockfile may have half of a character, which is none in a URL. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}
