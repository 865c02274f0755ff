/*
 * Compares what an index of Python packages or gems, or a lockfile that copies it, says of an archive with the archive's own metadata.
 * Clients choose dependencies and versions by the index, and install what the archive contains.
 */
import type { Observation } from '../finding/observation.ts';
import type { Code } from '../finding/rule-id.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { quote } from '../text/printable.ts';
import { PYPI_COMPARISONS } from './pypi/identity.ts';

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
  readonly checksum?: { readonly indexed: string; readonly computed: string };
  /** Why two programs can read the words in two ways. Hostile text in it is already quoted. */
  readonly unclear?: string;
}

type Report = (code: Code, detail: string) => void;

interface Compared {
  readonly archive: IndexStatements;
  readonly indexed: IndexStatements;
  readonly by: string;
  readonly report: Report;
}

/** Reports each kind of statement in which the words differ from the archive. `claimed` is the archive's own metadata. */
export function compareIndexClaim(
  claimed: ManifestFacts | undefined,
  claim: IndexClaim,
): readonly Observation[] {
  const observations: Observation[] = [];
  const report: Report = (code, detail) => observations.push({ code, detail });
  compareChecksum(claim, report);
  // Without readable metadata, the verdict has its own findings.
  if (claimed?.declares === undefined) return observations;
  const compared = {
    archive: claimed.declares as IndexStatements,
    indexed: claim.says,
    by: claim.by,
    report,
  };
  const { document } = claim.says;
  if (document === undefined) {
    compareDependencies(compared);
    compareLanguages(compared);
    return observations;
  }
  if (isSameText(compared.archive, claim.says)) return observations;
  compareIdentity(claimed, claim, report);
  compareDependencies(compared);
  compareMetadata(compared);
  if (observations.length === 0 && compared.archive.document !== undefined)
    report(
      'index-other-text',
      `${claim.by} differs from METADATA in parts that clients do not use`,
    );
  return observations;
}

function isSameText(archive: IndexStatements, indexed: IndexStatements): boolean {
  return (archive.text ?? archive.document) === (indexed.text ?? indexed.document);
}

function compareChecksum({ by, checksum }: IndexClaim, report: Report): void {
  if (checksum === undefined || checksum.indexed === checksum.computed) return;
  report(
    'index-other-checksum',
    `${by} has SHA-256 ${quote(checksum.indexed)}, and the archive ${checksum.computed}`,
  );
}

type Values = readonly [label: string, own: string | undefined, said: string | undefined];

/** Reports two values that differ. A value that is not known is not compared. */
function compareValues(
  { by, report }: Pick<Compared, 'by' | 'report'>,
  code: Code,
  [label, inArchive, inIndex]: Values,
): void {
  if (inArchive !== undefined && inIndex !== undefined && inArchive !== inIndex)
    report(code, `${by} has ${label} ${quote(inIndex)}, and the archive ${quote(inArchive)}`);
}

function compareIdentity(claimed: ManifestFacts, claim: IndexClaim, report: Report): void {
  const { by, unclear } = claim;
  if (unclear !== undefined) report('index-other-metadata', `of ${by}, ${unclear}`);
  for (const [field, isSame] of PYPI_COMPARISONS) {
    const [inArchive, inIndex] = [claimed[field], claim[field]];
    if (inArchive === undefined || inIndex === undefined || isSame(inArchive, inIndex)) continue;
    compareValues({ by, report }, 'index-other-metadata', [`the ${field}`, inArchive, inIndex]);
  }
}

function compareDependencies({ archive, indexed, by, report }: Compared): void {
  if (archive.dependencies === undefined || indexed.dependencies === undefined) return;
  const [mine, theirs] = [byName(archive.dependencies), byName(indexed.dependencies)];
  for (const [name, texts] of mine) {
    const indexedTexts = theirs.get(name);
    const needs = quote(texts.join(' and '));
    if (indexedTexts === undefined)
      report('index-hides-dependency', `the archive needs ${needs}, and ${by} does not show it`);
    else if (indexedTexts.join('\n') !== texts.join('\n'))
      report(
        'index-other-dependency',
        `${by} shows ${quote(indexedTexts.join(' and '))}, and the archive needs ${needs}`,
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
  const requirements = new Map<string, string[]>();
  for (const text of dependencies) {
    const name = /^[\w.-]+/.exec(text)?.[0] ?? text;
    const knownTexts = requirements.get(name);
    if (knownTexts === undefined) requirements.set(name, [text]);
    else knownTexts.push(text);
  }
  return requirements;
}

function compareMetadata(compared: Compared): void {
  const { archive, indexed } = compared;
  const [extras, indexedExtras] = [archive, indexed].map((statements) =>
    statements.extras?.join(', '),
  );
  const code = 'index-other-metadata';
  compareValues(compared, code, ['Requires-Python', archive.python, indexed.python]);
  compareValues(compared, code, ['the extras', extras, indexedExtras]);
}

function compareLanguages(compared: Compared): void {
  const { archive, indexed } = compared;
  const code = 'index-other-language';
  compareValues(compared, code, ['Python', archive.python, indexed.python]);
  compareValues(compared, code, ['Ruby', archive.ruby, indexed.ruby]);
  compareValues(compared, code, ['RubyGems', archive.rubygems, indexed.rubygems]);
}
