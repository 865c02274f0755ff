/** An exception that was used is in everything that a run reports. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { approveAll } from '../../support/approval.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { propose } from './clients.ts';
import { exception, makeWorld } from './world.ts';

const world = freshEach(() => makeWorld('npm-10'));
let project: string;
beforeEach(() => {
  ({ project } = world.sandbox);
  world.project(project, 'evil');
});

test('what an exception let pass is in the report of the run, its last line and the summary of the job', async () => {
  propose(project, [exception]);
  await approveAll({ env: world.sandbox.env, cwd: project });
  const [report, summary] = ['report.ndjson', 'summary.md'].map((name) =>
    join(world.sandbox.root, name),
  ) as [string, string];
  const env = {
    TARWARDEN_REPORT: report,
    TARWARDEN_SUMMARY: '1',
    GITHUB_STEP_SUMMARY: summary,
  };
  const { code, stderr } = await world.install({ env });
  expect(code).toBe(0);
  expect(stderr).toContain('tarwarden: exception used: evil@1.0.0: duplicate-path');
  expect(stderr).toContain('1 accepted (1 by an exception)');
  const lines = readFileSync(report, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({
    type: 'archive',
    status: 'accept',
    findings: expect.arrayContaining([
      expect.objectContaining({
        rule: 'duplicate-path',
        excepted: 'looked at',
        exception: {
          package: 'evil@1.0.0',
          expires: '2999-01-01',
          approvedBy: 'repository+user',
        },
      }),
    ]) as object[],
  });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', accepted: 1, excepted: 1 });
  const shown = readFileSync(summary, 'utf8').replaceAll(/&#(\d+);/g, (_, code_: string) =>
    String.fromCodePoint(Number(code_)),
  );
  expect(shown).toContain('exception used: evil@1.0.0: duplicate-path');
  expect(shown).toContain('proposed by the repository, approved by you; reason: looked at');
});
