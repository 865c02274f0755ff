import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeSegment } from '../../../../packages/host/src/verdict-store/verdict-segments.ts';
import { openVerdictStore } from '../../../../packages/host/src/verdict-store/verdict-store.ts';
import { DEFAULT_POLICY } from '../../../../packages/core/src/policy/policy.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let directory: string;
freshFolder((made) => (directory = made));

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

it.skipIf(process.platform === 'win32')(
  'a segment is for its owner alone to read and write',
  () => {
    writeSegment(directory, new Map([['0'.repeat(64), '{}']]), Buffer.alloc(32));
    const names = readdirSync(directory);
    expect(names).toEqual([expect.stringMatching(/^\d{15}-[0-9a-f]{12}\.seg$/)]);
    expect(names.map((name) => modeOf(join(directory, name)))).toEqual(['600']);
  },
);

it.skipIf(process.platform === 'win32')(
  'so is what a store keeps, and the folders that it is in',
  () => {
    const env = { XDG_STATE_HOME: join(directory, 'state') };
    const store = openVerdictStore({ ruleset: 'r', policy: DEFAULT_POLICY, env, directory });
    store.putLink('yarn-zip:one', `sha512-${Buffer.alloc(64).toString('base64')}`);
    store.flush();
    const folder = store.directory ?? '';
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(files.map((name) => modeOf(join(folder, name)))).toEqual(['600']);
    expect(modeOf(folder)).toBe('700');
  },
);
