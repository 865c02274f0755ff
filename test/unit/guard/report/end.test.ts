/** What a run says at its end, where a user asks for reports and a repository for refusals. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { endRun, tallyOf } from '../../../../packages/guard/src/report/end.ts';

let report: string;
let said: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  report = join(mkdtempSync(join(tmpdir(), 'tarwarden-report-')), 'report.ndjson');
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

const words = (): string => said.mock.calls.map(([text]) => String(text)).join('');
const lines = (): object[] =>
  readFileSync(report, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
const counted = (name: string, mode: 'refuse' | 'report', status = 'reject'): string =>
  JSON.stringify({
    package: name,
    status,
    refused: status === 'reject' && mode === 'refuse',
    remembered: false,
    mode,
    why: 'symlink',
  });
const end = (isReportOnly: boolean, ...all: readonly string[]): string => {
  endRun(
    { TARWARDEN_REPORT: report, TARWARDEN_SUMMARY: '1' },
    tallyOf(all.join('\n')),
    isReportOnly,
  );
  return words();
};

it('says what holds where a repository asked for refusals', () => {
  expect(end(true, counted('a@1', 'refuse'))).toBe(
    'tarwarden: 1 inspected, 0 accepted, 1 refused\n',
  );
  expect(lines()).toMatchObject([{ mode: 'refuse', refused: 1 }]);
});

it('keeps apart what was refused and what was let pass', () => {
  const all = [
    counted('a@1', 'refuse'),
    counted('b@1', 'report'),
    counted('b@1', 'refuse', 'accept'),
  ];
  expect(end(true, ...all)).toBe(
    'tarwarden: 2 inspected, 0 accepted, 1 refused, 1 would be refused\n' +
      'tarwarden: REPORT ONLY: not all that was rejected is kept out; 1 of 2 packages would have been refused\n',
  );
  expect(lines()).toMatchObject([{ mode: 'report', refused: 1 }]);
});

it('is loud where nothing was inspected and the user asked for reports', () => {
  expect(end(true)).toContain(
    'REPORT ONLY: nothing that was rejected is kept out; 0 of 0 packages',
  );
  said.mockClear();
  expect(end(false)).not.toContain('REPORT ONLY');
});

it('lists in the job summary what was rejected first, and never more than GitHub takes', () => {
  const step = `${report}.md`;
  const long = (index: number): string => `${'\u{10FFFF}'.repeat(256)}${index}@1`;
  const all = Array.from({ length: 300 }, (_, index) => counted(long(index), 'refuse', 'error'));
  endRun(
    { GITHUB_STEP_SUMMARY: step },
    tallyOf([...all, counted('evil@1', 'refuse')].join('\n')),
    false,
  );
  const text = readFileSync(step, 'utf8');
  expect(text.length).toBeLessThan(140_000);
  const rows = text.split('\n').filter((line) => line.startsWith('| <code>'));
  expect(rows[0]).toBe('| <code>evil&#64;1</code> | refused | <code>symlink</code> |');
  expect(text).toContain(`… and ${301 - rows.length} more.`);
});
