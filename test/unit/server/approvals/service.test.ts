/* Who may do what, and what an approval is. */
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { PolicyWithApprovals } from '../../../../packages/server/src/approvals/policy-with-approvals.ts';
import type { Refusal } from '../../../../packages/server/src/approvals/service.ts';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { boss, dev, evil, folderHome, openDesk, person, type Desk } from './support.ts';

let folder: string;
let desk: Desk;
freshFolder(async (fresh) => {
  folder = fresh;
  desk = await openDesk(await folderHome(folder));
});
afterEach(async () => desk.ledger.close());

const UNTIL = '2026-12-24';

async function asked(refusal?: Refusal): Promise<string> {
  const { id } = refusal ?? (await desk.refuse());
  return (await desk.approvals.ask(id, { by: dev, reason: 'the build needs it' })).id;
}

describe('a refusal', () => {
  it('has an id that nobody can guess, and that every server of the ledger gives it', async () => {
    const other = await openDesk(await folderHome(folder));
    const [own, theirs] = [await desk.refuse(), await other.refuse()];
    expect(own.id).toMatch(/^[a-z2-7]{26}$/);
    expect(theirs.id).toBe(own.id);
    await other.ledger.close();
    expect((await desk.refuse(evil('evil-2'))).id).not.toBe(own.id);
  });

  it('names the package, the bytes and the findings', async () => {
    const refusal = await desk.refuse();
    const { archive, findings } = evil();
    expect(refusal).toMatchObject({
      label: 'evil@1.0.0',
      sha512: archive.sha512,
      ecosystem: 'npm',
    });
    expect(refusal.findings).toEqual(findings);
    expect(refusal.text).toContain('symlink');
    expect(refusal.text).not.toContain('tarwarden allow');
  });

  it('is private unless the registry shows the package to everybody, and then each reader has an own one', async () => {
    const hidden = await desk.refuse(evil(), 'reader 1', false);
    expect(hidden.isPrivate).toBe(true);
    expect((await desk.refuse(evil(), 'reader 2', false)).id).not.toBe(hidden.id);
    expect((await desk.refuse(evil(), '', false)).isPrivate).toBe(false);
    expect((await desk.refuse(evil('open'), 'reader 1', true)).isPrivate).toBe(false);
  });

  it('can be read while registries do not say whether other packages are public', async () => {
    const silent = new Promise<boolean>(() => {});
    const verdict = evil();
    const asked = { registry: 'https://silent.example', verdict, isPublic: async () => silent };
    for (let number = 0; number < 20; number += 1)
      desk.refusals.note({
        ...asked,
        identity: { format: 'npm', name: `evil-${number}`, version: '1.0.0' },
        reader: 'a reader',
      });
    expect(await desk.refuse(evil('other'))).toMatchObject({ label: 'other@1.0.0' });
  });

  it('has a bounded length, and then counts findings that it does not list', async () => {
    const verdict = evil();
    const findings = Array.from({ length: 60 }, (_, number) => ({
      ...verdict.findings[0]!,
      entry: `package/${number}${'x'.repeat(10_000)}`,
    }));
    const refusal = await desk.refuse({ ...verdict, findings, omitted: 1 });
    expect(refusal.findings.length).toBeLessThan(20);
    expect(refusal.omitted).toBe(1 + 60 - refusal.findings.length);
    expect(JSON.stringify(refusal).length).toBeLessThan(300_000);
    const id = await asked(refusal);
    const decided = { by: boss, reason: 'x', until: UNTIL };
    await expect(desk.approvals.approve(id, decided)).rejects.toThrow(
      /more findings than are listed/,
    );
  });

  it('of a gem has the name of its gemspec only if the file has it too', async () => {
    const verdict = { ...evil('rails'), format: 'gem' } as const;
    const idOf = (fileName: string): string =>
      desk.refusals.note({
        registry: 'r',
        identity: { format: 'gem', fileName },
        verdict,
        reader: '',
        isPublic: async () => Promise.resolve(true),
      });
    const ids = [idOf('rails-1.0.0.gem'), idOf('evil-1.0.0.gem')];
    const found = async (id: string): Promise<Refusal> => {
      for (;;) {
        const refusal = await desk.refusals.find(id);
        if (refusal !== undefined) return refusal;
      }
    };
    expect((await found(ids[0]!)).label).toBe('rails@1.0.0');
    const other = await found(ids[1]!);
    expect(other.label).toBe('evil-1.0.0.gem');
    expect(desk.approvals.preview(other, UNTIL).passes).toBe(false);
  });
});

