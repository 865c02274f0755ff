import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { guard, notInspected, openGuard, type GuardState } from '@tarwarden/guard';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { endRun, tallyOf } from '../../../../packages/guard/src/report/end.ts';
import { RunReport, runReportOf } from '../../../../packages/guard/src/report/run-report.ts';
import { Tally } from '../../../../packages/guard/src/report/tally.ts';
import { beginWholeRun } from '../../../../packages/guard/src/report/whole-run.ts';
import { attack, cleanOddities } from '../../../support/attacks.ts';

const clean = inspect(cleanOddities[0]!.build());
const hostile = inspect(attack('symlink').build());
const source = 'https://user:secret@registry.test/fixture.tgz?token=abc';

let folder: string;
let report: string;
let said: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-report-'));
  report = join(folder, 'report.ndjson');
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
/** What the process would do at its end, for each test. */
let others: unknown[];
beforeEach(() => void (others = process.listeners('exit')));
afterEach(() => {
  for (const one of process.listeners('exit')) if (!others.includes(one)) process.off('exit', one);
});

const words = (): string => said.mock.calls.map(([text]) => String(text)).join('');
const lines = (): Record<string, unknown>[] =>
  readFileSync(report, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const note = (to: RunReport, verdict: Verdict, label: string, more = {}): boolean =>
  to.verdict(verdict, {
    subject: { label, source },
    remembered: false,
    mode: 'refuse',
    ...more,
  });

describe('the report of a run', () => {
  it('does nothing where nobody asked', () => {
    const before = process.listenerCount('exit');
    expect(note(new RunReport({ HOME: folder }), hostile, 'a@1.0.0')).toBe(false);
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('has a line for each archive, without credentials, control characters and repetition', () => {
    const own = new RunReport({ TARWARDEN_REPORT: report });
    expect(note(own, hostile, 'evil\u001B[2J\u202E@1.0.0')).toBe(true);
    expect(note(own, hostile, 'evil\u001B[2J\u202E@1.0.0')).toBe(false);
    expect(note(own, clean, 'clean@1.0.0', { remembered: true })).toBe(true);
    own.refusal(notInspected({ label: 'late@1.0.0', source }, 'no\nverdict'), 'refuse', { source });
    const text = readFileSync(report, 'utf8');
    expect(text).not.toMatch(/user:|secret|token=abc|\p{Cf}|\u001b/u);
    const [evil, good, late] = lines();
    expect(evil).toMatchObject({
      schema: 1,
      type: 'archive',
      package: String.raw`evil\x1b[2J\u202e@1.0.0`,
      source: 'https://***@registry.test/fixture.tgz?token=***',
      status: 'reject',
      refused: true,
      remembered: false,
      mode: 'refuse',
      format: 'npm',
      sha512: hostile.archive.sha512,
    });
    expect(evil!['findings']).toMatchObject([{ rule: 'symlink', level: 'error' }]);
    expect(good).toMatchObject({ status: 'accept', refused: false, remembered: true });
    expect(late).toMatchObject({
      status: 'error',
      refused: true,
      sha512: null,
      findings: [],
      reason: String.raw`no\nverdict`,
    });
  });

  it('lists twenty findings, and counts the others', () => {
    const findings = Array.from({ length: 30 }, () => hostile.findings[0]!);
    note(new RunReport({ TARWARDEN_REPORT: report }), { ...hostile, findings, omitted: 5 }, 'a@1');
    expect(lines()[0]).toMatchObject({ omitted: 15 });
    expect(lines()[0]!['findings']).toHaveLength(20);
  });

  it('is one for a process', () => {
    const env = {};
    expect(runReportOf(env)).toBe(runReportOf(env));
    expect(runReportOf({})).not.toBe(runReportOf(env));
  });

  it('leaves the end to a wrapper, and its counts as well', () => {
    const counts = join(folder, 'counts');
    writeFileSync(counts, '');
    const before = process.listenerCount('exit');
    const own = new RunReport({ TARWARDEN_RUN_COUNTS: counts, TARWARDEN_SUMMARY: '1' });
    own.reportOnly();
    note(own, hostile, 'evil@1.0.0', { mode: 'report' });
    for (const listener of process.listeners('exit').slice(before)) listener(0);
    expect(words()).toBe('');
    expect(tallyOf(readFileSync(counts, 'utf8')).counts).toMatchObject({
      inspected: 1,
      rejected: 1,
    });
  });

  it('says once that a file cannot be written, and goes on', () => {
    const own = new RunReport({ TARWARDEN_REPORT: folder });
    note(own, clean, 'a@1.0.0');
    note(own, clean, 'b@1.0.0');
    expect(words().match(/warning: nothing is written to/g)).toHaveLength(1);
  });
});

describe('the end of a run', () => {
  it('is told to whoever asked', () => {
    const step = join(folder, 'step.md');
    const env = { TARWARDEN_REPORT: report, TARWARDEN_SUMMARY: '1', GITHUB_STEP_SUMMARY: step };
    const tally = tallyOf(
      [
        {
          package: 'a@1',
          status: 'accept',
          refused: false,
          remembered: true,
          mode: 'refuse',
          why: '',
        },
        {
          package: 'b|`*<b>@x',
          status: 'reject',
          refused: true,
          remembered: false,
          mode: 'refuse',
          why: 'symlink',
        },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    endRun(env, tally, false);
    expect(words()).toBe('tarwarden: 2 inspected (1 remembered), 1 accepted, 1 refused\n');
    expect(lines()).toMatchObject([
      { type: 'summary', mode: 'refuse', inspected: 2, remembered: 1, accepted: 1, refused: 1 },
    ]);
    const markdown = readFileSync(step, 'utf8');
    expect(markdown).toContain('| <code>b&#124;&#96;&#42;&#60;b&#62;&#64;x</code> | refused |');
    expect(markdown).not.toContain('`');
  });

  it('writes no summary of a step in which nothing was inspected', () => {
    const step = join(folder, 'step.md');
    endRun({ GITHUB_STEP_SUMMARY: step }, new Tally(), false);
    expect(existsSync(step)).toBe(false);
  });

  it('is loud in report mode, whoever asked', () => {
    endRun({}, new Tally(), true);
    expect(words()).toMatch(
      /^tarwarden: REPORT ONLY: nothing that was rejected is kept out; 0 of 0/,
    );
  });

  it('lists a hundred packages of a step, and counts the others', () => {
    const step = join(folder, 'step.md');
    const tally = new Tally();
    for (let at = 0; at < 120; at += 1)
      tally.add({
        package: `p${at}`,
        status: 'error',
        refused: true,
        remembered: false,
        mode: 'refuse',
        why: 'x'.repeat(9999),
      });
    endRun({ GITHUB_STEP_SUMMARY: step }, tally, false);
    const markdown = readFileSync(step, 'utf8');
    expect(markdown.match(/not inspected \|/g)).toHaveLength(100);
    expect(markdown).toContain('… and 20 more.');
    expect(markdown.length).toBeLessThan(100_000);
  });

  it('counts a package of several archives once, by the worst of them', () => {
    const one = {
      package: 'a@1',
      refused: false,
      remembered: true,
      mode: 'refuse',
      why: '',
    } as const;
    const tally = new Tally();
    tally.add({ ...one, status: 'accept' });
    tally.add({ ...one, status: 'reject', refused: true, remembered: false, why: 'symlink' });
    tally.add({ ...one, status: 'accept' });
    expect(tally.counts).toMatchObject({ inspected: 1, accepted: 0, refused: 1, remembered: 0 });
    expect(tally.bad).toMatchObject([{ why: 'symlink' }]);
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    '{}',
    '{"package":1,"status":"accept","why":""}',
    '{"package":"a","status":"fine","why":""}',
  ])('passes over a line that is no count: %j', (line) => {
    expect(tallyOf(line).counts.inspected).toBe(0);
  });
});

describe('a run whose guards are in other processes', () => {
  it('is told of by the wrapper, under one name, with an absolute path for the client', () => {
    const env = { TARWARDEN_REPORT: report, TARWARDEN_SUMMARY: '1' };
    const whole = beginWholeRun(env, { counts: join(folder, 'counts'), isReportOnly: false });
    note(new RunReport({ ...env, ...whole.env }), clean, 'clean@1.0.0');
    whole.end();
    expect(words()).toBe('tarwarden: 1 inspected, 1 accepted\n');
    expect(new Set(lines().map(({ run }) => run)).size).toBe(1);
    const relative = beginWholeRun(
      { TARWARDEN_REPORT: 'r.ndjson' },
      { counts: join(folder, 'other'), isReportOnly: false },
    );
    expect(relative.env['TARWARDEN_REPORT']).toBe(join(process.cwd(), 'r.ndjson'));
  });

  it('says where its counts are gone', () => {
    const counts = join(folder, 'counts');
    const whole = beginWholeRun({ TARWARDEN_SUMMARY: '1' }, { counts, isReportOnly: true });
    writeFileSync(counts, Buffer.alloc(65 * 1024 * 1024));
    whole.end();
    expect(words()).toContain('warning: the counts of this run are lost');
    expect(words()).toMatch(/REPORT ONLY: your own policy file[^]*REPORT ONLY: nothing that/);
  });
});

describe('the guard in report mode', () => {
  const opened = (mode?: 'report'): GuardState =>
    openGuard(
      { ...DEFAULT_POLICY, ...(mode && { mode }) },
      { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), TARWARDEN_REPORT: report },
    );
  const subject = { label: 'evil@1.0.0', source };
  const { integrity } = hostile.archive;
  const archive = { subject, integrity, inspectedAs: {}, inspect: () => hostile };

  it('lets a rejected archive pass, and shows once that it would be refused', async () => {
    const state = opened('report');
    for (const time of [1, 2]) {
      const { verdict, refusal } = await guard(archive, state);
      expect([time, verdict?.status, refusal]).toEqual([time, 'reject', undefined]);
    }
    expect(words().match(/REPORT ONLY: would refuse evil@1\.0\.0/g)).toHaveLength(1);
    expect(words()).not.toContain('secret');
    expect(lines()[0]).toMatchObject({ refused: false, mode: 'report', status: 'reject' });
  });

  it('leaves no verdict for a run that refuses', async () => {
    const state = opened('report');
    await guard(archive, state);
    state.store.flush();
    const later = opened();
    expect(later.store.get({ integrity })).toBeUndefined();
    const { refusal } = await guard(archive, later);
    expect(refusal?.refused.headline).toContain('evil@1.0.0');
  });

  it('refuses an archive that has no verdict', async () => {
    const inspectFails = (): Verdict => {
      throw new Error('broken');
    };
    const { refusal } = await guard({ subject, inspect: inspectFails }, opened('report'));
    expect(refusal?.refused.headline).toContain('was not inspected');
    expect(lines().at(-1)).toMatchObject({ status: 'error', refused: true, mode: 'report' });
  });
});
