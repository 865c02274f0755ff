import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import { auditOutcome, auditSarif, NOTHING_AUDITED, type AuditResult } from '@tarwarden/audit';
import { linked, verdictOf } from '../report/sample.ts';

const root = sep === '/' ? '/work/project' : String.raw`C:\work\project`;
const schema = new URL('../../fixtures/sarif-2.1.0.schema.json', import.meta.url);
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(schema, 'utf8')) as object,
);

function logOf(...results: readonly AuditResult[]): Log {
  const reporter = auditSarif({ version: '1.2.3', cwd: root, root });
  expect(reporter.start() + results.map((one) => reporter.result(one)).join('')).toBe('');
  const log = JSON.parse(reporter.end(NOTHING_AUDITED, auditOutcome(NOTHING_AUDITED))) as Log;
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

const evil = { ecosystem: 'npm', name: 'evil', version: '1.0.0' } as const;
const rejected = (line: number): AuditResult => ({
  package: evil,
  places: [{ lockfile: 'app/package-lock.json', line }],
  checks: [{ id: 'foreign-host', level: 'error', message: 'it is at other.test' }],
  status: 'inspected',
  from: 'registry',
  verdict: verdictOf([linked]),
});

it('reports findings and checks at the line of the lockfile', () => {
  const [run] = logOf(rejected(7)).runs;
  const seen = run!.results!.map(({ ruleId, level, locations }) => [
    ruleId,
    level,
    locations![0]!.physicalLocation!.artifactLocation!.uri,
    locations![0]!.physicalLocation!.region!.startLine,
  ]);
  expect(seen).toEqual([
    ['foreign-host', 'error', 'app/package-lock.json', 7],
    [linked.rule, 'error', 'app/package-lock.json', 7],
  ]);
  expect(run!.tool.driver.rules!.map(({ id }) => id).toSorted()).toEqual(
    ['foreign-host', linked.rule].toSorted(),
  );
  expect(run!.invocations![0]!.executionSuccessful).toBe(true);
});

it('gives an alert the same fingerprint when its line has moved', () => {
  const fingerprints = (log: Log): unknown[] =>
    log.runs[0]!.results!.map(({ partialFingerprints }) => partialFingerprints);
  expect(fingerprints(logOf(rejected(90)))).toEqual(fingerprints(logOf(rejected(7))));
  const other = { ...rejected(7), package: { ...evil, version: '1.0.1' } };
  expect(fingerprints(logOf(other))).not.toEqual(fingerprints(logOf(rejected(7))));
});

it('says what was not inspected, and that the run is then not a successful one', () => {
  const log = logOf({
    package: evil,
    places: [{ lockfile: 'yarn.lock', line: 3 }],
    checks: [],
    status: 'not-inspected',
    error: { code: 'NO_BYTES', message: 'no cache has it' },
  });
  const [invocation] = log.runs[0]!.invocations!;
  expect(invocation!.executionSuccessful).toBe(false);
  const [notice] = invocation!.toolExecutionNotifications!;
  expect(notice!.level).toBe('error');
  expect(notice!.message.text).toBe('evil@1.0.0: no cache has it');
  expect(notice!.locations![0]!.physicalLocation!.region!.startLine).toBe(3);
  expect(log.runs[0]!.results).toEqual([]);
});

it('reports an accepted git dependency as a remark, and the run as successful', () => {
  const resolved = `git+file:///r#${'a'.repeat(40)}`;
  const git = { package: 'left', resolved };
  const dependency = { ...git, reason: 'ours', expires: '2026-12-31' };
  const result: AuditResult = {
    package: { ecosystem: 'npm', name: 'left', version: '1.0.0' },
    places: [{ lockfile: 'package-lock.json', line: 3 }],
    checks: [],
    status: 'not-inspected',
    error: { code: 'NO_ARCHIVE', message: 'it comes from git' },
    git,
  };
  const accepted = { ...git, accepted: { ...dependency, approvedBy: 'user' as const } };
  const invocation = (shown: AuditResult) => logOf(shown).runs[0]!.invocations![0]!;
  expect(invocation(result).executionSuccessful).toBe(false);
  const passed = invocation({ ...result, git: accepted });
  expect(passed.executionSuccessful).toBe(true);
  expect(JSON.stringify(passed)).toContain('the policy accepts it until 2026-12-31: ours');
});
