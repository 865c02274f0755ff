/* A ledger that is full, silent or cannot be written. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ApprovalLedger, LedgerError } from '../../../../packages/server/src/approvals/ledger.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { dev, folderHome, openDesk } from './support.ts';

let folder: string;
freshFolder((fresh) => (folder = fresh));

describe('a folder', () => {
  it('that cannot be written says so, and the log has the reason', async () => {
    const home = await folderHome(folder);
    const own = await openDesk(home);
    const { id } = await own.refuse();
    home.append = async () => Promise.reject(new Error('EROFS: /var/lib is read only'));
    const asking = own.approvals.ask(id, { by: dev, reason: 'needed' });
    const failed = await asking.catch((error: unknown) => error);
    expect([failed instanceof LedgerError, String(failed)]).toEqual([
      true,
      'LedgerError: the ledger cannot be written',
    ]);
    expect(own.problems).toEqual(['the ledger cannot be written: EROFS: /var/lib is read only']);
    expect(await own.approvals.requests()).toEqual([]);
    await own.ledger.close();
  });

  it('that does not answer keeps a bounded number of events', async () => {
    const own = await openDesk(await folderHome(folder));
    const refusal = await own.refuse();
    const home = await folderHome(folder);
    const ledger = await ApprovalLedger.open(home, () => {});
    let answer = (): void => {};
    const silence = new Promise<void>((resolve) => (answer = resolve));
    home.append = async () => {
      await silence;
      throw new Error('late');
    };
    const event = { kind: 'requested', by: 'dev', at: refusal.at, reason: 'x', refusal } as const;
    const append = async (): Promise<unknown> => ledger.append(() => event).catch(String);
    const waiting = Array.from({ length: 100 }, append);
    expect(await append()).toBe(
      'LedgerError: too many others wait for the ledger: try again later',
    );
    answer();
    expect(new Set(await Promise.all(waiting))).toEqual(
      new Set(['LedgerError: the ledger cannot be written']),
    );
    await ledger.close();
    await own.ledger.close();
  });

  it('that requests have filled still takes decisions', async () => {
    const own = await openDesk(await folderHome(folder));
    const refusal = await own.refuse();
    const ledger = await ApprovalLedger.open(await folderHome(folder), () => {}, 10_000);
    const recorded = { by: 'dev', at: refusal.at, reason: 'needed' };
    const ask = async (): Promise<unknown> =>
      ledger.append(() => ({ ...recorded, kind: 'requested', refusal })).catch(String);
    const answers: unknown[] = [];
    while (answers.length < 20) answers.push(await ask());
    expect([answers[0], answers.at(-1)]).toEqual([
      1,
      'LedgerError: the ledger is full: start a new one',
    ]);
    const decided = { ...recorded, kind: 'declined', request: '1' } as const;
    expect(await ledger.append(() => decided)).toBeGreaterThan(1);
    await ledger.close();
    await own.ledger.close();
  });

  it('keeps the newest refusals alone', async () => {
    const { refusals } = await folderHome(folder);
    for (const name of ['a', 'b', 'c']) await refusals.put(name.repeat(26), name);
    await refusals.trim({ before: 0, most: 2 });
    const left = readdirSync(join(folder, 'ledger/refusals'));
    expect(left).toHaveLength(2);
    await refusals.trim({ before: Date.now() + 1_000, most: 2 });
    expect(readdirSync(join(folder, 'ledger/refusals'))).toEqual([]);
  });
});
