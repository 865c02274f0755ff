/** The report, and report mode, of the clients that ask the wrapper: pip, gem, bundle, go. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { goAttacks, GO_MODULE } from '../../support/attacks/go-zip.ts';
import type { Result } from '../../support/execute.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { system as systemRuby } from '../../support/gem/rubies.ts';
import { rubyWorld } from '../../support/gem/world.ts';
import { closeGoBench, guarded, makeGoBench } from '../../support/go/bench.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as systemPip } from '../../support/pip/pips.ts';
import { INTO, pipWorld } from '../../support/pip/world.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { linesOf } from './support.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  readonly report: string;
  readonly step: string;
}

/** Asks for all reports in an environment. */
function ask(sandbox: Sandbox, env: NodeJS.ProcessEnv): Asked {
  const asked = {
    report: join(sandbox.root, 'report.ndjson'),
    step: join(sandbox.root, 'step.md'),
  };
  writeFileSync(asked.step, '');
  env['TARWARDEN_REPORT'] = asked.report;
  env['TARWARDEN_SUMMARY'] = '1';
  env['GITHUB_STEP_SUMMARY'] = asked.step;
  env['GITHUB_ACTIONS'] = 'true';
  env['GITHUB_WORKSPACE'] = sandbox.project;
  return asked;
}

function reportOnly(sandbox: Sandbox): void {
  sandbox.write({ 'tarwarden/policy.json': { mode: 'report' } }, sandbox.env['XDG_CONFIG_HOME']);
}

/** @param line The line of the lockfile that names the package, as `file=…,line=…`. */
function expectReported(
  { report, step }: Asked,
  { stderr }: Result,
  { name, line }: { readonly name: string; readonly line: string },
): void {
  expect(stderr.match(/^::error .*/gm)).toEqual([
    expect.stringContaining(`::error ${line},title=tarwarden refused ${name}::`),
  ]);
  const lines = linesOf(report);
  expect(lines.find((one) => one.package === name)).toMatchObject({
    type: 'archive',
    status: 'reject',
    refused: true,
    mode: 'refuse',
  });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', mode: 'refuse', rejected: 1, refused: 1 });
  expect(stderr).toMatch(/^tarwarden: \d+ inspected, \d+ accepted, 1 refused$/m);
  expect(readFileSync(step, 'utf8')).toContain('</code> | refused | <code>');
}

function expectOnlyReported({ report }: Asked, result: Result, name: string): void {
  expect(result).toMatchObject({ code: 0 });
  expect(result.stderr).toContain(`REPORT ONLY: would refuse ${name}: `);
  const last = result.stderr.trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^tarwarden: REPORT ONLY: nothing that was rejected is kept out; 1 of \d+ /);
  expect(linesOf(report).find((one) => one.package === name)).toMatchObject({
    status: 'reject',
    refused: false,
    mode: 'report',
  });
  expect(linesOf(report).at(-1)).toMatchObject({ mode: 'report', rejected: 1, refused: 0 });
}

describe('pip', { tags: ['pip'] }, () => {
  test.each(['refuse', 'report'])('%s: what is rejected', async (mode) => {
    const own = pipWorld(systemPip);
    closing.push(() => own.dispose());
    const asked = ask(own.sandbox, own.env);
    if (mode === 'report') reportOnly(own.sandbox);
    const wheel = wheelOf({ name: 'evil', version: '1.0', hostile: true });
    const install = ['pip', 'install', ...INTO, '--no-deps', own.put(wheel)] as const;
    const hash = `--hash=sha256:${'0'.repeat(64)}`;
    own.sandbox.write({ 'requirements.txt': `clean==1.0 ${hash}\nEvil==1.0 ${hash}\n` });
    const result = await own.guarded(...install);
    const name = 'evil-1.0-py3-none-any.whl';
    expect(existsSync(join(own.site, 'evil'))).toBe(mode === 'report');
    if (mode === 'refuse')
      return expectReported(asked, result, { name, line: 'file=requirements.txt,line=2' });
    expect(result.stderr).toContain(
      `::warning file=requirements.txt,line=2,title=tarwarden would refuse ${name}::`,
    );
    expectOnlyReported(asked, result, name);
    own.sandbox.write({ 'tarwarden/policy.json': {} }, own.sandbox.env['XDG_CONFIG_HOME']);
    expect(await own.guarded(...install, '--upgrade')).toMatchObject({ code: 1 });
  });

  test('lists what is accepted, and then remembered', async () => {
    const own = pipWorld(systemPip);
    closing.push(() => own.dispose());
    const { report } = ask(own.sandbox, own.env);
    const file = own.put(wheelOf({ name: 'clean', version: '1.0' }));
    for (const remembered of [false, true]) {
      const install = ['pip', 'install', ...INTO, '--upgrade', '--no-deps', file] as const;
      expect(await own.guarded(...install)).toMatchObject({ code: 0 });
      expect(linesOf(report).at(-2)).toMatchObject({ status: 'accept', remembered });
    }
  });
});

