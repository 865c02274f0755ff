/** The text of an audit: each reason once, every rejected package by name, and the cause of the exit code. */
import {
  auditOutcome,
  auditText,
  NOTHING_AUDITED,
  summariseAudit,
  type AuditResult,
} from '@tarwarden/audit';
import { PLAIN } from '@tarwarden/core/text';
import { describe, expect, it } from 'vitest';
import { linked, twice, verdictOf } from '../report/sample.ts';

function shown(results: readonly AuditResult[], { all = false } = {}): string {
  const reporter = auditText({ style: PLAIN, all });
  const first = reporter.start() + results.map((result) => reporter.result(result)).join('');
  const summary = results.reduce(summariseAudit, NOTHING_AUDITED);
  return first + reporter.end(summary, auditOutcome(summary));
}

const about = (name: string) => ({
  package: { ecosystem: 'npm', name, version: '1.0.0' } as const,
  places: [{ lockfile: 'package-lock.json', line: 7 }] as const,
});
const names = Array.from({ length: 60 }, (_, index) => `p${index}`);
const accepted = (name: string, checks: AuditResult['checks'] = []): AuditResult => ({
  ...about(name),
  checks,
  status: 'inspected',
  verdict: verdictOf([]),
  from: 'registry',
});
const unseen = (name: string, message: string): AuditResult => ({
  ...about(name),
  checks: [],
  status: 'not-inspected',
  error: { code: 'NO_BYTES', message, remedy: 'run this again' },
});
const foreign = (name: string): AuditResult =>
  accepted(name, [
    {
      id: 'foreign-host',
      level: 'error',
      message: `its tarball is to come from "h.test", which is none of the configured registries: https://h.test/${name}/-/${name}-1.0.0.tgz`,
    },
  ]);

describe('a reason that many packages have', () => {
  it('is one group, although each message has another address', () => {
    const text = shown(
      names.map((name) =>
        unseen(
          name,
          `cannot download https://u@h.test/${name}/: ENOTFOUND https://h.test/x?${name}`,
        ),
      ),
    );
    expect(text).toBe(`NOT INSPECTED 60 packages: cannot download u@h.test: ENOTFOUND h.test
  p0@1.0.0, p1@1.0.0, p2@1.0.0, p3@1.0.0, p4@1.0.0 and 55 more (--all lists them)
  what to do: run this again

60 packages: 0 accepted, 0 rejected, 60 not inspected
exit 2 because 60 packages were not inspected
`);
  });

  it('is one group of warnings', () => {
    const unpinned = { id: 'unpinned', level: 'warning', message: 'no integrity' } as const;
    const text = shown(names.map((name) => accepted(name, [unpinned])));
    expect(text.split('\n')).toHaveLength(10);
    expect(text).toContain('accepted 60 packages\n');
    expect(text).toContain('exit 0 because every package was inspected and accepted\n');
  });

  it('is shown for each package with --all', () => {
    const text = shown(
      names.map((name) => unseen(name, 'not in any cache')),
      { all: true },
    );
    for (const name of names) expect(text).toContain(`NOT INSPECTED ${name}@1.0.0\n`);
  });
});

describe('a rejected package', () => {
  it('is always named, also in a group of many', () => {
    const text = shown([...names.map((name) => unseen(name, 'x')), ...names.map(foreign)]);
    expect(text).toMatch(/^REJECTED 60 packages\n/);
    for (const name of names) expect(text).toContain(`${name}@1.0.0 (package-lock.json:7)`);
    expect(text).toMatch(/exit 1 because 60 packages were rejected\n$/);
  });

  it('is shown by itself if its archive is hostile, before everything else', () => {
    const hostile = (name: string): AuditResult => ({
      ...accepted(name),
      status: 'inspected',
      verdict: verdictOf([linked]),
      from: 'registry',
    });
    const text = shown([unseen('a', 'x'), hostile('evil'), hostile('worse'), accepted('b')]);
    expect(text.match(/^REJECTED .*$/gm)).toEqual(['REJECTED evil@1.0.0', 'REJECTED worse@1.0.0']);
    expect(text.indexOf('worse')).toBeLessThan(text.indexOf('NOT INSPECTED'));
    expect(text).toMatch(/exit 1 because 2 packages were rejected\n$/);
  });

  it('is not hidden among accepted ones with the same finding', () => {
    const warned: AuditResult = {
      ...accepted('a'),
      status: 'inspected',
      verdict: verdictOf([twice]),
      from: 'registry',
    };
    const bad = { ...warned, ...about('b'), checks: foreign('b').checks };
    const text = shown([warned, { ...warned, ...about('c') }, bad]);
    expect(text).toContain('REJECTED b@1.0.0');
    expect(text).toContain('accepted 2 packages');
  });
});

describe('a git dependency that the policy accepts', () => {
  const git = (name: string, more: Partial<AuditResult> = {}): AuditResult =>
    ({
      ...about(name),
      checks: [],
      status: 'not-inspected',
      error: { code: 'NO_ARCHIVE', message: 'it comes from git' },
      git: {
        package: name,
        resolved: `git+file:///r#${'a'.repeat(40)}`,
        accepted: {
          package: name,
          resolved: `git+file:///r#${'a'.repeat(40)}`,
          reason: 'ours \u001B[31m',
          expires: '2026-12-31',
          approvedBy: 'user',
        },
      },
      ...more,
    }) as AuditResult;

  it('is listed in one line, and does not change the exit code', () => {
    expect(shown([git('left')]))
      .toBe(`not inspected, and accepted by your own policy, until 2026-12-31: left git+file:///r#${'a'.repeat(40)}; reason: ours \\x1b[31m

1 package: 0 accepted, 0 rejected, 1 not inspected
exit 0 because nothing was rejected, and the policy accepts 1 git dependency without an inspection
`);
  });

  it('stays rejected if its entry is wrong', () => {
    const text = shown([git('left', { checks: foreign('left').checks })]);
    expect(text).toContain('REJECTED left@1.0.0');
    expect(text).toContain('exit 1 because 1 package was rejected\n');
  });

  it('does not cover another package that was not inspected', () => {
    expect(shown([git('left'), unseen('a', 'x')])).toContain(
      'exit 2 because 1 package was not inspected\n',
    );
  });
});
