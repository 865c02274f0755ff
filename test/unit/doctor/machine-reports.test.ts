/** Reports for other programs: SARIF and OpenVEX, each valid by its schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarifReport } from '../../../packages/doctor/src/report/sarif.ts';
import { openVexReport } from '../../../packages/doctor/src/report/openvex.ts';
import { repository } from '../../support/managers.ts';
import { defence, examination, hole } from './examinations.ts';
import { bundled, locked, record } from './records.ts';

const schema = (path: string): object =>
  JSON.parse(readFileSync(join(repository, 'test', path), 'utf8')) as object;
const options = { strict: false, validateFormats: false } as const;
const isSarif = new Ajv2020(options).compile(schema('fixtures/sarif-2.1.0.schema.json'));
const isVex = new Ajv2020(options).compile(schema('support/schemas/openvex.schema.json'));

const low = hole({
  record: record('GHSA-2', {
    reach: 'none',
    notReachedBecause: 'npm unpacks no links with it',
    verified: false,
  }),
  reach: 'none',
  urgency: 'low',
});
const inProject = hole({ component: locked(), reach: 'script', urgency: 'medium' });
const unknown = hole({ record: record('GHSA-3'), state: 'unknown', owner: 'node-tar' });
const everything = examination({
  holes: [hole(), inProject, low, unknown],
  problems: [{ message: 'is odd', file: 'yarn.lock', line: 3 }],
  probe: {
    confined: true,
    results: [
      {
        title: 'tar 9',
        path: '/a/tar',
        tried: true,
        escaped: [{ id: 'symlink', by: 'a link' }],
        links: [],
        kept: 1,
      },
      { title: 'tar 8', path: '/a/tar', tried: false, escaped: [], links: [], kept: 0 },
    ],
  },
});

describe('a defence', () => {
  it('that is off is a notification of a run that is a successful one, and no result', () => {
    const defences = [defence({ folder: 'app' }), defence({ state: 'on', switchOn: undefined })];
    const at = { version: '1.0.0', cwd: '/work/project', root: '/work' };
    const log = JSON.parse(sarifReport(examination({ defences }), at)) as Log;
    expect(isSarif(log)).toBe(true);
    expect(log.runs[0]?.results).toEqual([]);
    expect(log.runs[0]?.invocations).toMatchObject([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          {
            message: {
              text: 'npm 12.2.0 has min-release-age off; in .npmrc: min-release-age=3',
            },
            locations: [{ physicalLocation: { artifactLocation: { uri: 'project/app/.npmrc' } } }],
          },
        ],
      },
    ]);
  });
});

describe('SARIF', () => {
  const log = (of = everything): Log => {
    const parsed = JSON.parse(
      sarifReport(of, { version: '0.1.0', cwd: '/work/app', root: '/work' }),
    ) as Log;
    expect(isSarif(parsed) ? [] : isSarif.errors).toEqual([]);
    return parsed;
  };

  it('has each hole where it is, and how urgent it is', () => {
    const results = log().runs[0]!.results!.map(({ ruleId, level, locations }) => {
      const { artifactLocation, region } = locations![0]!.physicalLocation!;
      return [ruleId, level, artifactLocation!.uri, region!.startLine];
    });
    expect(results).toEqual([
      ['writes-outside-its-folder', 'error', 'file:///a/tar', 1],
      ['GHSA-1', 'error', 'file:///usr/lib/npm/node_modules/tar', 1],
      ['GHSA-1', 'warning', 'app/package-lock.json', 7],
      ['GHSA-3', 'note', 'file:///usr/lib/npm/node_modules/tar', 1],
      ['GHSA-2', 'note', 'file:///usr/lib/npm/node_modules/tar', 1],
    ]);
  });

  it('says what to do, and that something is not known', () => {
    const messages = log().runs[0]!.results!.map(({ message }) => message.text);
    expect(messages).toContain(
      'tar 1.0.0 of npm 10.0.0 has a known hole: What GHSA-1 does. What to do: upgrade npm to a version that brings tar 2.0.0 or newer.',
    );
    expect(messages.some((text) => text?.includes('may have a known hole: What GHSA-3 does'))).toBe(
      true,
    );
  });

  it('has each record once, as a rule', () => {
    const rules = log().runs[0]!.tool.driver.rules!;
    expect(rules.map(({ id, properties }) => [id, properties!['precision']])).toEqual([
      ['GHSA-1', 'high'],
      ['GHSA-2', 'medium'],
      ['GHSA-3', 'high'],
      ['writes-outside-its-folder', 'very-high'],
    ]);
    expect(rules[0]!.help!.text).toContain('Known as GHSA-1, CVE-2026-1.');
  });

  it('says what could not be looked at', () => {
    const [invocation] = log().runs[0]!.invocations!;
    expect(invocation!.executionSuccessful).toBe(false);
    expect(invocation!.toolExecutionNotifications!.map(({ message }) => message.text)).toEqual([
      'is odd',
      'tar 8 could not be tried',
    ]);
    expect(log(examination()).runs[0]!.invocations).toEqual([{ executionSuccessful: true }]);
  });
});

describe('OpenVEX', () => {
  const options = { version: '0.1.0', now: new Date('2026-11-25T12:00:00Z') };
  const document = (of = everything): Record<string, unknown> => {
    const parsed = JSON.parse(openVexReport(of, options)) as Record<string, unknown>;
    expect(isVex(parsed) ? [] : isVex.errors).toEqual([]);
    return parsed;
  };
  const npm = { '@id': 'pkg:npm/npm@10.0.0', subcomponents: [{ '@id': 'pkg:npm/tar@1.0.0' }] };

  it('says of each hole whether it concerns what is here', () => {
    const vulnerability = { name: 'GHSA-1', aliases: ['CVE-2026-1'] };
    expect(document()['statements']).toEqual([
      {
        vulnerability,
        products: [npm],
        status: 'affected',
        action_statement: 'upgrade npm to a version that brings tar 2.0.0 or newer',
      },
      {
        vulnerability,
        products: [{ '@id': 'pkg:npm/tar@1.0.0' }],
        status: 'affected',
        action_statement: 'upgrade tar to 2.0.0 or newer',
      },
      {
        vulnerability: { name: 'GHSA-2' },
        products: [npm],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        impact_statement: 'npm unpacks no links with it',
      },
      { vulnerability: { name: 'GHSA-3' }, products: [npm], status: 'under_investigation' },
    ]);
  });

  it('does not say of a project that it is out of reach', () => {
    const of = examination({ holes: [{ ...low, component: locked() }] });
    expect(document(of)['statements']).toMatchObject([{ status: 'affected' }]);
  });

  it('has an id of its content, and the time that it is given', () => {
    const first = document();
    expect(first).toMatchObject({ timestamp: '2026-11-25T12:00:00.000Z', version: 1 });
    expect(document()['@id']).toBe(first['@id']);
    expect(document(examination({ holes: [low] }))['@id']).not.toBe(first['@id']);
  });

  it('has two copies of one version once', () => {
    const of = examination({
      holes: [hole(), hole({ component: bundled({}, { path: '/elsewhere' }) })],
    });
    expect(document(of)['statements']).toHaveLength(1);
  });

  it.each([
    ['@npmcli/arborist', 'npm', 'pkg:npm/%40npmcli/arborist@1.0.0'],
    ['pip', 'PyPI', 'pkg:pypi/pip@1.0.0'],
    ['rubyzip', 'RubyGems', 'pkg:gem/rubyzip@1.0.0'],
    ['cpython', 'cpython', 'pkg:generic/python@1.0.0'],
    ['stdlib', 'Go', 'pkg:golang/stdlib@1.0.0'],
  ] as const)('names %s by its package URL', (name, ecosystem, url) => {
    const of = examination({ holes: [hole({ component: locked({ name, ecosystem }) })] });
    expect(document(of)['statements']).toMatchObject([{ products: [{ '@id': url }] }]);
  });
});