describe('an approval', () => {
  it('is an exception for each finding that rejects, with who asked and who approved', async () => {
    const id = await asked();
    const request = await desk.approvals.approve(id, { by: boss, reason: 'read it', until: UNTIL });
    expect(request).toMatchObject({ state: 'approved', decision: { by: 'boss', until: UNTIL } });
    const { findings, archive } = evil();
    expect(request.exceptions).toEqual(
      findings
        .filter(({ level }) => level === 'error')
        .map(({ rule, entry }) => ({
          package: 'evil@1.0.0',
          rule,
          ...(entry !== undefined && { entry }),
          sha512: archive.sha512,
          reason: 'the build needs it (asked by dev; approved by boss: read it)',
          expires: UNTIL,
        })),
    );
    expect(desk.recorded.map(({ state }) => state)).toEqual(['open', 'approved']);
  });

  it('lets exactly these bytes pass, until its last day', async () => {
    const under = new PolicyWithApprovals(desk.ledger);
    const base = { ...DEFAULT_POLICY, today: '2026-11-30' };
    expect(under.under(base)).toBe(base);
    const id = await asked();
    expect(under.under(base)).toBe(base);
    await desk.approvals.approve(id, { by: boss, reason: 'read it', until: UNTIL });
    const policy = under.under(base);
    expect(under.under(base)).toBe(policy);
    expect(evil('evil', policy).status).toBe('accept');
    expect(evil('other', policy).status).toBe('reject');
    const changed = attack('hardlink').build({ name: 'evil', version: '1.0.0' });
    const expected = { name: 'evil', version: '1.0.0' };
    expect(inspect(changed, { policy, expected }).status).toBe('reject');
    expect(evil('evil', under.under({ ...base, today: UNTIL })).status).toBe('accept');
    expect(evil('evil', under.under({ ...base, today: '2026-12-25' })).status).toBe('reject');
    desk.clock.now = Date.parse('2026-12-25T00:00:00.000Z');
    expect(await desk.approvals.request(id)).toMatchObject({ state: 'expired' });
    expect(desk.approvals.inForce()).toEqual([]);
  });

  it('ends when it is revoked, and can be asked for again', async () => {
    const refusal = await desk.refuse();
    const id = await asked(refusal);
    await desk.approvals.approve(id, { by: boss, reason: 'read it', until: UNTIL });
    await desk.approvals.revoke(id, { by: boss, reason: 'it is bad after all' });
    expect(desk.approvals.inForce()).toEqual([]);
    await expect(desk.approvals.revoke(id, { by: boss, reason: 'x' })).rejects.toMatchObject({
      status: 409,
    });
    expect(await asked(refusal)).not.toBe(id);
  });

  it('stays among the decisions about its request after it was revoked', async () => {
    const id = await asked();
    expect(await desk.approvals.decisions(id)).toEqual([]);
    await desk.approvals.approve(id, { by: boss, reason: 'read it', until: UNTIL });
    await desk.approvals.revoke(id, { by: boss, reason: 'no longer' });
    // A page shows them, so no line of the ledger may have to be read for it.
    desk.approvals.history = () => {
      throw new Error('the whole ledger is read');
    };
    expect(await desk.approvals.decisions(id)).toMatchObject([
      { kind: 'approved', by: 'boss', reason: 'read it', until: UNTIL },
      { kind: 'revoked', by: 'boss', reason: 'no longer' },
    ]);
    expect(await desk.approvals.decisions('99')).toEqual([]);
  });

  it('with the most findings and the longest reasons fits into the ledger', async () => {
    const verdict = evil();
    const findings = Array.from({ length: 200 }, (_, number) => ({
      ...verdict.findings[0]!,
      entry: `package/${number}`,
    }));
    const refusal = await desk.refuse({ ...verdict, findings });
    const { id } = await desk.approvals.ask(refusal.id, {
      by: dev,
      reason: '\u00e9'.repeat(1_000),
    });
    const decided = { by: boss, reason: '\u20ac'.repeat(1_000), until: UNTIL };
    expect((await desk.approvals.approve(id, decided)).exceptions).toHaveLength(200);
    const other = await desk.refuse({ ...evil('evil-2'), findings });
    const request = await desk.approvals.ask(other.id, {
      by: dev,
      reason: `a${'\u0001'.repeat(998)}a`,
    });
    await expect(
      desk.approvals.approve(request.id, { ...decided, reason: `a${'\u0001'.repeat(998)}a` }),
    ).rejects.toMatchObject({ status: 409 });
    expect(desk.ledger.problem).toBeUndefined();
  });

  it('is shown before it is given', async () => {
    const preview = desk.approvals.preview(await desk.refuse(), UNTIL);
    expect(preview).toMatchObject({ passes: true, remaining: [] });
    expect(preview.lifted.length).toBeGreaterThan(0);
    expect(preview.exceptions.every(({ expires }) => expires === UNTIL)).toBe(true);
  });

  it.each([
    ['more findings than are listed', { omitted: 3 }],
    ['does not say which package', { label: 'evil.gem' }],
    [
      'could not be read to its end',
      { findings: [{ rule: 'gzip-truncated', level: 'error', message: 'cut' }] },
    ],
    ['needs an exception', { findings: [] }],
  ] as const)('is not possible for an archive: %s', async (why, change) => {
    const refusal = { ...(await desk.refuse()), ...change } as Refusal;
    desk.refusals.find = async () => Promise.resolve(refusal);
    const id = await asked(refusal);
    await expect(
      desk.approvals.approve(id, { by: boss, reason: 'please', until: UNTIL }),
    ).rejects.toThrow(why);
    expect(desk.approvals.inForce()).toEqual([]);
  });

  it.each([['2026-11-29'], ['2027-03-01'], ['2026-02-30'], ['tomorrow'], ['2026-12-24T00:00']])(
    'cannot last until %s',
    async (until) => {
      const id = await asked();
      const decided = { by: boss, reason: 'fine', until };
      await expect(desk.approvals.approve(id, decided)).rejects.toMatchObject({ status: 400 });
    },
  );
});

