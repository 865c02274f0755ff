/**
 * The models of `explain`against the real managers: for each archive, the same files with the same bytes and modes, or
 * an error. TARWARDEN_E2E_FULL=1 takes the whole attack set and every oddity of real packages; a slice otherwise.
 */
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../packages/core/src/package/views/view-of.ts';
import type { Viewer } from '../../../packages/core/src/package/views/view.ts';
import { attacks, cleanOddities, SENTINEL } from '../../support/attacks.ts';
import { available, type ManagerName } from '../../support/managers.ts';
import { nameOf, observe, type Observation, type Sample } from './observe.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

const managers: readonly [ManagerName, Viewer][] = [
  ['npm-10', 'npm'],
  ['npm-11', 'npm'],
  ['npm-12', 'npm'],
  ['pnpm-10', 'pnpm-10'],
  ['pnpm-11', 'pnpm-11'],
  ['pnpm-12', 'pnpm-12'],
  ['yarn-4', 'yarn-4'],
  ['yarn-1', 'yarn-1'],
  ['bun', 'bun'],
];

/** Managers that the slice leaves to the full run: their siblings stand for them. */
const siblings = new Set<ManagerName>(['npm-10', 'npm-11']);

/** One of each trick on which managers differ. */
const slice = new Set(
  `
  symlink hardlink hardlink-inside path-traversal-first absolute-path duplicate-path
  multiple-top-folders pax-size-desync gzip-second-member entries-after-end special-mode-bits-4755
  backslash-in-name contiguous-file unknown-typeflag name-field-residue leading-dot-folder
  tar-prefix pax-path-twice gnu-and-pax-path directory-with-body manifest-missing clean-plain
  pax-value-newline clean-empty-files clean-ustar-prefix clean-executable
  `.match(/\S+/g),
);

/** Too large to install many times over. */
const tooLarge = /^(?:entry-count|compression-ratio|unpacked-size)-limit$/;

/** What a manager thinks of package.json is not modelled, only what it unpacks. */
const ofManifest =
  /^(?:manifest-(?!missing|other|is-a|duplicate)|.*bin|man-|dependency-|bundled-)|-bin-/;

/**
 * Where a model is known to be wrong: sizes below zero and malformed PAX records, which Yarn misreads each in its own way,
 * and a file where a folder is needed, which pnpm links from its store without complaint and cannot copy from it.
 */
const unmodelled: Partial<Record<Viewer, readonly string[]>> = {
  'pnpm-10': ['file-directory-conflict'],
  'pnpm-11': ['file-directory-conflict'],
  'yarn-4': ['invalid-size-negative'],
  'yarn-1': [
    'invalid-size-negative',
    'invalid-size-negative-text',
    'pax-size-negative',
    'pax-record-length',
    'pax-record-no-newline',
    'pax-chain',
    'empty-file',
  ],
};

const samples: readonly Sample[] = [
  ...attacks,
  ...cleanOddities.map((one): Sample => ({
    id: `clean-${one.id}`,
    build: (options) => one.build(options),
  })),
].filter(({ id }) => !tooLarge.test(id) && !ofManifest.test(id));

const bytesOf = (sample: Sample): Buffer =>
  sample.build({ name: nameOf(sample), target: SENTINEL });

/** Both sides in words, without what linkers do to folders of dependencies. */
function modelled(viewer: Viewer, sample: Sample): string[] {
  const { outcome, files } = viewOf(viewer, bytesOf(sample));
  if (outcome !== 'installs') return [outcome];
  return files
    .filter(({ path }) => !path.startsWith('node_modules/'))
    .map((one) =>
      one.kind === 'link'
        ? `${one.path} -> ${one.target}`
        : `${one.path} ${one.mode.toString(8)} ${one.sha256}`,
    );
}

function real(seen: Observation | undefined): string[] {
  if (seen?.outcome !== 'installs') return ['error'];
  const lines: string[] = [];
  for (const [path, one] of seen.files) {
    if (path.startsWith('node_modules/')) continue;
    // Yarn 4 writes an absolute target as the long way round.
    if (one.kind === 'link')
      lines.push(`${path} -> ${one.target.replace(/^(?:\.\.\/)+(?=nonexistent\/)/, '/')}`);
    if (one.kind === 'file') lines.push(`${path} ${one.mode.toString(8)} ${one.sha256}`);
    if (one.kind === 'other') lines.push(`${path} other`);
  }
  return lines;
}

describe.each(managers)('%s', (manager, viewer) => {
  const left = new Set(unmodelled[viewer]);
  const chosen = samples.filter(({ id }) => !left.has(id) && (full || slice.has(id)));
  const runs = available(manager).ok && (full || !siblings.has(manager));

  test.skipIf(!runs)(
    'unpacks what the model says',
    { timeout: full ? 1_200_000 : 150_000 },
    async () => {
      const fails = (one: Sample): boolean => viewOf(viewer, bytesOf(one)).outcome === 'error';
      const failing = chosen.filter(fails);
      const singly = full ? failing : failing.slice(0, 2);
      const together = chosen.filter((one) => !fails(one));
      const observed = await observe(manager, [...singly.map((one) => [one]), together]);
      const compared = [...singly, ...together];
      const words = (list: (one: Sample) => string[]): Record<string, string[]> =>
        Object.fromEntries(compared.map((one) => [one.id, list(one).toSorted()]));
      expect(compared.length).toBeGreaterThan(15);
      expect(words((one) => real(observed.get(one.id)))).toEqual(
        words((one) => modelled(viewer, one)),
      );
    },
  );
});
