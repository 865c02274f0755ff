import { ecosystemOf, type Format } from '@tarwarden/core/finding';
import { packageUrl } from '@tarwarden/core/text';

const TYPES = { npm: 'npm', pypi: 'pypi', rubygems: 'gem', go: 'golang' } as const;

/** The package URL of an archive's package. Names are as their ecosystem spells them; PyPI's are normalised. */
export function purlOf(format: Format, name: string, version: string): string {
  const ecosystem = ecosystemOf[format];
  const called = ecosystem === 'pypi' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name;
  return packageUrl(TYPES[ecosystem], called, version);
}
