// The first half of `pnpm rules`: writes the union of rule ids and the list of each family and format. A test fails while
// one of them is out of date.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedLists } from '../test/support/rule-lists.ts';
import { root } from './workspace.mjs';

for (const [path, text] of generatedLists())
  writeFileSync(join(root, 'packages/core/src', path), text);
