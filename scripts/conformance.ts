/**
 * `npx -y pnpm@12 conformance [PROGRAM…]`: runs the conformance suite against our command and other programs, and writes
 * docs/conformance.json and the generated parts of docs/conformance.md. A program that is not on this machine keeps its results.
 * It needs the built command, and takes some minutes.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  conformancePage,
  type ConformanceData,
  type ProgramResults,
} from '../test/support/conformance/conformance-page.ts';
import {
  EXAMPLES,
  measuredPrograms,
  type MeasuredProgram,
} from '../test/support/conformance/programs.ts';
import { reportOf, runSuite } from '../test/support/conformance/run-suite.ts';
import { writeSuite } from '../test/support/conformance/write-suite.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !measuredPrograms.some(({ id }) => id === name));
if (unknown.length > 0) {
  console.error(`usage: pnpm conformance [${measuredPrograms.map(({ id }) => id).join('|')}]…`);
  process.exit(2);
}

const docs = (name: string): string => new URL(`../docs/${name}`, import.meta.url).pathname;
const dataFile = docs('conformance.json');
const before = existsSync(dataFile)
  ? (JSON.parse(readFileSync(dataFile, 'utf8')) as ConformanceData)
  : undefined;
const programs: Record<string, ProgramResults> = { ...before?.programs };
const examples: Record<string, string> = { ...before?.examples };
const folder = mkdtempSync(join(tmpdir(), 'tarwarden-conformance-'));
try {
  const { version, digest } = writeSuite(folder);
  for (const program of measuredPrograms) {
    if (wanted.length > 0 && !wanted.includes(program.id)) continue;
    const own = program.version();
    if (own === undefined) continue;
    programs[program.id] = await measure(program, own);
    process.stderr.write(`${program.id}: ${JSON.stringify(programs[program.id]?.outcomes)}\n`);
  }
  for (const [name, { program, line }] of Object.entries(EXAMPLES)) {
    if (wanted.length > 0 && !wanted.includes(program)) continue;
    const [, , ...args] = line.split(' ');
    examples[name] = (await runSuite(folder, args)).stdout;
  }
  const data: ConformanceData = { version, digest, programs, examples };
  writeFileSync(dataFile, `${JSON.stringify(data, null, 2)}\n`);
  const page = docs('conformance.md');
  writeFileSync(page, conformancePage(readFileSync(page, 'utf8'), data));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(
  { options, command }: MeasuredProgram,
  version: string,
): Promise<ProgramResults> {
  const report = await reportOf(folder, [...options, '--', ...command]);
  const notable: Record<string, string[]> = {};
  for (const { id, outcome } of report.results)
    if (outcome !== 'as expected' && outcome !== 'accepted') (notable[outcome] ??= []).push(id);
  return {
    version,
    date: new Date().toISOString().slice(0, 10),
    archives: report.archives,
    outcomes: report.outcomes,
    classes: Object.fromEntries(
      report.classes.map((row) => [
        String(row['class']),
        [Number(row['archives']), Number(row['as expected'])] as const,
      ]),
    ),
    notable,
  };
}
