/* What an approval is. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { PolicyWithApprovals } from '../../../../packages/server/src/approvals/policy-with-approvals.ts';
import type { Refusal } from '../../../../packages/server/src/approvals/service.ts';
import { attack } from '../../../support/attacks.ts';
import { boss, dev, evil } from './support.ts';
import { UNTIL, useDesk } from './used-desk.ts';

const desk = useDesk();
const { asked } = desk;

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
      { findings: [{ rule: 'gzip-damaged', level: 'error', message: 'cut' }] },
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
