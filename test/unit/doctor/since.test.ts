/** What is new since an earlier report. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../../packages/doctor/src/report/json.ts';
import { withoutReported, ReportFileError } from '../../../packages/doctor/src/since.ts';
import { defence, examination, hole } from './examinations.ts';
import { bundled, locked, record } from './records.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const FINE = { code: 0, reason: 'no hole is known' } as const;

let folder: string;
freshFolder((made) => (folder = made));

function file(text: string): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, text);
  return path;
}

const result = { title: 'tar 1.0.0', path: '/a', tried: true, escaped: [], links: [], kept: 9 };
const escaped = { ...result, escaped: [{ id: 'symlink', by: 'a link' }], kept: 8 };
const before = examination({
  holes: [hole(), hole({ component: locked() })],
  problems: [{ message: 'is odd', file: 'yarn.lock', line: 3 }],
  probe: { confined: true, results: [result] },
});

describe('what an earlier report has', () => {
  it('is left out of the defences as well, unless their state changed', () => {
    const earlier = examination({ defences: [defence(), defence({ setting: 'allow-git' })] });
    const changed = defence({ state: 'on' });
    const now = examination({ defences: [changed, defence({ setting: 'allow-git' })] });
    expect(withoutReported(now, file(jsonReport(earlier, FINE))).defences).toEqual([changed]);
  });

  it('is left out, also where lines have moved', () => {
    const moved = locked({ origin: { kind: 'lockfile', file: 'package-lock.json', line: 99 } });
    const now = examination({
      holes: [hole(), hole({ component: moved })],
      problems: [{ message: 'is odd', file: 'yarn.lock', line: 4 }],
      probe: { confined: false, results: [result] },
    });
    expect(withoutReported(now, file(jsonReport(before, FINE)))).toEqual(
      examination({ probe: { confined: false, results: [] } }),
    );
  });

  it.each([
    ['another hole', { holes: [hole({ record: record('GHSA-9') })] }],
    ['another version', { holes: [hole({ component: bundled({ version: '1.0.1' }) })] }],
    ['another copy', { holes: [hole({ component: bundled({}, { path: '/elsewhere' }) })] }],
    ['a hole that is unknown no more', { holes: [hole({ state: 'unknown' })] }],
    ['another problem', { problems: [{ message: 'is odd', file: 'go.sum' }] }],
    ['another way out', { probe: { confined: true, results: [escaped] } }],
  ] as const)('is not %s', (_title, more) => {
    const now = examination(more);
    expect(withoutReported(now, file(jsonReport(before, FINE)))).toEqual(now);
  });

  it.each([
    ['no JSON', '{'],
    ['another document', '{"schema":1}'],
    ['a later document', jsonReport(before, FINE).replace('"schema":1', '"schema":2')],
    ['nothing', ''],
  ])('cannot be known from %s', (_title, text) => {
    expect(() => withoutReported(before, file(text))).toThrow(ReportFileError);
    expect(() => withoutReported(before, join(folder, 'missing'))).toThrow(ReportFileError);
  });
});
