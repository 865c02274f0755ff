import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { rules } from '@tarwarden/core';
import {
  archiveRules,
  sarifLog,
  sarifReporter,
  sarifUri,
  type SarifInput,
  type SarifResult,
  type ScanResult,
} from '@tarwarden/core/report';
import { linked, note, second, twice, verdictOf } from './sample.ts';
import { NOTHING_SCANNED, summarise } from '@tarwarden/core/report';

const root = sep === '/' ? '/work/project' : String.raw`C:\work\project`;
const schema = new URL('../../fixtures/sarif-2.1.0.schema.json', import.meta.url);
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(schema, 'utf8')) as object,
);

/** The log, once it is valid by the schema: of a large one, that is seen by the beginning of its results. */
function parsed(text: string): Log {
  const log = JSON.parse(text) as Log;
  validate({
    ...log,
    runs: log.runs.map((run) => ({ ...run, results: run.results?.slice(0, 100) })),
  });
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

function scanned(...results: readonly ScanResult[]): Log {
  const reporter = sarifReporter({ version: '1.2.3', cwd: root, root });
  const before = reporter.start() + results.map((one) => reporter.result(one)).join('');
  expect(before).toBe('');
  return parsed(reporter.end(results.reduce(summarise, NOTHING_SCANNED)));
}

function resultsOf(log: Log): Result[] {
  return log.runs[0]!.results!;
}

const result: SarifResult = {
  ruleId: 'symlink',
  level: 'error',
  message: 'a link',
  location: { uri: 'package-lock.json', line: 7 },
  logicalName: 'sample@1.0.0/package/link',
  fingerprintParts: ['sample@1.0.0', 'package/link'],
};

function logOf(input: Partial<SarifInput>): Log {
  return parsed(
    sarifLog({ version: '1.2.3', rules: archiveRules(), results: [], notInspected: [], ...input }),
  );
}

describe('the SARIF log of a scan', () => {
  it('has one result for each finding that is no note, on the first line of the archive', () => {
    const verdict = verdictOf([twice, note, linked, second]);
    const log = scanned({ path: 'vendor/sample.tgz', verdict });
    expect(log.runs).toHaveLength(1);
    expect(log.runs[0]!.invocations).toEqual([{ executionSuccessful: true }]);
    expect(resultsOf(log)).toMatchObject([
      {
        ruleId: 'symlink',
        level: 'error',
        message: { text: `package/link: ${linked.message}` },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'vendor/sample.tgz', uriBaseId: '%SRCROOT%' },
              region: { startLine: 1 },
            },
            logicalLocations: [{ fullyQualifiedName: 'sample@1.2.3/package/link' }],
          },
        ],
      },
      {
        ruleId: 'gzip-trailing',
        locations: [{ logicalLocations: [{ fullyQualifiedName: 'sample@1.2.3' }] }],
      },
      { ruleId: 'repeated-directory', level: 'warning' },
    ]);
  });

  it('describes the rules that have a result, with advice for each ecosystem', () => {
    const log = scanned({ path: 'a.tgz', verdict: verdictOf([linked, twice]) });
    const described = log.runs[0]!.tool.driver.rules!;
    expect(described.map(({ id }) => id).toSorted()).toEqual(['repeated-directory', 'symlink']);
    for (const { ruleId, ruleIndex } of resultsOf(log))
      expect(described[ruleIndex!]!.id).toBe(ruleId);
    expect(described.find(({ id }) => id === 'symlink')).toMatchObject({
      shortDescription: { text: 'The entry is a symbolic link.' },
      help: { markdown: expect.stringContaining('*For RubyGems:*') as unknown },
      defaultConfiguration: { level: 'error' },
      properties: { 'security-severity': '8.0', tags: ['security', 'supply-chain'] },
    });
  });

  it('is a failed run where something was not inspected', () => {
    const error = { code: 'NOT_FOUND', message: 'there is no such file' } as const;
    const log = scanned({ path: 'missing.tgz', error }, { path: 'a.tgz', verdict: verdictOf([]) });
    expect(resultsOf(log)).toEqual([]);
    expect(log.runs[0]!.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'missing.tgz was not inspected: there is no such file' },
            locations: [{ physicalLocation: { artifactLocation: { uri: 'missing.tgz' } } }],
          },
        ],
      },
    ]);
  });

  it('shows what an exception covers as a suppressed note', () => {
    const verdict = verdictOf([{ ...linked, excepted: 'reviewed' }]);
    expect(resultsOf(scanned({ path: 'a.tgz', verdict }))).toMatchObject([
      { level: 'note', suppressions: [{ kind: 'external', justification: 'reviewed' }] },
    ]);
  });

  it('says which findings were not kept, of a run that went well', () => {
    const log = scanned({ path: 'a.tgz', verdict: verdictOf([linked], { omitted: 5 }) });
    expect(log.runs[0]!.invocations).toMatchObject([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          { level: 'warning', message: { text: 'a.tgz: 5 more findings, not listed' } },
        ],
      },
    ]);
  });

  it('counts the results and the notices that it has no room for, the worst ones first', () => {
    const many = Array.from({ length: 60 }, () => twice);
    const results = Array.from({ length: 1000 }, (_, at): ScanResult[] => [
      { path: `${at}.tgz`, verdict: verdictOf(many) },
      { path: `${at}.gone`, error: { code: 'NOT_FOUND', message: 'gone' } },
      { path: `${at}.bad`, error: { code: 'NOT_FOUND', message: 'gone' } },
    ]).flat();
    const log = scanned(...results, { path: 'last.tgz', verdict: verdictOf([linked]) });
    expect(resultsOf(log)).toHaveLength(25_000);
    expect(resultsOf(log)[0]!.ruleId).toBe('symlink');
    const notices = log.runs[0]!.invocations![0]!.toolExecutionNotifications!;
    expect(notices).toHaveLength(1001);
    expect(notices.at(-2)!.message.text).toBe('… and 1001 more of these');
    expect(notices.at(-1)!.message.text).toMatch(/^35001 more results left out, the least severe/);
  });
});

