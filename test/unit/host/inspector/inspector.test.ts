import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { describe, expect, it, vi } from 'vitest';
import {
  Inspector,
  type InspectorOptions,
} from '../../../../packages/host/src/inspector/inspector.ts';
import { notInspected, rejected } from '../../../../packages/host/src/inspector/refused.ts';
import { attack, cleanOddities } from '../../../support/attacks.ts';

const CLEAN = cleanOddities[0]!.build();
const HOSTILE = attack('symlink').build();
const subject = { label: 'fixture@1.0.0', source: 'https://user:secret@registry.test/fixture.tgz' };

class ClientError extends Error {}

function made(more: Partial<InspectorOptions> = {}): {
  inspector: Inspector;
  refuse: ReturnType<typeof vi.fn>;
} {
  const home = mkdtempSync(join(tmpdir(), 'inspector-'));
  const refuse = vi.fn(({ headline }: { headline: string }) => new ClientError(headline));
  const inspector = new Inspector({
    policy: DEFAULT_POLICY,
    env: { HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
    describe: rejected,
    refuse,
    ...more,
  });
  return { inspector, refuse };
}

const keyOf = ({ archive }: Verdict): { integrity: string } => ({ integrity: archive.integrity });

describe('the inspector', () => {
  it('passes what is accepted, and inspects it once', async () => {
    const { inspector, refuse } = made();
    const run = vi.fn(() => inspect(CLEAN));
    const known = keyOf(inspect(CLEAN));
    for (const time of [1, 2]) {
      const verdict = await inspector.inspect({ subject, known, run });
      expect([time, verdict.status]).toEqual([time, 'accept']);
    }
    expect(run).toHaveBeenCalledOnce();
    expect(refuse).not.toHaveBeenCalled();
  });

  it('inspects each time where nothing is said of what is known', async () => {
    const { inspector } = made();
    const run = vi.fn(() => inspect(CLEAN));
    await inspector.inspect({ subject, run });
    await inspector.inspect({ subject, run });
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('remembers under the keys that it is given, and under no other', async () => {
    const { inspector } = made();
    const known = { integrity: `sha512-${'A'.repeat(86)}==` };
    await inspector.inspect({
      subject,
      known,
      run: () => inspect(CLEAN),
      keys: (one) => [keyOf(one)],
    });
    expect(inspector.store.get(known)).toBeUndefined();
    expect(inspector.store.get(keyOf(inspect(CLEAN)))?.status).toBe('accept');
    await inspector.inspect({ subject, known, run: () => inspect(CLEAN), keys: () => [] });
    expect(inspector.store.get(known)).toBeUndefined();
  });

  it('ends each refusal with the contact of the policy, escaped and not too long', async () => {
    const contact = `ask\u001B[31m the desk${'!'.repeat(400)}`;
    const { inspector, refuse } = made({ policy: { ...DEFAULT_POLICY, contact } });
    const run = (): Verdict => inspect(HOSTILE);
    await expect(inspector.inspect({ subject, run })).rejects.toThrow(ClientError);
    inspector.uninspected(subject, 'no network');
    const line = /^Contact: ask\\x1b\[31m the desk!{1,200}…$/;
    for (const [refused] of refuse.mock.calls as [ReturnType<typeof rejected>][]) {
      expect(refused.block.split('\n').at(-1)?.trim()).toMatch(line);
      expect(refused.remedies.at(-1)).toMatch(line);
    }
    expect(refuse).toHaveBeenCalledTimes(2);
  });

  it("refuses in the client's words, also what is remembered, and writes it down first", async () => {
    const { inspector, refuse } = made();
    const flush = vi.spyOn(inspector.store, 'flush');
    const run = vi.fn(() => inspect(HOSTILE));
    const known = keyOf(inspect(HOSTILE));
    await expect(inspector.inspect({ subject, known, run })).rejects.toThrow(ClientError);
    await expect(inspector.inspect({ subject, known, run })).rejects.toThrow('fixture@1.0.0');
    expect(run).toHaveBeenCalledOnce();
    expect(flush).toHaveBeenCalledBefore(refuse);
    expect(refuse).toHaveBeenCalledTimes(2);
    expect(refuse.mock.calls[0]?.[0]).toMatchObject({ kind: 'rejected', subject: 'fixture@1.0.0' });
  });

  it('treats what fails as not inspected, and remembers nothing of it', async () => {
    const { inspector, refuse } = made();
    const known = keyOf(inspect(CLEAN));
    const cause = new Error('no memory');
    const run = (): Promise<Verdict> => Promise.reject(cause);
    await expect(inspector.inspect({ subject, known, run })).rejects.toThrow('no memory');
    expect(refuse).toHaveBeenCalledWith(expect.objectContaining({ kind: 'not-inspected' }), cause);
    expect(inspector.store.get(known)).toBeUndefined();
  });

  it('treats what fails before there is a verdict in the same way', async () => {
    const { inspector, refuse } = made();
    expect(await inspector.attempt(subject, () => 1)).toBe(1);
    const cause = new Error('no memory');
    const attempt = inspector.attempt(subject, () => Promise.reject(cause));
    await expect(attempt).rejects.toThrow(ClientError);
    expect(refuse).toHaveBeenCalledWith(expect.objectContaining({ kind: 'not-inspected' }), cause);
  });

  it('waits for words that are loaded late', async () => {
    const { inspector } = made({ describe: async (verdict, of) => rejected(verdict, of) });
    await expect(inspector.accepted(inspect(HOSTILE), subject)).rejects.toThrow(ClientError);
  });

  it('refuses what is rejected also where the words cannot be loaded', async () => {
    const cause = new Error('no such file');
    const { inspector, refuse } = made({ describe: () => Promise.reject(cause) });
    await expect(inspector.accepted(inspect(HOSTILE), subject)).rejects.toThrow(ClientError);
    expect(refuse).toHaveBeenCalledWith(expect.objectContaining({ kind: 'not-inspected' }), cause);
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
    const { inspector } = made();
    const policy = { ...DEFAULT_POLICY, levels: { symlink: 'warning' } } as const;
    const run = (): Verdict => inspect(HOSTILE, { policy });
    await inspector.inspect({ subject, run });
    expect(write).not.toHaveBeenCalled();
    await inspector.inspect({ subject: upload, run });
    await inspector.inspect({ subject: upload, run });
    expect(write).toHaveBeenCalledOnce();
    const [text] = write.mock.calls[0]!;
    expect(text).toContain('tarwarden: accepted fixture@1.0.0');
    expect(text).toContain('warning  symlink');
    expect(text).toContain('Ship the file itself');
    expect(text).not.toContain('tarwarden allow');
  });
});
