/** Advisory records and components of a test's own, and the records that are shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdvisoryRecord, Remarks } from '../../../packages/doctor/src/advisories/record.ts';
import type { Component, ProgramOrigin } from '../../../packages/doctor/src/component.ts';
import { repository } from '../../support/managers.ts';

/** The records of data/advisories, in the order of their files. */
export function shippedRecords(): AdvisoryRecord[] {
  const folder = join(repository, 'data/advisories');
  return readdirSync(folder)
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as AdvisoryRecord);
}

export function record(
  id: string,
  remarks: Partial<Remarks> = {},
  more: Partial<AdvisoryRecord> = {},
): AdvisoryRecord {
  return {
    id,
    modified: '2026-11-25T00:00:00Z',
    summary: `What ${id} does`,
    affected: [
      {
        package: { ecosystem: 'npm', name: 'tar' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
      },
    ],
    references: [{ type: 'ADVISORY', url: `https://example.com/${id}` }],
    database_specific: {
      tarwarden: { kind: 'link', reach: 'manager', source: 'a test', verified: true, ...remarks },
    },
    ...more,
  };
}

export function bundled(
  more: Partial<Component> = {},
  origin: Partial<ProgramOrigin> = {},
): Component {
  return {
    ecosystem: 'npm',
    name: 'tar',
    version: '1.0.0',
    origin: {
      kind: 'program',
      program: 'npm',
      programVersion: '10.0.0',
      path: '/opt/npm/node_modules/tar',
      itself: false,
      ...origin,
    },
    ...more,
  };
}

export function locked(more: Partial<Component> = {}): Component {
  return {
    ecosystem: 'npm',
    name: 'tar',
    version: '1.0.0',
    origin: { kind: 'lockfile', file: 'package-lock.json', line: 7 },
    ...more,
  };
}
