/** What is printed, and the exit code. */
import { PLAIN } from '@tarwarden/core/text';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../packages/doctor/src/examine.ts';
import { doctorExitCode } from '../../../packages/doctor/src/outcome.ts';
import type { ProbeReport, Probed } from '../../../packages/doctor/src/probe/probe.ts';
import { jsonReport, ndjsonReport } from '../../../packages/doctor/src/report/json.ts';
import { textReport } from '../../../packages/doctor/src/report/text.ts';
import { defence, examination, guard, hole } from './examinations.ts';
import { locked, record } from './records.ts';
import { machine } from './stand-in.ts';

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
  it('says what reaches an install first, and what to do', () => {
    const problems = [{ message: 'has a \u001B[31mbad entry', file: 'yarn.lock', line: 3 }];
    expect(textReport(examination({ holes: [hole(), low], problems }), PLAIN)).toBe(
      `A package reaches it while it is installed
  tar 1.0.0 of npm 10.0.0  /usr/lib/npm/node_modules/tar
    high     GHSA-1, CVE-2026-1
             What GHSA-1 does
    what to do: upgrade npm to a version that brings tar 2.0.0 or newer

No install reaches it
  tar 1.0.0  package-lock.json:7
    low      GHSA-2
             What GHSA-2 does (only on Windows)
             not reached: a reason
             A note
             the affected versions are not confirmed by the source
    what to do: upgrade tar to 2.0.0 or newer

Not looked at
  yarn.lock:3: has a \\x1b[31mbad entry

2 known holes (1 high, 1 low), 1 not looked at
looked at npm 10.0.0 and 1 library; advisories of 2026-11-25
`,
    );
  });

  it('says what is unknown', () => {
    const text = textReport(examination({ holes: [unknown] }), PLAIN);
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
    const text = textReport(examination({ probe: { results, confined: false } }), PLAIN);
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
`,
    );
    const confined = textReport(examination({ probe: { results: [], confined: true } }), PLAIN);
    expect(confined).toContain('each ran without network');
  });

  it('is short where there is nothing', () => {
    expect(textReport(examination({ components: [] }), PLAIN)).toBe(
      'no known hole\nlooked at no package manager and 0 libraries; advisories of 2026-11-25\n',
    );
  });
});

describe('JSON', () => {
  it('has everything in one document', () => {
    const document = JSON.parse(jsonReport(examination({ holes: [low] }), false)) as Record<
      string,
      unknown
    >;
    expect(document).toMatchObject({ schema: 1, ok: false, date: '2026-11-25', problems: [] });
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
        distributionPackage: null,
        remedy: 'upgrade tar to 2.0.0 or newer',
        references: ['https://example.com/GHSA-2'],
      },
    ]);
  });

  it('has one object a line', () => {
    const text = ndjsonReport(examination({ holes: [low], problems: [{ message: 'x' }] }), false);
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
    });
  });
});

const probed = (more: Partial<Probed>): ProbeReport => ({
  confined: true,
  results: [{ title: 'a', path: '/a', tried: true, escaped: [], links: [], kept: 0, ...more }],
});

describe('the exit code', () => {
  it.each([
    ['nothing', {}, 'low', 0],
    ['a hole', { holes: [hole()] }, 'high', 1],
    ['a hole that is not urgent enough', { holes: [low] }, 'medium', 0],
    ['a hole, where none counts', { holes: [hole()] }, 'none', 0],
    ['something unknown', { holes: [unknown] }, 'high', 0],
    ['something unknown, where none counts', { holes: [unknown] }, 'none', 0],
    ['a hole and something unknown', { holes: [unknown, low] }, 'low', 1],
    [
      'something that wrote outside',
      { probe: probed({ escaped: [{ id: 'a', by: 'b' }] }) },
      'none',
      1,
    ],
    ['a link to the outside', { probe: probed({ links: [{ id: 'a', by: 'b' }] }) }, 'low', 0],
    ['something that could not be tried', { probe: probed({ tried: false }) }, 'none', 2],
    ['a problem', { problems: [{ message: 'x' }] }, 'none', 2],
    ['a problem and a hole', { problems: [{ message: 'x' }], holes: [hole()] }, 'low', 1],
  ] as const)('for %s', (_title, more, failOn, code) => {
    expect(doctorExitCode(examination(more), { failOn, strict: false })).toBe(code);
  });
});

describe('with --strict, the exit code', () => {
  it.each([
    ['something unknown', { holes: [unknown] }, 'high', 2],
    ['something unknown, where none counts', { holes: [unknown] }, 'none', 0],
    [
      'something unknown that is not urgent enough',
      { holes: [{ ...low, state: 'unknown' }] },
      'high',
      0,
    ],
    ['a hole and something unknown', { holes: [unknown, low] }, 'low', 1],
  ] as const)('for %s', (_title, more, failOn, code) => {
    expect(doctorExitCode(examination(more), { failOn, strict: true })).toBe(code);
  });
});

describe('the order', () => {
  it('is by reach, urgency, and whether it is known', async () => {
    const records = [
      record('A-none', { reach: 'none' }),
      record('B-dos', { kind: 'dos' }),
      record('C-high'),
      record('D-repository', { reach: 'repository' }),
    ];
    const { holes, components } = await examine({
      set: { records, date: '2026-11-25' },
      machine: machine({
        programs: { yarn: '/missing/yarn' },
        printed: (call) => (call.endsWith('--version') ? '1.0.0' : undefined),
      }),
      folders: [],
      distribution: { ownerOf: async () => Promise.resolve(undefined) },
    });
    expect(components.map(({ name }) => name)).toEqual(['yarn']);
    expect(holes).toEqual([]);
    const tar = { ...records[0]!.affected[0]!, package: { ecosystem: 'npm', name: 'yarn' } };
    const again = await examine({
      set: { records: records.map((one) => ({ ...one, affected: [tar] })), date: '2026-11-25' },
      machine: machine({
        programs: { yarn: '/missing/yarn' },
        printed: (call) => (call.endsWith('--version') ? '1.0.0' : undefined),
      }),
      folders: [],
      distribution: { ownerOf: async () => Promise.resolve(undefined) },
    });
    expect(again.holes.map(({ record: { id } }) => id)).toEqual([
      'C-high',
      'B-dos',
      'D-repository',
      'A-none',
    ]);
  });
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
    expect(textReport(examination({ defences, guards }), PLAIN)).toBe(
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
`,
    );
  });

  it('are of their folders, where there are some', () => {
    const two = [defence({ folder: 'one' }), defence({ folder: 'two' })];
    const text = textReport(examination({ defences: two, guards: [] }), PLAIN);
    expect(text).toContain('  npm 12.2.0  one\n');
    expect(text).toContain('  npm 12.2.0  two\n');
  });

  it('are in the documents, with null for what does not apply', () => {
    const all = examination({ defences: [defence({ source: undefined })], guards: [guard()] });
    expect(JSON.parse(jsonReport(all, true))).toMatchObject({
      guards: [{ manager: 'npm', state: 'found', remedy: null }],
      defences: [{ setting: 'min-release-age', source: null, switchOn: { first: null } }],
    });
    const lines = ndjsonReport(all, true).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'guard',
      'defence',
      'summary',
    ]);
  });

  it('change no exit code, but what came of a trial does', () => {
    expect(doctorExitCode(examination({ defences, guards }), { failOn: 'low', strict: true })).toBe(
      0,
    );
    const tried = (state: 'guarded' | 'unguarded' | 'unproven') =>
      doctorExitCode(examination({ guards: [guard({ state })] }), {
        failOn: 'none',
        strict: false,
      });
    expect([tried('guarded'), tried('unguarded'), tried('unproven')]).toEqual([0, 1, 2]);
  });
});
