/** Policy, exceptions, report mode and reports, as with every other client. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { beforeEach, expect, test } from 'vitest';
import { approveAll } from '../../support/approval.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { globalOf } from './roads.ts';
import {
  closeBench,
  duplicate,
  guarded,
  installedIn,
  makeBench,
  must,
  publish,
  SUBJECT,
} from './guarded.ts';

const bench = freshEach(() => makeBench(), closeBench);
let bytes: Buffer;
beforeEach(() => {
  bytes = duplicate(bench);
  publish(bench, bytes);
});

function exceptions(): object[] {
  const { findings, archive } = inspect(bytes);
  return findings.map(({ rule, entry }) => ({
    package: `${SUBJECT}@1.0.0`,
    rule,
    ...(entry !== undefined && { entry }),
    sha512: archive.sha512,
    reason: 'looked at',
    expires: '2999-01-01',
  }));
}

test('an exception of the project lets exactly this archive in, and not into a global folder', async () => {
  bench.sandbox.write({ 'tarwarden.json': { exceptions: exceptions() } });
  await approveAll({ env: bench.sandbox.env, cwd: bench.sandbox.project });
  await must(guarded(bench, ['add', SUBJECT]));
  expect(existsSync(installedIn(bench))).toBe(true);
  const args = ['global', 'add', SUBJECT, '--global-folder', globalOf(bench)];
  expect(await guarded(bench, args)).toMatchObject({ code: 1 });
});

test('an invalid policy stops an install before anything is fetched', async () => {
  bench.sandbox.write({ 'tarwarden.json': '{"exceptions":"all"}' });
  const result = await guarded(bench, ['install']);
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain('tarwarden: nothing can be inspected, so nothing is installed');
  expect(bench.registry.downloads()).toEqual([]);
});

test('report mode of the user says what would be refused, and installs it', async () => {
  const folder = join(bench.sandbox.root, 'xdg/config/tarwarden');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'policy.json'), '{"mode":"report"}');
  const report = join(bench.sandbox.root, 'report.ndjson');
  const { stderr } = await must(
    guarded(bench, ['add', SUBJECT], { env: { TARWARDEN_REPORT: report } }),
  );
  expect(stderr).toContain('REPORT ONLY');
  expect(stderr).toContain(`${SUBJECT}@1.0.0`);
  expect(existsSync(installedIn(bench))).toBe(true);
  const lines = readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'archive', status: 'reject', refused: false }),
  );
  expect(lines.at(-1)).toMatchObject({
    type: 'summary',
    mode: 'report',
    rejected: 1,
    inspected: 2,
  });
});

test('a report says what was refused', async () => {
  const report = join(bench.sandbox.root, 'report.ndjson');
  const env = { TARWARDEN_REPORT: report, TARWARDEN_SUMMARY: '1' };
  const { code, stderr } = await guarded(bench, ['add', SUBJECT], { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/\d inspected, \d accepted, 1 refused/);
  const lines = readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'archive', package: `${SUBJECT}@1.0.0`, refused: true }),
  );
});
