/*
 * Compares the words of a registry's document or of a lockfile's entry with the package.json of the archive. Reviewers and audit tools
 * read the words, and clients run what the archive contains.
 */
import { quote } from '../text/printable.ts';
import {
  isSameValue,
  declaredLike,
  GYP_SCRIPT,
  plainRange,
  plainVersion,
  type NpmDeclared,
} from './npm-declared.ts';
import type { Observation } from '../finding/observation.ts';
import type { Code } from '../finding/rule-id.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { isRecord } from './manifest.ts';

/** A digest replaces a long map. It counts as one entry, which equals only itself. */
function mapOf(
  value: Readonly<Record<string, string>> | string | undefined,
): ReadonlyMap<string, string> {
  if (value === undefined) return NONE;
  return typeof value === 'string' ? new Map([[LONG_LIST, value]]) : new Map(Object.entries(value));
}

/** No list has this name: names of dependencies are trimmed, and names of commands have no slash. */
const LONG_LIST = ' (a long list)/';
const NONE: ReadonlyMap<string, string> = new Map();

type Texts = Readonly<Record<string, string>> | string | undefined;

/** The first of the values that differ, in words, and the number of the others. Undefined if all are equal. */
function differenceText(archive: Texts, documented: Texts, source: string): string | undefined {
  if (isSameValue(archive, documented)) return undefined;
  const [inArchive, inDocument] = [mapOf(archive), mapOf(documented)];
  const [name, ...otherNames] = [...new Set([...inArchive.keys(), ...inDocument.keys()])].filter(
    (key) => inArchive.get(key) !== inDocument.get(key),
  );
  if (name === undefined) return undefined;
  const text = (value: string | undefined): string =>
    value === undefined ? 'absent' : quote(value);
  const moreText = otherNames.length === 0 ? '' : `; ${otherNames.length} more`;
  return `${quote(name)} is ${text(inDocument.get(name))} in ${source}, and ${text(inArchive.get(name))} in the archive${moreText}`;
}

function namesDiffer(
  archive: readonly string[] | string = [],
  documented: readonly string[] | string = [],
): string | undefined {
  if (isSameValue(archive, documented)) return undefined;
  const [a, b] = [new Set([archive].flat()), new Set([documented].flat())];
  return [...a].find((name) => !b.has(name)) ?? [...b].find((name) => !a.has(name));
}

function listText(value: readonly string[] | string | undefined): string {
  return value === undefined ? 'absent' : quote(String(value));
}

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
  /** Only the names: settings of the project can add dependencies, and pnpm writes other ranges. */
  | 'dependency-names'
  /** The same, without the dependencies that the archive itself contains. */
  | 'names-without-bundled'
  | 'peers'
  | 'bundled'
  | 'bin'
  | 'scripts'
  | 'platform'
  | 'engines';

/** Reports a difference. Does nothing if `detail` is undefined. */
type Report = (code: Code, detail: string | undefined) => void;

interface Compared {
  readonly archive: NpmDeclared;
  readonly documented: NpmDeclared;
  readonly document: NpmClaim['document'];
  readonly claimed: ManifestFacts;
  /** `the registry` or `the lockfile`. */
  readonly source: string;
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
  const observations: Observation[] = [];
  const compared: Compared = {
    archive: claimed.declares,
    documented: declaredLike(document, claimed.declares),
    document,
    claimed,
    source: by === 'registry' ? 'the registry' : LOCKFILE,
    report: (code, detail) => void (detail !== undefined && observations.push({ code, detail })),
  };
  for (const [kind, compare] of COMPARISONS)
    if (shows?.has(kind) ?? !kind.includes('names')) compare(compared);
  return observations;
}

