import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkApprovalFiles } from '../../../../packages/server/src/commands/gateway/approvals.ts';
import { readConfiguration } from '../../../../packages/server/src/configuration/configuration-file.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

it.each([
  ['roles: { tokens: people.yaml }', /the file of people \S*people\.yaml cannot be used: ENOENT/],
  ['approvals: { ledger: ledger, key: own.pem }', /the key \S*own\.pem cannot be used: ENOENT/],
])('a check of %j names the file that is missing', (text, message) => {
  const path = join(folder, 'server.yaml');
  writeFileSync(path, `registries: { npm: { upstream: 'https://x.example' } }\n${text}\n`);
  expect(() => checkApprovalFiles(readConfiguration(path))).toThrow(message);
});
