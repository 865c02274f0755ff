/* Reads the packages that a user names on a command line: `left-pad@1.3.0`, `pypi:requests@2.32.3`, `gem:rack@3.1.0`, `go:example.com/mod@v1.0.0`. */
import type { Ecosystem } from '../finding/format.ts';
import { unsafeGemParts } from '../metadata/gem-paths.ts';
import { isPypiName, pypiVersionKey } from '../metadata/pypi/identity.ts';
import { printable } from '../text/printable.ts';
import { parseIdentity, type PackageIdentity } from './package-identity.ts';

/** One version of a package, and the ecosystem whose registry has it. */
export interface NamedVersion extends PackageIdentity {
  readonly ecosystem: Ecosystem;
}

/** A text that is meant as a package and names no single version of one. */
export interface WrongNamedVersion {
  /** The problem, and the text to type instead. One line, escaped. */
  readonly problem: string;
}

const PREFIXES: ReadonlyMap<string, Ecosystem> = new Map([
  ['npm', 'npm'],
  ['pypi', 'pypi'],
  ['gem', 'rubygems'],
  ['go', 'go'],
]);

interface Spelling {
  readonly prefix: string;
  /** A package to show as an example. */
  readonly example: string;
  isName(name: string): boolean;
  isVersion(version: string): boolean;
  /** The command that lists the versions of a package. */
  versions(name: string): string;
}

const SEMVER = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;
const NPM_NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;
/** The name of a gem with its platform. The platform begins after the version's first `-`. */
const GEM_VERSION = /^([0-9][^-]*)(?:-(.+))?$/;

const SPELLINGS: Readonly<Record<Ecosystem, Spelling>> = {
  npm: {
    prefix: '',
    example: 'left-pad@1.3.0',
    isName: (name) => NPM_NAME.test(name),
    isVersion: (version) => SEMVER.test(version),
    versions: (name) => `npm view ${name} versions`,
  },
  pypi: {
    prefix: 'pypi:',
    example: 'pypi:requests@2.32.3',
    isName: isPypiName,
    isVersion: (version) => pypiVersionKey(version) !== undefined,
    versions: (name) => `pip index versions ${name}`,
  },
  rubygems: {
    prefix: 'gem:',
    example: 'gem:rack@3.1.0',
    isName: (name) => unsafeGemParts({ name }).length === 0,
    isVersion: (full) => {
      const [, version, platform = ''] = GEM_VERSION.exec(full) ?? [];
      const gem = { name: 'gem', version, platforms: [platform] };
      return version !== undefined && unsafeGemParts(gem).length === 0;
    },
    versions: (name) => `gem list --remote --all --exact ${name}`,
  },
  go: {
    prefix: 'go:',
    example: 'go:golang.org/x/text@v0.14.0',
    isName: (name) =>
      parseIdentity(`${name}@v0`, 'go') !== undefined && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(name),
    isVersion: (version) => version.startsWith('v') && SEMVER.test(version.slice(1)),
    versions: (name) => `go list -m -versions ${name}`,
  },
};

/** The longest text that can be a package: the longest names have some 200 characters. */
const CHARS_MAX = 1024;

/**
 * Reads one argument. Undefined for a text that is not meant as a package, such as a path. Only an exact version names the same archive
 * tomorrow, so a range, a tag or a missing version is a {@link WrongNamedVersion}.
 */
export function readPackageRequest(text: string): NamedVersion | WrongNamedVersion | undefined {
  if (text.length > CHARS_MAX) return undefined;
  const [, prefix, bareText = ''] = /^([a-z]+):(?!\/\/)(.*)$/s.exec(text) ?? [];
  const ecosystem = prefix === undefined ? undefined : PREFIXES.get(prefix);
  if (ecosystem !== undefined) return requestIn(ecosystem, bareText);
  if (prefix !== undefined || /^[./~\\-]|\\/.test(text)) return undefined;
  const npmRequest = requestIn('npm', text);
  if (!('problem' in npmRequest)) return npmRequest;
  return otherEcosystem(text) ?? (isLikeNpm(text) ? npmRequest : undefined);
}

/** The spelling of a package that {@link readPackageRequest} reads. */
export function formatPackageRequest({ ecosystem, name, version }: NamedVersion): string {
  return `${prefixedName(ecosystem, name)}@${version}`;
}

/** The name of a package of any ecosystem, without a version. */
export function prefixedName(ecosystem: Ecosystem, name: string): string {
  return `${SPELLINGS[ecosystem].prefix}${name}`;
}

function requestIn(ecosystem: Ecosystem, text: string): NamedVersion | WrongNamedVersion {
  const spelling = SPELLINGS[ecosystem];
  const at = text.lastIndexOf('@');
  const [name, version] = at < 1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  if (spelling.isName(name) && spelling.isVersion(version)) return { ecosystem, name, version };
  return { problem: problemOf(ecosystem, { text, name, version }) };
}

function problemOf(
  ecosystem: Ecosystem,
  { text, name, version }: PackageIdentity & { readonly text: string },
): string {
  const spelling = SPELLINGS[ecosystem];
  const printedText = printable(`${spelling.prefix}${text}`, 200);
  const pinned = /^(.+?)(?:===?|:)v?([^=:@]+)$/s.exec(text);
  if (pinned !== null && spelling.isName(pinned[1]!) && spelling.isVersion(pinned[2]!))
    return `"${printedText}" is not how a package is named here. Did you mean ${spelling.prefix}${pinned[1]}@${pinned[2]}?`;
  if (!spelling.isName(name))
    return `"${printedText}" is not the name of a package with a version. A package is named like this: ${spelling.example}`;
  const command = `To see its versions, run: ${spelling.versions(name)}`;
  if (version === '')
    return `"${printedText}" has no version. Name one exact version, like ${spelling.example}. ${command}`;
  const bare = version.replace(/^(?:\^|~>?|>=|<=|={1,3}|v)\s*/, '');
  const nearest = ecosystem === 'go' ? `v${bare.replace(/^v/, '')}` : bare;
  if (spelling.isVersion(nearest))
    return `"${printable(version, 100)}" is not an exact version. Did you mean ${spelling.prefix}${name}@${nearest}?`;
  return `"${printable(version, 100)}" is not an exact version: it can be another archive tomorrow. ${command}`;
}

/** The package that is probably meant if its prefix is missing, as `requests==2.32.3` and `golang.org/x/text@v0.14.0`. */
function otherEcosystem(text: string): WrongNamedVersion | undefined {
  const plain = text.replace('==', '@');
  const ecosystem = plain === text ? 'go' : 'pypi';
  const request = requestIn(ecosystem, plain);
  if ('problem' in request || (ecosystem === 'go' && !text.includes('/'))) return undefined;
  const suggestion = formatPackageRequest(request);
  return { problem: `"${printable(text, 200)}" has no prefix. Did you mean ${suggestion}?` };
}

/** Whether a text can be the name of an npm package with something behind it. The names of archives cannot. */
function isLikeNpm(text: string): boolean {
  const [, name = ''] = /^(@?[^@]+)(?:@.*)?$/s.exec(text) ?? [];
  if (text.lastIndexOf('@') < 1 && /[./\\]/.test(name.replace(/^@[^/]*\//, ''))) return false;
  return NPM_NAME.test(name);
}
