import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, type Policy, type Verdict } from '@tarwarden/core';
import { describe, expect, it, vi } from 'vitest';
import {
  guard,
  openGuard,
  refuseUninspected,
  weigh,
  type GuardState,
} from '../../../packages/guard/src/guard.ts';
import { notInspected, rejected } from '../../../packages/guard/src/refusal/refused.ts';
import { attack, cleanOddities } from '../../support/attacks.ts';

const CLEAN = cleanOddities[0]!.build();
const HOSTILE = attack('symlink').build();
const subject = { label: 'fixture@1.0.0', source: 'https://user:secret@registry.test/fixture.tgz' };

function opened(policy: Policy = DEFAULT_POLICY): GuardState {
  const home = mkdtempSync(join(tmpdir(), 'guard-'));
  return openGuard(policy, { HOME: home, XDG_CACHE_HOME: join(home, 'cache') });
}

describe('the guard', () => {
  const inspectedAs = {};

  it('lets an accepted archive pass, and inspects it once', async () => {
    const state = opened();
    const { integrity } = inspect(CLEAN).archive;
    const run = vi.fn(() => inspect(CLEAN));
    for (const time of [1, 2]) {
      const archive = { subject, integrity, inspectedAs, inspect: run };
      const { verdict, refusal } = await guard(archive, state);
      expect([time, verdict?.status, refusal]).toEqual([time, 'accept', undefined]);
    }
    expect(run).toHaveBeenCalledOnce();
  });

  it('inspects an archive each time if its integrity is not known before', async () => {
    const state = opened();
    const run = vi.fn(() => inspect(CLEAN));
    await guard({ subject, inspectedAs, inspect: run }, state);
    await guard({ subject, inspectedAs, inspect: run }, state);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('remembers a verdict under the SHA-512 of the bytes and under the known integrity', async () => {
    const state = opened();
    const integrity = `sha256-${'A'.repeat(43)}=`;
    const run = (): Verdict => inspect(CLEAN);
    await guard({ subject, integrity, inspectedAs: { folder: 'a' }, inspect: run }, state);
    const own = inspect(CLEAN).archive.integrity;
    for (const known of [integrity, own]) {
      expect(state.store.get({ integrity: known, folder: 'a' })?.status).toBe('accept');
      expect(state.store.get({ integrity: known })).toBeUndefined();
    }
  });

  it('remembers nothing of an inspection whose options are not given', async () => {
    const state = opened();
    await guard({ subject, inspect: () => inspect(CLEAN) }, state);
    expect(state.store.get({ integrity: inspect(CLEAN).archive.integrity })).toBeUndefined();
  });

  it('ends each refusal with the contact of the policy, escaped and not too long', async () => {
    const contact = `ask\u001B[31m the desk${'!'.repeat(400)}`;
    const state = opened({ ...DEFAULT_POLICY, contact });
    const { refusal } = await guard({ subject, inspect: () => inspect(HOSTILE) }, state);
    const line = /^Contact: ask\\x1b\[31m the desk!{1,200}…$/;
    for (const refused of [
      refusal!.refused,
      refuseUninspected(subject, 'no network', state).refused,
    ]) {
      expect(refused.block.split('\n').at(-1)?.trim()).toMatch(line);
      expect(refused.remedies.at(-1)).toMatch(line);
    }
  });

  it('refuses a rejected archive, also by a remembered verdict, and writes the verdict first', async () => {
    const state = opened();
    const flush = vi.spyOn(state.store, 'flush');
    const { integrity } = inspect(HOSTILE).archive;
    const run = vi.fn(() => inspect(HOSTILE));
    for (const time of [1, 2]) {
      const { refusal } = await guard({ subject, integrity, inspectedAs, inspect: run }, state);
      expect(refusal?.refused).toMatchObject({ kind: 'rejected', subject: 'fixture@1.0.0' });
      expect(flush).toHaveBeenCalledTimes(time);
    }
    expect(run).toHaveBeenCalledOnce();
  });

  it('refuses an archive whose inspection fails, and remembers nothing of it', async () => {
    const state = opened();
    const { integrity } = inspect(CLEAN).archive;
    const cause = new Error('no memory');
    const run = (): Promise<Verdict> => Promise.reject(cause);
    const { refusal } = await guard({ subject, integrity, inspectedAs, inspect: run }, state);
    expect(refusal).toMatchObject({ refused: { kind: 'not-inspected' }, cause });
    expect(state.store.get({ integrity })).toBeUndefined();
  });

  it('refuses an archive if the words of its refusal cannot be made', async () => {
    const broken = { ...inspect(HOSTILE), findings: undefined } as unknown as Verdict;
    const { refusal } = await weigh(broken, subject, opened());
    expect(refusal?.refused).toMatchObject({ kind: 'not-inspected' });
    expect(refusal?.cause).toBeInstanceOf(TypeError);
  });
});

describe('the words of a refusal', () => {
  it('name what is rejected, why, and what to do, and show no credentials', () => {
    const refused = rejected(inspect(HOSTILE), subject);
    expect(refused.reasons[0]).toMatch(/^symlink: package\/.*: The entry is a symbolic link/);
    expect(refused.remedies).toContain('Read the rule: tarwarden rules symlink');
    expect(refused.headline).toMatch(/^fixture@1\.0\.0 is refused: symlink: /);
    expect(refused.block).toContain('https://***@registry.test/fixture.tgz');
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it('name a package by the name and version that its registry promised', () => {
    const verdict = inspect(HOSTILE);
    const published = { ...subject, expected: { name: 'fixture', version: '1.0.0' } };
    const allow = 'tarwarden allow fixture@1.0.0';
    const { block } = rejected(verdict, published);
    expect(block).toContain('tarwarden explain fixture@1.0.0\n');
    expect(block).toContain(`${allow} --reason "`);
    expect(rejected(verdict, subject).block).not.toContain(allow);
  });

  it('take the name of the archive where nobody knows another, and escape what is hostile', () => {
    expect(rejected(inspect(HOSTILE), {}).subject).toBe('fixture@1.0.0');
    expect(notInspected({}, 'x').subject).toBe('an archive');
    expect(notInspected({ source: 'a.tgz' }, 'x').subject).toBe('a.tgz');
    const { subject: name, block } = notInspected({ label: 'a\u001B[2J' }, 'cut\u0007');
    expect([name, block].join('\n')).not.toMatch(/[\u0007\u001B]/);
  });

  it('say the cause and a remedy of what was not inspected', () => {
    const refused = notInspected(subject, 'the download failed', { cause: new Error('reset') });
    expect(refused.headline).toBe(
      'fixture@1.0.0 was not inspected, so it is not installed: the download failed (reset)',
    );
    expect(refused.block.split('\n')).toEqual([
      'tarwarden: not inspected, so not installed: fixture@1.0.0',
      '  source:  https://***@registry.test/fixture.tgz',
      '  reason:  the download failed (reset)',
      expect.stringMatching(/^ {2}to do: {3}Solve this problem/),
    ]);
    expect(notInspected(subject, 'x', { remedy: 'Do this.' }).remedies).toEqual(['Do this.']);
  });

  it('say nothing twice, and how much more there is than one line says', () => {
    const cause = new Error('reset');
    expect(notInspected(subject, 'reset', { cause }).reasons).toEqual(['reset']);
    const verdict = inspect(HOSTILE);
    const [finding] = rejected(verdict, subject).reasons;
    expect(rejected(verdict, subject).headline).toMatch(/symbolic link[^(]*$/);
    const findings = [...verdict.findings, ...verdict.findings];
    expect(rejected({ ...verdict, findings, omitted: 4 }, subject).headline).toBe(
      `fixture@1.0.0 is refused: ${finding} (and 5 more)`,
    );
  });
});

describe('an archive that is about to be uploaded', () => {
  const upload = { label: 'fixture@1.0.0', isUpload: true };

  it('is refused in the words of a publisher, with advice for publishers', () => {
    const { headline, block, remedies } = rejected(inspect(HOSTILE), upload);
    expect(headline).toContain('fixture@1.0.0 is refused');
    expect(block).toMatch(/^tarwarden: refused to publish fixture@1\.0\.0: /);
    expect(block).toContain('Make an archive that everybody can install:');
    expect(remedies.join()).toContain('Ship the file itself');
    // It is in no registry yet, so no command can name it.
    expect(block).not.toContain('tarwarden explain');
    const file = rejected(inspect(HOSTILE), { ...upload, source: '/tmp/own.tgz' });
    expect(file.block).toContain('tarwarden explain /tmp/own.tgz');
    expect(notInspected(upload, 'why').block).toMatch(
      /^tarwarden: not inspected, so not published: /,
    );
  });

  it('is uploaded with a warning, once, if others may object to it', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const policy = { ...DEFAULT_POLICY, levels: { symlink: 'warning' } } as const;
    const state = opened(policy);
    const run = (): Verdict => inspect(HOSTILE, { policy });
    await guard({ subject, inspect: run }, state);
    expect(write).not.toHaveBeenCalled();
    await guard({ subject: upload, inspect: run }, state);
    await guard({ subject: upload, inspect: run }, state);
    expect(write).toHaveBeenCalledOnce();
    const [text] = write.mock.calls[0]!;
    expect(text).toContain('tarwarden: accepted fixture@1.0.0');
    expect(text).toContain('warning  symlink');
    expect(text).toContain('Ship the file itself');
    expect(text).not.toContain('tarwarden allow');
  });
});
