// Writes the JSON schemas of the policy file and of server.yaml for editors, from the schemas that the code checks with:
// `node scripts/run-ts.mjs scripts/policy-schema.ts`, then `pnpm format`. A test fails while they differ.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema } from '../test/support/configuration-schema.ts';
import { policyJsonSchema } from '../test/support/policy-schema.ts';
import { root } from './workspace.mjs';

const schemas = {
  'schema/tarwarden.schema.json': policyJsonSchema(),
  'schema/tarwarden-server.schema.json': configurationJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const path = join(root, name);
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`wrote ${path}`);
}
