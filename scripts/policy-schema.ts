// Writes schema/tarwarden.schema.json, the policy file's JSON schema for editors, from the schema that the core checks
// with: `node scripts/run-ts.mjs scripts/policy-schema.ts`, then `pnpm format`. A test fails while the two differ.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyJsonSchema } from '../test/support/policy-schema.ts';
import { root } from './workspace.mjs';

const path = join(root, 'schema/tarwarden.schema.json');
writeFileSync(path, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
console.log(`wrote ${path}`);