describe('sarifLog', () => {
  it('gives an alert the same fingerprint on another line, and each of two equal ones its own', () => {
    const fingerprints = (line: number): unknown[] =>
      resultsOf(
        logOf({
          results: [result, result].map((one) => ({ ...one, location: { uri: 'a', line } })),
        }),
      ).map((one) => one.partialFingerprints!['primaryLocationLineHash']);
    const [one, two] = fingerprints(7);
    expect(one).toMatch(/^[0-9a-f]{32}:1$/);
    expect(two).toBe(`${String(one).slice(0, -1)}2`);
    expect(fingerprints(900)).toEqual([one, two]);
  });

  it('tells rule, file and parts apart in the fingerprint', () => {
    const changed: SarifResult[] = [
      result,
      { ...result, ruleId: 'hardlink' },
      { ...result, location: { uri: 'yarn.lock' } },
      { ...result, fingerprintParts: ['sample@1.0.0', 'package/other'] },
      { ...result, fingerprintParts: ['sample@1.0.0package/link', ''] },
    ];
    const found = resultsOf(logOf({ results: changed })).map((one) => one.partialFingerprints);
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(changed.length);
  });

  it('keeps the most severe of the rules of one level', () => {
    const few = Array.from({ length: 25_000 }, () => ({ ...result, ruleId: 'low' }));
    const [rule] = archiveRules();
    const log = logOf({
      rules: [
        { ...rule!, id: 'low', securitySeverity: 4 },
        { ...rule!, id: 'high', securitySeverity: 9.8 },
      ],
      results: [...few, { ...result, ruleId: 'high' }],
      omitted: 2,
    });
    expect(resultsOf(log)[0]!.ruleId).toBe('high');
    const [notice] = log.runs[0]!.invocations![0]!.toolExecutionNotifications!;
    expect(notice!.message.text).toMatch(/^3 more results left out/);
  });

  it('lets nothing from outside be a control character or a link', () => {
    const message = 'package/\u001B[2K\u202E[ok](https://example.com): bad';
    const text = sarifLog({
      version: '1.2.3',
      rules: [],
      results: [{ ...result, message, logicalName: 'a\u0000b' }],
      notInspected: [{ message }],
    });
    const log = parsed(text);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]|\]\(/u);
    expect(resultsOf(log)[0]!.message.text).toBe(
      'package/\\x1b[2K\\u202e[ok] (https://example.com): bad',
    );
  });

  it('takes ten tags of a rule, and as much of its texts as GitHub does', () => {
    const [rule] = archiveRules();
    const tags = Array.from({ length: 30 }, (_, at) => `tag-${at}`);
    const long = { ...rule!, id: 'symlink', tags, fullDescription: 'x'.repeat(5000) };
    const [described] = logOf({ rules: [long], results: [result] }).runs[0]!.tool.driver.rules!;
    expect(described!.properties!.tags).toHaveLength(10);
    expect(described!.fullDescription!.text).toHaveLength(1024);
  });
});

describe('the rules of archives', () => {
  it('are all described, none by its id again', () => {
    expect(archiveRules().map(({ id }) => id)).toEqual(Object.keys(rules));
    const same = archiveRules().filter(({ id, name }) => id === name?.toLowerCase());
    expect(same).toEqual([]);
  });
});

describe('sarifUri', () => {
  it.each([
    ['a.tgz', 'a.tgz'],
    ['./x/../a b.tgz', 'a%20b.tgz'],
    [`${root}${sep}deep${sep}ü#?%.tgz`, 'deep/%C3%BC%23%3F%25.tgz'],
    ['file:x.tgz', 'file%3Ax.tgz'],
    ['..a.tgz', '..a.tgz'],
    ['\uD800.tgz', '%EF%BF%BD.tgz'],
  ])('of %j is %s', (path, uri) => {
    expect(sarifUri(path, root)).toBe(uri);
  });

  it('is absolute outside of the root', () => {
    expect(sarifUri('../a b.tgz', root)).toMatch(/^file:\/\/\/.*work\/a%20b\.tgz$/);
    const log = logOf({ results: [{ ...result, location: { uri: 'file:///work/a.tgz' } }] });
    expect(resultsOf(log)[0]!.locations![0]!.physicalLocation!.artifactLocation).toEqual({
      uri: 'file:///work/a.tgz',
    });
  });
});
