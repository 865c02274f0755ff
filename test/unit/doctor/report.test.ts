/** What is printed, and the exit code. */
import { PLAIN } from '@tarwarden/core/text';
import { describe, expect, it } from 'vitest';
import type { Examination } from '../../../packages/doctor/src/examine.ts';
import { doctorOutcome, type Demands } from '../../../packages/doctor/src/outcome.ts';
import { jsonReport, ndjsonReport } from '../../../packages/doctor/src/report/json.ts';
import { textReport } from '../../../packages/doctor/src/report/text.ts';
import { defence, examination, guard, hole } from './examinations.ts';
import { bundled, locked, record } from './records.ts';

/** The report for people, and the last line, as `doctor` prints them. */
function shown(found: Examination, { all = false } = {}): string {
  const outcome = doctorOutcome(found, { failOn: 'low', strict: false });
  return textReport(found, outcome, { style: PLAIN, all });
}

function exitCode(found: Examination, demands: Partial<Demands>): number {
  return doctorOutcome(found, { failOn: 'low', strict: false, ...demands }).code;
}

const FINE = { code: 0, reason: 'no hole is known' } as const;

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
});
const unknown = hole({ state: 'unknown', owner: 'node-tar' });

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
  tar 1.0.0 of npm 10.0.0  /usr/lib/npm/node_modules/tar
    high     GHSA-1, CVE-2026-1
             What GHSA-1 does
    what to do: upgrade npm to a version that brings tar 2.0.0 or newer

