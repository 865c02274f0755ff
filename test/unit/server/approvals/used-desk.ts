/* One server of a ledger for each test, and what people ask of it. */
import { afterEach } from 'vitest';
import type { ApprovalServiceOptions } from '../../../../packages/server/src/approvals/approvals.ts';
import type { Refusal } from '../../../../packages/server/src/approvals/service.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { dev, folderHome, openDesk, type Desk } from './support.ts';

/** A last day that an approval may have. */
export const UNTIL = '2026-12-24';

export interface UsedDesk extends Desk {
  /** Where the ledger is. */
  readonly folder: string;
  /** Asks for an approval of a refusal, and returns the id of the request. */
  readonly asked: (refusal?: Refusal) => Promise<string>;
  /** The next server of the same ledger, instead of this one. */
  readonly again: (options: Partial<ApprovalServiceOptions>) => Promise<void>;
}

/** Before each test: a server of an empty ledger. */
export function useDesk(): UsedDesk {
  let folder: string;
  let desk: Desk;
  freshFolder(async (fresh) => {
    folder = fresh;
    desk = await openDesk(await folderHome(folder));
  });
  afterEach(async () => desk.ledger.close());
  return {
    get folder() {
      return folder;
    },
    get approvals() {
      return desk.approvals;
    },
    get ledger() {
      return desk.ledger;
    },
    get refusals() {
      return desk.refusals;
    },
    get recorded() {
      return desk.recorded;
    },
    get problems() {
      return desk.problems;
    },
    get clock() {
      return desk.clock;
    },
    refuse: async (...args) => desk.refuse(...args),
    async asked(refusal) {
      const { id } = refusal ?? (await desk.refuse());
      return (await desk.approvals.ask(id, { by: dev, reason: 'the build needs it' })).id;
    },
    async again(options) {
      await desk.ledger.close();
      desk = await openDesk(await folderHome(folder), options);
    },
  };
}
