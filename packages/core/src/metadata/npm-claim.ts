/*
 * Compares the words of a registry's document or of a lockfile's entry with the package.json of the archive. Reviewers and audit tools
 * read the words, and clients run what the archive contains.
 */
import type { Observation } from '../finding/observation.ts';
import type { Code } from '../finding/rule-id.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { quote } from '../text/printable.ts';
import { isRecord } from './manifest.ts';
import {
  declaredLike,
  GYP_SCRIPT,
  isSameValue,
  plainRange,
  plainVersion,
  type NpmDeclared,
} from './npm-declared.ts';
import {
  valueDifferences,
  listed,
  listText,
  LONG_LIST,
  namesDiffer,
  NONE,
  mapOf,
} from './npm-differences.ts';

/** The words of a registry or a lockfile about one package. */
export interface NpmClaim {
  readonly ecosystem: 'npm';
  readonly by: 'registry' | 'lockfile';
  /** The version's document, or fields of a lockfile's entry with the names that package.json has for them. May be hostile. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The kinds that the source always shows, so that an absent field means "none". Absent for a registry's document, which shows all. */
  readonly shows?: ReadonlySet<ClaimKind>;
}

export type ClaimKind =
  | 'identity'
  | 'dependencies'
  /** Only the names, where settings of the project add some and pnpm writes other ranges. */
  | 'dependency-names'
  /** The same, where those that the archive contains are missing too. */
  | 'names-without-bundled'
  | 'peers'
  | 'bundled'
  | 'bin'
  | 'scripts'
  | 'platform'
  | 'engines';

type Report = (code: Code, detail: string) => void;

interface Compared {
  readonly archive: NpmDeclared;
  readonly said: NpmDeclared;
  readonly document: NpmClaim['document'];
  readonly claimed: ManifestFacts;
  /** `the registry` or `the lockfile`. */
  readonly who: string;
  readonly report: Report;
}

const LOCKFILE = 'the lockfile';

const COMPARISONS: readonly (readonly [ClaimKind, (compared: Compared) => void])[] = [
  ['identity', compareIdentity],
  ['scripts', compareScripts],
  ['dependencies', compareDependencies],
  ['dependency-names', (compared) => compareDependencyNames(compared)],
  ['names-without-bundled', (compared) => compareDependencyNames(compared, true)],
  ['peers', comparePeers],
  ['bundled', compareBundled],
  ['bin', compareCommands],
  ['platform', comparePlatform],
  ['engines', compareEngines],
];

/** Reports each kind of statement in which the words differ from the archive. `claimed` is the archive's own metadata. */
export function compareNpmClaim(
  claimed: ManifestFacts | undefined,
  { document, shows, by }: NpmClaim,
): readonly Observation[] {
  // Without a readable package.json, the verdict has its own findings.
  if (claimed?.declares === undefined) return [];
  const found: Observation[] = [];
  const compared: Compared = {
    archive: claimed.declares,
    said: declaredLike(document, claimed.declares),
    document,
    claimed,
    who: by === 'registry' ? 'the registry' : LOCKFILE,
    report: (code, detail) => found.push({ code, detail }),
  };
  for (const [kind, compare] of COMPARISONS)
    if (shows?.has(kind) ?? !kind.includes('names')) compare(compared);
  return found;
}

function compareIdentity({ document, claimed, who, report }: Compared): void {
  const { name, version } = document;
  if (typeof name === 'string' && claimed.name !== undefined && name !== claimed.name)
    report(
      'registry-other-identity',
      `${who} says ${quote(name)}, the archive ${quote(claimed.name)}`,
    );
  if (typeof version !== 'string' || claimed.version === undefined) return;
  if (plainVersion(version) !== plainVersion(claimed.version))
    report(
      'registry-other-identity',
      `${who} says ${quote(version)}, the archive ${quote(claimed.version)}`,
    );
}

/** Fields that only whole documents have. Short documents have no scripts: instead, `hasInstallScript` says whether there are some. */
const WHOLE = [
  'description',
  'main',
  'maintainers',
  'repository',
  'keywords',
  '_npmUser',
  '_nodeVersion',
];

function compareScripts({ archive, said, document, who, report }: Compared): void {
  if (
    archive.scripts === undefined &&
    said.scripts === undefined &&
    document['hasInstallScript'] !== true
  )
    return;
  const own = mapOf(archive.scripts);
  const shown = mapOf(said.scripts);
  const { hasInstallScript } = document;
  const listsScripts = isRecord(document['scripts']);
  const isWhole = listsScripts || WHOLE.some((field) => Object.hasOwn(document, field));
  for (const [script, text] of own) {
    const other = shown.get(script);
    if (other === text) continue;
    if (other !== undefined) {
      report(
        'registry-hides-script',
        `${who} says that ${script} runs ${quote(other)}, and it runs ${quote(text)}`,
      );
    } else if (
      listsScripts ? !(text === GYP_SCRIPT && showsGyp(document)) : hasInstallScript !== true
    ) {
      const rule =
        isWhole || hasInstallScript === false ? 'registry-hides-script' : 'registry-omits-script';
      report(rule, `${script} runs ${quote(text)}, and ${who} shows no such script`);
    }
  }
  for (const script of shown.keys())
    if (!own.has(script))
      report('registry-other-script', `${who} shows a script ${script}, and the archive has none`);
  if (hasInstallScript === true && shown.size === 0 && own.size === 0)
    report('registry-other-script', `${who} shows install scripts, and the archive has none`);
}

