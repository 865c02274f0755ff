import { describe, expect, it } from 'vitest';
import {
  addressOf,
  canonicalJson,
  purlOf,
  sealEnvelope,
  signVerdict,
  summaryAttestation,
  verdictFrom,
  type VerdictQuestion,
} from '../../../../packages/host/src/signed-verdicts/index.ts';
import {
  asked,
  rejection,
  sha512Hex,
  signer,
  TODAY,
  verdictOn,
} from '../../../support/signed-verdicts.ts';

const payloadOf = (envelope: string): string =>
  Buffer.from((JSON.parse(envelope) as { payload: string }).payload, 'base64').toString();

/** What a reader takes of a statement that was changed and signed again: only its form is wrong then. */
async function taken(change: (statement: Statement) => unknown): Promise<unknown> {
  const { key, pinned } = signer();
  const statement = JSON.parse(payloadOf(signVerdict(asked(), verdictOn(), key))) as Statement;
  change(statement);
  const envelope = sealEnvelope(canonicalJson(statement), key);
  return verdictFrom(envelope, { keys: pinned, today: TODAY });
}

const note = { rule: 'symlink', level: 'note', message: 'x' };

interface Statement {
  _type: string;
  subject: { name?: string; digest: Record<string, string> }[];
  predicateType: string;
  predicate: Record<string, unknown> & { verdict: Record<string, unknown> };
}

describe('signVerdict and verdictFrom', () => {
  it.each([verdictOn(), rejection()])(
    'carry a verdict from one machine to another',
    async (verdict) => {
      const { key, pinned } = signer();
      const said = await verdictFrom(signVerdict(asked(), verdict, key), {
        keys: pinned,
        today: TODAY,
      });
      expect(said?.asked).toEqual(asked());
      expect(said?.verdict).toEqual(verdict);
    },
  );

  it('write an in-toto statement about the SHA-512, with a package URL', () => {
    const { _type, subject, predicateType } = JSON.parse(
      payloadOf(signVerdict(asked(), verdictOn(), signer().key)),
    ) as Statement;
    expect({ _type, subject, predicateType }).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'pkg:npm/%40scope/left@1.0.0', digest: { sha512: sha512Hex('bytes') } }],
      predicateType: 'pkg:npm/%40tarwarden/verdicts#verdict/v1',
    });
  });

  it('give equal bytes for equal verdicts, in whatever order their fields come', () => {
    const { key } = signer();
    const { archive, ...rest } = verdictOn();
    const reordered = { archive, ...rest };
    expect(signVerdict(asked(), reordered, key)).toBe(signVerdict(asked(), verdictOn(), key));
  });

  it('say the same of no expected identity and of an empty one', async () => {
    const { key, pinned } = signer();
    const { expected: _, ...unnamed } = asked();
    const envelope = signVerdict({ ...unnamed, expected: {} }, verdictOn(), key);
    expect(envelope).toBe(signVerdict(unnamed, verdictOn(), key));
    expect((await verdictFrom(envelope, { keys: pinned, today: TODAY }))?.asked).toEqual(unnamed);
    expect(addressOf({ ...unnamed, expected: {} })).toBe(addressOf(unnamed));
  });

  it('take what a key signed up to its last day, and nothing after it', async () => {
    const { key, pinned } = signer({ notAfter: TODAY });
    const envelope = signVerdict(asked(), verdictOn(), key);
    expect(await verdictFrom(envelope, { keys: pinned, today: TODAY })).toBeDefined();
    expect(await verdictFrom(envelope, { keys: pinned, today: '2026-11-27' })).toBeUndefined();
  });

  it('refuse to sign a verdict about other bytes, or one that contradicts itself', () => {
    const { key } = signer();
    expect(() => signVerdict(asked('other'), verdictOn(), key)).toThrow(TypeError);
    const odd = { ...rejection(), status: 'accept' } as const;
    expect(() => signVerdict(asked(), odd, key)).toThrow(TypeError);
  });

  it('refuse to sign what no reader takes for its length', async () => {
    const { key, pinned } = signer();
    const long = (length: number) =>
      verdictOn('bytes', { manifest: { name: 'left', version: 'x'.repeat(length) } });
    expect(() => signVerdict(asked(), long(900_000), key)).toThrow(/more than 1048576 bytes/);
    const envelope = signVerdict(asked(), long(700_000), key);
    expect(await verdictFrom(envelope, { keys: pinned, today: TODAY })).toBeDefined();
  });

  it('carry names with half of a character', async () => {
    const { key, pinned } = signer();
    const odd = asked('bytes', { expected: { name: '\uD800', version: '1\uDC00' } });
    const said = await verdictFrom(signVerdict(odd, verdictOn(), key), {
      keys: pinned,
      today: TODAY,
    });
    expect(said?.asked).toEqual(odd);
  });

  it.each<[string, (statement: Statement) => unknown]>([
    ['another type of statement', (s) => (s._type = 'https://in-toto.io/Statement/v0.1')],
    ['another type of predicate', (s) => (s.predicateType = 'https://slsa.dev/provenance/v1')],
    ['another subject', (s) => (s.subject[0]!.digest['sha512'] = sha512Hex('other'))],
    ['a second subject', (s) => s.subject.push({ digest: { sha512: sha512Hex('other') } })],
    ['a second digest', (s) => (s.subject[0]!.digest['sha256'] = 'a'.repeat(64))],
    ['another name of the subject', (s) => (s.subject[0]!.name = 'pkg:npm/other@1.0.0')],
    ['no subject', (s) => (s.subject = [])],
    ['a field that is not known', (s) => (s.predicate['more'] = true)],
    ['a field of the verdict that is not known', (s) => (s.predicate.verdict['more'] = [[[]]])],
    [
      'a field of a prototype',
      (s) =>
        Object.defineProperty(s.predicate.verdict, '__proto__', { value: 1, enumerable: true }),
    ],
    [
      'a field of a finding that is not known',
      (s) => (s.predicate.verdict['findings'] = [{ ...note, more: 1 }]),
    ],
    [
      'a field of the archive that is not known',
      (s) => Object.assign(s.predicate.verdict['archive'] as object, { more: 1 }),
    ],
    ['a manifest with more', (s) => (s.predicate.verdict['manifest'] = { name: 'a', x: 'b' })],
    [
      'a place that commands a terminal',
      (s) => (s.predicate.verdict['findings'] = [{ ...note, layer: '\u001B[2J' }]),
    ],
    ['another format than the verdict', (s) => (s.predicate['format'] = 'wheel')],
    ['a format that does not exist', (s) => (s.predicate['format'] = 'toString')],
    ['an expected identity that is a list', (s) => (s.predicate['expected'] = ['a'])],
    ['an expected identity with more', (s) => (s.predicate['expected'] = { name: 'a', x: 'b' })],
    ['no policy', (s) => delete s.predicate['policy']],
    ['no verdict', (s) => delete (s.predicate as Record<string, unknown>)['verdict']],
    ['a verdict that neither accepts nor rejects', (s) => (s.predicate.verdict['status'] = 'ok')],
    ['a rejection for nothing', (s) => (s.predicate.verdict['status'] = 'reject')],
    ['findings that are no list', (s) => (s.predicate.verdict['findings'] = {})],
    [
      'an accepted error',
      (s) =>
        (s.predicate.verdict['findings'] = [{ rule: 'symlink', level: 'error', message: 'x' }]),
    ],
    [
      'a message that commands a terminal',
      (s) =>
        (s.predicate.verdict['findings'] = [
          { rule: 'symlink', level: 'note', message: '\u001B[2J' },
        ]),
    ],
    ['a negative count', (s) => (s.predicate.verdict['omitted'] = -1)],
  ])('take no statement with %s', async (_, change) => {
    expect(await taken(change)).toBeUndefined();
    // The same without the change is taken.
    expect(await taken(() => undefined)).toBeDefined();
  });

  it('take no payload in another form than is written', async () => {
    const { key, pinned } = signer();
    const text = payloadOf(signVerdict(asked(), verdictOn(), key));
    const forms = [
      ` ${text}`,
      text.replace('{', '{"_type":"x",'),
      JSON.stringify(JSON.parse(text), null, 1),
    ];
    for (const form of forms)
      expect(
        await verdictFrom(sealEnvelope(form, key), { keys: pinned, today: TODAY }),
      ).toBeUndefined();
  });
});

