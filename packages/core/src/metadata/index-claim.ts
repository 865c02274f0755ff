/*
 * Compares what an index of Python packages or gems, or a lockfile that copies it, says of an archive with the archive's own metadata.
 * Clients choose dependencies and versions by the index, and install what the archive contains.
 */
import type { Observation } from '../finding/observation.ts';
import type { Code } from '../finding/rule-id.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { quote } from '../text/printable.ts';
import { isSamePypiVersion, pypiNameKey } from './pypi/identity.ts';

/** The statements about a package in one spelling (pypi/requirements.ts, gem-entry.ts). Absent if nothing is stated. May be hostile. */
export type IndexStatements = {
  /** SHA-256 of METADATA in a wheel, or of the metadata file of an index. Lower-case hex. */
  readonly document?: string;
  /** SHA-256 of that file with one kind of line endings, if it is another one. */
  readonly text?: string;
  /** Packages that are installed with it. Sorted, each once. */
  readonly dependencies?: readonly string[];
  /** Names of optional sets of dependencies. Sorted, each once. */
  readonly extras?: readonly string[];
  /** Versions of Python that it runs on. Empty for all. */
  readonly python?: string;
  readonly ruby?: string;
  readonly rubygems?: string;
};

/** The words of an index or a lockfile about one archive. */
export interface IndexClaim {
  readonly ecosystem: 'pypi' | 'rubygems';
  /** The source of the claim in words: `the compact index`. Text in it is already escaped. */
  readonly by: string;
  readonly says: IndexStatements;
  readonly name?: string;
  readonly version?: string;
  /** The SHA-256 that the index has for the archive, and that of the archive. Lower-case hex. */
  readonly checksum?: { readonly said: string; readonly own: string };
  /** Why two programs can read the words in two ways. Hostile text in it is already quoted. */
  readonly unclear?: string;
}

type Report = (code: Code, detail: string) => void;

interface Compared {
  readonly own: IndexStatements;
  readonly said: IndexStatements;
  readonly by: string;
  readonly report: Report;
}

/** Reports each kind of statement in which the words differ from the archive. `claimed` is the archive's own metadata. */
export function compareIndexClaim(
  claimed: ManifestFacts | undefined,
  claim: IndexClaim,
): readonly Observation[] {
  const found: Observation[] = [];
  const report: Report = (code, detail) => found.push({ code, detail });
  compareChecksum(claim, report);
  // Without readable metadata, the verdict has its own findings.
  if (claimed?.declares === undefined) return found;
  const compared = {
    own: claimed.declares as IndexStatements,
    said: claim.says,
    by: claim.by,
    report,
  };
  const { document } = claim.says;
  if (document === undefined) {
    compareDependencies(compared);
    compareLanguages(compared);
    return found;
  }
  if (isSameText(compared.own, claim.says)) return found;
  compareIdentity(claimed, claim, report);
  compareDependencies(compared);
  compareMetadata(compared);
  if (found.length === 0 && compared.own.document !== undefined)
    report(
      'index-other-text',
      `${claim.by} differs from METADATA in parts that clients do not use`,
    );
  return found;
}

function isSameText(own: IndexStatements, said: IndexStatements): boolean {
  return (own.text ?? own.document) === (said.text ?? said.document);
}

function compareChecksum({ by, checksum }: IndexClaim, report: Report): void {
  if (checksum === undefined || checksum.said === checksum.own) return;
  report(
    'index-other-checksum',
    `${by} has SHA-256 ${quote(checksum.said)}, and the archive ${checksum.own}`,
  );
}

function compareIdentity(
  { name, version }: ManifestFacts,
  claim: IndexClaim,
  report: Report,
): void {
  const { by } = claim;
  if (claim.unclear !== undefined) report('index-other-metadata', `of ${by}, ${claim.unclear}`);
  if (
    name !== undefined &&
    claim.name !== undefined &&
    pypiNameKey(name) !== pypiNameKey(claim.name)
  )
    report(
      'index-other-metadata',
      `${by} has the name ${quote(claim.name)}, and the archive ${quote(name)}`,
    );
  if (version === undefined || claim.version === undefined) return;
  if (!isSamePypiVersion(version, claim.version))
    report(
      'index-other-metadata',
      `${by} has the version ${quote(claim.version)}, and the archive ${quote(version)}`,
    );
}

function compareDependencies({ own, said, by, report }: Compared): void {
  if (own.dependencies === undefined || said.dependencies === undefined) return;
  const [mine, theirs] = [byName(own.dependencies), byName(said.dependencies)];
  for (const [name, texts] of mine) {
    const others = theirs.get(name);
    const needs = quote(texts.join(' and '));
    if (others === undefined)
      report('index-hides-dependency', `the archive needs ${needs}, and ${by} does not show it`);
    else if (others.join('\n') !== texts.join('\n'))
      report(
        'index-other-dependency',
        `${by} shows ${quote(others.join(' and '))}, and the archive needs ${needs}`,
      );
  }
  for (const [name, texts] of theirs)
    if (!mine.has(name))
      report(
        'index-adds-dependency',
        `${by} shows ${quote(texts.join(' and '))}, and the archive does not need it`,
      );
}

/** The requirements of each package: one package may be needed in several versions, each under another condition. */
function byName(dependencies: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const text of dependencies) {
    const name = /^[\w.-]+/.exec(text)?.[0] ?? text;
    const known = found.get(name);
    if (known === undefined) found.set(name, [text]);
    else known.push(text);
  }
  return found;
}

function compareMetadata({ own, said, by, report }: Compared): void {
  const differ = (field: string, mine: string | undefined, theirs: string | undefined): void => {
    if (mine !== undefined && theirs !== undefined && mine !== theirs)
      report(
        'index-other-metadata',
        `${by} has ${field} ${quote(theirs)}, and the archive ${quote(mine)}`,
      );
  };
  differ('Requires-Python', own.python, said.python);
  differ('the extras', own.extras?.join(', '), said.extras?.join(', '));
}

const LANGUAGES = { python: 'Python', ruby: 'Ruby', rubygems: 'RubyGems' } as const;

function compareLanguages({ own, said, by, report }: Compared): void {
  for (const [field, language] of Object.entries(LANGUAGES)) {
    const [mine, theirs] = [own, said].map((says) => says[field as keyof typeof LANGUAGES]);
    if (mine !== undefined && theirs !== undefined && mine !== theirs)
      report(
        'index-other-language',
        `${by} has ${language} ${quote(theirs)}, and the archive ${quote(mine)}`,
      );
  }
}
