/** Archives beside the words of an index about them, for tests of the rules that compare both. */
import type { Verdict } from '@tarwarden/core';
import { gemEntryStatements, metadataFileClaim, specifierKey } from '@tarwarden/core/metadata';
import { weighClaims, type Claim } from '@tarwarden/core/policy';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import { gemOf } from './gem.ts';
import { inspected, ofCode, type Inspected } from './inspected.ts';
import { sdist } from './sdist.ts';
import { wheel } from './wheel.ts';

/** METADATA of a wheel. */
export function metadataOf(...lines: string[]): string {
  return `${['Metadata-Version: 2.1', 'Name: fixture', 'Version: 1.0.0', ...lines].join('\n')}\n`;
}

/** A wheel with this METADATA, beside this metadata file of an index. */
export function wheelBeside(metadata: string, file: string, policy?: Policy): Inspected {
  const bytes = wheel({ info: { METADATA: metadata } });
  const verdict = inspected(bytes, { format: 'wheel' });
  return against(verdict, [metadataFileClaim(Buffer.from(file), 'the metadata file')], policy);
}

/** A wheel or an sdist on a page that has this `data-requires-python`. */
export function onPage(verdict: Verdict, requiresPython: string): Inspected {
  const says = { python: specifierKey(requiresPython) };
  return against(verdict, [{ ecosystem: 'pypi', by: 'the page', says }]);
}

export function sdistVerdict(pkgInfo: string): Inspected {
  return inspected(sdist({ pkgInfo }), { format: 'sdist' });
}

/** Dependencies of a gem: names and lines of YAML with an operator and a version. */
export type Needed = readonly (readonly [
  name: string,
  ...versions: (readonly [string, string])[],
])[];

/** A gem with these dependencies, beside an entry of a compact index. `own` is its SHA-256. */
export function gemBeside(needed: Needed, entry: string, own: string = ''): Inspected {
  const dependencies = needed.map(([name, ...versions]) =>
    [
      '',
      '- !ruby/object:Gem::Dependency',
      `  name: ${name}`,
      '  type: :runtime',
      '  requirement: !ruby/object:Gem::Requirement',
      '    requirements:',
      ...versions.flatMap(([operator, version]) => [
        `    - - "${operator}"`,
        '      - !ruby/object:Gem::Version',
        `        version: '${version}'`,
      ]),
    ].join('\n'),
  );
  const gemspec = { dependencies: dependencies.join('') || '[]' };
  const verdict = inspected(gemOf({ gemspec }), { format: 'gem' });
  const { says, sha256 } = gemEntryStatements(entry);
  const checksum = sha256 !== undefined && { checksum: { indexed: sha256, computed: own } };
  return against(verdict, [{ ecosystem: 'rubygems', by: 'the compact index', says, ...checksum }]);
}

function against(
  verdict: Verdict,
  claims: readonly Claim[],
  policy: Policy = DEFAULT_POLICY,
): Inspected {
  const weighed = weighClaims(verdict, claims, { policy });
  return { ...weighed, of: (code) => ofCode(weighed.findings, code) };
}