describe('addressOf', () => {
  it.each<[string, Partial<VerdictQuestion>]>([
    ['bytes', { sha512: sha512Hex('other') }],
    ['format', { format: 'yarn-zip' }],
    ['name', { expected: { name: 'left', version: '1.0.0' } }],
    ['version', { expected: { name: '@scope/left', version: '1.0.1' } }],
    ['file name', { expected: { name: '@scope/left', version: '1.0.0', fileName: 'x' } }],
    ['rule set', { ruleset: '10' }],
    ['policy', { policy: 'b'.repeat(64) }],
  ])('is another one for another %s', (_, more) => {
    expect(addressOf(asked('bytes', more))).not.toBe(addressOf(asked()));
    expect(addressOf(asked())).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('purlOf', () => {
  it.each([
    ['npm', '@scope/a', '1.0.0', 'pkg:npm/%40scope/a@1.0.0'],
    ['yarn-zip', 'a', '1.0.0+b', 'pkg:npm/a@1.0.0%2Bb'],
    ['wheel', 'Some.Project_X', '1', 'pkg:pypi/some-project-x@1'],
    ['gem', 'rack', '3', 'pkg:gem/rack@3'],
    ['gomod', 'example.com/a/b', 'v1.0.0', 'pkg:golang/example.com/a/b@v1.0.0'],
  ] as const)('%s %s %s', (format, name, version, purl) => {
    expect(purlOf(format, name, version)).toBe(purl);
  });
});

describe('summaryAttestation', () => {
  it.each([
    ['PASSED', verdictOn()],
    ['FAILED', rejection()],
  ])('says %s, and is not a verdict', async (result, verdict) => {
    const { key, pinned } = signer();
    const envelope = summaryAttestation({ asked: asked(), verdict }, { verifier: 'urn:x:ci', key });
    const { predicateType, predicate } = JSON.parse(payloadOf(envelope)) as Statement;
    expect(predicateType).toBe('https://slsa.dev/verification_summary/v1');
    expect(predicate).toMatchObject({
      verifier: { id: 'urn:x:ci' },
      resourceUri: 'pkg:npm/%40scope/left@1.0.0',
      policy: { digest: { sha256: 'a'.repeat(64) } },
      verificationResult: result,
      verifiedLevels: [],
    });
    expect(await verdictFrom(envelope, { keys: pinned, today: TODAY })).toBeUndefined();
  });
});
