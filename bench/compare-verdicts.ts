/**
 * `pnpm compare-verdicts CHECKOUT [--texts] [--outcomes] [--fuzzed N] [ARCHIVE…]`: whether another checkout of this repository, as it was
 * before a change, gives the same verdicts as this one. Both inspect the attack set, the oddities of ordinary packages, archives
 * that the fuzzer makes, the tarballs of the benchmark, and the archives that are named. Differences are listed, and the exit
 * code is then 1.
 *
 * Compared is the whole verdict as JSON, byte for byte, except the wording of messages: `--texts` compares that as well. After a change
 * of rule ids, `--outcomes` compares only whether an archive is accepted, and the level, location and details of each finding.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type * as Core from '@tarwarden/core';
import { build } from 'esbuild';
import { tarballs } from './corpus.ts';
import { inputOf } from '../test/fuzz/generate.ts';
import { seedTars } from '../test/fuzz/seeds.ts';
import { attacks, cleanOddities, zipAttacks } from '../test/support/attacks.ts';

interface Archive {
  readonly id: string;
  readonly bytes: Buffer;
  readonly format: Core.Format;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const CORE = 'packages/core/src/index.ts';
/** The seed of the fuzzer, for the same archives in every run. */
const SEED = 1311;
const CHANGED_BYTES = 40;
const MAX_LISTED = 20;
/** Keys of a finding that a verdict did not always have. */
const ADDED = new Set(['layer', 'field']);

const { values, positionals } = parseArgs({
  options: {
    texts: { type: 'boolean', default: false },
    outcomes: { type: 'boolean', default: false },
    fuzzed: { type: 'string', default: '3000' },
  },
  allowPositionals: true,
});
const [checkout, ...files] = positionals;
const rounds = Number(values.fuzzed);
if (checkout === undefined || !existsSync(join(checkout, CORE)) || !Number.isInteger(rounds)) {
  process.stderr.write(
    'usage: pnpm compare-verdicts CHECKOUT [--texts] [--outcomes] [--fuzzed N] [ARCHIVE…]\n',
  );
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'compare-verdicts-'));
try {
  const before = await coreOf(checkout, 'before');
  const now = await coreOf(root, 'now');
  const archives = [...built(), ...changedZips(), ...(await made()), ...(await real())];
  const different = archives.filter((archive) => textOf(before, archive) !== textOf(now, archive));
  for (const archive of different.slice(0, MAX_LISTED))
    process.stdout.write(
      `${archive.id}\n  before ${textOf(before, archive)}\n  now    ${textOf(now, archive)}\n`,
    );
  process.stdout.write(`${archives.length} archives, ${different.length} verdicts differ\n`);
  process.exitCode = archives.length > 0 && different.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The core of a checkout, bundled, with the libraries of this one. */
async function coreOf(checkout: string, name: string): Promise<typeof Core> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    absWorkingDir: checkout,
    entryPoints: [join(checkout, CORE)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    nodePaths: [join(root, 'packages/core/node_modules')],
  });
  return (await import(pathToFileURL(outfile).href)) as typeof Core;
}

function textOf({ inspect }: typeof Core, { bytes, format }: Archive): string {
  const verdict = inspect(bytes, { format });
  const outcome = {
    ...verdict,
    findings: verdict.findings.map((finding) => ({
      ...finding,
      rule: undefined,
      code: undefined,
      detail: finding.message.slice(finding.message.indexOf(': ')),
    })),
  };
  return JSON.stringify(values.outcomes ? outcome : verdict, (key, value: unknown) =>
    ADDED.has(key) || (key === 'message' && !values.texts) ? undefined : value,
  );
}

function built(): Archive[] {
  const tarred = [...attacks, ...cleanOddities];
  return [
    ...tarred.map((attack): Archive => ({ id: attack.id, bytes: attack.build(), format: 'npm' })),
    ...zipAttacks.map((attack): Archive => ({
      id: attack.id,
      bytes: attack.build(),
      format: 'yarn-zip',
    })),
  ];
}

/** Zips with a byte changed, since the fuzzer makes tarballs alone. */
function changedZips(): Archive[] {
  return zipAttacks.flatMap((attack) =>
    Array.from({ length: CHANGED_BYTES }, (_, round): Archive => {
      const bytes = attack.build();
      const at = (round * 7919) % bytes.length;
      bytes[at] = bytes[at]! ^ (1 << (round % 8));
      return { id: `${attack.id}, byte ${at} changed`, bytes, format: 'yarn-zip' };
    }),
  );
}

async function made(): Promise<Archive[]> {
  const seeds = await seedTars();
  return Array.from({ length: rounds }, (_, round) => ({
    id: `seed ${SEED}, round ${round}`,
    bytes: inputOf(SEED, round, seeds),
    format: 'npm',
  }));
}

async function real(): Promise<Archive[]> {
  const corpus = await tarballs('corpus');
  return [
    ...corpus.map(({ id, bytes }): Archive => ({ id, bytes, format: 'npm' })),
    ...files.map((file): Archive => {
      const format = file.endsWith('.zip') ? 'yarn-zip' : 'npm';
      return { id: file, bytes: readFileSync(file), format };
    }),
  ];
}
