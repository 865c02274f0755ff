/** Versions whose holes are known, held against the shipped records: each named, and the fixed ones silent. */
import { describe, expect, it } from 'vitest';
import {
  fixedVersion,
  indexRecords,
  matchesOf,
} from '../../../packages/doctor/src/advisories/matching.ts';
import type { Component, OsvEcosystem } from '../../../packages/doctor/src/component.ts';
import { shippedRecords } from './records.ts';

const index = indexRecords(shippedRecords());

const component = (ecosystem: OsvEcosystem, name: string, version: string): Component => ({
  ecosystem,
  name,
  version,
  origin: { kind: 'lockfile', file: 'package-lock.json', line: 1 },
});

/** CVEs where a record has one. */
function holes(ecosystem: OsvEcosystem, name: string, version: string): string[] {
  return matchesOf(component(ecosystem, name, version), index)
    .map(
      ({ record: { id, aliases = [] } }) =>
        [id, ...aliases].find((one) => one.startsWith('CVE')) ?? id,
    )
    .toSorted();
}

const tarSince2026 = [
  'CVE-2026-23745',
  'CVE-2026-23950',
  'CVE-2026-24842',
  'CVE-2026-26960',
  'CVE-2026-29786',
  'CVE-2026-31802',
  'CVE-2026-53655',
  'CVE-2026-59871',
  'CVE-2026-59873',
  'CVE-2026-59874',
  'CVE-2026-59875',
  'CVE-2026-73566',
];
const tarOf2021 = [
  'CVE-2021-32803',
  'CVE-2021-32804',
  'CVE-2021-37701',
  'CVE-2021-37712',
  'CVE-2021-37713',
];

/** Of pnpm. */
const early = [
  'CVE-2026-23888',
  'CVE-2026-23889',
  'CVE-2026-23890',
  'CVE-2026-24056',
  'CVE-2026-24131',
];
const modern = ['CVE-2026-50015', 'CVE-2026-50016', 'CVE-2026-50021', 'CVE-2026-50573'];
const later = [
  'CVE-2026-55487',
  'CVE-2026-55697',
  'CVE-2026-55698',
  'CVE-2026-82392',
  'CVE-2026-82393',
  'GHSA-fr4h-3cph-29xv',
  'GHSA-qrv3-253h-g69c',
];

