import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { inspect, problems, type Code, type Rule } from '@tarwarden/core';
import { compareNpmClaim, type ClaimKind, type NpmClaim } from '@tarwarden/core/metadata';

import { atOnce } from './at-once.ts';
import { cacheFolder, fetched, FETCHED_AT_ONCE, type Listed } from './corpus.ts';
import { documentsOf } from './survey/documents.ts';
import { listed } from './survey/list.ts';
import {
  listedLockfiles,
  lockfileRepositories,
  lockfileWords,
  wordsAbout,
} from './survey/lockfile-words.ts';
import { addressOf } from './survey/look.ts';
import { fillWordPage, type WordCount } from './survey/word-page.ts';

const HELP = `usage: pnpm survey:word --clones FOLDER [--fetch] [--archives FOLDER] [--write] [--json FILE]
       pnpm survey:word --documents FOLDER [--archives FOLDER] [--json FILE]

Compares what others say about packages with the tarballs, and counts every difference.

  --clones FOLDER     the words are those of the lockfiles that bench/survey/lockfiles.txt lists. FOLDER has a clone
                      of each repository, as FOLDER/OWNER/NAME
  --repositories      list these repositories, one a line, and do nothing else
  --fetch             fetch tarballs that are missing, by the integrity of the lockfile
  --documents FOLDER  the words are the registry's documents, as pnpm 12 keeps them. This compares the packages of
                      bench/survey/packages.txt (default: those of this user)
  --archives FOLDER   tarballs as pnpm survey keeps them
  --write             put the table into docs/survey.md
  --json FILE         keep every difference

exit codes: 0 compared; 1 nothing could be compared; 2 usage
`;

const PAGE = new URL('../docs/survey.md', import.meta.url);
const DOCUMENTS = join(homedir(), '.cache/pnpm/v12/metadata-full/https%3A+registry.npmjs.org');

interface Difference {
  readonly id: string;
  readonly code: Code;
  readonly detail: string;
}

