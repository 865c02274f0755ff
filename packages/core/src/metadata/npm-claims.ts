/* Makes claims from the objects that clients have. */
import { isRecord } from './manifest.ts';
import type { ClaimKind, NpmClaim } from './npm-claim.ts';

/**
 * A version's document of a registry. Short documents have no scripts: `hasInstallScript` says whether there are some. `tells`: the
 * registry sends that field for other packages, so that its absence is an answer.
 */
export function documentClaim(document: object, tells: boolean): NpmClaim {
  return { ecosystem: 'npm', by: 'registry', document: answered(document as Entry, tells) };
}

function answered(document: Entry, tells: boolean): Entry {
  return tells && !isRecord(document['scripts']) ? withAnswer(document) : document;
}

/** Clients take nothing but `true` for a statement that there are install scripts. */
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

const WITHOUT_SCRIPTS: ReadonlySet<ClaimKind> = new Set<ClaimKind>([
  'dependencies',
  'peers',
  'bundled',
  'bin',
  'platform',
  'engines',
]);
const WITH_SCRIPTS: ReadonlySet<ClaimKind> = new Set<ClaimKind>([...WITHOUT_SCRIPTS, 'scripts']);

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

const kinds = (...all: readonly ClaimKind[]): ReadonlySet<ClaimKind> => new Set(all);
const PNPM_PARTLY = kinds('platform');
const PNPM_WHOLE = kinds('platform', 'dependency-names');
const SHOWN_PARTLY = kinds('identity', 'scripts', 'bin', 'bundled', 'platform', 'engines');
const SHOWN_WHOLE = kinds(...SHOWN_PARTLY, 'dependency-names');

/** A package as Yarn 2 and later keep it. */
export interface YarnPackage {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** The names of the optional ones among the dependencies. */
  readonly optional: readonly string[];
  readonly optionalPeers: readonly string[];
  readonly bin: Readonly<Record<string, unknown>>;
}

/** Yarn does not say whether it has read a document or a lockfile. */
export function yarnPackageClaim(found: YarnPackage): NpmClaim {
  const ranges = mapped(found.dependencies, ownRange);
  const { optional, optionalPeers, peerDependencies, bin } = found;
  const isOptional = new Set(optional);
  return {
    ecosystem: 'npm',
    by: 'registry',
    document: {
      dependencies: ranges,
      optionalDependencies: Object.fromEntries(
        Object.entries(ranges).filter(([name]) => isOptional.has(name)),
      ),
      peerDependencies: mapped(peerDependencies, ownRange),
      peerDependenciesMeta: Object.fromEntries(
        optionalPeers.map((name) => [name, { optional: true }]),
      ),
      bin,
    },
    shows: OF_YARN,
  };
}

const OF_YARN = kinds('dependencies', 'peers', 'bin');

function mapped(
  texts: Readonly<Record<string, string>>,
  to: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, to(text)]));
}

/** Yarn 4 adds `npm:` to each range. An alias (`npm:other@^1.0.0`) has it in package.json too. */
function ownRange(range: string): string {
  return /^npm:[^@]*$/.test(range) ? range.slice('npm:'.length) : range;
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

const OF_YARN_1 = kinds('names-without-bundled');
