// The second half of `pnpm rules`: writes the head and the advice of each rule's page, and the tables of their index. A test
// fails while one of them is out of date.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from '../test/support/rule-pages.ts';
import { root } from './workspace.mjs';

for (const [path, text] of generatedPages()) writeFileSync(join(root, 'docs/rules', path), text);
