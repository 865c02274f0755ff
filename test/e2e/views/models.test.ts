/**
 * The models of `explain` against the real managers: for each archive, the same files with the same bytes and modes, or
 * an error. TARWARDEN_E2E_FULL=1 takes the whole attack set and every oddity of real packages; a slice otherwise.
 */
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../packages/explain/src/readers/views-of.ts';
import type { View, NpmViewer } from '../../../packages/explain/src/readers/view.ts';
import { attacks, cleanOddities, SENTINEL } from '../../support/attacks.ts';
import { available, type ManagerName } from '../../support/managers.ts';
import { nameOf, observe, type Observation, type Sample } from './observe.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

const managers: readonly [ManagerName, NpmViewer][] = [
  ['npm-10', 'npm'],
  ['npm-11', 'npm'],
  ['npm-12', 'npm'],
  ['pnpm-10', 'pnpm-10'],
  ['pnpm-11', 'pnpm-11'],
  ['pnpm-12', 'pnpm-12'],
  ['yarn-3', 'yarn-4'],
  ['yarn-4', 'yarn-4'],
  ['yarn-1', 'yarn-1'],
  ['bun', 'bun'],
];

/** Managers that the slice leaves to the full run: their siblings stand for them. */
const siblings = new Set<ManagerName>(['npm-10', 'npm-11', 'yarn-3']);

/** One of each trick on which managers differ. */
const slice = new Set(
  `
  symlink hardlink hardlink-inside path-traversal-first absolute-path duplicate-path
  multiple-top-folders pax-size-desync gzip-second-member entries-after-end special-mode-bits-4755
  backslash-in-name contiguous-file unknown-typeflag name-field-residue leading-dot-folder
  tar-prefix pax-path-twice gnu-and-pax-path directory-with-body manifest-missing clean-plain
  extended-header-link-target execute-without-owner long-zero-tail repeated-directory bundled-symlink manifest-invalid
  manifest-name-mismatch pax-value-newline clean-empty-files clean-ustar-prefix clean-executable
  `.match(/\S+/g),
);

/** Too large to install many times over. */
const tooLarge = /^(?:entry-count|compression-ratio|unpacked-size)-limit$/;

/** Linkers make the targets of `bin` executable, mend their first lines and link them: that is not modelled. */
const ofCommands = /^clean-(?:bin-|directories-bin)/;

const samples: readonly Sample[] = [
  ...attacks,
  ...cleanOddities.map((one): Sample => ({
    id: `clean-${one.id}`,
    build: (options) => one.build(options),
  })),
].filter(({ id }) => !tooLarge.test(id));

const bytesOf = (sample: Sample): Buffer =>
  sample.build({ name: nameOf(sample), target: SENTINEL });

const viewFor = (viewer: NpmViewer, sample: Sample): View => viewOf(viewer, bytesOf(sample));

/** Both sides in words. */
function modelled(viewer: NpmViewer, sample: Sample): string[] {
  const { outcome, files } = viewFor(viewer, sample);
  if (outcome !== 'installs') return [outcome];
  return files.map((one) => {
    if (ofCommands.test(sample.id) || one.kind === 'command') return one.path;
    return one.kind === 'link'
      ? `${one.path} -> ${one.target}`
      : `${one.path} ${one.mode.toString(8)} ${one.sha256}`;
  });
}

function real(seen: Observation | undefined, sample: Sample): string[] {
  if (seen?.outcome !== 'installs') return ['error'];
  const lines: string[] = [];
  for (const [path, one] of seen.files) {
    if (ofCommands.test(sample.id)) {
      if (one.kind !== 'directory' && !path.startsWith('node_modules/.bin/')) lines.push(path);
      continue;
    }
    // Yarn 4 writes an absolute target as the long way round.
    if (one.kind === 'link')
      lines.push(`${path} -> ${one.target.replace(/^(?:\.\.\/)+(?=nonexistent\/)/, '/')}`);
    if (one.kind === 'file') lines.push(`${path} ${one.mode.toString(8)} ${one.sha256}`);
    if (one.kind === 'other') lines.push(`${path} other`);
  }
  return lines;
}

describe.each(managers)('%s', (manager, viewer) => {
  const chosen = samples.filter(
    (one) => (full || slice.has(one.id)) && viewFor(viewer, one).outcome !== 'unknown',
  );
  const runs = available(manager).ok && (full || !siblings.has(manager));

  test.skipIf(!runs)(
    'unpacks what the model says',
    { timeout: full ? 1_200_000 : 150_000 },
    async () => {
      const fails = (one: Sample): boolean => viewFor(viewer, one).outcome === 'error';
      const failing = chosen.filter(fails);
      const singly = full ? failing : failing.slice(0, 2);
      const together = chosen.filter((one) => !fails(one));
      const observed = await observe(manager, [...singly.map((one) => [one]), together]);
      const compared = [...singly, ...together];
      const words = (list: (one: Sample) => string[]): Record<string, string[]> =>
        Object.fromEntries(compared.map((one) => [one.id, list(one).toSorted()]));
      expect(compared.length).toBeGreaterThan(15);
      expect(words((one) => real(observed.get(one.id), one))).toEqual(
        words((one) => modelled(viewer, one)),
      );
    },
  );
});
