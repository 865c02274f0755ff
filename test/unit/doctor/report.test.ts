/** What is printed, and the exit code. */
import { PLAIN } from '@tarwarden/core/text';
import { describe, expect, it } from 'vitest';
import type { Examination } from '../../../packages/doctor/src/examine.ts';
import { doctorOutcome, jsonReport, textReport } from '../../../packages/doctor/src/report.ts';
import { examination, hole } from './examinations.ts';
import { bundled, locked, record } from './records.ts';

/** The report for people, and the last line, as `doctor` prints them. */
function shown(found: Examination): string {
  return textReport(found, doctorOutcome(found, { failOn: 'low' }), PLAIN);
}

const low = hole({
  record: record('GHSA-2', {
    when: 'on Windows',
    note: 'A note',
    notReachedBecause: 'a reason',
    verified: false,
  }),
  component: locked(),
  reach: 'none',
  urgency: 'low',
  remedy: 'upgrade tar to 2.0.0 or newer',
});
const unknown = hole({ state: 'unknown', remedy: 'install updates' });

describe('the text', () => {
  it('says what is in the project first, then what is in programs, what to do, and why it ends so', () => {
    const problems = [{ message: 'has a \u001B[31mbad entry', file: 'yarn.lock', line: 3 }];
    expect(shown(examination({ holes: [hole(), low], problems }))).toBe(
      `In the project: no install reaches it
  tar 1.0.0  package-lock.json:7
    low      GHSA-2
             What GHSA-2 does (only on Windows)
             not reached: a reason
             A note
             the affected versions are not confirmed by the source
    what to do: upgrade tar to 2.0.0 or newer

On this machine: a package reaches it while it is installed
  tar 1.0.0 of npm 10.0.0  /opt/npm/node_modules/tar
    high     GHSA-1, CVE-2026-1
             What GHSA-1 does
    what to do: upgrade npm

Not examined
  yarn.lock:3: has a \\x1b[31mbad entry

2 known holes (1 high, 1 low), 1 not examined
examined npm 10.0.0 and 1 library; advisories of 2026-11-25
exit 1 because 2 known holes are open
`,
    );
  });

  it('says what is unknown', () => {
    expect(shown(examination({ holes: [unknown] })))
      .toBe(`Not known to be fixed: the version alone does not say it
  tar 1.0.0 of npm 10.0.0: 1 advisory (CVE-2026-1)
    what to do: install updates

no hole is known to be open, 1 unknown
examined npm 10.0.0 and 1 library; advisories of 2026-11-25
exit 0 because 1 hole may be fixed
`);
  });

  it('is short where there is nothing', () => {
    expect(shown(examination({ components: [] }))).toBe(
      'no hole is known to be open\nexamined no package manager and 0 libraries; advisories of 2026-11-25\nexit 0 because no hole is known\n',
    );
  });
});

describe('JSON', () => {
  it('has everything in one document', () => {
    const document = JSON.parse(
      jsonReport(examination({ holes: [low] }), { code: 1, reason: 'x' }, [
        { path: '/p.json', kind: 'user' },
      ]),
    ) as Record<string, unknown>;
    expect(document).toMatchObject({ schema: 1, ok: false, date: '2026-11-25', problems: [] });
    expect(document['policyFiles']).toEqual([{ path: '/p.json', kind: 'user' }]);
    expect(document['holes']).toEqual([
      {
        id: 'GHSA-2',
        aliases: [],
        summary: 'What GHSA-2 does',
        state: 'open',
        urgency: 'low',
        reach: 'none',
        kind: 'link',
        when: 'on Windows',
        notReachedBecause: 'a reason',
        verified: false,
        note: 'A note',
        component: locked(),
        fixed: '2.0.0',
        remedy: 'upgrade tar to 2.0.0 or newer',
        references: ['https://example.com/GHSA-2'],
      },
    ]);
  });
});

it('copies of one library are one entry', () => {
  const copies = ['/a', '/b', '/c'].map((path) => hole({ component: bundled({}, { path }) }));
  const text = shown(examination({ holes: copies }));
  expect(text).toContain('  tar 1.0.0 of npm 10.0.0  /a and 2 more copies\n');
  expect(text.match(/high     GHSA-1/g)).toHaveLength(1);
});
