/*
 * Compares names and versions of PyPI (PEP 503 and PEP 440). Packages keep their names as they are spelled: the functions here make
 * keys for comparing.
 */
import { MAX_PYPI_CHARS } from '../../limits.ts';
import { withoutTrailing } from '../../text/trailing.ts';

const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/** Whether a text is a valid project name (PEP 508). */
export function isPypiName(name: string): boolean {
  return NAME.test(name);
}

/** Key of a name. It is equal for two spellings of one project (PEP 503). */
export function pypiNameKey(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Whether two texts are the same name, in any spelling. */
export function isSamePypiName(name: string, other: string): boolean {
  return pypiNameKey(name) === pypiNameKey(other);
}

/** A version (PEP 440, appendix B), without white space around it. */
const VERSION = new RegExp(
  [
    '^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)',
    '(?:[-_.]?(?<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<preNumber>[0-9]+)?)?',
    '(?:(?:-(?<postImplied>[0-9]+))|(?:[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>[0-9]+)?))?',
    '(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>[0-9]+)?)?',
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  ].join(''),
  'i',
);
const PRE: Readonly<Record<string, string>> = {
  alpha: 'a',
  beta: 'b',
  c: 'rc',
  pre: 'rc',
  preview: 'rc',
};

/** Key of a version. It is equal for two spellings of one version. Undefined for a text that is not a version (PEP 440). */
export function pypiVersionKey(version: string): string | undefined {
  if (version.length > MAX_PYPI_CHARS) return undefined;
  const groups = VERSION.exec(version)?.groups;
  if (groups === undefined) return undefined;
  const release = withoutTrailing(groups['release']!.split('.').map(number).join('.'), '.0');
  const epoch = number(groups['epoch'] ?? '0');
  const pre = groups['pre']?.toLowerCase();
  const post =
    groups['postImplied'] ??
    (groups['post'] === undefined ? undefined : (groups['postNumber'] ?? '0'));
  return [
    epoch === '0' ? '' : `${epoch}!`,
    release,
    pre === undefined ? '' : `${PRE[pre] ?? pre}${number(groups['preNumber'] ?? '0')}`,
    post === undefined ? '' : `.post${number(post)}`,
    groups['dev'] === undefined ? '' : `.dev${number(groups['devNumber'] ?? '0')}`,
    groups['local'] === undefined ? '' : `+${local(groups['local'])}`,
  ].join('');
}

/** Whether two texts are the same version. Equal texts count as the same, even if they are not versions. */
export function isSamePypiVersion(version: string, other: string): boolean {
  if (version === other) return true;
  const key = pypiVersionKey(version);
  return key !== undefined && key === pypiVersionKey(other);
}

/** The comparison for each part of an identity. */
export const PYPI_COMPARISONS: readonly (readonly [
  field: 'name' | 'version',
  isSame: (text: string, other: string) => boolean,
])[] = [
  ['name', isSamePypiName],
  ['version', isSamePypiVersion],
];

function number(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}

function local(text: string): string {
  return text
    .toLowerCase()
    .split(/[-_.]/)
    .map((segment) => (/^[0-9]+$/.test(segment) ? number(segment) : segment))
    .join('.');
}