Not looked at
  yarn.lock:3: has a \\x1b[31mbad entry

2 known holes (1 high, 1 low), 1 not looked at
looked at npm 10.0.0 and 1 library; advisories of 2026-11-25
exit 1 because 2 known holes are open (--fail-on none would not count them)
`,
    );
  });

  it('says what is unknown', () => {
    const found = examination({ holes: [unknown] });
    expect(shown(found)).toContain(`Not known to be fixed: the version alone does not say it
  tar 1.0.0 of npm 10.0.0: 1 advisory (CVE-2026-1)
    what to do: install the updates of your distribution;`);
    expect(shown(found)).toContain(
      'exit 0 because no hole counts: 1 hole may be fixed (--strict counts them)\n',
    );
    const text = shown(found, { all: true });
    expect(text).toContain('    unknown  GHSA-1, CVE-2026-1\n');
    expect(text).toContain(
      'belongs to the package node-tar, which may have a fix under the same version',
    );
    expect(text).toContain('no known hole, 1 unknown\n');
  });

  it('says what was seen', () => {
    const hit = { id: 'symlink', by: 'a symbolic link' };
    const result = { path: '/a', tried: true, escaped: [], links: [], kept: 9 };
    const results = [
      { ...result, title: 'left', links: [hit] },
      { ...result, title: 'bad', escaped: [hit, { id: 'dot-dot', by: 'a path' }] },
      { ...result, title: 'good' },
      { ...result, title: 'odd', tried: false },
    ];
    const text = shown(examination({ probe: { results, confined: false } }));
    expect(text).toBe(
      `What each did with archives that try to write outside their folder
  bad  /a
    WROTE OUTSIDE its folder, by a symbolic link; a path
  left  /a
    left a link to the outside, by a symbolic link
  kept everything inside: good
  could not be tried: odd
  not confined: it takes bubblewrap, a kernel that lets it work, and a processor of x64 or arm64

no known hole
looked at npm 10.0.0 and 1 library; advisories of 2026-11-25
exit 1 because 1 program wrote outside the folder in a trial
`,
    );
    const confined = shown(examination({ probe: { results: [], confined: true } }));
    expect(confined).toContain('each ran without network');
  });

  it('is short where there is nothing', () => {
    expect(shown(examination({ components: [] }))).toBe(
      'no known hole\nlooked at no package manager and 0 libraries; advisories of 2026-11-25\nexit 0 because no hole is known\n',
    );
  });
});

describe('JSON', () => {
  it('has everything in one document', () => {
    const document = JSON.parse(
      jsonReport(examination({ holes: [low] }), { code: 1, reason: 'x' }),
    ) as Record<string, unknown>;
    expect(document).toMatchObject({ schema: 1, ok: false, date: '2026-11-25', problems: [] });
    expect(document['holes']).toEqual([
      {
        id: 'GHSA-2',
        aliases: [],
        summary: 'What GHSA-2 does',
        state: 'open',
        urgency: 'low',
        reach: 'none',
        used: true,
        kind: 'link',
        when: 'on Windows',
        notReachedBecause: 'a reason',
        verified: false,
        note: 'A note',
        component: locked(),
        fixed: '2.0.0',
        distributionPackage: null,
        remedy: 'upgrade tar to 2.0.0 or newer',
        references: ['https://example.com/GHSA-2'],
      },
    ]);
  });

  it('has one object a line', () => {
    const text = ndjsonReport(examination({ holes: [low], problems: [{ message: 'x' }] }), {
      code: 1,
      reason: 'x',
    });
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type }) => type)).toEqual(['hole', 'problem', 'summary']);
    expect(lines[2]).toEqual({
      type: 'summary',
      ok: false,
      date: '2026-11-25',
      updated: null,
      holes: 1,
      problems: 1,
      components: 2,
      exit: { code: 1, reason: 'x' },
    });
  });
});

describe('a program that nothing here uses', () => {
  const idle = hole({ component: bundled({}, { idle: true }) });
  const problem = { message: 'does not answer', program: 'ruby', idle: true } as const;
  const found = examination({ holes: [idle], problems: [problem] });

  it('is listed in short below, and does not decide the exit code', () => {
    expect(shown(found)).toBe(
      `Not used here, so it does not change the exit code (--machine counts it)
  tar 1.0.0 of npm 10.0.0: 1 known hole (CVE-2026-1)
  does not answer

no known hole
looked at npm 10.0.0 and 1 library; advisories of 2026-11-25
exit 0 because no hole counts: 1 hole is in programs that nothing here uses (--machine counts them)
`,
    );
    expect(exitCode(found, {})).toBe(0);
    expect(exitCode(found, { strict: true })).toBe(0);
  });

  it('is shown in full with --all', () => {
    expect(shown(found, { all: true })).toContain('    high     GHSA-1, CVE-2026-1\n');
  });

  it('hides no copy that is used', () => {
    const text = shown(examination({ holes: [hole(), idle] }));
    expect(text).toContain('exit 1 because 1 known hole is open');
    expect(text).toContain('    high     GHSA-1, CVE-2026-1\n');
  });
});

it('copies of one library are one entry', () => {
  const copies = ['/a', '/b', '/c'].map((path) => hole({ component: bundled({}, { path }) }));
  const text = shown(examination({ holes: copies }));
  expect(text).toContain('  tar 1.0.0 of npm 10.0.0  /a and 2 more copies\n');
  expect(text.match(/high     GHSA-1/g)).toHaveLength(1);
});

describe('defences and guards', () => {
  const off = defence({
    switchOn: { file: '.npmrc', line: 'min-release-age=3', first: 'take x away' },
  });
  const defences = [
    off,
    defence({ setting: 'allow-git', state: 'on', value: 'none', switchOn: undefined }),
    defence({ setting: 'allow-remote', state: 'unavailable', reason: '11.14.0' }),
    defence({ setting: 'ignore-scripts', state: 'covered', reason: 'strict-allow-scripts' }),
    defence({ setting: 'strict-allow-scripts', state: 'unknown', reason: 'a \u001B[31mreason' }),
  ];
  const guards = [guard(), guard({ manager: 'pnpm', state: 'none', remedy: 'tarwarden init' })];

  it('are one line each for people, and one for all that are on', () => {
    expect(shown(examination({ defences, guards }))).toBe(
      `The guard
  npm   set up, not tried  the shim /x/npm
  pnpm  not found          the shim /x/npm: tarwarden init
  whether a guard is armed is seen by --verify alone

What the managers do by themselves
  npm 12.2.0
    off      min-release-age; take x away, and in .npmrc: min-release-age=3
    unknown  strict-allow-scripts: a \\x1b[31mreason
    not in this version: allow-remote (from 11.14.0 on)
    on: allow-git=none

no known hole
looked at npm 10.0.0 and 1 library; advisories of 2026-11-25
exit 0 because no hole is known
`,
    );
  });

  it('are of their folders, where there are some', () => {
    const two = [defence({ folder: 'one' }), defence({ folder: 'two' })];
    const text = shown(examination({ defences: two, guards: [] }));
    expect(text).toContain('  npm 12.2.0  one\n');
    expect(text).toContain('  npm 12.2.0  two\n');
  });

  it('are in the documents, with null for what does not apply', () => {
    const all = examination({ defences: [defence({ source: undefined })], guards: [guard()] });
    expect(JSON.parse(jsonReport(all, FINE))).toMatchObject({
      guards: [{ manager: 'npm', state: 'found', remedy: null }],
      defences: [{ setting: 'min-release-age', source: null, switchOn: { first: null } }],
    });
    const lines = ndjsonReport(all, FINE).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'guard',
      'defence',
      'summary',
    ]);
  });

  it('change no exit code, but what came of a trial does', () => {
    expect(exitCode(examination({ defences, guards }), { failOn: 'low', strict: true })).toBe(0);
    const tried = (state: 'guarded' | 'unguarded' | 'unproven') =>
      exitCode(examination({ guards: [guard({ state })] }), {
        failOn: 'none',
        strict: false,
      });
    expect([tried('guarded'), tried('unguarded'), tried('unproven')]).toEqual([0, 1, 2]);
  });
});