describe('gem', { tags: ['ruby'] }, () => {
  test.each(['refuse', 'report'])('%s: what is rejected', async (mode) => {
    const own = rubyWorld(systemRuby);
    closing.push(() => own.dispose());
    const asked = ask(own.sandbox, own.env);
    if (mode === 'report') reportOnly(own.sandbox);
    const gem = makeGem({ name: 'evil', hostile: true });
    const file = own.put(gem);
    own.sandbox.write({
      'Gemfile.lock': 'GEM\n  remote: https://rubygems.org/\n  specs:\n    evil (1.0.0)\n',
    });
    const result = await own.guarded('gem', 'install', '--no-document', '--local', `./${file}`);
    const line = linesOf(asked.report).find(({ status }) => status === 'reject');
    expect(line?.package).toMatch(/^evil/);
    if (mode === 'refuse') {
      expect(own.ran()).not.toContain('evil');
      const name = line!.package;
      return expectReported(asked, result, { name, line: 'file=Gemfile.lock,line=4' });
    }
    // What RubyGems itself thinks of it is RubyGems' to say.
    expect(result.stderr).toContain(`REPORT ONLY: would refuse ${line!.package}: `);
    expect(result.stderr).not.toContain('tarwarden: refused');
    expect(line).toMatchObject({ refused: false, mode: 'report' });
  });
});

describe('go', { tags: ['go'] }, () => {
  test.each(['refuse', 'report'])('%s: what is rejected', async (mode) => {
    const bench = await makeGoBench();
    closing.push(() => closeGoBench(bench));
    const asked = ask(bench.sandbox, bench.env);
    if (mode === 'report') reportOnly(bench.sandbox);
    // go takes it, and so shows what the guard did.
    const { bytes } =
      goAttacks.find(({ rules }) => rules.includes('zip-unusual-field')) ?? goAttacks[0]!;
    bench.proxy.publish({ module: GO_MODULE, zip: bytes });
    bench.sandbox.write({
      'go.sum': `${GO_MODULE.replace('@', ' ')} h1:${Buffer.alloc(32).toString('base64')}\n`,
    });
    const result = await guarded(bench, ['mod', 'download', GO_MODULE]);
    if (mode === 'refuse')
      return expectReported(asked, result, { name: GO_MODULE, line: 'file=go.sum,line=1' });
    expect(result.stderr).toContain(`REPORT ONLY: would refuse ${GO_MODULE}: `);
    expect(result.stderr).not.toContain('tarwarden: refused');
    expect(linesOf(asked.report).at(-1)).toMatchObject({ mode: 'report', rejected: 1, refused: 0 });
    // In the next run the cache holds it.
    bench.sandbox.write({ 'tarwarden/policy.json': {} }, bench.sandbox.env['XDG_CONFIG_HOME']);
    const again = await guarded(bench, ['mod', 'download', GO_MODULE]);
    expect(again).not.toMatchObject({ code: 0 });
    expect(again.stderr).toContain(`tarwarden: refused ${GO_MODULE}`);
  });
});