async function main(): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        clones: { type: 'string' },
        repositories: { type: 'boolean', default: false },
        fetch: { type: 'boolean', default: false },
        documents: { type: 'string', default: DOCUMENTS },
        archives: { type: 'string', default: join(cacheFolder, 'survey') },
        write: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`survey: ${(error as Error).message}\nTry: pnpm survey:word --help\n`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.repositories) {
    process.stdout.write(`${lockfileRepositories().join('\n')}\n`);
    return 0;
  }
  const { archives, clones, documents } = values;
  const subjects = clones === undefined ? documentSubjects(documents) : lockfileSubjects(clones);
  if (values.fetch) await fetchMissing(subjects, archives);
  const found: Difference[] = [];
  const [names, compared] = [new Set<string>(), new Set<string>()];
  /** The archives for which something shows each kind. */
  const kinds = new Map<string, number>();
  for (const { listing, words } of subjects) {
    const file = archiveFile(archives, listing);
    if (!existsSync(file)) continue;
    const bytes = readFileSync(file);
    const claims = words(bytes);
    if (claims.length === 0) continue;
    const id = `${listing.name}@${listing.version}`;
    names.add(listing.name);
    compared.add(id);
    const shown = new Set(claims.flatMap(({ shows = ALL_KINDS }) => [...shows]));
    for (const kind of shown) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const { manifest } = inspect(bytes);
    for (const claim of claims)
      found.push(
        ...compareNpmClaim(manifest, claim).map(({ code, detail }) => ({ id, code, detail })),
      );
  }
  const counts = counted(found);
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ compared: compared.size, names: names.size, found }, null, 1)}\n`,
    );
  const page = fillWordPage(readFileSync(PAGE, 'utf8'), {
    compared: compared.size,
    names: names.size,
    counts,
    kinds,
    lockfiles: listedLockfiles().length,
    repositories: lockfileRepositories().length,
  });
  if (values.write && clones !== undefined) writeFileSync(PAGE, page);
  for (const { rule, archives: number, examples } of counts)
    process.stdout.write(`${rule} ${number}: ${examples.join(', ')}\n`);
  for (const [kind, number] of kinds)
    process.stdout.write(`${kind}: shown for ${number} archives\n`);
  process.stdout.write(`${compared.size} archives of ${names.size} names\n`);
  return compared.size > 0 ? 0 : 1;
}

function archiveFile(folder: string, { integrity }: Listed): string {
  return join(folder, `${createHash('sha256').update(integrity).digest('hex')}.tgz`);
}

async function fetchMissing(subjects: readonly Subject[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = subjects.filter(({ listing }) => !existsSync(archiveFile(folder, listing)));
  await atOnce(missing, FETCHED_AT_ONCE, async ({ listing }, index) => {
    if (index % 500 === 0) process.stderr.write(`survey: ${index} of ${missing.length}\n`);
    try {
      await fetched(listing, folder, addressOf(listing));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`survey: ${listing.name}@${listing.version}: ${reason}\n`);
    }
  });
}

const ALL_KINDS: readonly ClaimKind[] = [
  ...([
    'identity',
    'dependencies',
    'peers',
    'bundled',
    'bin',
    'scripts',
    'platform',
    'engines',
  ] as const),
];

/** A package that is compared. */
interface Subject {
  readonly listing: Listed;
  /** The words about exactly these bytes. */
  readonly words: (bytes: Buffer) => readonly NpmClaim[];
}

/** The registry's documents. */
function documentSubjects(folder: string): readonly Subject[] {
  return listed().map((listing) => {
    const document = documentsOf(folder, listing.name)?.get(listing.version);
    const isSame = document?.dist?.integrity === listing.integrity;
    return {
      listing,
      words: () => (isSame ? [{ ecosystem: 'npm', by: 'registry', document }] : []),
    };
  });
}

/**
 * The packages of packages.txt that lockfiles have too, all for which a lockfile shows install scripts or bundled packages, and one of
 * {@link SAMPLE} of the others. Of pnpm's, which show less, one of {@link PNPM_SAMPLE} more. Lockfiles of Yarn 2 and later have no integrity: another lockfile or packages.txt has it.
 */
function lockfileSubjects(clones: string): readonly Subject[] {
  const known = new Map(listed().map((item) => [`${item.name}@${item.version}`, item]));
  return lockfileWords(clones).flatMap((item) => {
    const id = `${item.name}@${item.version}`;
    const listing = known.get(id) ?? item;
    if (listing.integrity === '') return [];
    const isCompared =
      known.has(id) ||
      item.claims.some(isRare) ||
      isInSample(id, SAMPLE) ||
      (item.claims.some(isOfPnpm) && isInSample(id, PNPM_SAMPLE));
    if (!isCompared) return [];
    return [{ listing, words: (bytes: Buffer) => wordsAbout(item, bytes) }];
  });
}

function isRare({ claim: { document } }: { readonly claim: NpmClaim }): boolean {
  return document['hasInstallScript'] === true || document['bundleDependencies'] !== undefined;
}

function isOfPnpm({ claim: { shows } }: { readonly claim: NpmClaim }): boolean {
  return shows?.has('dependency-names') === true;
}

const SAMPLE = 7;
const PNPM_SAMPLE = 5;

/** The hash of its name decides, so that two runs compare the same packages. */
function isInSample(id: string, size: number): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE() % size === 0;
}

/** Examples of each note that are shown. Errors and warnings name every package. */
const EXAMPLES = 5;

function counted(found: readonly Difference[]): WordCount[] {
  const compared = Object.entries(problems) as [Code, Rule][];
  return compared.flatMap(([code, { id: rule, level }]) => {
    if (!rule.startsWith('registry-')) return [];
    const ids = [...new Set(found.filter((item) => item.code === code).map(({ id }) => id))].sort();
    const examples = level === 'note' ? ids.slice(0, EXAMPLES) : ids;
    return [{ rule, code, level, archives: ids.length, examples }];
  });
}

process.exitCode = await main();
