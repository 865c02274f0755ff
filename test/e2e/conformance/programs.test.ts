/** The runner of the conformance suite with the built command, and the worked examples of docs/conformance.md as they are there. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConformanceData } from '../../support/conformance/conformance-page.ts';
import { EXAMPLES, measuredPrograms } from '../../support/conformance/programs.ts';
import { reportOf, runSuite } from '../../support/conformance/run-suite.ts';
import { useWrittenSuite } from '../../support/conformance/written-suite.ts';

const page = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');
const data = JSON.parse(
  readFileSync(new URL('../../../docs/conformance.json', import.meta.url), 'utf8'),
) as ConformanceData;

let folder: string;

useWrittenSuite((written) => {
  folder = written;
});

describe('the conformance suite', () => {
  test('ends as expected with the built command, all archives', async () => {
    const [tarwarden] = measuredPrograms;
    const { options = [], command = [] } = tarwarden ?? {};
    const { archives, results } = await reportOf(folder, [...options, '--', ...command]);
    expect(results.filter(({ outcome }) => outcome !== 'as expected')).toEqual([]);
    expect(archives).toBe(data.programs['tarwarden']?.archives);
  });

  test('ends as expected with the trees that the command unpacks', async () => {
    const [tarwarden] = measuredPrograms;
    const cli = tarwarden?.command.slice(0, 2) ?? [];
    const only = 'npm/executable,npm/pax-path,wheel/wheel-data,gem/gem-executables,sdist/pax-mtime';
    const args = ['--only', only, '--strip', '--', ...cli, 'unpack', '--format', '{format}'];
    const { results } = await reportOf(folder, [...args, '{archive}', '{out}']);
    expect(results.filter(({ outcome }) => outcome !== 'as expected')).toEqual([]);
    expect(results).toHaveLength(5);
  });

  test('the example with bsdtar prints what the page shows', { tags: ['bsdtar'] }, () =>
    expectExample('bsdtar'),
  );

  test('the example with tarfile prints what the page shows', { tags: ['pip'] }, () =>
    expectExample('tarfile'),
  );
});

async function expectExample(name: string): Promise<void> {
  const example = EXAMPLES[name];
  const program = measuredPrograms.find(({ id }) => id === example?.program);
  const [, , ...args] = example?.line.split(' ') ?? [];
  const { stdout, code } = await runSuite(folder, args);
  expect(page).toContain(`$ ${example?.line}\n${data.examples[name]?.trimEnd()}\n`);
  expect(code).toBe(1);
  // Another version of the program can answer differently.
  const isMeasured = program?.version() === data.programs[example?.program ?? '']?.version;
  if (isMeasured) expect(stdout).toBe(data.examples[name]);
  else expect(stdout).toMatch(/^ordinary +container +\d+ +\d+ /m);
}
