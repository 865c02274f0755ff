import { approvalsText, exceptionHash, mergePolicy, parseApprovals } from '@tarwarden/core/policy';
import { inspect, type Exception } from '@tarwarden/core';
import { exceptionLines } from '@tarwarden/core/report';
import { describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';

const exception: Exception = {
  package: 'a@1.0.0',
  rule: 'symlink',
  entry: 'package/link',
  sha512: 'a'.repeat(128),
  reason: 'looked at',
  expires: '2999-01-01',
};
const TODAY = '2026-11-29';

describe('the hash of an exception', () => {
  it('is of its canonical form', () => {
    // printf '["tarwarden-exception-v1","a@1.0.0","symlink","package/link","aa…","looked at","2999-01-01"]' | sha256sum
    expect(exceptionHash(exception)).toBe(
      '5b2d04bd778c8b4ed00426a8794b96ef689448bc7bc32675c7f80a9519f553d7',
    );
  });

  it('does not depend on the order of the keys', () => {
    const turned = Object.fromEntries(Object.entries(exception).reverse()) as unknown as Exception;
    expect(exceptionHash(turned)).toBe(exceptionHash(exception));
  });

  it.each<[string, Partial<Exception>]>([
    ['package', { package: 'b@1.0.0' }],
    ['rule', { rule: 'hardlink' }],
    ['entry', { entry: 'package/Link' }],
    ['SHA-512', { sha512: `b${'a'.repeat(127)}` }],
    ['reason', { reason: 'looked at ' }],
    ['last day', { expires: '2999-01-02' }],
  ])('changes with the %s', (_, change) => {
    expect(exceptionHash({ ...exception, ...change })).not.toBe(exceptionHash(exception));
  });

  it('differs where one has no entry, and where a field holds what looks like the end of another', () => {
    const { entry, ...whole } = exception;
    const all = [
      exception,
      whole,
      { ...exception, entry: 'null' },
      { ...exception, reason: `x","${exception.expires}"]` },
      { ...exception, reason: 'e\u0301' },
      { ...exception, reason: '\u00e9' },
      { ...exception, reason: '\ud800' },
      { ...exception, reason: '\ufffd' },
    ];
    expect(entry).toBe('package/link');
    expect(new Set(all.map(exceptionHash)).size).toBe(all.length);
  });
});

describe('a policy', () => {
  const repository = { exceptions: [exception] };

  it('has an exception of the repository where its hash is approved, and proposes it where not', () => {
    const approved = new Set([exceptionHash(exception)]);
    expect(mergePolicy({ repository, approved }, TODAY)).toMatchObject({
      exceptions: [{ ...exception, approvedBy: 'repository+user' }],
    });
    const policy = mergePolicy({ repository, approved: new Set(['b'.repeat(64)]) }, TODAY);
    expect(policy).toMatchObject({ exceptions: [], proposals: [exception] });
    expect(mergePolicy({ repository }, TODAY)).toMatchObject({ exceptions: [] });
  });

  it("has the user's exceptions, and the repository's twin of one besides", () => {
    const { exceptions } = mergePolicy({ user: repository, repository }, TODAY);
    expect(exceptions).toEqual([{ ...exception, approvedBy: 'user' }]);
  });
});

describe('a verdict', () => {
  const bytes = symlink.build({ name: 'bad', version: '1.0.0' });
  const { findings, archive } = inspect(bytes);
  const all = findings
    .filter(({ level }) => level === 'error')
    .map(({ rule }): Exception => {
      const { sha512 } = archive;
      return { package: 'bad@1.0.0', rule, sha512, reason: 'a\nb', expires: '2999-01-01' };
    });
  const under = (approved: ReadonlySet<string>, today = TODAY): ReturnType<typeof inspect> =>
    inspect(bytes, { policy: mergePolicy({ repository: { exceptions: all }, approved }, today) });

  it('names the exceptions that the repository proposes, and none that has expired', () => {
    const verdict = under(new Set());
    expect(verdict.status).toBe('reject');
    const proposed = verdict.findings.flatMap((one) => one.proposed ?? []);
    expect(new Set(proposed)).toEqual(new Set(all.map(exceptionHash)));
    expect(under(new Set(), '3000-01-01').findings.every((one) => !('proposed' in one))).toBe(true);
  });

  it('says of an exception that let it pass who approved it, on one line', () => {
    const verdict = under(new Set(all.map(exceptionHash)));
    expect(verdict.status).toBe('accept');
    const [line] = exceptionLines(verdict);
    expect(line).toMatch(
      /^exception used: bad@1\.0\.0: symlink in package\/\S+, until 2999-01-01, proposed by the repository, approved by you; reason: a\\nb$/,
    );
  });
});

describe('a file of approvals', () => {
  const approval = { kind: 'user', hash: exceptionHash(exception), exception };

  it('says again what was written', () => {
    expect(parseApprovals(JSON.parse(approvalsText([approval])))).toEqual([approval]);
  });

  it.each<[string, unknown]>([
    ['another version', { version: 2, approvals: [] }],
    ['another key', { version: 1, approvals: [], more: 1 }],
    ['a hash that is none', { version: 1, approvals: [{ kind: 'user', hash: 'x' }] }],
    ['a list', []],
    [
      'a hash beside another exception',
      { version: 1, approvals: [{ ...approval, exception: { ...exception, reason: 'y' } }] },
    ],
  ])('is not one with %s', (_, value) => {
    expect(parseApprovals(value)).toBeUndefined();
  });

  it('may hold kinds that a later version makes', () => {
    const later = { kind: 'signed', hash: approval.hash, by: 'ci' };
    expect(parseApprovals({ version: 1, approvals: [later] })).toEqual([
      { kind: 'signed', hash: approval.hash },
    ]);
  });
});