describe('known holes', () => {
  it.each<[OsvEcosystem, string, string, string[]]>([
    ['npm', 'tar', '4.4.1', ['CVE-2018-20834', ...tarOf2021, 'CVE-2024-28863', ...tarSince2026]],
    ['npm', 'tar', '6.1.0', [...tarOf2021, 'CVE-2024-28863', ...tarSince2026]],
    ['npm', 'tar', '7.5.2', tarSince2026],
    ['npm', 'tar', '7.5.22', []],
    ['npm', 'npm', '6.13.2', ['CVE-2019-16775', 'CVE-2019-16777']],
    ['npm', 'npm', '6.14.18', []],
    ['npm', 'npm', '7.20.6', ['CVE-2021-39134', 'CVE-2021-39135']],
    ['npm', 'npm', '12.2.0', []],
    ['npm', 'pnpm', '10.20.0', [...early, ...modern, ...later]],
    ['npm', 'pnpm', '8.6.7', ['CVE-2023-37478', ...early, ...modern, ...later]],
    [
      'npm',
      'pnpm',
      '10.34.2',
      ['CVE-2026-82392', 'CVE-2026-82393', 'GHSA-fr4h-3cph-29xv', 'GHSA-qrv3-253h-g69c'],
    ],
    ['npm', 'pnpm', '10.34.5', []],
    ['npm', 'pnpm', '11.10.0', ['CVE-2026-82392', 'CVE-2026-82393']],
    ['npm', 'pnpm', '11.28.10', []],
    ['npm', 'pnpm', '12.21.0', []],
    ['npm', 'yarn', '1.21.1', ['CVE-2019-10773', 'CVE-2020-8131', 'CVE-2021-4435']],
    ['npm', 'yarn', '1.22.0', ['CVE-2021-4435']],
    ['npm', 'yarn', '1.22.22', []],
    ['npm', 'tar-fs', '2.1.1', ['CVE-2024-12905', 'CVE-2025-48387', 'CVE-2025-59343']],
    ['npm', 'tar-fs', '3.1.1', []],
    ['npm', 'decompress', '4.2.1', ['CVE-2026-10732', 'CVE-2026-39243', 'CVE-2026-53486']],
    ['npm', '@xhmikosr/decompress', '11.1.3', []],
    ['npm', 'extract-zip', '2.0.1', ['CVE-2026-56876']],
    ['PyPI', 'pip', '26.1', ['CVE-2026-13346', 'CVE-2026-8643']],
    ['PyPI', 'pip', '26.2', []],
    [
      'PyPI',
      'uv',
      '0.9.5',
      ['GHSA-3cv2-h65g-fgmm', 'GHSA-4gg8-gxpx-9rph', 'GHSA-pjjw-68hj-v9mw', 'GHSA-pqhf-p39g-3x64'],
    ],
    ['PyPI', 'uv', '0.11.15', []],
    ['PyPI', 'setuptools', '78.1.1', []],
    [
      'RubyGems',
      'rubygems-update',
      '2.6.12',
      ['CVE-2017-0901', 'CVE-2018-1000073', 'CVE-2018-1000079'],
    ],
    ['RubyGems', 'rubygems-update', '3.6.7', []],
    ['RubyGems', 'rubyzip', '1.2.1', ['CVE-2018-1000544', 'CVE-2019-16892']],
    ['RubyGems', 'rubyzip', '2.3.2', []],
    [
      'Go',
      'toolchain',
      '1.11.2',
      ['CVE-2018-16873', 'CVE-2018-16874', 'CVE-2026-42501', 'CVE-2026-56864', 'CVE-2026-56865'],
    ],
    ['Go', 'toolchain', '1.26.6', []],
    ['Go', 'stdlib', '1.25.6', ['CVE-2026-32288']],
    ['Go', 'stdlib', '1.26.2', []],
    [
      'cpython',
      'cpython',
      '3.14.0b2',
      [
        'CVE-2024-12718',
        'CVE-2025-4138',
        'CVE-2025-4330',
        'CVE-2025-4435',
        'CVE-2025-4517',
        'CVE-2026-11940',
        'CVE-2026-4360',
      ],
    ],
    ['cpython', 'cpython', '3.14.0b3', ['CVE-2026-11940', 'CVE-2026-4360']],
    ['cpython', 'cpython', '3.14.0', ['CVE-2026-11940', 'CVE-2026-4360']],
  ])('%s %s %s', (ecosystem, name, version, ids) => {
    expect(holes(ecosystem, name, version)).toEqual(ids.toSorted());
  });

  it('of CPython may be fixed in versions that nobody names', () => {
    const matches = matchesOf(component('cpython', 'cpython', '3.15.1'), index);
    expect(matches.map(({ record, uncertain }) => [record.id, uncertain])).toEqual([
      ['CVE-2026-11940', true],
    ]);
  });
});

describe('the version to upgrade to', () => {
  it.each<[OsvEcosystem, string, string, string | undefined]>([
    ['npm', 'tar', '4.4.1', '7.5.21'],
    ['npm', 'pnpm', '10.20.0', '10.34.5'],
    ['npm', 'pnpm', '11.2.0', '11.11.0'],
    ['npm', 'yarn', '1.21.1', '1.22.13'],
    ['npm', 'decompress', '4.2.1', undefined],
    ['PyPI', 'pip', '23.2.1', '26.2'],
    ['Go', 'toolchain', '1.24.4', '1.25.13'],
    ['cpython', 'cpython', '3.11.7', '3.15.0'],
  ])('%s %s %s', (ecosystem, name, version, fixed) => {
    expect(fixedVersion(component(ecosystem, name, version), index)).toBe(fixed);
  });
});
