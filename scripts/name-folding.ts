// Writes the core's table of how file systems fold names, made of the Unicode Character Database:
// `node scripts/run-ts.mjs scripts/name-folding.ts`. A test fails while the two differ.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { encodeFolding, nameFolding } from './unicode-folding.ts';
import { root } from './workspace.mjs';

const path = join(root, 'packages/core/src/tree/name-folding-table.ts');
const packed = deflateRawSync(encodeFolding(nameFolding()), { level: 9 }).toString('base64');
writeFileSync(
  path,
  `// Made by scripts/name-folding.ts of Unicode 17.0.0: text in UTF-8, deflated, in base64.
export const NAME_FOLDING_TABLE: string =
  '${packed}';
`,
);
console.log(`wrote ${path}: ${packed.length} characters`);
