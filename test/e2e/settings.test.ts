/**
 * The settings on record are those of the pinned clients: a new one of a new version fails here until it has a row in
 * `test/support/settings/`. `pnpm settings` writes anew what is on record.
 */
import { expect, test } from 'vitest';
import { available } from '../support/managers.ts';
import { clients } from '../support/settings/clients.ts';
import { askClients, readKnown } from '../support/settings/record.ts';

test.skipIf(clients.some((client) => !available(client).ok))(
  'the clients know the settings on record, and no others',
  { timeout: 600_000 },
  async () => {
    expect(await askClients()).toEqual(readKnown());
  },
);
