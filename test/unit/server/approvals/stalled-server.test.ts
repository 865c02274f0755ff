/* A server that stands still while it writes to the ledger, for so long that another one takes over its lock. */
import { constants, readFileSync, utimesSync } from 'node:fs';
import type * as Files from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { boss, dev, folderHome, openDesk } from './support.ts';

const stall = vi.hoisted(() => ({ beforeWriting: undefined as (() => Promise<void>) | undefined }));
vi.mock('node:fs/promises', async (original) => {
  const files = await original<typeof Files>();
  const open = async (...given: Parameters<typeof Files.open>): Promise<Files.FileHandle> => {
    const { beforeWriting } = stall;
    if (typeof given[1] === 'number' && (given[1] & constants.O_APPEND) !== 0) {
      stall.beforeWriting = undefined;
      await beforeWriting?.();
    }
    return files.open(...given);
  };
  return { ...files, open };
});

let folder: string;
freshFolder((fresh) => (folder = fresh));

it('removes no line that the other server has written meanwhile', async () => {
  const [stalled, other] = [
    await openDesk(await folderHome(folder)),
    await openDesk(await folderHome(folder)),
  ];
  const { id } = await stalled.refuse();
  const request = await stalled.approvals.ask(id, { by: dev, reason: 'needed' });
  const decided = { by: boss, reason: 'read it', until: '2026-12-24' };
  stall.beforeWriting = async () => {
    utimesSync(join(folder, 'ledger/events.lock'), new Date(0), new Date(0));
    await other.approvals.decline(request.id, { by: boss, reason: 'it is bad' });
  };
  await expect(stalled.approvals.approve(request.id, decided)).rejects.toMatchObject({
    status: 409,
  });
  const written = readFileSync(join(folder, 'ledger/events.ndjson'), 'utf8');
  expect(written.match(/"kind":"\w+"/g)).toEqual(['"kind":"requested"', '"kind":"declined"']);
  expect(other.ledger.problem).toBeUndefined();
  expect(stalled.approvals.inForce()).toEqual([]);
  await stalled.ledger.close();
  await other.ledger.close();
});