describe('people', () => {
  it('with the role reader cannot ask, and only approvers decide', async () => {
    const { id: refusal } = await desk.refuse();
    const reader = person('reader', 'reader');
    const words = { by: reader, reason: 'x' };
    await expect(desk.approvals.ask(refusal, words)).rejects.toMatchObject({ status: 403 });
    const { id } = await desk.approvals.ask(refusal, { by: dev, reason: 'x' });
    for (const by of [reader, dev]) {
      const decided = { by, reason: 'x', until: UNTIL };
      await expect(desk.approvals.approve(id, decided)).rejects.toMatchObject({ status: 403 });
      await expect(desk.approvals.decline(id, decided)).rejects.toMatchObject({ status: 403 });
      await expect(desk.approvals.revoke(id, decided)).rejects.toMatchObject({ status: 403 });
    }
  });

  it('do not approve their own requests, under no spelling of their name', async () => {
    for (const [number, name] of [
      'boss',
      'registry:boss',
      'BOSS',
      'registry: Boss ',
      'registry:\uFF42oss',
    ].entries()) {
      const { id } = await desk.refuse(evil(`evil-${number}`));
      const request = await desk.approvals.ask(id, { by: person(name, 'approver'), reason: 'x' });
      const decided = { by: boss, reason: 'x', until: UNTIL };
      await expect(desk.approvals.approve(request.id, decided)).rejects.toThrow(
        /their own request/,
      );
      expect(await desk.approvals.decline(request.id, decided)).toMatchObject({
        state: 'declined',
      });
    }
  });

  it('approve their own requests if the server allows it', async () => {
    await desk.ledger.close();
    desk = await openDesk(await folderHome(folder), { ownRequests: true });
    const { id } = await desk.refuse();
    const request = await desk.approvals.ask(id, { by: boss, reason: 'x' });
    const decided = { by: boss, reason: 'x', until: UNTIL };
    expect(await desk.approvals.approve(request.id, decided)).toMatchObject({ state: 'approved' });
  });

  it('see private packages only by their patterns, and cannot tell hidden ones from missing ones', async () => {
    const refusal = await desk.refuse(evil('@acme/tool'), 'a reader', false);
    const insider = person('insider', 'requester', ['@acme/*']);
    const stranger = person('stranger', 'approver', ['@acme-labs/*', '@acme', 'tool']);
    expect(desk.approvals.maySee(insider, refusal)).toBe(true);
    expect(desk.approvals.maySee(stranger, refusal)).toBe(false);
    const words = { by: stranger, reason: 'x' };
    const [hidden, missing] = await Promise.allSettled([
      desk.approvals.ask(refusal.id, words),
      desk.approvals.ask('a'.repeat(26), words),
    ]);
    expect(hidden).toEqual(missing);
    const { id } = await desk.approvals.ask(refusal.id, { by: insider, reason: 'x' });
    const decided = { ...words, until: UNTIL };
    await expect(desk.approvals.approve(id, decided)).rejects.toMatchObject({ status: 404 });
    expect(await desk.approvals.maySeeHistory(stranger)).toBe(false);
    expect(await desk.approvals.maySeeHistory(person('all', 'approver', ['*']))).toBe(true);
  });

  it('cannot ask twice about one archive, nor fill the queue', async () => {
    const id = await asked();
    const again = await desk.refuse(evil(), 'another reader', false);
    const insider = person('insider', 'requester', ['evil']);
    await expect(desk.approvals.ask(again.id, { by: insider, reason: 'x' })).rejects.toThrow(
      `request ${id} is about this archive and is open`,
    );
    const refusal = await desk.refuse(evil('evil-2'));
    for (let number = 1; number < 50; number += 1) {
      const id = `${'a'.repeat(24)}${String.fromCharCode(97 + (number % 26), 97 + (number % 7))}`;
      const other = { ...refusal, id, sha512: number.toString(16).padStart(128, '0') };
      desk.refusals.find = async () => Promise.resolve(other);
      await desk.approvals.ask(id, { by: dev, reason: 'x' });
    }
    desk.refusals.find = async () => Promise.resolve(refusal);
    await expect(desk.approvals.ask('b'.repeat(26), { by: dev, reason: 'x' })).rejects.toThrow(
      'you have 50 open requests',
    );
  });

  it.each([[''], ['  \n '], ['x'.repeat(1_001)]])(
    'need a reason of a sensible length',
    async (reason) => {
      const { id } = await desk.refuse();
      await expect(desk.approvals.ask(id, { by: dev, reason })).rejects.toMatchObject({
        status: 400,
      });
    },
  );
});
