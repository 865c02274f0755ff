/* What a refusal is, and who may do what about it. */
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../../packages/server/src/approvals/service.ts';
import { boss, dev, evil, folderHome, openDesk, person } from './support.ts';
import { UNTIL, useDesk } from './used-desk.ts';

const desk = useDesk();
const { asked } = desk;

describe('a refusal', () => {
  it('has an id that nobody can guess, and that every server of the ledger gives it', async () => {
    const other = await openDesk(await folderHome(desk.folder));
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
    await desk.again({ ownRequests: true });
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