function compareIdentity({ document, claimed, source, report }: Compared): void {
  const compare = (field: 'name' | 'version', plain: (text: string) => string): void => {
    const [inArchive, inDocument] = [claimed[field], document[field]];
    if (
      inArchive !== undefined &&
      typeof inDocument === 'string' &&
      plain(inArchive) !== plain(inDocument)
    )
      report(
        'registry-other-identity',
        `${source} says ${quote(inDocument)}, the archive ${quote(inArchive)}`,
      );
  };
  compare('name', (name) => name);
  compare('version', plainVersion);
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

function compareScripts({ archive, documented, document, source, report }: Compared): void {
  if (
    archive.scripts === undefined &&
    documented.scripts === undefined &&
    document['hasInstallScript'] !== true
  )
    return;
  const inArchive = mapOf(archive.scripts);
  const inDocument = mapOf(documented.scripts);
  const { gypfile, hasInstallScript } = document;
  const showsGyp = gypfile === true || hasInstallScript === true;
  const listsScripts = isRecord(document['scripts']);
  const isWhole = listsScripts || WHOLE.some((field) => Object.hasOwn(document, field));
  for (const [script, text] of inArchive) {
    const documentedText = inDocument.get(script);
    if (documentedText === text) continue;
    if (documentedText !== undefined) {
      report(
        'registry-hides-script',
        `${source} says that ${script} runs ${quote(documentedText)}, and it runs ${quote(text)}`,
      );
    } else if (listsScripts ? !(text === GYP_SCRIPT && showsGyp) : hasInstallScript !== true) {
      const rule =
        isWhole || hasInstallScript === false ? 'registry-hides-script' : 'registry-omits-script';
      report(rule, `${script} runs ${quote(text)}, and ${source} shows no such script`);
    }
  }
  for (const script of inDocument.keys())
    if (!inArchive.has(script))
      report(
        'registry-other-script',
        `${source} shows a script ${script}, and the archive has none`,
      );
  if (hasInstallScript === true && inDocument.size === 0 && inArchive.size === 0)
    report('registry-other-script', `${source} shows install scripts, and the archive has none`);
}

function hiddenText(name: string, range: string, source: string): string {
  return `the archive depends on ${quote(name)} (${quote(range)}), and ${source} does not show it`;
}

function compareDependencies({ archive, documented, source, report }: Compared): void {
  if (
    isSameValue(archive.dependencies, documented.dependencies) &&
    isSameValue(archive.optionalDependencies, documented.optionalDependencies)
  )
    return;
  const inArchive = [mapOf(archive.dependencies), mapOf(archive.optionalDependencies)] as const;
  const inDocument = [
    mapOf(documented.dependencies),
    mapOf(documented.optionalDependencies),
  ] as const;
  const merged = {
    inArchive: new Map([...inArchive[0], ...inArchive[1]]),
    inDocument: new Map([...inDocument[0], ...inDocument[1]]),
  };
  for (const [name, range] of merged.inArchive) {
    const documentedRange = merged.inDocument.get(name);
    // Two long lists that differ may hide a dependency.
    if (documentedRange === undefined || (name === LONG_LIST && documentedRange !== range))
      report('registry-hides-dependency', hiddenText(name, range, source));
    else if (plainRange(documentedRange) !== plainRange(range))
      report(
        'registry-other-dependency',
        `${quote(name)} is ${quote(documentedRange)} in ${source}, and ${quote(range)} in the archive`,
      );
    else if (inArchive[1].has(name) !== inDocument[1].has(name))
      report(
        'registry-other-dependency',
        `${quote(name)} is optional only in ${inArchive[1].has(name) ? 'the archive' : source}`,
      );
  }
  for (const [name, range] of merged.inDocument)
    // Yarn adds this dependency to each package whose scripts call node-gyp, and writes it into its lockfile.
    if (!merged.inArchive.has(name) && !(name === 'node-gyp' && range === 'latest'))
      report(
        'registry-other-dependency',
        `${source} shows ${quote(name)} (${quote(range)}), and the archive does not depend on it`,
      );
}

function compareDependencyNames(
  { archive, documented, document, claimed, source, report }: Compared,
  isWithoutBundled: boolean = false,
): void {
  const { bundleDependencies, bundledDependencies } = document;
  // `true` means all dependencies, which pnpm's lockfile does not repeat.
  const saysAll = (bundleDependencies ?? bundledDependencies) === true;
  const { bundled } = isWithoutBundled || saysAll ? archive : documented;
  const peers = new Set(mapOf(documented.peerDependencies).keys());
  const shownNames = new Set(
    [documented.dependencies, documented.optionalDependencies].flatMap((texts) => [
      ...mapOf(texts).keys(),
    ]),
  );
  // Clients leave out a package that another one contains, the package itself, and a dependency that is a peer too.
  for (const name of [bundled ?? [], claimed.name ?? []].flat()) shownNames.add(name);
  for (const name of mapOf(archive.peerDependencies).keys())
    if (peers.has(name)) shownNames.add(name);
  // pnpm leaves out an optional dependency that it cannot resolve.
  const optional = source === LOCKFILE ? NONE : mapOf(archive.optionalDependencies);
  for (const [name, range] of [...mapOf(archive.dependencies), ...optional])
    if (!shownNames.has(name)) report('registry-hides-dependency', hiddenText(name, range, source));
}

function comparePeers({ archive, documented, source, report }: Compared): void {
  const differing = differenceText(archive.peerDependencies, documented.peerDependencies, source);
  const optional = namesDiffer(archive.optionalPeers, documented.optionalPeers);
  if (differing !== undefined || optional === undefined) report('registry-other-peer', differing);
  else
    report(
      'registry-other-peer',
      `${source} and the archive do not agree whether ${quote(optional)} is optional`,
    );
}

function compareBundled({ archive, documented, source, report }: Compared): void {
  const name = namesDiffer(archive.bundled, documented.bundled);
  if (name !== undefined)
    report(
      'registry-other-bundle',
      `${source} and the archive do not agree whether the package contains ${quote(name)}`,
    );
}

function compareCommands({ archive, documented, source, report }: Compared): void {
  const { binFolder } = archive;
  if (isSameValue(archive.bin, documented.bin)) return;
  // npm lists the files of the folder when it publishes. Other programs leave the folder in the document.
  const documentedCommands = [...mapOf(documented.bin)].filter(
    ([, target]) =>
      binFolder === undefined || !(binFolder === '.' || target.startsWith(`${binFolder}/`)),
  );
  report(
    'registry-other-bin',
    differenceText(archive.bin, Object.fromEntries(documentedCommands), source),
  );
}

function comparePlatform({ archive, documented, document, source, report }: Compared): void {
  for (const kind of ['os', 'cpu', 'libc'] as const) {
    // Short documents and older lockfiles have no `libc`.
    if (kind === 'libc' && !Object.hasOwn(document, kind)) continue;
    const [inArchive, inDocument] = [archive[kind], documented[kind]];
    if (!isSameValue(inArchive, inDocument))
      report(
        'registry-other-platform',
        `${kind} is ${listText(inDocument)} in ${source}, and ${listText(inArchive)} in the archive`,
      );
  }
}

function compareEngines({ archive, documented, source, report }: Compared): void {
  report('registry-other-engines', differenceText(archive.engines, documented.engines, source));
}

/**
 * A version's document of a registry. Short documents have no scripts: `hasInstallScript` says whether there are some. `tells`: the
 * registry sends that field for other packages, so that its absence is an answer.
 */
export function documentClaim(document: object, tells: boolean): NpmClaim {
  const answers = tells && !isRecord((document as Entry)['scripts']);
  const claimDocument = answers ? withAnswer(document as Entry) : (document as Entry);
  return { ecosystem: 'npm', by: 'registry', document: claimDocument };
}

/** Clients accept only `true` as the statement that there are install scripts. */
function withAnswer(document: Entry): Entry {
  return { ...document, hasInstallScript: document['hasInstallScript'] === true };
}

/**
 * The manifest of a node in npm's tree: a document of the registry, or an entry of the lockfile, which says where the package is. npm
 * itself puts a name into each entry.
 */
export function arboristClaim(manifest: object, tells: boolean): NpmClaim {
  // A registry's document always says where the archive is in `dist`, and may have any other field.
  const isEntry =
    !Object.hasOwn(manifest, 'dist') &&
    (Object.hasOwn(manifest, 'integrity') || Object.hasOwn(manifest, 'resolved'));
  return isEntry ? lockedClaim(manifest as Entry, tells) : documentClaim(manifest, tells);
}

type Entry = NpmClaim['document'];

/**
 * An entry of `packages` in package-lock.json. npm copies the fields of the registry's document. `showsScripts`: another entry has
 * `hasInstallScript`.
 */
export function lockedClaim(entry: Entry, showsScripts: boolean): NpmClaim {
  return {
    ecosystem: 'npm',
    by: 'lockfile',
    document: showsScripts ? withAnswer(entry) : entry,
    shows: showsScripts ? WITH_SCRIPTS : WITHOUT_SCRIPTS,
  };
}

/**
 * An entry of pnpm's lockfile with the dependencies of its snapshot. pnpm adds dependencies from its own list of extensions, and writes
 * only some engines. `isWhole`: no setting of the project removes dependencies.
 */
export function pnpmLockedClaim(entry: object, isWhole: boolean): NpmClaim {
  const shows = isWhole ? PNPM_WHOLE : PNPM_PARTLY;
  return { ecosystem: 'npm', by: 'lockfile', document: entry as Entry, shows };
}

/** Whether some override of pnpm removes a dependency from packages. The others replace only ranges. */
export function removesPackages(overrides: unknown): boolean {
  return isRecord(overrides) && Object.values(overrides).includes('-');
}

/** The registry's document as pnpm gives it to a hook, after its own extensions. */
export function pnpmDocumentClaim(
  document: object,
  { isWhole, tells }: { readonly isWhole: boolean; readonly tells: boolean },
): NpmClaim {
  const shows = isWhole ? SHOWN_WHOLE : SHOWN_PARTLY;
  return { ...documentClaim(document, tells), shows };
}

const kinds = (...kindNames: readonly ClaimKind[]): ReadonlySet<ClaimKind> => new Set(kindNames);
const WITHOUT_SCRIPTS = kinds('dependencies', 'peers', 'bundled', 'bin', 'platform', 'engines');
const WITH_SCRIPTS = kinds(...WITHOUT_SCRIPTS, 'scripts');
const PNPM_PARTLY = kinds('platform');
const PNPM_WHOLE = kinds('platform', 'dependency-names');
const SHOWN_PARTLY = kinds('identity', 'scripts', 'bin', 'bundled', 'platform', 'engines');
const OF_YARN = kinds('dependencies', 'peers', 'bin');
const OF_YARN_1 = kinds('names-without-bundled');
const SHOWN_WHOLE = kinds(...SHOWN_PARTLY, 'dependency-names');

/** A package as Yarn 2 and later keep it. */
interface YarnPackage {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** The names of the optional ones among the dependencies. */
  readonly optional: readonly string[];
  readonly optionalPeers: readonly string[];
  readonly bin: Readonly<Record<string, unknown>>;
}

/** Yarn does not say whether it has read a document or a lockfile. */
export function yarnPackageClaim(yarnPackage: YarnPackage): NpmClaim {
  const ranges = ownRanges(yarnPackage.dependencies);
  const { optional, optionalPeers, peerDependencies, bin } = yarnPackage;
  const isOptional = new Set(optional);
  return {
    ecosystem: 'npm',
    by: 'registry',
    document: {
      dependencies: ranges,
      optionalDependencies: Object.fromEntries(
        Object.entries(ranges).filter(([name]) => isOptional.has(name)),
      ),
      peerDependencies: ownRanges(peerDependencies),
      peerDependenciesMeta: Object.fromEntries(
        optionalPeers.map((name) => [name, { optional: true }]),
      ),
      bin,
    },
    shows: OF_YARN,
  };
}

/** Yarn 4 adds `npm:` to each range. An alias (`npm:other@^1.0.0`) has it in package.json too. */
function ownRanges(ranges: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, range.replace(/^npm:(?=[^@]*$)/, '')]),
  );
}

/** The patterns (`name@range`) of the dependencies that Yarn 1 has resolved. Settings of the project may replace ranges. */
export function yarnClassicClaim(patterns: readonly string[]): NpmClaim {
  const dependencies = Object.fromEntries(
    patterns.map((pattern) => {
      const at = pattern.indexOf('@', 1);
      return at < 0 ? [pattern, ''] : [pattern.slice(0, at), pattern.slice(at + 1)];
    }),
  );
  return { ecosystem: 'npm', by: 'registry', document: { dependencies }, shows: OF_YARN_1 };
}