function showsGyp({ gypfile, hasInstallScript }: NpmClaim['document']): boolean {
  return gypfile === true || hasInstallScript === true;
}

function compareDependencies({ archive, said, who, report }: Compared): void {
  if (
    isSameValue(archive.dependencies, said.dependencies) &&
    isSameValue(archive.optionalDependencies, said.optionalDependencies)
  )
    return;
  const own = [mapOf(archive.dependencies), mapOf(archive.optionalDependencies)] as const;
  const shown = [mapOf(said.dependencies), mapOf(said.optionalDependencies)] as const;
  const all = { own: new Map([...own[0], ...own[1]]), shown: new Map([...shown[0], ...shown[1]]) };
  for (const [name, range] of all.own) {
    const other = all.shown.get(name);
    // Two long lists that differ may hide a dependency.
    if (other === undefined || (name === LONG_LIST && other !== range))
      report(
        'registry-hides-dependency',
        `the archive depends on ${quote(name)} (${quote(range)}), and ${who} does not show it`,
      );
    else if (plainRange(other) !== plainRange(range))
      report(
        'registry-other-dependency',
        `${quote(name)} is ${quote(other)} in ${who}, and ${quote(range)} in the archive`,
      );
    else if (own[1].has(name) !== shown[1].has(name))
      report(
        'registry-other-dependency',
        `${quote(name)} is optional only in ${own[1].has(name) ? 'the archive' : who}`,
      );
  }
  for (const [name, range] of all.shown)
    // Yarn adds this dependency to each package whose scripts call node-gyp, and writes it into its lockfile.
    if (!all.own.has(name) && !(name === 'node-gyp' && range === 'latest'))
      report(
        'registry-other-dependency',
        `${who} shows ${quote(name)} (${quote(range)}), and the archive does not depend on it`,
      );
}

function compareDependencyNames(
  { archive, said, document, claimed, who, report }: Compared,
  isWithoutBundled: boolean = false,
): void {
  const { bundleDependencies, bundledDependencies } = document;
  // `true` stands for all dependencies, which pnpm's lockfile does not repeat.
  const saysAll = (bundleDependencies ?? bundledDependencies) === true;
  const { bundled } = isWithoutBundled || saysAll ? archive : said;
  const peers = new Set(mapOf(said.peerDependencies).keys());
  const shown = new Set(
    [said.dependencies, said.optionalDependencies].flatMap((texts) => [...mapOf(texts).keys()]),
  );
  // Clients leave out a package that another one contains, the package itself, and a dependency that is a peer too.
  for (const name of [bundled ?? [], claimed.name ?? []].flat()) shown.add(name);
  for (const name of mapOf(archive.peerDependencies).keys()) if (peers.has(name)) shown.add(name);
  // pnpm leaves out an optional dependency that it cannot resolve.
  const optional = who === LOCKFILE ? NONE : mapOf(archive.optionalDependencies);
  for (const [name, range] of [...mapOf(archive.dependencies), ...optional])
    if (!shown.has(name))
      report(
        'registry-hides-dependency',
        `the archive depends on ${quote(name)} (${quote(range)}), and ${who} does not show it`,
      );
}

function comparePeers({ archive, said, who, report }: Compared): void {
  const differing = valueDifferences(archive.peerDependencies, said.peerDependencies);
  const optional = namesDiffer(archive.optionalPeers, said.optionalPeers);
  if (differing.length > 0) report('registry-other-peer', listed(differing, who));
  else if (optional !== undefined)
    report(
      'registry-other-peer',
      `${who} and the archive do not agree whether ${quote(optional)} is optional`,
    );
}

function compareBundled({ archive, said, who, report }: Compared): void {
  const name = namesDiffer(archive.bundled, said.bundled);
  if (name !== undefined)
    report(
      'registry-other-bundle',
      `${who} and the archive do not agree whether the package contains ${quote(name)}`,
    );
}

function compareCommands({ archive, said, who, report }: Compared): void {
  const { binFolder } = archive;
  if (isSameValue(archive.bin, said.bin)) return;
  // npm lists the files of the folder when it publishes. Other programs leave the folder in the document.
  const shown = [...mapOf(said.bin)].filter(
    ([, target]) =>
      binFolder === undefined || !(binFolder === '.' || target.startsWith(`${binFolder}/`)),
  );
  const differing = valueDifferences(archive.bin, Object.fromEntries(shown));
  if (differing.length > 0) report('registry-other-bin', listed(differing, who));
}

function comparePlatform({ archive, said, document, who, report }: Compared): void {
  for (const kind of ['os', 'cpu', 'libc'] as const) {
    // Short documents and older lockfiles have no `libc`.
    if (kind === 'libc' && !Object.hasOwn(document, kind)) continue;
    const [own, shown] = [archive[kind], said[kind]];
    if (!isSameValue(own, shown))
      report(
        'registry-other-platform',
        `${kind} is ${listText(shown)} in ${who}, and ${listText(own)} in the archive`,
      );
  }
}

function compareEngines({ archive, said, who, report }: Compared): void {
  const differing = valueDifferences(archive.engines, said.engines);
  if (differing.length > 0) report('registry-other-engines', listed(differing, who));
}
